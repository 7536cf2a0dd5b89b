"""The portable Core ML runtime: runs a `.mlpackage` or `.mlmodel` with OpenVINO, on any system.

It reads only the file and runs the program operation by operation, with the weights as stored. It
shares no code with `models`, so it really checks a conversion.
"""

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from videostyle.coreml.half import as_half
from videostyle.coreml.ml_program import read_ml_program
from videostyle.coreml.neural_network import has_five_axes, read_neural_network
from videostyle.coreml.package import Package, read_package
from videostyle.coreml.program import Operation, Program
from videostyle.errors import ConfigError, FrameShapeError, ModelLoadError, VideoStyleError
from videostyle.frames import Size
from videostyle.graphs.activations import Activation, measure_activations
from videostyle.graphs.ends import frame_input, to_frame, to_levels, to_model
from videostyle.graphs.levels import guess_levels
from videostyle.graphs.openvino import first_cause, import_openvino
from videostyle.graphs.painter import Painter
from videostyle.graphs.picture_form import require_layout, size_in
from videostyle.graphs.reading import Reading

ARITHMETICS = ("float", "half")

# Numbers that one value of a program may hold for each pixel of the larger picture: networks have
# up to 256 channels at full size; a file may come from a stranger.
MOST_PER_PIXEL = 1024

# Free sizes are tried at this one.
PROBE = Size(64, 64)


