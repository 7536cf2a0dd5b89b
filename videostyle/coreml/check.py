"""Everything that can be said about a package here, in one report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from videostyle.coreml.export import DIGEST_KEY, STYLE_KEY
from videostyle.coreml.package import Package
from videostyle.coreml.parity import Comparison, Status, compare_everywhere, not_compared
from videostyle.coreml.program import Program
from videostyle.coreml.runtime import PortableModel
from videostyle.errors import FrameShapeError, VideoStyleError
from videostyle.files.digest import digest_path
from videostyle.frames import Size
from videostyle.models.model_file import load_model
from videostyle.models.styles import find_style
from videostyle.samples import sample_frame

HALF_LIMIT = 65504.0  # the largest number in half precision

# A package that takes a range of sizes is checked at this one.
FREE_SIZE = Size(640, 360)


@dataclass(frozen=True)
class PackageReport:
    """What `check` and `convert` say.

    Attributes:
        package: the file.
        kind: fp32, fp16, or the form of the compressed weights.
        inputs, output: sizes, WIDTHxHEIGHT.
        specification: version of the file format; 6 is iOS15, 7 iOS16, 8 iOS17, 9 iOS18.
        size_bytes: of the whole package on disk.
        operations: how often each kind occurs.
        largest_activation: of all values of the program on the frames; half precision ends at
            65504.
        warnings: what is known to go wrong on phones, one line each.
        against: the style that it was compared with, or None.
        frames: how many pictures it was compared on.
        comparisons: each way of running it.
    """

    package: Path
    kind: str
    inputs: tuple[str, ...]
    output: str
    specification: int
    size_bytes: int
    operations: dict[str, int]
    largest_activation: float
    warnings: tuple[str, ...]
    against: str | None
    frames: int
    comparisons: tuple[Comparison, ...]

    @property
    def passed(self) -> bool:
        """It was compared in float and in half arithmetic, and nothing failed."""
        states = [comparison.status for comparison in self.comparisons]
        return Status.FAILED not in states and states[:2] == [Status.PASSED] * 2

    @property
    def problem(self) -> str:
        """Why it did not pass, in one line."""
        failed = [c for c in self.comparisons if c.status is Status.FAILED]
        worst = (failed or [c for c in self.comparisons if c.status is Status.NOT_RUN])[0]
        return f"{worst.run}: {worst.reason}"

    def as_json(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            "package": str(self.package),
            "passed": self.passed,
            "kind": self.kind,
            "inputs": list(self.inputs),
            "output": self.output,
            "specification": self.specification,
            "size_bytes": self.size_bytes,
            "operations": self.operations,
            "transposes": self.operations.get("transpose", 0),
            "largest_activation": round(self.largest_activation, 3),
            "half_limit": HALF_LIMIT,
            "warnings": list(self.warnings),
            "against": self.against,
            "frames": self.frames,
            "comparisons": [comparison.as_json() for comparison in self.comparisons],
        }


def check_package(
    path: str | Path,
    against: str | None = None,
    frames: Sequence[np.ndarray] | None = None,
    on_stage: Callable[[str], None] = lambda stage: None,
) -> PackageReport:
    """Report on a package, compared with the style that it was made from.

    Args:
        path: the `.mlpackage`.
        against: a style or model file; None for the style that the package names.
        frames: uint8 [H, W, 3] pictures of a size that the package takes; None for the program's
            own real picture.
        on_stage: called with what is being done.

    Raises:
        ModelLoadError: the package or the model file is missing, damaged or of another kind.
        UnknownStyleError: no style has that name.
        FrameShapeError: a picture has another size.
    """
    model = PortableModel(path)
    images = list(frames) if frames is not None else own_frames(model.package)
    if not images:
        raise FrameShapeError("there is no frame to compare on")
    on_stage("looking for large activations")
    peak = max(model.largest_activation(image) for image in images)
    name, reason = (against, "") if against else _own_style(model.package)
    if name is None:
        comparisons = not_compared(reason)
    else:
        comparisons = compare_everywhere(model, load_model(find_style(name)), images, on_stage)
    package, program = model.package, model.program
    return PackageReport(
        package=Path(path),
        kind=program.kind,
        inputs=tuple(map(str, package.sizes)) or ("any",),
        output=str(package.output or "as the input"),
        specification=package.spec.specificationVersion,
        size_bytes=package.size_bytes,
        operations=program.counts,
        largest_activation=peak,
        warnings=tuple(find_risks(package, program, peak)),
        against=name,
        frames=len(images),
        comparisons=tuple(comparisons),
    )


def own_frames(package: Package) -> list[np.ndarray]:
    """Three parts of one real frame in the package's size; one more for each further size."""
    first, *others = package.sizes or (FREE_SIZE,)
    picture = sample_frame()
    middle = picture.shape[1] // 2
    parts = [picture, picture[:, :middle], picture[:, middle:]]
    return [fill(part, first) for part in parts] + [fill(picture, size) for size in others]


def fill(picture: np.ndarray, size: Size) -> np.ndarray:
    """Scale a picture so that it fills a size, and cut off what hangs over."""
    factor = max(size.width / picture.shape[1], size.height / picture.shape[0])
    scaled = (
        max(size.width, round(picture.shape[1] * factor)),
        max(size.height, round(picture.shape[0] * factor)),
    )
    picture = cv2.resize(picture, scaled, interpolation=cv2.INTER_AREA)
    top, left = (scaled[1] - size.height) // 2, (scaled[0] - size.width) // 2
    return np.ascontiguousarray(picture[top : top + size.height, left : left + size.width])


def find_risks(package: Package, program: Program, largest_activation: float) -> list[str]:
    """What is known to go wrong on phones, one line each."""
    counts = program.counts
    risks = []
    if transposed := counts.get("conv_transpose", 0):
        risks.append(
            f"{transposed} transposed convolutions: known for checkerboards, and for slow "
            "or wrong results on some devices; try it on yours"
        )
    if means := counts.get("reduce_mean", 0):
        risks.append(
            f"unfused norms: {means} reduce_mean operations; their squares overflow half "
            "precision sooner than a fused norm"
        )
    if len(package.sizes) != 1:
        count = len(package.sizes) or "a range of"
        risks.append(f"it takes {count} sizes: flexible shapes may keep it off the Neural Engine")
    if turns := counts.get("transpose", 0):
        risks.append(f"{turns} transposes: each moves the whole picture in memory")
    if largest_activation > HALF_LIMIT:
        risks.append(
            f"the largest activation, {largest_activation:.0f}, is above half "
            f"precision's limit of {HALF_LIMIT:.0f}"
        )
    return risks


def _own_style(package: Package) -> tuple[str | None, str]:
    """The style that a package names, if it is installed and the same; else why not."""
    name = package.metadata.get(STYLE_KEY)
    if not name:
        return None, "the package names no style to compare with"
    try:
        same = digest_path(find_style(name)) == package.metadata.get(DIGEST_KEY)
    except (VideoStyleError, OSError):
        same = False
    if not same:
        return None, f"the package was made from another '{name}'"
    return name, ""
