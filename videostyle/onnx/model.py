"""An ONNX image-to-image network: its input and output, and running it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from videostyle.errors import ConfigError, FrameShapeError, ModelLoadError, VideoStyleError
from videostyle.frames import LARGEST_SIDE, Size
from videostyle.graphs.activations import Activation, measure_activations
from videostyle.graphs.ends import (
    crop_levels,
    frame_input,
    pad_frame,
    to_frame,
    to_levels,
    to_model,
)
from videostyle.graphs.levels import guess_levels
from videostyle.graphs.openvino import first_cause, import_openvino
from videostyle.graphs.painter import Painter
from videostyle.graphs.picture_form import (
    RANGES,
    PictureForm,
    require_layout,
    shape_of,
    size_in,
)
from videostyle.graphs.reading import Reading
from videostyle.onnx.wire import check_weights

SUFFIX = ".onnx"
LARGEST_FILE_BYTES = 1 << 29

# Types of the numbers that a picture may have, by OpenVINO's names.
WHOLE = "u8"
PICTURE_TYPES = ("f32", "f16", "f64", WHOLE)

# Numbers that one value may hold for each pixel of the picture that goes in; see coreml.runtime.
MOST_PER_PIXEL = 4096

# Free sizes are tried at this one. Sides are padded to the first of these multiples that the
# network keeps.
PROBE = Size(64, 64)
MULTIPLES = (1, 2, 4, 8, 16, 32)


def check_onnx_file(path: Path) -> None:
    """Check a file before a library loads it.

    Raises:
        ModelLoadError: it is missing, damaged, too large, or its weights are not all there.
    """
    if not path.is_file():
        raise ModelLoadError(f"{path}: {'is no file' if path.exists() else 'no such file'}")
    size = path.stat().st_size
    if size > LARGEST_FILE_BYTES:
        raise ModelLoadError(f"{path}: has {size} bytes; at most {LARGEST_FILE_BYTES} are read")
    try:
        check_weights(path.read_bytes(), path.parent)
    except (ValueError, RecursionError) as error:
        raise ModelLoadError(f"{path}: {error}") from error
    except OSError as error:
        raise ModelLoadError(f"{path}: can't be read: {error.strerror or error}") from error


class OnnxModel:
    """A network that is ready to run.

    Attributes:
        path: the file.
        sizes: the only size that it takes, or empty if it takes any.
        factor: how many times larger what it gives is, for a network that takes any size.
        output: the size that it gives, for a network that takes one.
        levels_guessed: by trying, since neither the file nor the user says.
        frames_at_once: how many frames `stylize` wants at once.
    """

    def __init__(
        self,
        path: str | Path,
        reading: Reading | None = None,
        threads: int | None = None,
        precision: str = "fp32",
    ) -> None:
        """Read a network.

        Args:
            path: the `.onnx` file.
            reading: what the user says about a network that says too little.
            threads: of the processor that it may use, or None.
            precision: what it computes in, fp32 or bf16.

        Raises:
            ModelLoadError: it is missing, damaged, or takes or gives no picture.
            ConfigError: a function or a style number was chosen.
            MissingDependencyError: OpenVINO isn't installed.
        """
        self.path, reading = Path(path), reading or Reading()
        if reading.function is not None:
            raise ConfigError(f"{self.path}: has no functions, as Core ML packages do")
        if reading.style_number is not None:
            raise ConfigError(f"{self.path}: holds one style, without a number")
        check_onnx_file(self.path)
        self._core = import_openvino().Core()
        with _damage_named(self.path):
            self._network = self._read()
            self._layout, self.sizes = self._picture_that_goes_in()
            _check_finite(self.path, self._network)
            probe = self.sizes[0] if self.sizes else PROBE
            given = self._given(probe)
        self.output = given if self.sizes else None
        self.factor = max(1, given.width // probe.width)
        self._said = reading.levels or self._known_levels()
        self.levels_guessed = self._said is None
        name = str(self.path)
        self._frames = Painter(
            name, lambda size: self._graph(size, self.levels, to_frame), threads, precision
        )
        self._levels = Painter(
            name, lambda size: self._graph(size, self.levels), threads, precision
        )
        self.frames_at_once = self._frames.frames_at_once

    @cached_property
    def levels(self) -> str:
        """The range of its values, as `--levels` names it."""
        if self._said:
            return self._said

        def attempt(levels: str, image: np.ndarray) -> np.ndarray:
            painter = Painter(str(self.path), lambda size: self._graph(size, levels))
            return np.asarray(painter.paint(image[None])[0])

        return guess_levels(attempt, (*self.sizes, PROBE)[0])

    @property
    def kind(self) -> str:
        """The type of most of its weights."""
        kinds: dict[str, int] = {}
        for each in self._network.get_ops():
            if each.get_type_name() == "Constant":
                name = each.get_element_type().get_type_name()
                kinds[name] = kinds.get(name, 0) + each.data.size
        names = {"f32": "fp32", "f16": "fp16", "i8": "int8", "u8": "int8"}
        most = max(kinds, key=lambda kind: kinds[kind], default="f32")
        return names.get(most, most)

    @property
    def specification(self) -> int | None:
        """None: that is of Core ML."""
        return None

    @property
    def counts(self) -> dict[str, int]:
        """How often each kind of operation occurs, by OpenVINO's name."""
        counts: dict[str, int] = {}
        for each in self._operations(self._network):
            counts[each.get_type_name()] = counts.get(each.get_type_name(), 0) + 1
        return dict(sorted(counts.items()))

    def predict(self, image: np.ndarray) -> np.ndarray:
        """Paint one picture: uint8 [H, W, 3] RGB in and out.

        Raises:
            FrameShapeError: the picture has another form.
        """
        self._check_image(image)
        return np.asarray(self._frames.paint(image[None])[0])

    def predict_levels(self, image: np.ndarray) -> np.ndarray:
        """As `predict`, before rounding: float32 [H, W, 3] in levels."""
        self._check_image(image)
        return np.asarray(self._levels.paint(image[None])[0])

    def stylize(self, frames: np.ndarray) -> np.ndarray:
        """As `predict`, of several pictures: uint8 [N, H, W, 3] in and out."""
        self._check_image(frames[0])
        return self._frames.paint(frames)

    def activations(self, image: np.ndarray) -> list[Activation]:
        """What every operation gives for one picture, in order; whole numbers are left out."""
        self._check_image(image)
        parameter, network, _ = self._at(Size(image.shape[1], image.shape[0]), self.levels)
        watched = [
            (each.get_type_name(), each.get_friendly_name(), node)
            for each in self._operations(network)
            for node in each.outputs()
        ]
        return measure_activations(str(self.path), parameter, watched, image)

    def _read(self) -> Any:
        network = self._core.read_model(str(self.path))
        for side, ends in (("takes", network.inputs), ("gives", network.outputs)):
            if len(ends) != 1:
                words = " and ".join(f"'{_name(end)}' {_words(end)}" for end in ends) or "nothing"
                raise ModelLoadError(f"{self.path}: {side} {words}; a style {side} one picture")
        return network

    def _picture_that_goes_in(self) -> tuple[str, tuple[Size, ...]]:
        entry = self._network.inputs[0]
        if _type(entry) not in PICTURE_TYPES:
            raise ModelLoadError(
                f"{self.path}: takes {_type(entry)} numbers; a picture's are "
                f"{', '.join(PICTURE_TYPES)}"
            )
        sides = _sides(entry)
        # Some leave even the colors open; pictures are mostly held with the colors first.
        open_colors = len(sides) == 4 and sides[1] is None and sides[3] is None
        layout = "NCHW" if open_colors else require_layout(str(self.path), _name(entry), sides)
        size = size_in(layout, sides)
        if size and not 0 < max(size.width, size.height) <= LARGEST_SIDE:
            raise ModelLoadError(f"{self.path}: takes pictures of {size}, which no video has")
        return layout, (size,) if size else ()

    def _known_levels(self) -> str | None:
        """Whole numbers on both sides can only be levels."""
        ends = [*self._network.inputs, *self._network.outputs]
        return "255" if all(_type(each) == WHOLE for each in ends) else None

    def _operations(self, network: Any) -> list[Any]:
        unseen = ("Constant", "Parameter", "Result")
        return [each for each in network.get_ordered_ops() if each.get_type_name() not in unseen]

    def _reshaped(self, size: Size) -> Any:
        """A copy of the network for a size, with every shape known and bounded."""
        network = self._network.clone()
        try:
            network.reshape({network.inputs[0]: shape_of(self._layout, size)})
        except RuntimeError as error:
            raise ModelLoadError(
                f"{self.path}: doesn't take {size} pictures: {first_cause(error)}"
            ) from error
        most = MOST_PER_PIXEL * size.pixels
        for each in self._operations(network):
            for node in each.outputs():
                shape = node.get_partial_shape()
                if shape.is_static and np.prod(list(shape.to_shape()), dtype=np.float64) > most:
                    raise ModelLoadError(
                        f"{self.path}: '{each.get_friendly_name()}' gives {shape}, more than any "
                        f"network needs for {size}"
                    )
        return network

    def _given(self, size: Size) -> Size:
        """What the network gives for a size."""
        end = self._reshaped(size).outputs[0]
        sides = _sides(end)
        found = size_in(require_layout(str(self.path), _name(end), sides), sides)
        if found is None:
            raise ModelLoadError(f"{self.path}: doesn't say how large a picture it gives")
        return found

    def _at(self, size: Size, levels: str) -> tuple[Any, Any, Size]:
        """A parameter for one frame, the network behind it, and the size that is padded to."""
        padded = size if self.sizes else self._padded(size)
        network = self._reshaped(padded)
        parameter = frame_input(size)
        entry = network.inputs[0]
        form = PictureForm(self._layout, *_range(levels, entry))
        values = to_model(pad_frame(parameter, size, padded), form)
        if _type(entry) != "f32":
            import openvino.opset15 as op

            values = op.convert(values, _type(entry))
        for target in list(entry.get_target_inputs()):
            target.replace_source_output(values.output(0))
        return parameter, network, padded

    def _padded(self, size: Size) -> Size:
        """The least size from there on whose picture comes back in whole."""
        why: ModelLoadError | None = None
        for multiple in MULTIPLES:
            padded = Size(*(-(-side // multiple) * multiple for side in (size.width, size.height)))
            try:
                given = self._given(padded)
            except ModelLoadError as error:  # sums of what was halved and doubled don't fit
                why = error
                continue
            if given == Size(padded.width * self.factor, padded.height * self.factor):
                return padded
            why = ModelLoadError(
                f"{self.path}: gives {given} for {padded}; the sides of a style's picture are "
                "kept, or become some whole number of times as long"
            )
        raise why or ModelLoadError(f"{self.path}: takes no {size} pictures")

    def _graph(self, size: Size, levels: str, finish: Any = lambda levels: levels) -> Any:
        """The graph for a size: a frame to levels, and what `finish` makes of them."""
        import openvino as ov

        parameter, network, padded = self._at(size, levels)
        result = network.outputs[0].get_node().input_value(0)
        layout = require_layout(str(self.path), "output", list(result.get_shape()))
        painted = to_levels(result, PictureForm(layout, *_range(levels, result)))
        if not self.sizes:
            painted = crop_levels(painted, size, padded, self.factor)
        return ov.Model([finish(painted)], [parameter], "onnx")

    def _check_image(self, image: np.ndarray) -> None:
        if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
            raise FrameShapeError(
                f"{self.path}: takes uint8 [H, W, 3] pictures, not {image.dtype} "
                f"{list(image.shape)}"
            )
        size = Size(image.shape[1], image.shape[0])
        if self.sizes and size not in self.sizes:
            raise FrameShapeError(f"{self.path}: takes pictures of {self.sizes[0]}, not {size}")


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    try:
        yield
    except VideoStyleError:
        raise
    except Exception as error:  # OpenVINO fails in many ways on a damaged file, names among them
        raise ModelLoadError(f"{path}: OpenVINO can't read it: {first_cause(error)}") from error


def _check_finite(path: Path, network: Any) -> None:
    for each in network.get_ops():
        if each.get_type_name() == "Constant" and each.get_element_type().is_real():
            data = each.data
            # Single numbers may be endless: bounds of a clip, the start of a maximum.
            if data.size > 1 and not np.isfinite(data).all():
                raise ModelLoadError(
                    f"{path}: its weight '{each.get_friendly_name()}' is not finite"
                )


def _type(end: Any) -> str:
    return str(end.get_element_type().get_type_name())


def _range(levels: str, end: Any) -> tuple[float, float]:
    """The values of black and white at one end; whole numbers are levels."""
    return RANGES["255" if _type(end) == WHOLE else levels]


def _sides(end: Any) -> list[int | None]:
    shape = end.get_partial_shape()
    if shape.rank.is_dynamic:
        return []
    return [side.get_length() if side.is_static else None for side in shape]


def _name(end: Any) -> str:
    return str(end.get_any_name()) if end.get_names() else "output"


def _words(end: Any) -> str:
    return str(["any" if side is None else side for side in _sides(end)])