class PortableModel:
    """A Core ML model that is ready to run.

    Attributes:
        path: the file.
        package: what it says about itself.
        reading: what the user says about it.
        program: its operations.
        frames_at_once: how many frames `stylize` wants at once.
    """

    def __init__(
        self,
        path: str | Path,
        arithmetic: str = "float",
        reading: Reading | None = None,
        threads: int | None = None,
    ) -> None:
        """Read a model.

        Args:
            path: the `.mlpackage` or `.mlmodel`.
            arithmetic: `float` computes in float32 with the weights as stored; `half` also rounds
                every value that the program holds in half precision, as a phone stores it.
            reading: what the user says about a model that says too little.
            threads: of the processor that it may use, or None.

        Raises:
            ModelLoadError: it is missing, damaged, of another kind, or has an operation that is not
                known here.
            ConfigError: no arithmetic has that name, or the model has no such function.
            MissingDependencyError: coremltools or OpenVINO isn't installed.
        """
        if arithmetic not in ARITHMETICS:
            raise ConfigError(
                f"arithmetic '{arithmetic}' is unknown; choose one of {', '.join(ARITHMETICS)}"
            )
        self.path = Path(path)
        self.package, self.reading = read_package(path, reading), reading
        self.program = load_program(self.package)
        self._half = arithmetic == "half"
        import_openvino()
        self._check_operations()
        name = str(self.package.path)
        self._frames = Painter(name, lambda size: self._model(size, self.levels, to_frame), threads)
        self._levels = Painter(name, lambda size: self._model(size, self.levels), threads)
        self.frames_at_once = self._frames.frames_at_once

    @property
    def kind(self) -> str:
        """fp32, fp16, or the form of the compressed weights."""
        return self.program.kind

    @property
    def sizes(self) -> tuple[Size, ...]:
        """The only sizes that it takes, its default first; empty if it takes a range."""
        return self.package.sizes

    @property
    def output(self) -> Size | None:
        """What it gives for every one of them, or None if that follows the input."""
        return self.package.output

    @property
    def specification(self) -> int | None:
        """The version of the file's format."""
        return int(self.package.spec.specificationVersion)

    @property
    def counts(self) -> dict[str, int]:
        """How often each kind of operation occurs, by name."""
        return self.program.counts

    @property
    def has_halves(self) -> bool:
        """Whether the program has values in half precision."""
        return any(v.dtype == "fp16" for each in self.program.operations for v in each.outputs)

    @cached_property
    def levels(self) -> str:
        """The range of the model's values, as `--levels` names it."""
        if self.package.levels_known:
            return self.package.input_form.levels

        def attempt(levels: str, image: np.ndarray) -> np.ndarray:
            painter = Painter(str(self.package.path), lambda size: self._model(size, levels))
            return np.asarray(painter.paint(image[None])[0])

        return guess_levels(attempt, (*self.package.sizes, PROBE)[0])

    @property
    def levels_guessed(self) -> bool:
        """Neither the file nor the user says which range its values have."""
        return not self.package.levels_known

    def predict(self, image: np.ndarray) -> np.ndarray:
        """Paint one picture.

        Args:
            image: uint8 [H, W, 3], RGB, of a size that the model takes.

        Returns:
            uint8 [H, W, 3], RGB, of the size that the model gives.

        Raises:
            FrameShapeError: the picture has another form.
        """
        check_image(image, self.package)
        return np.asarray(self._frames.paint(image[None])[0])

    def predict_levels(self, image: np.ndarray) -> np.ndarray:
        """As `predict`, before rounding: float32 [H, W, 3] in levels."""
        check_image(image, self.package)
        return np.asarray(self._levels.paint(image[None])[0])

    def stylize(self, frames: np.ndarray) -> np.ndarray:
        """As `predict`, of several pictures: uint8 [N, H, W, 3] in and out."""
        for frame in frames[:1]:
            check_image(frame, self.package)
        return self._frames.paint(frames)

    def activations(self, image: np.ndarray) -> list[Activation]:
        """What every operation gives for one picture, in order; whole numbers are left out."""
        check_image(image, self.package)
        parameter, nodes = self._walk(Size(image.shape[1], image.shape[0]), self.levels)
        watched = [
            (operation.kind, operation.name, nodes[value.name])
            for operation in self.program.operations
            for value in operation.outputs
        ]
        return measure_activations(str(self.package.path), parameter, watched, image)

    def largest_activation(self, image: np.ndarray) -> float:
        """The largest absolute value that any operation gives, for one picture."""
        return max((each.peak for each in self.activations(image)), default=0.0)

    def output_size(self, size: Size) -> Size:
        """The size of what it gives for a picture of a size."""
        _, nodes = self._walk(size, "255")
        result = nodes[self.program.outputs[0].name]
        shape = list(result.get_shape())
        layout = require_layout(str(self.package.path), self.package.output_name, shape)
        return size_in(layout, shape) or size

    def _model(self, size: Size, levels: str, finish: Any = lambda levels: levels) -> Any:
        """The graph for a size: a frame to levels, and what `finish` makes of them."""
        import openvino as ov

        parameter, nodes = self._walk(size, levels)
        result = nodes[self.program.outputs[0].name]
        shape = list(result.get_shape())
        layout = require_layout(str(self.package.path), self.package.output_name, shape)
        if self.package.output not in (None, given := size_in(layout, shape)):
            raise ModelLoadError(
                f"{self.package.path}: gives {given} for {size}, though it says that it gives "
                f"{self.package.output}"
            )
        form = self.package.output_form.in_range(levels, layout)
        return ov.Model([finish(to_levels(result, form))], [parameter], "coreml")

    def _walk(self, size: Size, levels: str) -> tuple[Any, dict[str, Any]]:
        """A parameter for one frame, and the node of every value for it."""
        parameter = frame_input(size)
        form = self.package.input_form.in_range(levels)
        if not self.package.is_program and has_five_axes(
            self.package.spec, self.package.input_name
        ):
            form = replace(form, layout="NCHW")
        nodes = {self.program.inputs[0].name: to_model(parameter, form).output(0)}
        most = MOST_PER_PIXEL * max(size.pixels, (self.package.output or size).pixels)
        for operation in self.program.operations:
            for value, node in self._step(operation, nodes):
                if np.prod(node.get_shape(), dtype=np.float64) > most:
                    raise ModelLoadError(
                        f"{self.package.path}: operation {operation.kind} '{operation.name}' gives "
                        f"{list(node.get_shape())}, more than any network needs for {size}"
                    )
                nodes[value.name] = node
        return parameter, nodes

    def _step(self, operation: Operation, nodes: dict[str, Any]) -> list[tuple[Any, Any]]:
        from videostyle.coreml.ops import OPERATIONS, Arguments

        try:
            results = OPERATIONS[operation.kind](Arguments(operation, nodes))
            results = results if isinstance(results, list) else [results]
            made = [each if hasattr(each, "get_node") else each.output(0) for each in results]
            if self._half:
                made = [
                    as_half(node) if value.dtype == "fp16" else node
                    for value, node in zip(operation.outputs, made, strict=True)
                ]
            return list(zip(operation.outputs, made, strict=True))
        except ModelLoadError as error:
            raise ModelLoadError(f"{self.package.path}: {error}") from error
        except Exception as error:  # a damaged program can fail in any way that Python knows
            raise ModelLoadError(
                f"{self.package.path}: operation {operation.kind} '{operation.name}' doesn't fit "
                f"what it is given: {first_cause(error)}"
            ) from error

    def _check_operations(self) -> None:
        unknown = unknown_operations(self.program)
        if unknown:
            raise ModelLoadError(
                f"{self.package.path}: the portable runtime doesn't know the "
                f"operation {', '.join(unknown)}"
            )


def load_program(package: Package) -> Program:
    """Read a model's program and weights.

    Raises:
        ModelLoadError: it is damaged, or has weights or layers that are not known here.
    """
    try:
        known = {package.choice.name: package.choice.weights} if package.choice else {}
        if package.is_program:
            files = package.weights_files
            program = read_ml_program(package.spec, package.function, files, known)
        else:
            program = read_neural_network(package.spec, package.input_name, known)
        _check_finite(program)
        return program
    except VideoStyleError:
        raise
    except Exception as error:  # a damaged description can fail in any way that Python knows
        raise ModelLoadError(
            f"{package.path}: its program can't be read: {first_cause(error)}"
        ) from error


def _check_finite(program: Program) -> None:
    for operation in program.operations:
        for name, value in operation.inputs.items():
            for each in value if isinstance(value, tuple) else (value,):
                if _is_weight(each.constant) and not np.isfinite(each.constant).all():
                    raise ValueError(
                        f"{operation.kind} '{operation.name}' has a '{name}' that is not finite"
                    )


def _is_weight(constant: Any) -> bool:
    return isinstance(constant, np.ndarray) and constant.dtype.kind == "f"


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
