"""Latency files: how long a device took for each frame, in order.

`videostyle measure` writes one JSON object:

    {"format": 1, "device": "iPhone 15", "system": "iOS 19.1", "compute_unit": "all",
     "model": "wave-fast", "size": "853x480", "samples_ms": [31.2, 30.9]}

A plain JSON list of milliseconds, or a text file with one number per line, works too; the size is
given with the name, as in `phone.txt@480x853`.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from videostyle.errors import ConfigError
from videostyle.files.whole import write_json
from videostyle.frames import Size

FORMAT = 1

# Anything longer is not a live filter's latency but a wrong unit.
LONGEST_MS = 60_000.0
MOST_SAMPLES = 1_000_000


@dataclass(frozen=True)
class Latency:
    """Times of one device for one network at one size.

    Attributes:
        device: its name, as the page shows it.
        size: what the network saw.
        samples_ms: milliseconds per frame, in the order they were taken.
        model: the network's name, or None if the file doesn't say.
        measured: a series of measurements; False for a single number, which includes neither
            jitter nor heat.
        details: system and compute unit, for the reader.
    """

    device: str
    size: Size
    samples_ms: tuple[float, ...]
    model: str | None = None
    measured: bool = True
    details: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.samples_ms) <= MOST_SAMPLES:
            raise ConfigError(
                f"{self.device}: {len(self.samples_ms)} samples; there must be 1 to {MOST_SAMPLES}"
            )
        for sample in self.samples_ms:
            if not 0 < sample <= LONGEST_MS:  # also refuses NaN
                raise ConfigError(
                    f"{self.device}: a latency of {sample} ms is out of range; "
                    f"it must be above 0, {LONGEST_MS:.0f} at most"
                )


@dataclass(frozen=True)
class LatencyRecord:
    """A latency file as it is written.

    Attributes:
        device: such as `iPhone 15`.
        system: its system with version.
        compute_unit: one of `COMPUTE_UNITS`.
        model: the package's name.
        size: what went in, WIDTHxHEIGHT.
        samples_ms: milliseconds of every frame, in order.
        made_at: when, ISO 8601 with zone.
    """

    device: str
    system: str
    compute_unit: str
    model: str
    size: str
    samples_ms: tuple[float, ...]
    made_at: str

    def write(self, path: Path) -> None:
        """Write the file; it appears whole or not at all.

        Raises:
            TargetError: it can't be written.
        """
        write_json(path, {"format": FORMAT, **asdict(self)})


def parse_latency(text: str) -> Latency:
    """Read what `--latency` takes: `[NAME=]FILE[@SIZE]` or `[NAME=]MS@SIZE`.

    Raises:
        ConfigError: it is neither, the file can't be read, or no size is known.
    """
    if Path(text).is_file():
        return read_latency(Path(text))
    name, _, rest = text.rpartition("=")
    what, _, size = rest.partition("@")
    if not what:
        raise ConfigError(f"latency '{text}' is not understood; write FILE or 41@480x853")
    given = parse_size(size) if size else None
    if _is_number(number := what.removesuffix("ms").strip()):
        if given is None:
            raise ConfigError(f"latency '{text}': say for which size, as in {number}@480x853")
        return Latency(name or f"your {number} ms phone", given, (float(number),), measured=False)
    return read_latency(Path(what), name=name or None, size=given)


def read_latency(path: Path, name: str | None = None, size: Size | None = None) -> Latency:
    """Read a latency file.

    Args:
        path: a JSON object, a JSON list, or a text file of milliseconds.
        name: what to call the device, instead of the name in the file.
        size: what the network saw, if the file doesn't say.

    Raises:
        ConfigError: the file can't be read or has another format.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not a latency file: it is not text") from error
    record = _as_record(path, text)
    size = parse_size(record["size"], path) if "size" in record else size
    if size is None:
        raise ConfigError(f"{path}: doesn't say at which size; write {path}@480x853")
    details = ", ".join(str(record[key]) for key in ("system", "compute_unit") if record.get(key))
    try:
        return Latency(
            name or str(record.get("device") or path.stem),
            size,
            _numbers(path, record.get("samples_ms")),
            record.get("model"),
            details=details,
        )
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def parse_size(text: str, path: Path | None = None) -> Size:
    """Read `853x480`; the longer side counts as the width.

    Raises:
        ConfigError: it isn't a size.
    """
    sides = str(text).lower().split("x")
    if len(sides) != 2 or not all(side.isdecimal() and 0 < int(side) < 100_000 for side in sides):
        where = f"{path}: " if path else ""
        raise ConfigError(f"{where}size '{text}' is not understood; write 480x853")
    short, long = sorted(int(side) for side in sides)
    return Size(long, short)


def _as_record(path: Path, text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = text.split()
    if isinstance(content, list | int | float):
        return {"samples_ms": content if isinstance(content, list) else [content]}
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: is not a latency file")
    if content.get("format") != FORMAT:
        raise ConfigError(
            f"{path}: has format {content.get('format')!r}; this videostyle reads format {FORMAT}"
        )
    return content


def _numbers(path: Path, values: Any) -> tuple[float, ...]:
    if not isinstance(values, list) or not values:
        raise ConfigError("has no list of milliseconds")
    try:
        return tuple(float(value) for value in values)
    except (TypeError, ValueError) as error:
        raise ConfigError("contains something that is not a number of milliseconds") from error


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least `share` of all samples don't exceed (nearest rank)."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
