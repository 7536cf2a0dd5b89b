"""What a `.mlpackage` says about itself, and whether it is whole."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from videostyle.coreml.coremltools import import_coremltools
from videostyle.errors import ModelLoadError
from videostyle.frames import Size

SUFFIX = ".mlpackage"
LARGEST_MANIFEST_BYTES = 1 << 20

# What stands before each block of weights: u32 mark, u32 type, u64 length, u64 place.
BLOB_MARK = 0xDEADBEEF
BLOB_HEADER_BYTES = 64


@dataclass(frozen=True)
class Package:
    """A package that is whole, and takes and gives one picture.

    Attributes:
        path: the folder.
        spec: its description, coremltools' `Model` message.
        input_name: of the picture that goes in.
        output_name: of the picture that comes out.
        sizes: the only sizes it takes, its default first; empty if it takes a range.
        output: what it gives for every one of them, or None if that follows the input.
        is_bgr: channels of the input and of the output stand in the order blue, green, red.
        metadata: what its maker wrote down.
    """

    path: Path
    spec: Any
    input_name: str
    output_name: str
    sizes: tuple[Size, ...]
    output: Size | None
    is_bgr: tuple[bool, bool]
    metadata: dict[str, str]

    @property
    def weights_folder(self) -> Path:
        return _model_file(self.path).parent / "weights"

    @property
    def size_bytes(self) -> int:
        return sum(file.stat().st_size for file in self.path.rglob("*") if file.is_file())


def read_package(path: str | Path) -> Package:
    """Read a package's description and check that its weights are all there.

    Raises:
        ModelLoadError: it is missing, damaged or of another kind.
        MissingDependencyError: coremltools isn't installed.
    """
    path = Path(path)
    check_package_path(path)
    file = _model_file(path)
    import_coremltools()
    from coremltools.proto import Model_pb2
    from google.protobuf.message import DecodeError

    spec = Model_pb2.Model()
    try:
        spec.ParseFromString(file.read_bytes())
    except (OSError, DecodeError) as error:
        raise ModelLoadError(f"{path}: is damaged: {file.name} can't be read") from error
    _check_kind(path, spec)
    source, result = spec.description.input[0], spec.description.output[0]
    package = Package(
        path,
        spec,
        source.name,
        result.name,
        _input_sizes(source.type.imageType),
        _output_size(result.type.imageType),
        (_is_bgr(path, source), _is_bgr(path, result)),
        dict(spec.description.metadata.userDefined),
    )
    _check_weights(package)
    return package


def check_package_path(path: Path) -> None:
    """Say what is wrong with a path before anything heavy is loaded.

    Raises:
        ModelLoadError: it is no package.
    """
    if not path.exists():
        raise ModelLoadError(f"{path}: no such file")
    if path.suffix == ".mlmodel":
        raise ModelLoadError(
            f"{path}: is of Core ML's old kind, which is not read here; "
            "convert the style anew with 'videostyle convert'"
        )
    if path.suffix != SUFFIX or not path.is_dir():
        raise ModelLoadError(f"{path}: is no Core ML package, a folder named *{SUFFIX}")
    _model_file(path)


def _model_file(path: Path) -> Path:
    """The file that the manifest names as the model."""
    manifest = path / "Manifest.json"
    try:
        with manifest.open("rb") as file:
            record = json.loads(file.read(LARGEST_MANIFEST_BYTES))
        entry = record["itemInfoEntries"][record["rootModelIdentifier"]]["path"]
        model: Path = path / "Data" / entry
        if ".." in Path(entry).parts or not model.is_file():
            raise ValueError(entry)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelLoadError(
            f"{path}: is damaged, or no Core ML package: its Manifest.json names no model"
        ) from error
    return model


def _check_kind(path: Path, spec: Any) -> None:
    kind, description = spec.WhichOneof("Type"), spec.description
    if description.predictedFeatureName:
        raise ModelLoadError(
            f"{path}: is a classifier (its answer is "
            f"'{description.predictedFeatureName}'), not a style"
        )
    if kind != "mlProgram":
        raise ModelLoadError(
            f"{path}: holds a {kind or 'model of no known kind'}, not an ML "
            "program; convert the style anew with 'videostyle convert'"
        )
    for side, features in (("takes", description.input), ("gives", description.output)):
        kinds = [feature.type.WhichOneof("Type") for feature in features]
        if kinds != ["imageType"]:
            raise ModelLoadError(
                f"{path}: {side} {', '.join(map(str, kinds)) or 'nothing'}; "
                f"a style {side} one image"
            )


def _input_sizes(image: Any) -> tuple[Size, ...]:
    default = Size(image.width, image.height)
    flexibility = image.WhichOneof("SizeFlexibility")
    if flexibility == "enumeratedSizes":
        sizes = [Size(size.width, size.height) for size in image.enumeratedSizes.sizes]
        return (default, *(size for size in sizes if size != default))
    return () if flexibility == "imageSizeRange" else (default,)


def _output_size(image: Any) -> Size | None:
    # coremltools writes 1x1 and a range where the output follows the input.
    flexible = image.WhichOneof("SizeFlexibility") is not None
    return None if flexible or image.width <= 1 else Size(image.width, image.height)


def _is_bgr(path: Path, feature: Any) -> bool:
    space = feature.type.imageType.ColorSpace.Name(feature.type.imageType.colorSpace)
    if space not in ("RGB", "BGR"):
        raise ModelLoadError(
            f"{path}: its image '{feature.name}' is {space}; a style's are RGB or BGR"
        )
    return bool(space == "BGR")


def _check_weights(package: Package) -> None:
    """Every block of weights must lie inside its file: the reader behind coremltools trusts it."""
    files: dict[str, bytes] = {}
    for name, offset in sorted(set(_blobs(package.spec.mlProgram))):
        if name not in files:
            files[name] = _weights_file(package, name)
        header = files[name][offset : offset + BLOB_HEADER_BYTES]
        end = int.from_bytes(header[8:16], "little") + int.from_bytes(header[16:24], "little")
        marked = int.from_bytes(header[:4], "little") == BLOB_MARK
        if len(header) < BLOB_HEADER_BYTES or not marked or end > len(files[name]):
            raise ModelLoadError(
                f"{package.path}: its {Path(name).name} is cut short or damaged "
                f"({len(files[name])} bytes); copy or convert it anew"
            )


def _weights_file(package: Package, name: str) -> bytes:
    inside = Path(name.removeprefix("@model_path/"))
    file = _model_file(package.path).parent / inside
    try:
        if ".." in inside.parts or inside.is_absolute():
            raise OSError(f"{name} lies outside")
        return file.read_bytes()
    except OSError as error:
        raise ModelLoadError(f"{package.path}: its weights {name} are missing") from error


def _blobs(message: Any) -> Iterator[tuple[str, int]]:
    """File and place of each block of weights that a protobuf message mentions."""
    if message.DESCRIPTOR.name == "BlobFileValue":
        yield message.fileName, message.offset
        return
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            inner = value.values()
        else:
            inner = value if not hasattr(value, "DESCRIPTOR") else [value]
        for part in inner:
            if hasattr(part, "ListFields"):
                yield from _blobs(part)
