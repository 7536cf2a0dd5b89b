"""Model files: weights and spec together, read without running anything that they contain.

A `.keras` file of videostyle is a Keras archive (Keras opens it after `import
videostyle.models.layers`) with one more member, `videostyle.json`, that holds the spec and the
style's card. Loading reads that and the weights alone; Keras' own description of the network,
which could name foreign code, is never looked at. Weights are stored in float16, or in float32
where every digit counts.
"""

import json
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from videostyle.errors import ModelLoadError
from videostyle.files.whole import writing
from videostyle.models.spec import NetworkSpec, spec_from_json, spec_to_json

SUFFIX = ".keras"
FORMAT = 1

DESCRIPTION_MEMBER = "videostyle.json"
WEIGHTS_MEMBER = "model.weights.h5"

# Bounds on what a file may claim to hold once unpacked.
LARGEST_DESCRIPTION_BYTES = 1 << 20
LARGEST_WEIGHTS_BYTES = 1 << 29


@dataclass(frozen=True)
class StyleModel:
    """A network that is ready to run.

    Attributes:
        network: a `keras.Model` in float32, levels to levels.
        spec: what it is.
        card: where it comes from; empty if nothing was written down.
    """

    network: Any
    spec: NetworkSpec
    card: dict[str, Any]


def save_model(
    path: str | Path,
    network: Any,
    spec: NetworkSpec,
    card: dict[str, Any] | None = None,
    precision: str = "float16",
) -> None:
    """Write a model file; it appears whole or not at all.

    Args:
        path: ends in `.keras`.
        network: what `build_network(spec)` gave, trained.
        spec: what it is.
        card: plain values that say where it comes from.
        precision: what the weights are stored in, float16 or float32.

    Raises:
        ModelLoadError: the path has another suffix.
        TargetError: it can't be written.
    """
    import keras

    from videostyle.models.network import build_network

    path = Path(path)
    if path.suffix != SUFFIX:
        raise ModelLoadError(f"{path}: a model file's name must end in {SUFFIX}")
    with dtype_policy(precision):
        stored = build_network(spec)
    stored.set_weights([weight.astype(precision) for weight in _weights_of(network)])
    description = {"format": FORMAT, "spec": spec_to_json(spec), "card": card or {}}
    with writing(path) as part:
        keras.saving.save_model(stored, part)
        with zipfile.ZipFile(part, "a") as archive:
            archive.writestr(DESCRIPTION_MEMBER, json.dumps(description, indent=1))


def load_model(path: str | Path) -> StyleModel:
    """Read a model file.

    Raises:
        ModelLoadError: it is missing, damaged, or was not saved by videostyle.
    """
    from videostyle.models.network import build_network

    path = Path(path)
    with _archive(path) as archive:
        description = _description(path, archive)
        weights = _member(path, archive, WEIGHTS_MEMBER, LARGEST_WEIGHTS_BYTES)
    spec = _spec(path, description)
    with dtype_policy("float32"):
        network = build_network(spec)
    _load_weights(path, network, weights)
    return StyleModel(network, spec, description["card"])


def read_spec(path: str | Path) -> NetworkSpec:
    """Read what kind of network a model file holds, without Keras.

    Raises:
        ModelLoadError: as `load_model`.
    """
    with _archive(Path(path)) as archive:
        return _spec(Path(path), _description(Path(path), archive))


def read_card(path: str | Path) -> dict[str, Any]:
    """Read a model file's card, without Keras.

    Raises:
        ModelLoadError: as `load_model`.
    """
    with _archive(Path(path)) as archive:
        card: dict[str, Any] = _description(Path(path), archive)["card"]
        return card


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError as error:
        raise ModelLoadError(f"{path}: no such file") from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise ModelLoadError(f"{path}: is no model file, or is damaged: {error}") from error
    except OSError as error:
        raise ModelLoadError(f"{path}: can't be read: {error.strerror or error}") from error


def _member(path: Path, archive: zipfile.ZipFile, name: str, largest: int) -> bytes:
    try:
        entry = archive.getinfo(name)
    except KeyError as error:
        raise ModelLoadError(f"{path}: was not saved by videostyle: it has no {name}") from error
    if entry.file_size > largest:
        raise ModelLoadError(
            f"{path}: {name} claims {entry.file_size} bytes; at most {largest} are read"
        )
    with archive.open(entry) as file:
        return file.read(largest)


def _description(path: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    text = _member(path, archive, DESCRIPTION_MEMBER, LARGEST_DESCRIPTION_BYTES)
    try:
        description = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelLoadError(f"{path}: its {DESCRIPTION_MEMBER} is damaged") from error
    if not isinstance(description, dict) or not isinstance(description.get("card"), dict):
        raise ModelLoadError(f"{path}: its {DESCRIPTION_MEMBER} is damaged")
    if description.get("format") != FORMAT:
        raise ModelLoadError(
            f"{path}: has format {description.get('format')!r}; this videostyle "
            f"reads format {FORMAT}; a newer one may have saved it"
        )
    return description


def _spec(path: Path, description: dict[str, Any]) -> NetworkSpec:
    try:
        return spec_from_json(description.get("spec"))
    except ModelLoadError as error:
        raise ModelLoadError(f"{path}: {error}") from error


def _load_weights(path: Path, network: Any, weights: bytes) -> None:
    """Give the network its weights; Keras checks every shape but reads from files only."""
    with tempfile.TemporaryDirectory(prefix="videostyle-") as folder:
        file = Path(folder) / WEIGHTS_MEMBER
        try:
            file.write_bytes(weights)
        except OSError as error:
            raise ModelLoadError(
                f"{path}: its weights don't fit into the temporary folder "
                f"{Path(folder).parent}: {error.strerror}; name another one in "
                "TMPDIR"
            ) from error
        try:
            # Keras only warns where a layer keeps its random weights.
            with warnings.catch_warnings():
                warnings.simplefilter("error", UserWarning)
                network.load_weights(file)
        except (ValueError, OSError, KeyError, RuntimeError, UserWarning) as error:
            first_line = str(error).strip().splitlines()[0]
            raise ModelLoadError(
                f"{path}: its weights don't fit its network: {first_line}"
            ) from error


def _weights_of(network: Any) -> list[Any]:
    import numpy as np
    from keras import ops

    return [np.asarray(ops.convert_to_numpy(weight)) for weight in network.weights]


@contextmanager
def dtype_policy(name: str) -> Iterator[None]:
    """Build with a dtype of our own, whatever policy the caller's program has set."""
    import keras

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
