"""choice.json: the cells that somebody starred in a page. It may come from a stranger."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from videostyle.errors import ConfigError
from videostyle.frames import Box
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.video.rate import format_rate, parse_rate

FORMAT = 1
KIND = "videostyle choice"

# A page has 64 cells at most, with notes of 500 letters.
MOST_BYTES = 1_000_000
MOST_CELLS = 64


@dataclass(frozen=True)
class Choice:
    """One starred cell.

    Attributes:
        style: a style or a model file, as named for the preview.
        fps: frames per second, exact.
        size: size of the frames that the network sees of a clip.
        phone: what it sees on the phone, short side first.
        portrait: the phone is held upright.
        strength: 0..1.
        keep_color: only the brightness is painted.
        note: the reader's note.
    """

    style: str
    fps: str
    size: str
    phone: str
    portrait: bool
    strength: float = 1.0
    keep_color: bool = False
    note: str = ""

    @property
    def name(self) -> str:
        return f"{self.phone} at {format_rate(parse_rate(self.fps))} fps, {self.style}"


def parse_choice(text: str) -> Choice:
    """Read what `--choice` takes: `FILE`, or `FILE@N` for the N-th of several cells.

    Raises:
        ConfigError: the file can't be read, is of another form, or holds several cells and none
            is named.
    """
    name, _, number = text.rpartition("@")
    if not name or not number.isdecimal() or Path(text).is_file():
        name, number = text, ""
    choices = read_choices(Path(name))
    if not number and len(choices) > 1:
        names = "; ".join(f"@{n}: {choice.name}" for n, choice in enumerate(choices, start=1))
        raise ConfigError(f"{name}: holds {len(choices)} cells; name one, as in {name}@1 ({names})")
    at = int(number or 1)
    if not 1 <= at <= len(choices):
        raise ConfigError(f"{name}: holds {len(choices)} cells; there is no @{at}")
    return choices[at - 1]


def read_choices(path: Path) -> list[Choice]:
    """All cells of a choice file, in order.

    Raises:
        ConfigError: it can't be read or is of another form.
    """
    content = _read(path)
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise ConfigError(f"{path}: isn't a choice file; a preview's page exports one")
    if content.get("format") != FORMAT:
        found = content.get("format")
        raise ConfigError(f"{path}: has format {found!r}; this videostyle reads format {FORMAT}")
    cells = content.get("cells")
    if not isinstance(cells, list) or not 1 <= len(cells) <= MOST_CELLS:
        raise ConfigError(f"{path}: must hold 1 to {MOST_CELLS} cells; star one in the page")
    return [_choice(path, number, cell) for number, cell in enumerate(cells, start=1)]


def _read(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}") from error
    if len(raw) > MOST_BYTES:
        raise ConfigError(f"{path}: is larger than any choice file ({MOST_BYTES} bytes)")
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: isn't a choice file: it isn't JSON") from error


# What each field must be; a number is one that isn't true or false.
_KINDS: dict[str, type | tuple[type, ...]] = {
    "style": str,
    "fps": str,
    "size": str,
    "phone": str,
    "portrait": bool,
    "strength": (int, float),
    "keep_color": bool,
    "note": str,
}


def _choice(path: Path, number: int, cell: Any) -> Choice:
    where = f"{path}: cell {number}"
    if not isinstance(cell, dict):
        raise ConfigError(f"{where}: isn't an object")
    known = {name: cell[name] for name in _KINDS if name in cell}
    for name, value in known.items():
        if not isinstance(value, _KINDS[name]) or (name == "strength" and value is True):
            raise ConfigError(f"{where}: {name} is {value!r:.60}")
    try:
        choice = Choice(**known)
        StylizeConfig(fps=choice.fps, size=choice.size, strength=choice.strength)
        phone = Box.parse(choice.phone)
    except TypeError as error:
        missing = [
            name for name in ("style", "fps", "size", "phone", "portrait") if name not in cell
        ]
        raise ConfigError(f"{where}: has no {missing[0]}") from error
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error
    if phone.long is None or not choice.style:
        raise ConfigError(f"{where}: style and both sides of phone must be given")
    return choice
