"""What `check` and `convert` report."""

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

from videostyle.coreml.half import LIMIT
from videostyle.coreml.parity import Comparison, Status


class Verdict(Enum):
    """What a check came to."""

    PROVEN = "proven"  # it paints what it was compared with
    RUNS = "runs here"  # there was nothing to compare it with
    DIFFERS = "not proven"


@dataclass(frozen=True)
class CheckedPicture:
    """One picture that was painted.

    Attributes:
        source: uint8 [H, W, 3].
        painted: its levels, float32 [H', W', 3].
        expected: the levels of what it was compared with, or None.
    """

    source: np.ndarray
    painted: np.ndarray
    expected: np.ndarray | None = None


@dataclass(frozen=True)
class PackageReport:
    """All that can be said about a model here.

    Attributes:
        package: the file.
        kind: fp32, fp16, or the form of the compressed weights.
        inputs, output: sizes, WIDTHxHEIGHT.
        specification: version of a Core ML file's format; 6 is iOS15, 7 iOS16, 8 iOS17, 9 iOS18.
        size_bytes: of the whole model on disk.
        operations: how often each kind occurs.
        levels: the range of its values, as `--levels` names it.
        levels_guessed: by trying, since neither the file nor the user says.
        largest_activation: of all values on the pictures; half precision ends at 65504.
        warnings: what went wrong or may go wrong on phones, one line each.
        against: what it was compared with, or None.
        alone: why it was compared with nothing; empty if it was compared.
        frames: how many pictures it painted.
        comparisons: each way of running it.
        pictures: those that it painted.
    """

    package: Path
    kind: str
    inputs: tuple[str, ...]
    output: str
    specification: int | None
    size_bytes: int
    operations: dict[str, int]
    levels: str
    levels_guessed: bool
    largest_activation: float
    warnings: tuple[str, ...]
    against: str | None
    alone: str
    frames: int
    comparisons: tuple[Comparison, ...]
    pictures: tuple[CheckedPicture, ...] = field(default=(), repr=False)

    @property
    def passed(self) -> bool:
        """It was compared, in float and where it has such values in half arithmetic, and passed."""
        states = [comparison.status for comparison in self.comparisons if comparison.is_portable]
        everywhere = [comparison.status for comparison in self.comparisons]
        return Status.FAILED not in everywhere and set(states) == {Status.PASSED}

    @property
    def verdict(self) -> Verdict:
        """What it came to."""
        if self.against is None:
            return Verdict.RUNS
        return Verdict.PROVEN if self.passed else Verdict.DIFFERS

    @property
    def problem(self) -> str:
        """Why it did not pass, in one line."""
        failed = [c for c in self.comparisons if c.status is Status.FAILED]
        worst = (failed or [c for c in self.comparisons if c.status is Status.NOT_RUN])[0]
        return f"{worst.run}: {worst.reason}"

    def as_json(self) -> dict[str, Any]:
        """The report as plain values."""
        peak = self.largest_activation
        return {
            "package": str(self.package),
            "verdict": self.verdict.value,
            "passed": self.passed,
            "kind": self.kind,
            "inputs": list(self.inputs),
            "output": self.output,
            "specification": self.specification,
            "size_bytes": self.size_bytes,
            "operations": self.operations,
            "transposes": self.operations.get("transpose", 0),
            "levels": self.levels,
            "levels_guessed": self.levels_guessed,
            "largest_activation": round(peak, 3) if np.isfinite(peak) else None,
            "half_limit": LIMIT,
            "warnings": list(self.warnings),
            "against": self.against,
            "alone": self.alone,
            "frames": self.frames,
            "comparisons": [comparison.as_json() for comparison in self.comparisons],
        }
