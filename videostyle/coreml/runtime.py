"""The portable Core ML runtime: runs a `.mlpackage` with TensorFlow, on any system.

It reads the file alone: the program is walked operation by operation, with the weights as they are
stored. It knows nothing of the networks of `models`, and so checks them.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from videostyle.coreml.package import Package, read_package
from videostyle.coreml.program import Operation, Program, load_program
from videostyle.errors import BackendError, ConfigError, FrameShapeError, ModelLoadError
from videostyle.frames import Size

ARITHMETICS = ("float", "half")


class PortableModel:
    """A package that is ready to run.

    Attributes:
        package: what it says about itself.
        program: its operations.
    """

    def __init__(self, path: str | Path, arithmetic: str = "float") -> None:
        """Read a package.

        Args:
            path: the `.mlpackage`.
            arithmetic: `float` computes in float32 with the weights as stored; `half` also rounds
                every value that the program holds in half precision, as a phone stores it.

        Raises:
            ModelLoadError: it is missing, damaged, of another kind, or has an operation that is not
                known here.
            MissingDependencyError: coremltools isn't installed.
        """
        if arithmetic not in ARITHMETICS:
            raise ConfigError(
                f"arithmetic '{arithmetic}' is unknown; choose one of {', '.join(ARITHMETICS)}"
            )
        self.package = read_package(path)
        self.program = load_program(self.package)
        self._half = arithmetic == "half"
        self._check_operations()
        import tensorflow as tf

        self._tf = tf
        self._run = tf.function(self._graph)
        self._run_rounded = tf.function(self._rounded_graph)

    def predict(self, image: np.ndarray) -> np.ndarray:
        """Paint one picture.

        Args:
            image: uint8 [H, W, 3], RGB, of a size that the package takes.

        Returns:
            uint8 [H, W, 3], RGB, of the size that the package gives.

        Raises:
            FrameShapeError: the picture has another form.
        """
        return self._on(image, self._run_rounded)

    def predict_levels(self, image: np.ndarray) -> np.ndarray:
        """As `predict`, before rounding: float32 [H, W, 3] in levels."""
        return self._on(image, self._run)

    def _on(self, image: np.ndarray, run: Callable[[Any], Any]) -> np.ndarray:
        check_image(image, self.package)
        try:
            return np.asarray(run(self._tf.constant(image[None]))[0])
        except self._tf.errors.ResourceExhaustedError as error:
            raise BackendError(
                f"{self.package.path}: out of memory for {image.shape[1]}x{image.shape[0]}"
            ) from error

    def largest_activation(self, image: np.ndarray) -> float:
        """The largest absolute value that any operation gives, for one picture."""
        check_image(image, self.package)
        tf, peaks = self._tf, []

        def watch(tensor: Any) -> Any:
            if tensor.dtype.is_floating:
                peaks.append(tf.reduce_max(tf.abs(tensor)))
            return tensor

        @tf.function
        def largest(frames: Any) -> Any:
            peaks.clear()
            self._graph(frames, watch)
            return tf.reduce_max(tf.stack(peaks))

        return float(largest(tf.constant(image[None])))

    def _graph(self, frames: Any, watch: Callable[[Any], Any] | None = None) -> Any:
        """uint8 [1, H, W, 3] to float32 [1, H, W, 3]."""
        from videostyle.coreml.ops import Held

        tf = self._tf
        levels = tf.cast(frames, tf.float32)
        levels = levels[..., ::-1] if self.package.is_bgr[0] else levels
        values = {self.program.inputs[0].name: Held(levels, channels_last=True)}
        for operation in self.program.operations:
            for value, held in self._step(operation, values):
                values[value.name] = held
                if watch:
                    watch(held.tensor)
        result = values[self.program.outputs[0].name].last()
        return result[..., ::-1] if self.package.is_bgr[1] else result

    def _rounded_graph(self, frames: Any) -> Any:
        tf = self._tf
        return tf.cast(tf.round(tf.clip_by_value(self._graph(frames), 0.0, 255.0)), tf.uint8)

    def _step(self, operation: Operation, values: dict[str, Any]) -> list[tuple[Any, Any]]:
        from videostyle.coreml.ops import OPERATIONS, Arguments

        results = OPERATIONS[operation.kind](Arguments(operation, values))
        results = results if isinstance(results, list) else [results]
        if self._half:
            results = [
                held.like(self._as_half(held.tensor)) if value.dtype == "fp16" else held
                for value, held in zip(operation.outputs, results, strict=True)
            ]
        return list(zip(operation.outputs, results, strict=True))

    def _as_half(self, tensor: Any) -> Any:
        return self._tf.cast(self._tf.cast(tensor, self._tf.float16), self._tf.float32)

    def _check_operations(self) -> None:
        unknown = unknown_operations(self.program)
        if unknown:
            raise ModelLoadError(
                f"{self.package.path}: the portable runtime doesn't know the "
                f"operation {', '.join(unknown)}"
            )


def unknown_operations(program: Program) -> list[str]:
    """Kinds of operation that the portable runtime can't run."""
    from videostyle.coreml.ops import OPERATIONS, load_operations

    load_operations()
    return sorted(set(program.counts) - set(OPERATIONS))


def check_image(image: np.ndarray, package: Package) -> None:
    """Refuse a picture that a package doesn't take.

    Raises:
        FrameShapeError: not uint8 [H, W, 3] of one of its sizes.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise FrameShapeError(
            f"a package takes uint8 [H, W, 3] pictures, not {image.dtype} {list(image.shape)}"
        )
    size = Size(image.shape[1], image.shape[0])
    if package.sizes and size not in package.sizes:
        raise FrameShapeError(
            f"{package.path}: takes uint8 pictures of "
            f"{' or '.join(map(str, package.sizes))}, not {size}"
        )
