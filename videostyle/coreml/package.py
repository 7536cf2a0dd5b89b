"""What a Core ML model says about its input and output pictures."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from videostyle.coreml.blobs import WeightsFiles
from videostyle.coreml.model_files import SUFFIX, description_file, read_description
from videostyle.errors import ConfigError, ModelLoadError
from videostyle.frames import LARGEST_SIDE, Size
from videostyle.graphs.picture_form import RANGES, PictureForm, require_layout, size_in
from videostyle.graphs.reading import Reading

__all__ = ["SUFFIX", "Package", "read_package"]

PROGRAM, NETWORK = "mlProgram", "neuralNetwork"


# A model may hold this many styles; the largest known one has 375.
MOST_STYLES = 4096


@dataclass(frozen=True)
class StyleChoice:
    """The second input of a model that holds several styles, as Turi Create exports them.

    Attributes:
        name: of the input, an array with a number for each style: 1 to paint it, else 0.
        count: how many styles there are.
        number: the one to paint, from 1.
    """

    name: str
    count: int
    number: int

    @property
    def weights(self) -> np.ndarray:
        """What the input is given: float32 [count]."""
        weights = np.zeros(self.count, np.float32)
        weights[self.number - 1] = 1
        return weights

    def __str__(self) -> str:
        return f"style {self.number} of {self.count}"


@dataclass(frozen=True)
class Package:
    """A model that takes and returns one picture.

    Attributes:
        path: the `.mlpackage` or `.mlmodel`.
        spec: its description, coremltools' `Model` message.
        function: of an ML program, the one that is run.
        input_name: of the picture that goes in.
        output_name: of the picture that comes out.
        sizes: the only sizes it takes, its default first; empty if it takes a range.
        output: the size it always returns, or None if that follows the input.
        input_form, output_form: how it holds the two; the layout of an output that is an array is
            None until the graph is built.
        levels_known: the file or the user says which range of values it has.
        metadata: what its author recorded.
        choice: of a model that holds several styles, what selects the one to paint.
    """

    path: Path
    spec: Any
    function: str
    input_name: str
    output_name: str
    sizes: tuple[Size, ...]
    output: Size | None
    input_form: PictureForm
    output_form: PictureForm
    levels_known: bool
    metadata: dict[str, str]
    choice: StyleChoice | None = None

    @property
    def is_program(self) -> bool:
        """It holds an ML program; else an old neural network."""
        return bool(self.spec.WhichOneof("Type") == PROGRAM)

    @property
    def weights_files(self) -> WeightsFiles:
        return WeightsFiles(self.path, description_file(self.path).parent)

    @property
    def size_bytes(self) -> int:
        files = self.path.rglob("*") if self.path.is_dir() else [self.path]
        return sum(file.lstat().st_size for file in files if file.is_file())


def read_package(path: str | Path, reading: Reading | None = None) -> Package:
    """Read a model's description.

    Args:
        path: the `.mlpackage` or `.mlmodel`.
        reading: what the user says about a model that says too little.

    Raises:
        ModelLoadError: it is missing, damaged or of another kind.
        ConfigError: it has no such function, or its levels are known already.
        MissingDependencyError: coremltools isn't installed.
    """
    path, reading = Path(path), reading or Reading()
    spec = read_description(path)
    _check_kind(path, spec)
    function, inputs, outputs = _signature(path, spec, reading.function)
    inputs, choice = _without_choice(path, inputs, reading.style_number)
    for side, features in (("takes", inputs), ("gives", outputs)):
        if len(features) != 1 or _kind(features[0]) not in ("imageType", "multiArrayType"):
            words = " and ".join(map(_words, features)) or "nothing"
            raise ModelLoadError(f"{path}: {side} {words}; a style {side} one picture")
    source, result = inputs[0], outputs[0]
    is_array = "multiArrayType" in (_kind(source), _kind(result))
    if reading.levels and not is_array:
        raise ConfigError(f"{path}: takes and gives images, whose levels are known")
    return Package(
        path,
        spec,
        function,
        source.name,
        result.name,
        _sizes(path, source),
        _output_size(result),
        _form(path, source, reading),
        _form(path, result, reading),
        not is_array or reading.levels is not None,
        dict(spec.description.metadata.userDefined),
        choice,
    )


def _check_kind(path: Path, spec: Any) -> None:
    kind, description = spec.WhichOneof("Type"), spec.description
    if description.predictedFeatureName or (kind or "").endswith("Classifier"):
        answer = f" (its answer is '{description.predictedFeatureName}')"
        raise ModelLoadError(
            f"{path}: is a classifier{answer if description.predictedFeatureName else ''}, "
            "not a style"
        )
    if kind not in (PROGRAM, NETWORK):
        raise ModelLoadError(
            f"{path}: holds a {kind or 'model of no known kind'}, neither an ML program nor a "
            "neural network"
        )


def _signature(path: Path, spec: Any, wanted: str | None) -> tuple[str, Any, Any]:
    """The name of the function to run, and the features that it takes and gives."""
    description = spec.description
    if spec.WhichOneof("Type") == NETWORK or not description.functions:
        names = list(spec.mlProgram.functions) or [""]
        if wanted and wanted not in names:
            raise ConfigError(f"{path}: has no function '{wanted}'")
        name = wanted or ("main" if "main" in names else names[0])
        return name, description.input, description.output
    functions = {each.name: each for each in description.functions}
    name = wanted or description.defaultFunctionName or next(iter(functions))
    if name not in functions or name not in spec.mlProgram.functions:
        raise ConfigError(f"{path}: has no function '{name}'; choose one of {', '.join(functions)}")
    return name, functions[name].input, functions[name].output


def _without_choice(
    path: Path, inputs: Any, wanted: int | None
) -> tuple[list[Any], StyleChoice | None]:
    """The inputs but for the one that selects a style, and the style that is selected."""
    pictures = [each for each in inputs if _kind(each) == "imageType"]
    lists = [each for each in inputs if len(each.type.multiArrayType.shape) == 1]
    if len(inputs) != 2 or len(pictures) != 1 or len(lists) != 1:
        if wanted is not None:
            raise ConfigError(f"{path}: holds one style, without a number")
        return list(inputs), None
    [count] = lists[0].type.multiArrayType.shape
    if not 1 <= count <= MOST_STYLES:
        raise ModelLoadError(
            f"{path}: holds {count} styles by its '{lists[0].name}'; at most {MOST_STYLES} are read"
        )
    if (wanted or 1) > count:
        raise ConfigError(f"{path}: has no style {wanted}; the last one is {count}")
    return pictures, StyleChoice(lists[0].name, count, wanted or 1)


def _kind(feature: Any) -> str:
    return str(feature.type.WhichOneof("Type"))


def _words(feature: Any) -> str:
    """What a feature is, for a person."""
    kind = _kind(feature)
    if kind == "imageType":
        return f"an image '{feature.name}'"
    if kind == "multiArrayType":
        return f"an array '{feature.name}' {list(feature.type.multiArrayType.shape)}"
    return f"{kind.removesuffix('Type')} '{feature.name}'"


def _sizes(path: Path, feature: Any) -> tuple[Size, ...]:
    found = _array_sizes(path, feature) if _kind(feature) == "multiArrayType" else None
    sizes = _image_sizes(feature.type.imageType) if found is None else found
    for size in sizes:
        if not (0 < size.width <= LARGEST_SIDE and 0 < size.height <= LARGEST_SIDE):
            raise ModelLoadError(f"{path}: takes pictures of {size}, which no video has")
    return sizes


def _image_sizes(image: Any) -> tuple[Size, ...]:
    default = Size(image.width, image.height)
    flexibility = image.WhichOneof("SizeFlexibility")
    if flexibility == "enumeratedSizes":
        sizes = [Size(size.width, size.height) for size in image.enumeratedSizes.sizes]
        return (default, *(size for size in sizes if size != default))
    return () if flexibility == "imageSizeRange" else (default,)


def _array_sizes(path: Path, feature: Any) -> tuple[Size, ...]:
    array = feature.type.multiArrayType
    layout = require_layout(str(path), feature.name, list(array.shape))
    flexibility = array.WhichOneof("ShapeFlexibility")
    if flexibility == "shapeRange":
        return ()
    shapes = [list(array.shape)]
    if flexibility == "enumeratedShapes":
        shapes += [list(each.shape) for each in array.enumeratedShapes.shapes]
    found = [size_in(layout, shape) for shape in shapes if len(shape) == len(layout)]
    return tuple(dict.fromkeys(size for size in found if size is not None))


def _output_size(feature: Any) -> Size | None:
    if _kind(feature) == "multiArrayType":
        return None  # old files don't say, and others say wrong; the graph knows
    image = feature.type.imageType
    # coremltools writes 1x1 and a range where the output follows the input.
    flexible = image.WhichOneof("SizeFlexibility") is not None
    return None if flexible or image.width <= 1 else Size(image.width, image.height)


def _form(path: Path, feature: Any, reading: Reading) -> PictureForm:
    if _kind(feature) == "imageType":
        return PictureForm(is_bgr=_is_bgr(path, feature))
    array = feature.type.multiArrayType
    layout = require_layout(str(path), feature.name, list(array.shape)) if array.shape else "NCHW"
    black, white = RANGES[reading.levels or "255"]
    return PictureForm(layout, black, white)


def _is_bgr(path: Path, feature: Any) -> bool:
    image = feature.type.imageType
    known = image.ColorSpace.values()
    space = image.ColorSpace.Name(image.colorSpace) if image.colorSpace in known else "unknown"
    if space not in ("RGB", "BGR"):
        raise ModelLoadError(
            f"{path}: its image '{feature.name}' is {space}; a style's are RGB or BGR"
        )
    return bool(space == "BGR")
