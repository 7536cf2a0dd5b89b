"""The studio's folder: what was dropped, what was made of it, and what the page showed last.

It is a preview's folder as well: `videostyle preview -o` goes on with its cells.
"""

import contextlib
import itertools
import json
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from videostyle.errors import ConfigError, NoFolderError, TargetError
from videostyle.files.lock import Lock
from videostyle.files.whole import write_json
from videostyle.preview.grid import STUDIO, STUDIO_MARK, is_previews

STATE = f"{STUDIO}/state.json"
UPLOADS = f"{STUDIO}/uploads"
STILLS = f"{STUDIO}/stills"
FRAMES = f"{STUDIO}/frames"
EXPORTS = f"{STUDIO}/exports"

# A longer name fits on no card, and some disks take 255 bytes.
MOST_LETTERS = 80

# An upload leaves this much of the disk free.
ROOM_BYTES = 500_000_000


@dataclass
class Style:
    """One card of the wall.

    Attributes:
        id: names it in addresses.
        title: for people.
        kind: `builtin`, `own`, `painting` or `mix`.
        spec: what `--style` takes.
        painting: the painting's file in the uploads.
        stroke: size of a painting's strokes.
        error: why it can't be painted.
    """

    id: str
    title: str
    kind: str
    spec: str
    painting: str | None = None
    stroke: str | None = None
    error: str | None = None


@dataclass
class Job:
    """One export.

    Attributes:
        id: names it in addresses.
        kind: `film`, `package` or `page`.
        title: for people.
        order: what the exporter is told.
        command: what makes the same in a terminal; None for a page.
        state: `waiting`, `running`, `done`, `failed`, `cancelled` or `interrupted`.
        done: units so far.
        total: units of the whole; None if that isn't known.
        stage: what is being done.
        seconds_left: None if that isn't known.
        error: why it failed.
        file: what was made, in the exports.
        proof: pictures that prove it, in the exports.
        verdict: what they prove.
    """

    id: str
    kind: str
    title: str
    order: dict[str, Any]
    command: str | None = None
    state: str = "waiting"
    done: float = 0
    total: float | None = None
    stage: str = ""
    seconds_left: float | None = None
    error: str | None = None
    file: str | None = None
    proof: list[str] = field(default_factory=list)
    verdict: str | None = None


@dataclass
class State:
    """What is written down.

    Attributes:
        clip: the chosen clip's path.
        start: where the excerpt begins, in seconds, exact; None: not known yet.
        start_reason: why there.
        frame_time: which frame the wall shows, in seconds; None: the middle.
        styles: the wall.
        shown: the style in the plane.
        rates: rates that were asked for beside the usual ones.
        sizes: sizes that were asked for beside the usual ones.
        jobs: exports.
        count: how many ids were given out.
    """

    clip: str | None = None
    start: str | None = None
    start_reason: str = ""
    frame_time: float | None = None
    styles: list[Style] = field(default_factory=list)
    shown: str | None = None
    rates: list[str] = field(default_factory=list)
    sizes: list[str] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    count: int = 0

    def next_id(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"


class Project:
    """A studio's folder, which no other studio has open.

    Raises:
        TargetError: it can't be used, or another studio has it open.
        ConfigError: what an earlier studio wrote down can't be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        if self.folder.exists() and not self.folder.is_dir():
            raise TargetError(folder, "is a file; name a folder for the studio")
        if not is_previews(self.folder):
            raise TargetError(folder, "holds something that is no preview; name another folder")
        if not self.folder.parent.is_dir():
            raise NoFolderError(folder)
        for name in (UPLOADS, STILLS, FRAMES, EXPORTS):
            try:
                (self.folder / name).mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise TargetError(folder, f"can't be written: {error.strerror}") from error
        try:
            self._lock = Lock(self.folder / STUDIO_MARK, folder)
        except TargetError as error:
            raise TargetError(folder, "another studio has it open") from error
        for half in (self.folder / UPLOADS).glob(".*.part"):
            half.unlink(missing_ok=True)
        shutil.rmtree(self.folder / FRAMES, ignore_errors=True)
        self.state = self._read()

    def close(self) -> None:
        self._lock.release()

    def save(self) -> None:
        write_json(self.folder / STATE, asdict(self.state))

    def _read(self) -> State:
        path = self.folder / STATE
        if not path.exists():
            return State()
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            found["styles"] = [Style(**each) for each in found["styles"]]
            found["jobs"] = [Job(**each) for each in found["jobs"]]
            return State(**{each.name: found[each.name] for each in fields(State)})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigError(
                f"{path}: can't be read ({error}); move it away to begin anew: cells, uploads and "
                "exports stay"
            ) from error

    def free_name(self, folder: str, name: str) -> Path:
        """A file of our folder that doesn't exist yet, named like a file of the user's."""
        path = Path(plain_name(name))
        for number in itertools.count(1):
            ending = f"-{number}" if number > 1 else ""
            found = self.folder / folder / f"{path.stem}{ending}{path.suffix}"
            if not found.exists():
                return found
        raise AssertionError

    async def take(self, name: str, body: AsyncIterator[bytes], most: int) -> Path:
        """Write an upload as it comes.

        Args:
            name: what the user calls the file.
            body: its content.
            most: bytes that it may have.

        Raises:
            TargetError: it is too large, or the disk is too full.
        """
        target = self.free_name(UPLOADS, name)
        part = target.with_name(f".{target.name}.part")
        room = shutil.disk_usage(self.folder).free - ROOM_BYTES
        count = 0
        try:
            with part.open("xb") as file:
                async for piece in body:
                    count += len(piece)
                    if count > most:
                        raise TargetError(name, f"is larger than {most / 1e9:g} GB")
                    if count > room:
                        raise TargetError(name, "doesn't fit on the disk")
                    file.write(piece)
            if not count:
                raise TargetError(name, "is empty")
            part.rename(target)
        except OSError as error:
            raise TargetError(name, f"can't be written: {error.strerror}") from error
        finally:
            part.unlink(missing_ok=True)
        return target

    def served(self, name: str) -> Path | None:
        """A file that the page may have; None if there is none of that name.

        Links aren't followed, wherever they lead.
        """
        if "\0" in name or len(name) > 1000:
            return None
        path = self.folder.joinpath(*(part for part in name.split("/")))
        with contextlib.suppress(OSError):
            if path.resolve() == path and path.is_relative_to(self.folder) and path.is_file():
                return path
        return None


def plain_name(name: str) -> str:
    """A file's name without folders, control characters and what shells mind."""
    word = re.sub(r"[^\w.()+ -]", "_", re.split(r"[/\\]", name)[-1]).strip(" .")
    path = Path(word or "file")
    return f"{path.stem[:MOST_LETTERS]}{path.suffix[:12]}"
