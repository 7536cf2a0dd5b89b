"""Which cell to take for a device, and why, in words.

The page's script says the same when its slider moves; both are tested with tests/device/cases.json.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, sqrt

from videostyle.device.estimate import COMFORT, Estimate, Times, Verdict, estimate_at, room_for
from videostyle.frames import Size

# The article's goal, "still visually appealing": below it a size is not worth having.
SMOOTH_RATE = Fraction(15)

# More room than this is mentioned, but sizes below this short side are not.
MUCH_ROOM = 1.05
SMALLEST_ROOM = 96


@dataclass(frozen=True)
class Candidate:
    """A cell on one device.

    Attributes:
        cell: its number in the matrix.
        size: what the network sees on the phone.
        label: its rate for the reader.
        rate: frames per second.
        times: what is known about its network on the device.
        dropped_share: of its frames, 0..1, or None if unknown.
        style: named in the sentence; empty if there is one style only.
    """

    cell: int
    size: Size
    label: str
    rate: Fraction
    times: Sequence[Times]
    dropped_share: float | None = None
    style: str = ""

    @property
    def estimate(self) -> Estimate:
        return estimate_at(self.times, self.size)

    @property
    def verdict(self) -> Verdict:
        return self.estimate.verdict(self.rate)

    @property
    def name(self) -> str:
        style = f" in {self.style}" if self.style else ""
        return f"{short_first(self.size)} at {self.label} fps{style}"

    @property
    def load(self) -> str:
        """Such as `41 ms of the 67 between two frames`."""
        slow, interval = whole(self.estimate.slow_ms or 0), whole(float(1000 / self.rate))
        return f"{slow} ms of the {interval} between two frames"


@dataclass(frozen=True)
class Advice:
    """What to take for one device.

    Attributes:
        device: its name.
        cell: the number of the recommended cell, or None if there is nothing to recommend.
        sentence: which.
        reason: why.
        more: what else is worth knowing, a sentence each.
    """

    device: str
    cell: int | None
    sentence: str
    reason: str
    more: tuple[str, ...] = ()


def advise(device: str, candidates: Sequence[Candidate], source_rate: Fraction) -> Advice:
    """Recommend a cell for a device.

    The largest size that the device keeps up with at 15 frames per second or more, at the fastest
    rate it manages; if it manages none at 15, the fastest rate, at its largest size. Never a rate
    above the source's, which would repeat frames.
    """
    eligible = [each for each in candidates if each.rate <= source_rate]
    holding = [each for each in eligible if each.verdict is Verdict.HOLDS]
    if not holding:
        return _advise_against(device, eligible)
    smooth = [each for each in holding if each.rate >= SMOOTH_RATE]
    if smooth:
        best = max(smooth, key=lambda each: (each.size.pixels, each.rate))
        reason = "It is the largest size that the phone keeps up with at 15 fps or more"
    else:
        best = max(holding, key=lambda each: (each.rate, each.size.pixels))
        reason = "It is the fastest rate that the phone keeps up with"
    faster = [each for each in holding if each.rate > best.rate and each.style == best.style]
    smoother = max(faster, key=lambda each: (each.size.pixels, each.rate), default=None)
    more = [f"For smoother motion at a smaller size: {smoother.name}."] if smoother else []
    return Advice(
        device,
        best.cell,
        f"Take {best.name}.",
        f"{reason}: even a slow frame takes {best.load}.",
        (*_pace(best, eligible), *more, *_room(best, eligible)),
    )


def _advise_against(device: str, eligible: Sequence[Candidate]) -> Advice:
    if not eligible:
        return Advice(
            device,
            None,
            "No rate here suits this clip.",
            "All are above the clip's own rate and would only repeat frames.",
        )
    known = [each for each in eligible if each.verdict is not Verdict.UNKNOWN]
    if not known:
        return Advice(
            device,
            None,
            f"Nothing certain is known of this network on {device}.",
            "Measure it there: multiply-adds alone don't tell.",
        )
    least = min(known, key=lambda each: (each.estimate.slow_ms or 0) * float(each.rate))
    slowest = min(known, key=lambda each: (each.rate, each.size.pixels))
    return Advice(
        device,
        None,
        f"None of these fits {device}.",
        f"The lightest, {least.name}, takes {least.load}: "
        "try a smaller size, a lower rate or a lighter network, such as a style's swift.",
        tuple(_room(slowest, [])),
    )


def _pace(best: Candidate, eligible: Sequence[Candidate]) -> list[str]:
    """How fast the size could be, between the rates of the cells."""
    faster = [
        each
        for each in eligible
        if (each.size, each.style) == (best.size, best.style) and each.rate > best.rate
    ]
    following = min(faster, key=lambda each: each.rate, default=None)
    if not following or not best.estimate.slow_ms:
        return []
    most = floor(1000 * COMFORT / best.estimate.slow_ms)
    return [
        f"At {short_first(best.size)} it manages up to {most} fps; "
        f"{following.label} fps {_fate(following)}."
    ]


def _room(best: Candidate, eligible: Sequence[Candidate]) -> list[str]:
    """How large a picture could be at a rate, between the sizes of the cells."""
    pixels = room_for(best.times, best.rate)
    room = room_size(pixels, best.size)
    larger = [
        each
        for each in eligible
        if (each.rate, each.style) == (best.rate, best.style) and each.size.pixels > pixels
    ]
    following = min(larger, key=lambda each: each.size.pixels, default=None)
    fits = best.verdict is Verdict.HOLDS
    if min(room.width, room.height) < SMALLEST_ROOM:
        return []
    if fits and pixels < MUCH_ROOM * best.size.pixels:
        return []
    sentence = f"At {best.label} fps there is room for {short_first(room)}"
    if following:
        sentence += f"; {short_first(following.size)} {_fate(following)}"
    return [f"{sentence}."]


def _fate(cell: Candidate) -> str:
    if cell.verdict is Verdict.MARGINAL:
        return "only just fits"
    if cell.dropped_share is None:
        return "drops frames"
    dropped = whole(100 * cell.dropped_share)
    return f"drops {dropped} % of its frames" if dropped else "drops a frame now and then"


def room_size(pixels: int, shape: Size) -> Size:
    """A size with a number of pixels in the shape of another."""
    return Size(
        whole(sqrt(pixels * shape.width / shape.height)),
        whole(sqrt(pixels * shape.height / shape.width)),
    )


def short_first(size: Size) -> str:
    """As sizes are given: `480x853`, in portrait or landscape."""
    short, long = sorted((size.width, size.height))
    return f"{short}x{long}"


def whole(value: float) -> int:
    """Rounded half up, as the page's script does it."""
    return floor(value + 0.5)
