"""The report of a preview so far: cells, devices, advice."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

from videostyle.device.camera import Camera
from videostyle.device.estimate import Estimate, estimate_at
from videostyle.device.schedule import Schedule, simulate
from videostyle.preview.advice import Advice, Candidate, advise
from videostyle.preview.commands import phone_size
from videostyle.preview.devices import Device, assumed_device, list_devices
from videostyle.preview.grid import REPORT, Cell, Grid
from videostyle.preview.moments import Moment
from videostyle.preview.record import CellRecord
from videostyle.video.rate import format_rate

# What is known of the tiled video and the contact sheet.
TILES_FIELDS = ("layout", "video", "sheet", "tiled")


class Report:
    """The report of a preview so far."""

    def __init__(self, grid: Grid, records: dict[str, CellRecord]) -> None:
        self.grid = grid
        self._records = records
        self.tiles: dict[str, Any] = {}
        self.moments: tuple[Moment, ...] = ()
        self.devices = list_devices(grid.config)
        self.camera = Camera.parse(grid.config.camera)
        self.is_complete = False

    @classmethod
    def open(cls, grid: Grid) -> "Report":
        """Reuse what an older report has for the same clip, settings and model."""
        return cls.reuse(grid, read_records(grid.folder))

    @classmethod
    def reuse(cls, grid: Grid, found: Iterable[CellRecord]) -> "Report":
        """Reuse records of cells that are in the folder still."""
        records = {each.key: each for each in found if _is_there(grid, each)}
        wanted = {cell.key: cell for cell in (*grid.cells, grid.source)}
        # A cell whose file has another name now is made again: nothing else is renamed either.
        return cls(
            grid,
            {
                key: record
                for key, record in records.items()
                if key in wanted and record.clip.endswith(f"/{wanted[key].target.name}")
            },
        )

    @property
    def cells(self) -> list[CellRecord]:
        """The finished cells of the matrix, in its order."""
        return [self._records[cell.key] for cell in self.grid.shown if cell.key in self._records]

    def record(self, cell: Cell) -> CellRecord | None:
        """The record of a cell; None while it isn't finished."""
        return self._records.get(cell.key)

    def has(self, cell: Cell) -> bool:
        return cell.key in self._records

    def add(self, record: CellRecord) -> None:
        self._records[record.key] = record

    def reuse_pictures(self) -> None:
        """Reuse what shows all cells of an older report, if it shows exactly these."""
        content = _read_report(self.grid.folder)
        tiles = {name: content[name] for name in TILES_FIELDS if name in content}
        names = [tiles.get("video"), tiles.get("sheet")]
        if tiles.get("tiled") == self.grid.keys and all(
            name and (self.grid.folder / name).is_file() for name in names
        ):
            self.tiles = tiles
            self.set_moments(_read_moments(content, self.grid.folder))

    def set_tiles(self, tiles: dict[str, Any]) -> None:
        """Where the tiled video and the sheet are, and how they are laid out."""
        self.tiles = tiles

    def set_moments(self, moments: Sequence[Moment]) -> None:
        """The pictures of the same part in every size."""
        self.moments = tuple(moments)

    @property
    def moment_names(self) -> list[str]:
        """The files of these pictures, in the folder."""
        return [name for each in self.moments for name in each.names]

    def complete(self) -> None:
        """Whether everything is finished."""
        self.is_complete = True

    @property
    def duration_s(self) -> Fraction:
        record = self.record(self.grid.source)
        frames = record.frames if record else self.grid.source.frames
        return Fraction(frames) / self.grid.source.rate

    @property
    def most_captures(self) -> int:
        """How many frames a device's camera can deliver during the clip."""
        fastest = max(cell.rate for cell in self.grid.cells)
        return ceil(self.duration_s * max(fastest, self.grid.config.capture_rate or fastest))

    def estimate(self, device: Device, cell: Cell) -> Estimate:
        """A device's time for a cell's network at the phone's own size."""
        return estimate_at(device.times[cell.style], phone_size(cell, self.camera))

    def schedule(self, device: Device, cell: Cell) -> Schedule | None:
        """What a device would show of a cell; None if nothing certain is known."""
        estimate = self.estimate(device, cell)
        if not estimate.is_trusted:
            return None
        capture_rate = self.grid.config.capture_rate
        return simulate(estimate.samples_ms, cell.rate, self.duration_s, capture_rate)

    @property
    def advice(self) -> list[Advice]:
        """Which cell to take, for each device; without any for the assumed one."""
        devices = self.devices or [assumed_device(self.grid.config.style)]
        return [self._advise(device) for device in devices]

    def _advise(self, device: Device) -> Advice:
        has_styles = len(self.grid.config.style) > 1
        candidates = []
        for number, cell in enumerate(self.grid.shown, start=1):
            schedule = self.schedule(device, cell)
            candidates.append(
                Candidate(
                    number,
                    phone_size(cell, self.camera),
                    format_rate(cell.rate),
                    cell.rate,
                    device.times[cell.style],
                    schedule.dropped_share if schedule else None,
                    cell.style if has_styles else "",
                )
            )
        return advise(device.name, candidates, self.grid.info.rate)


def _read_report(folder: Path) -> dict[str, Any]:
    """The content of report.json; empty if there is none."""
    try:
        content = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _read_moments(content: dict[str, Any], folder: Path) -> list[Moment]:
    """The moments of an older report; none if a picture is gone."""
    try:
        moments = [
            Moment(each["at_s"], each["source"], tuple(each["rows"])) for each in content["moments"]
        ]
    except (KeyError, TypeError):
        return []
    names = [name for each in moments for name in each.names]
    return moments if all((folder / name).is_file() for name in names) else []


def read_records(folder: Path) -> list[CellRecord]:
    """The cells of the report in a folder; none if it can't be read."""
    content = _read_report(folder)
    names = {field.name for field in fields(CellRecord)}
    try:
        entries = [*content["cells"], *content["captures"], content["source"]["record"] or {}]
        return [
            CellRecord(**{name: value for name, value in entry.items() if name in names})
            for entry in entries
            if "key" in entry
        ]
    except (KeyError, TypeError):
        return []  # none, or of another version: everything is made again


def _is_there(grid: Grid, record: CellRecord) -> bool:
    path = grid.folder / record.clip
    return path.is_file() and path.stat().st_size == record.bytes
