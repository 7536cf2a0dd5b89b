"""The maker's file: float16 arrays and a description, read without running any code in it."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from videostyle.errors import ModelLoadError
from videostyle.files.whole import writing
from videostyle.models.making.maker_spec import MakerSpec

DESCRIPTION = "description"


@dataclass(frozen=True)
class MakerModel:
    """A maker that is ready to make styles.

    Attributes:
        arrays: float32, by name, as `MakerSpec.shapes` lists them.
        spec: what it is.
        card: how it was trained.
    """

    arrays: dict[str, np.ndarray]
    spec: MakerSpec
    card: dict[str, Any]


def save_maker(
    path: Path, arrays: Mapping[str, np.ndarray], spec: MakerSpec, card: dict[str, Any]
) -> None:
    """Write a maker in float16; it appears whole or not at all.

    Raises:
        TargetError: it can't be written.
    """
    text = json.dumps({"spec": spec.to_json(), "card": card})
    stored: dict[str, Any] = {name: array.astype("float16") for name, array in arrays.items()}
    stored[DESCRIPTION] = np.frombuffer(text.encode(), "uint8")
    with writing(path) as part, part.open("wb") as file:
        np.savez(file, allow_pickle=False, **stored)


def load_maker(path: Path) -> MakerModel:
    """Read a maker.

    Raises:
        ModelLoadError: it is missing, damaged or of the wrong kind.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        description = json.loads(arrays.pop(DESCRIPTION).tobytes())
        spec = MakerSpec.from_json(description["spec"])
    except (EOFError, OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise ModelLoadError(f"{path}: is not a maker of styles, or is damaged: {error}") from error
    found = {name: array.shape for name, array in arrays.items()}
    if found != spec.shapes():
        raise ModelLoadError(f"{path}: its weights don't fit its description")
    return MakerModel(
        {name: array.astype("float32") for name, array in arrays.items()}, spec, description["card"]
    )
