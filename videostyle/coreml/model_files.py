"""Finding the description inside what is called a Core ML model, and reading it within bounds.

Core ML has three forms: `.mlpackage`, a folder with the description and the weights in files of
their own; the older `.mlmodel`, one file; and `.mlmodelc`, which only Apple's systems read.
"""

import json
from pathlib import Path
from typing import Any

from videostyle.coreml.blobs import is_plain
from videostyle.coreml.messages import import_messages
from videostyle.errors import ModelLoadError

SUFFIX = ".mlpackage"
OLD_SUFFIX = ".mlmodel"
COMPILED_SUFFIX = ".mlmodelc"
SUFFIXES = (SUFFIX, OLD_SUFFIX)

LARGEST_MANIFEST_BYTES = 1 << 20

# An old file holds its weights in its description; the largest style networks have 30 MB.
LARGEST_DESCRIPTION_BYTES = 1 << 29


def check_model_path(path: Path) -> None:
    """Say what is wrong with a path before anything heavy is loaded.

    Raises:
        ModelLoadError: it is no Core ML model that can be read here.
    """
    if not path.exists():
        raise ModelLoadError(f"{path}: no such file")
    if path.suffix == COMPILED_SUFFIX:
        raise ModelLoadError(
            f"{path}: is a compiled Core ML model, which only Apple's systems run; take the "
            f"{OLD_SUFFIX} or {SUFFIX} that it was compiled from"
        )
    if path.suffix == OLD_SUFFIX and not path.is_file():
        raise ModelLoadError(f"{path}: is no Core ML model: an {OLD_SUFFIX} is one file")
    if path.suffix not in SUFFIXES or (path.suffix == SUFFIX and not path.is_dir()):
        raise ModelLoadError(f"{path}: is no Core ML package, a folder named *{SUFFIX}")
    description_file(path)


def description_file(path: Path) -> Path:
    """The file that holds a model's description: itself, or the one that its manifest names.

    Raises:
        ModelLoadError: the manifest is missing or damaged.
    """
    if path.suffix == OLD_SUFFIX:
        return path
    manifest = path / "Manifest.json"
    try:
        if not is_plain(manifest, path):
            raise OSError("no manifest")
        with manifest.open("rb") as file:
            record = json.loads(file.read(LARGEST_MANIFEST_BYTES))
        entry = record["itemInfoEntries"][record["rootModelIdentifier"]]["path"]
        model: Path = path / "Data" / entry
        if ".." in Path(entry).parts or Path(entry).is_absolute() or not is_plain(model, path):
            raise ValueError(entry)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelLoadError(
            f"{path}: is damaged, or no Core ML package: its Manifest.json names no model"
        ) from error
    return model


def read_description(path: Path) -> Any:
    """A model's description: coremltools' `Model` message.

    Raises:
        ModelLoadError: it is damaged or too large.
        MissingDependencyError: coremltools isn't installed.
    """
    check_model_path(path)
    file = description_file(path)
    spec = import_messages().Model()
    from google.protobuf.message import DecodeError

    try:
        size = file.stat().st_size
        if size > LARGEST_DESCRIPTION_BYTES:
            raise ModelLoadError(
                f"{path}: {file.name} has {size} bytes; at most {LARGEST_DESCRIPTION_BYTES} "
                "are read"
            )
        spec.ParseFromString(file.read_bytes())
    except (OSError, DecodeError) as error:
        raise ModelLoadError(f"{path}: is damaged: {file.name} can't be read") from error
    return spec
