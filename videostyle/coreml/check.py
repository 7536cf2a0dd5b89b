"""Checking a model: whether it runs, what goes wrong, and whether it paints like another."""

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np

from videostyle.coreml.any_model import AnyModel, is_any_model, open_any_model
from videostyle.coreml.export import DIGEST_KEY, STYLE_KEY
from videostyle.coreml.findings import find_risks, find_trouble
from videostyle.coreml.parity import (
    Comparison,
    Floor,
    Network,
    compare_everywhere,
    floor_between,
    floor_of,
    reference_painter,
)
from videostyle.coreml.report import CheckedPicture, PackageReport
from videostyle.coreml.runtime import PortableModel
from videostyle.errors import FrameShapeError, VideoStyleError
from videostyle.files.digest import digest_path
from videostyle.frames import Size
from videostyle.graphs.activations import Activation
from videostyle.graphs.reading import Reading
from videostyle.models.styles import find_style
from videostyle.samples import sample_frame

# A model that takes any size is checked at this one.
FREE_SIZE = Size(640, 360)


def check_package(
    path: str | Path,
    against: str | None = None,
    frames: Sequence[np.ndarray] | None = None,
    on_stage: Callable[[str], None] = lambda stage: None,
    reading: Reading | None = None,
) -> PackageReport:
    """Report on a model, compared with the style that it was made from or with another model.

    Args:
        path: a `.mlpackage`, `.mlmodel` or `.onnx`.
        against: a style, a `.keras` file or another such model; None for the style that a package
            names.
        frames: uint8 [H, W, 3] pictures of a size that the model takes; None for the program's own
            real picture.
        on_stage: called with the current step.
        reading: how to run a model that doesn't say enough itself.

    Raises:
        ModelLoadError: the model is missing, damaged or of another kind.
        UnknownStyleError: no style has that name.
        FrameShapeError: a picture has another size.
    """
    model = open_any_model(path, reading)
    images = list(frames) if frames is not None else own_frames(model.sizes)
    if not images:
        raise FrameShapeError("there is no frame to compare on")
    on_stage("looking for large activations")
    activations = [model.activations(image) for image in images]
    on_stage("painting with the model")
    painted = [model.predict_levels(image) for image in images]
    name, alone = (against, "") if against else _own_style(model)
    comparisons: list[Comparison] = []
    expected: Sequence[np.ndarray | None] = [None] * len(images)
    if name is not None:
        on_stage(f"painting with {name}")
        reference, floor = _reference(name, model)
        wanted = [reference(image) for image in images]
        _check_shapes(path, name, painted, wanted)
        comparisons = compare_everywhere(model, floor, images, wanted, on_stage)
        expected = wanted
    return PackageReport(
        package=Path(path),
        kind=model.kind,
        inputs=tuple(map(str, model.sizes)) or ("any",),
        output=str(model.output or "as the input"),
        specification=model.specification,
        size_bytes=size_of(Path(path)),
        operations=model.counts,
        levels=model.levels,
        levels_guessed=model.levels_guessed,
        largest_activation=_peak(activations),
        warnings=(*find_trouble(activations, painted), *find_risks(model)),
        against=name,
        alone=alone,
        frames=len(images),
        comparisons=tuple(comparisons),
        pictures=tuple(map(CheckedPicture, images, painted, expected)),
    )


def own_frames(sizes: Sequence[Size]) -> list[np.ndarray]:
    """Three parts of one real frame in a model's first size; one more for each further size."""
    first, *others = sizes or (FREE_SIZE,)
    picture = sample_frame()
    middle = picture.shape[1] // 2
    parts = [picture, picture[:, :middle], picture[:, middle:]]
    return [fill(part, first) for part in parts] + [fill(picture, size) for size in others]


def fill(picture: np.ndarray, size: Size) -> np.ndarray:
    """Scale a picture so that it fills a size, and crop the rest."""
    factor = max(size.width / picture.shape[1], size.height / picture.shape[0])
    scaled = (
        max(size.width, round(picture.shape[1] * factor)),
        max(size.height, round(picture.shape[0] * factor)),
    )
    picture = cv2.resize(picture, scaled, interpolation=cv2.INTER_AREA)
    top, left = (scaled[1] - size.height) // 2, (scaled[0] - size.width) // 2
    return np.ascontiguousarray(picture[top : top + size.height, left : left + size.width])


def size_of(path: Path) -> int:
    """Bytes of a model on disk, file or folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.lstat().st_size for file in files if file.is_file())


def _reference(name: str, model: AnyModel) -> tuple[Network, Floor | None]:
    """What paints the expected pictures, and the floor that the model must reach."""
    if is_any_model(name):
        other = open_any_model(name)
        return other.predict_levels, floor_between(model.kind, other.kind)
    from videostyle.models.model_file import load_model
    from videostyle.models.tensorflow import import_tensorflow

    import_tensorflow("coreml")
    style = load_model(find_style(name))
    return reference_painter(style, model.output), floor_of(model.kind, style.spec.norm)


def _check_shapes(
    path: str | Path, name: str, painted: Sequence[np.ndarray], wanted: Sequence[np.ndarray]
) -> None:
    for ours, theirs in zip(painted, wanted, strict=True):
        if ours.shape != theirs.shape:
            sizes = [Size(each.shape[1], each.shape[0]) for each in (ours, theirs)]
            raise FrameShapeError(
                f"{path}: gives {sizes[0]} where {name} gives {sizes[1]}; they can't be compared"
            )


def _peak(activations: Sequence[Sequence[Activation]]) -> float:
    peaks = [each.peak for part in activations for each in part]
    return float(np.max(peaks)) if peaks else 0.0


def _own_style(model: AnyModel) -> tuple[str | None, str]:
    """The style that a package names, if it is installed and unchanged; otherwise why not."""
    metadata = model.package.metadata if isinstance(model, PortableModel) else {}
    name = metadata.get(STYLE_KEY)
    if not name:
        return None, "it names no style to compare with"
    try:
        same = digest_path(find_style(name)) == metadata.get(DIGEST_KEY)
    except (VideoStyleError, OSError):
        return None, f"it was made from {name}, which isn't here"
    if not same:
        return None, f"it was made from {name}, which has changed since"
    return name, ""
