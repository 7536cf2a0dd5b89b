"""What was written."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from videostyle.frames import Size
from videostyle.pipeline.plan import ClipPlan


@dataclass(frozen=True)
class StylizeResult:
    """What was written.

    Attributes:
        target: the file.
        frames: how many frames it has.
        rate: frames per second.
        source_size: what a viewer of the source sees.
        work_size: what the network saw.
        output_size: what was encoded.
        backend: what ran the network, with version and device.
        style: the model file.
        seconds: wall time from the first frame to the finished file.
        audio: `copied`, `encoded` or `none`.
        full_decode: every frame is exactly decoded; False if B-pictures were not deblocked, because
            they are scaled down a lot.
        undecoded: how many source pictures were not decoded, because no frame needs them; this
            changes no frame. None if unknown, for a run in pieces.
        notices: what the user should know, one line each.
    """

    target: Path
    frames: int
    rate: Fraction
    source_size: Size
    work_size: Size
    output_size: Size
    backend: str
    style: Path
    seconds: float
    audio: str
    full_decode: bool = True
    undecoded: int | None = None
    notices: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        plan: ClipPlan,
        backend: str,
        frames: int,
        seconds: float,
        losses: tuple[str, ...],
        *,
        undecoded: int | None = None,
    ) -> "StylizeResult":
        """Sum up a plan that was carried out.

        Args:
            plan: the plan.
            backend: what ran the network, with version and device.
            frames: how many frames the target has.
            seconds: wall time.
            losses: the damage found in the source, one line each.
            undecoded: how many source pictures were not decoded.
        """
        encode = plan.encode
        return cls(
            target=encode.target,
            frames=frames,
            rate=encode.rate,
            source_size=plan.decode.info.size,
            work_size=plan.decode.geometry.network,
            output_size=encode.output,
            backend=backend,
            style=plan.model,
            seconds=seconds,
            audio=encode.audio_action,
            full_decode=not plan.decode.skips_deblocking,
            undecoded=undecoded,
            notices=plan.notices + losses,
        )

    @property
    def frames_per_second(self) -> float:
        return self.frames / self.seconds

    def as_json(self) -> dict[str, Any]:
        """The result as plain values; rates as exact fractions, sizes as WIDTHxHEIGHT."""
        return {
            "target": str(self.target),
            "frames": self.frames,
            "rate": str(self.rate),
            "source_size": str(self.source_size),
            "work_size": str(self.work_size),
            "output_size": str(self.output_size),
            "backend": self.backend,
            "style": str(self.style),
            "seconds": round(self.seconds, 3),
            "frames_per_second": round(self.frames_per_second, 3),
            "audio": self.audio,
            "full_decode": self.full_decode,
            "undecoded": self.undecoded,
            "notices": list(self.notices),
        }
