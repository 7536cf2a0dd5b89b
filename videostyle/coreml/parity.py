"""The proof that a package paints what the TensorFlow network paints.

Floors. For fp32 and fp16 they are those that a correct conversion reaches with room to spare. The
compressed kinds lose on purpose; theirs stand more than 10 dB below what `wave/fast` reached
(docs/convert.md has the numbers).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

import cv2
import numpy as np

from videostyle.coreml.any_model import AnyModel
from videostyle.coreml.convert_config import COMPUTE_UNITS
from videostyle.coreml.native import NOT_RUN, NativeModel, is_native
from videostyle.coreml.runtime import PortableModel
from videostyle.errors import VideoStyleError
from videostyle.frames import Size
from videostyle.models.model_file import StyleModel
from videostyle.models.spec import NetworkSpec

FLOAT, HALF = "float", "half"

HIGHEST_DB = 200.0  # of equal pictures, whose ratio is infinite


class Status(Enum):
    """What became of a comparison."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Floor:
    """What a package must reach.

    Attributes:
        psnr_db: at least this.
        levels: at most this difference after rounding to 8 bits, of 255.
    """

    psnr_db: float
    levels: int


# The rounding of a value that lies on an edge may fall to either side: 1 level for fp32.
FLOORS = {
    "fp32": Floor(100, 1),
    "fp16": Floor(60, 2),
    "int8": Floor(48, 8),
    "palette8": Floor(48, 8),
    "palette6": Floor(38, 24),
}
FP16_LEVELS_WITH_INSTANCE_NORM = 3


def floor_of(kind: str, norm: str) -> Floor | None:
    """The floor of a kind of package, or None if none is known.

    Args:
        kind: the precision or the compression.
        norm: the network's, instance or batch.
    """
    if kind == "fp16" and norm == "instance":
        return Floor(FLOORS["fp16"].psnr_db, FP16_LEVELS_WITH_INSTANCE_NORM)
    return FLOORS.get(kind)


@dataclass(frozen=True)
class Comparison:
    """One way of running the package against the network.

    Attributes:
        run: `float`, `half`, or Apple's runtime on a compute unit.
        status: passed, failed or not run.
        reason: why it was not run or failed; empty if it passed.
        psnr_db: over all frames, before rounding (after it for Apple's runtime).
        largest: difference in levels before rounding.
        largest_8bit: difference in levels after rounding to 8 bits.
    """

    run: str
    status: Status
    reason: str = ""
    psnr_db: float | None = None
    largest: float | None = None
    largest_8bit: int | None = None

    @property
    def is_portable(self) -> bool:
        """It runs here, whatever the system."""
        return self.run in (FLOAT, HALF)

    def as_json(self) -> dict[str, Any]:
        return {
            "run": self.run,
            "status": self.status.value,
            "reason": self.reason,
            "psnr_db": _rounded(self.psnr_db),
            "max_levels": _rounded(self.largest),
            "max_levels_8bit": self.largest_8bit,
        }


class Network(Protocol):
    """Paints one uint8 [H, W, 3] picture: levels, float32 [H', W', 3]."""

    def __call__(self, image: np.ndarray) -> np.ndarray: ...


def reference_painter(style: StyleModel, output: Size | None) -> Network:
    """The network as it was trained, in TensorFlow, then OpenCV's bilinear scaling.

    Args:
        style: the network and its spec.
        output: the size to scale to, or None.
    """
    import tensorflow as tf

    run = tf.function(lambda levels: style.network(levels, training=False), reduce_retracing=True)

    def paint(image: np.ndarray) -> np.ndarray:
        height, width = image.shape[:2]
        rows, columns = (_margins(side, style.spec) for side in (height, width))
        padded = np.pad(image, (rows, columns, (0, 0)), mode="reflect")
        levels: np.ndarray = np.asarray(run(tf.constant(padded[None].astype(np.float32))))[0]
        levels = levels[rows[0] : rows[0] + height, columns[0] : columns[0] + width]
        if output is not None:
            levels = cv2.resize(
                levels, (output.width, output.height), interpolation=cv2.INTER_LINEAR
            )
        return np.asarray(np.clip(levels, 0, 255))

    return paint


