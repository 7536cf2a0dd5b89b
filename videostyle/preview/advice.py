"""One sentence that says which cell to take, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from videostyle.device.estimate import Estimate, Verdict

# The article's goal, "still visually appealing": below it a size is not worth having.
SMOOTH_RATE = Fraction(15)


@dataclass(frozen=True)
class Candidate:
    """A cell on one device.

    Attributes:
        cell: its number in the matrix.
        box: its size as the user gave it.
        label: its rate for the reader.
        rate: frames per second.
        pixels: that the network sees.
        estimate: what the device needs for a frame.
    """

    cell: int
    box: str
    label: str
    rate: Fraction
    pixels: int
    estimate: Estimate

    @property
    def verdict(self) -> Verdict:
        return self.estimate.verdict(self.rate)


@dataclass(frozen=True)
class Advice:
    """What to take for one device.

    Attributes:
        device: its name, or None if there is no device.
        cell: the number of the recommended cell, or None if there is nothing to recommend.
        sentence: which, and why.
    """

    device: str | None
    cell: int | None
    sentence: str


NO_DEVICE = Advice(
    None,
    None,
    "Nothing was measured on a device, so no cell is recommended: add --latency FILE to see which "
    "of them it holds.",
)


def advise(device: str, candidates: Sequence[Candidate]) -> Advice:
    """Recommend a cell for a device.

    The largest size that holds at 15 frames per second or more, at the fastest rate it holds; if
    nothing holds at 15, the fastest rate that holds, at its largest size.
    """
    holding = [each for each in candidates if each.verdict is Verdict.HOLDS]
    if not holding:
        if all(each.verdict is Verdict.UNKNOWN for each in candidates):
            sentence = (
                f"Nothing was measured for this network on {device}, so no cell is recommended: "
                "add --latency FILE."
            )
        else:
            sentence = f"{device} holds none of these cells; try a smaller size or a lower rate."
        return Advice(device, None, sentence)
    smooth = [each for each in holding if each.rate >= SMOOTH_RATE]
    if smooth:
        best = max(smooth, key=lambda each: (each.pixels, each.rate))
        reason = f"the largest size that {device} holds at {float(SMOOTH_RATE):g} fps or more"
    else:
        best = max(holding, key=lambda each: (each.rate, each.pixels))
        reason = f"the fastest rate that {device} holds"
    return Advice(
        device,
        best.cell,
        f"Take {best.box} at {best.label} fps: {reason}, with {best.estimate.slow_ms:.0f} of "
        f"{float(1000 / best.rate):.0f} ms used.",
    )
