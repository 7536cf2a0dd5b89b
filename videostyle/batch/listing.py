"""Lists of clips with their own settings: CSV with a header, or JSON Lines."""

import csv
import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_type_hints

from videostyle.batch.address import is_url
from videostyle.errors import ConfigError, ProbeError
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.video.codecs import EncodeConfig

YES, NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")

# Settings that the batch decides, or that are a group of others.
_NOT_IN_LISTS = ("overwrite", "encode")


@dataclass(frozen=True)
class Row:
    """One clip of a list.

    Attributes:
        source: the clip.
        target: its name, or None to use the template.
        config: its settings.
    """

    source: str
    target: str | None
    config: StylizeConfig


def read_list(path: str | Path, config: StylizeConfig) -> list[Row]:
    """Read a list.

    Args:
        path: `.csv` with a header line, or one JSON object per line. `source` names the clip,
            relative to the list's folder, and `target`, if present, what to write; all others are
            settings under the names of their options (`fps`, `out-size`, `no-audio`). Empty ones
            are as in `config`.
        config: the settings for all clips.

    Raises:
        ProbeError: the list can't be read.
        ConfigError: a line is wrong, or there are none.
    """
    path = Path(path)
    read = _read_csv if path.suffix.lower() == ".csv" else _read_json_lines
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [_row(path, number, values, config) for number, values in read(path, file)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise ProbeError(f"{path}: can't be read as a list of clips: {reason}") from error
    if not rows:
        raise ConfigError(f"{path}: has no clips in it")
    return rows


def with_settings(config: StylizeConfig, values: dict[str, Any]) -> StylizeConfig:
    """Change settings by the names of their options; values may be text.

    Raises:
        ConfigError: there is no such setting, or it can't have such a value.
    """
    own: dict[str, Any] = {}
    encode: dict[str, Any] = {}
    for option, value in values.items():
        name = option.strip().lower().removeprefix("--").replace("-", "_")
        if name == "no_audio":
            encode["audio"] = not _parsed(option, value, bool)
        elif name in _ENCODE_TYPES:
            encode[name] = _parsed(option, value, _ENCODE_TYPES[name])
        elif name in _TYPES:
            own[name] = _parsed(option, value, _TYPES[name])
        else:
            names = [known.replace("_", "-") for known in (*_TYPES, *_ENCODE_TYPES)]
            close = difflib.get_close_matches(option, names, n=1)
            hint = f"did you mean '{close[0]}'?" if close else f"choose from {', '.join(names)}"
            raise ConfigError(f"there is no setting '{option}'; {hint}")
    return replace(config, **own, encode=replace(config.encode, **encode))


def _types(settings: type) -> dict[str, Any]:
    """The type of each setting, apart from None and text; `str` if any text will do."""
    hints = get_type_hints(settings)
    found = {}
    for each in fields(settings):
        if each.init and each.name not in _NOT_IN_LISTS:
            kind = hints[each.name]
            kinds = set(get_args(kind) if isinstance(kind, UnionType) else (kind,)) - {type(None)}
            found[each.name] = kinds.pop() if len(kinds) == 1 else str
    return found


_TYPES = _types(StylizeConfig)
_ENCODE_TYPES = _types(EncodeConfig)


def _parsed(name: str, value: Any, kind: type) -> Any:
    text = str(value).strip()
    if kind is bool:
        if text.lower() not in YES + NO:
            raise ConfigError(f"{name} '{value}' is neither yes nor no")
        return text.lower() in YES
    try:
        return kind(text)
    except ValueError as error:
        raise ConfigError(f"{name} '{value}' is not a number") from error


def _read_csv(path: Path, file: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(file)
    if "source" not in (reader.fieldnames or ()):
        raise ConfigError(f"{path}: its first line has no column 'source'")
    for values in reader:
        if None in values:
            raise ConfigError(f"{path}: line {reader.line_num}: has more values than columns")
        yield reader.line_num, values


def _read_json_lines(path: Path, file: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except ValueError as error:
            raise ConfigError(f"{path}: line {number}: is not JSON: {error}") from error
        except RecursionError as error:
            raise ConfigError(f"{path}: line {number}: is nested too deeply") from error
        if not isinstance(values, dict):
            raise ConfigError(f"{path}: line {number}: is not a JSON object")
        yield number, values


def _row(path: Path, number: int, values: dict[str, Any], config: StylizeConfig) -> Row:
    given = {name: value for name, value in values.items() if value not in (None, "")}
    for name, value in given.items():
        is_file = name in ("source", "target")
        if (is_file and not isinstance(value, str)) or "\0" in f"{name}{value}":
            raise ConfigError(f"{path}: line {number}: '{name}' is no text")
    source, target = given.pop("source", None), given.pop("target", None)
    if source is None:
        raise ConfigError(f"{path}: line {number}: has no source")
    try:
        settings = with_settings(config, given)
    except ConfigError as error:
        raise ConfigError(f"{path}: line {number}: {error}") from error
    if target is not None and ".." in Path(str(target)).parts:
        raise ConfigError(f"{path}: line {number}: target '{target}' leads out of its folder")
    source = str(source) if is_url(source) else str(path.parent / str(source))
    return Row(source, None if target is None else str(target), settings)