def _margins(side: int, spec: NetworkSpec) -> tuple[int, int]:
    missing = -side % spec.size_multiple
    return missing // 2, missing - missing // 2


def floor_between(kind: str, other: str) -> Floor | None:
    """The floor of two models that others made: the lower of theirs, with any norm."""
    floors = [floor_of(each, "instance") for each in (kind, other)]
    known = [floor for floor in floors if floor is not None]
    return min(known, key=lambda floor: floor.psnr_db) if len(known) == len(floors) else None


def compare(
    run: str,
    paint: Network,
    images: Sequence[np.ndarray],
    expected: Sequence[np.ndarray],
    floor: Floor | None,
) -> Comparison:
    """Run a package on pictures and hold the result against the network's.

    Args:
        run: what to call it.
        paint: the package; gives levels, rounded or not.
        images: uint8 [H, W, 3] each.
        expected: the network's levels for each.
        floor: what it must reach.
    """
    squares, pixels, largest, largest_8bit = 0.0, 0, 0.0, 0
    for image, wanted in zip(images, expected, strict=True):
        levels = paint(image).astype(np.float64)
        difference = np.abs(levels - wanted)
        squares += float(np.square(difference).sum())
        pixels += difference.size
        largest = max(largest, float(difference.max()))
        rounded = np.abs(np.round(levels) - np.round(wanted))
        largest_8bit = max(
            largest_8bit, round(min(float(np.nan_to_num(rounded, nan=255).max()), 255))
        )
    psnr = _psnr(squares / pixels)
    status, reason = _judge(psnr, largest_8bit, floor)
    return Comparison(run, status, reason, psnr, largest, largest_8bit)


def _psnr(mean_square: float) -> float:
    if mean_square == 0:
        return HIGHEST_DB
    decibel = 10 * np.log10(255.0**2 / mean_square)
    return min(HIGHEST_DB, float(decibel)) if np.isfinite(decibel) else 0.0


def _judge(psnr_db: float, levels: int, floor: Floor | None) -> tuple[Status, str]:
    if floor is None:
        return Status.NOT_RUN, "no floor is known for this kind of package"
    if psnr_db < floor.psnr_db:
        return Status.FAILED, f"{psnr_db:.1f} dB is under the floor of {floor.psnr_db:.0f} dB"
    if levels > floor.levels:
        return Status.FAILED, f"{levels} levels are above the limit of {floor.levels}"
    return Status.PASSED, ""


def compare_everywhere(
    model: AnyModel,
    floor: Floor | None,
    images: Sequence[np.ndarray],
    expected: Sequence[np.ndarray],
    on_stage: Callable[[str], None],
) -> list[Comparison]:
    """Compare in float arithmetic, and of a Core ML model in half and with Apple's runtime.

    Args:
        model: it.
        floor: what it must reach.
        images: uint8 [H, W, 3] each.
        expected: levels for each.
        on_stage: called with what is being done.
    """
    on_stage("comparing")
    done = [compare(FLOAT, model.predict_levels, images, expected, floor)]
    if not isinstance(model, PortableModel):
        return done
    if model.has_halves:
        half = PortableModel(model.path, arithmetic="half", reading=model.reading)
        done.append(compare(HALF, half.predict_levels, images, expected, floor))
    return done + [
        _compare_natively(model.path, units, images, expected, floor) for units in COMPUTE_UNITS
    ]


def _compare_natively(
    path: Any,
    units: str,
    images: Sequence[np.ndarray],
    expected: Sequence[np.ndarray],
    floor: Floor | None,
) -> Comparison:
    if not is_native():
        return Comparison(_apple(units), Status.NOT_RUN, NOT_RUN)
    # Apple's runtime gives 8 bits, and rounding alone costs 0.29 levels, 58.9 dB.
    bound = None if floor is None else Floor(min(floor.psnr_db, 50), floor.levels)
    try:
        model = NativeModel(path, units)
        return compare(_apple(units), model.predict, images, expected, bound)
    except VideoStyleError as error:
        return Comparison(_apple(units), Status.FAILED, str(error))


def _apple(units: str) -> str:
    return f"Apple {units}"


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)
