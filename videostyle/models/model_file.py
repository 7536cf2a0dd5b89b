"""Model files: weights and spec together, read and written without Keras.

A `.keras` file of videostyle is a Keras archive (Keras opens it after `import
videostyle.models.layers`) with one more member, `videostyle.json`, that contains the spec and the
style's card. We read only that and the weights. Keras' own description of the network, which could
name foreign code, is never read, so no code in a file is ever run. Weights are stored in float16,
or in float32 where every digit counts.
"""

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videostyle.errors import ModelLoadError
from videostyle.files.whole import writing
from videostyle.models.keras_config import keras_config
from videostyle.models.spec import NetworkSpec, spec_from_json, spec_to_json
from videostyle.models.weights import decode_weights, encode_weights

if TYPE_CHECKING:
    import numpy as np

SUFFIX = ".keras"
FORMAT = 1

PRECISIONS = ("float16", "float32")

DESCRIPTION_MEMBER = "videostyle.json"
WEIGHTS_MEMBER = "model.weights.h5"

# What Keras looks for in its archives. Missing settings of a layer take their defaults; the version
# is the oldest one that was seen to open our files.
METADATA_MEMBER = "metadata.json"
CONFIG_MEMBER = "config.json"
KERAS_VERSION = "3.8.0"

# The most that a file may claim to contain once unpacked.
LARGEST_DESCRIPTION_BYTES = 1 << 20
LARGEST_WEIGHTS_BYTES = 1 << 29


@dataclass(frozen=True)
class StyleModel:
    """A network that is ready to run.

    Attributes:
        network: a `keras.Model` in float32, levels to levels.
        spec: what the network is.
        card: where it comes from; empty if nothing was recorded.
    """

    network: Any
    spec: NetworkSpec
    card: dict[str, Any]


def save_weights(
    path: str | Path,
    spec: NetworkSpec,
    arrays: "Mapping[str, np.ndarray]",
    card: dict[str, Any] | None = None,
    precision: str = "float16",
) -> None:
    """Write a model file; it appears whole or not at all. The same network gives the same bytes.

    Args:
        path: ends in `.keras`.
        spec: what the network is.
        arrays: its weights by name, with the shapes from `topology.weight_shapes`.
        card: plain values that say where it comes from.
        precision: dtype of the stored weights, float16 or float32.

    Raises:
        ModelLoadError: the path has another suffix, or the arrays don't fit the network: one is
            missing or unknown, has another shape, or has values that are not finite.
        TargetError: it can't be written.
    """
    path = Path(path)
    if path.suffix != SUFFIX:
        raise ModelLoadError(f"{path}: a model file's name must end in {SUFFIX}")
    if precision not in PRECISIONS:
        raise ModelLoadError(f"{path}: weights are stored in {' or '.join(PRECISIONS)} only")
    members: dict[str, str | bytes] = {
        METADATA_MEMBER: json.dumps({"keras_version": KERAS_VERSION}),
        CONFIG_MEMBER: json.dumps(keras_config(spec, precision)),
        WEIGHTS_MEMBER: _encode(path, spec, arrays, precision),
        DESCRIPTION_MEMBER: json.dumps(
            {"format": FORMAT, "spec": spec_to_json(spec), "card": card or {}}, indent=1
        ),
    }
    with writing(path) as part, zipfile.ZipFile(part, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)  # without a timestamp


def read_weights(path: str | Path) -> "dict[str, np.ndarray]":
    """Read a network's weights by name, float32, in the shapes that its spec requires.

    Raises:
        ModelLoadError: the file is missing, damaged or was not saved by videostyle; or its weights
            don't fit its spec, or are not finite.
    """
    path = Path(path)
    with _archive(path) as archive:
        return _decode(path, archive, _spec(path, _description(path, archive)))


def save_model(
    path: str | Path,
    network: Any,
    spec: NetworkSpec,
    card: dict[str, Any] | None = None,
    precision: str = "float16",
) -> None:
    """Write a Keras network that `build_network(spec)` made; see `save_weights`."""
    arrays = {weight.path: _as_array(weight) for weight in network.weights}
    save_weights(path, spec, arrays, card, precision)


def load_model(path: str | Path) -> StyleModel:
    """Read a model file as a Keras network.

    Raises:
        ModelLoadError: as `read_weights`.
    """
    from videostyle.models.network import build_network

    path = Path(path)
    with _archive(path) as archive:
        description = _description(path, archive)
        spec = _spec(path, description)
        arrays = _decode(path, archive, spec)
    with dtype_policy("float32"):
        network = build_network(spec)
    for weight in network.weights:
        weight.assign(arrays[weight.path])
    return StyleModel(network, spec, description["card"])


def read_spec(path: str | Path) -> NetworkSpec:
    """Read the spec of a model file's network.

    Raises:
        ModelLoadError: as `read_weights`.
    """
    with _archive(Path(path)) as archive:
        return _spec(Path(path), _description(Path(path), archive))


def read_card(path: str | Path) -> dict[str, Any]:
    """Read a model file's card.

    Raises:
        ModelLoadError: as `read_weights`.
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
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ModelLoadError(f"{path}: is not a model file, or is damaged: {error}") from error
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
            f"{path}: has format {description.get('format')!r}, and this videostyle "
            f"reads format {FORMAT}; a newer version may have saved it"
        )
    return description


def _spec(path: Path, description: dict[str, Any]) -> NetworkSpec:
    try:
        return spec_from_json(description.get("spec"))
    except ModelLoadError as error:
        raise ModelLoadError(f"{path}: {error}") from error


def _decode(path: Path, archive: zipfile.ZipFile, spec: NetworkSpec) -> "dict[str, np.ndarray]":
    data = _member(path, archive, WEIGHTS_MEMBER, LARGEST_WEIGHTS_BYTES)
    try:
        return decode_weights(spec, data)
    except ModelLoadError as error:
        raise ModelLoadError(f"{path}: its weights don't fit its network: {error}") from error


def _encode(
    path: Path, spec: NetworkSpec, arrays: "Mapping[str, np.ndarray]", precision: str
) -> bytes:
    try:
        return encode_weights(spec, arrays, precision)
    except ModelLoadError as error:
        raise ModelLoadError(f"{path}: the weights don't fit the network: {error}") from error


def _as_array(weight: Any) -> "np.ndarray":
    import numpy as np
    from keras import ops

    return np.asarray(ops.convert_to_numpy(weight))


@contextmanager
def dtype_policy(name: str) -> Iterator[None]:
    """Build with our own dtype, whatever policy the caller's program has set."""
    import keras

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
