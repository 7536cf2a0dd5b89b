"""report.json: every number of a preview. The page is made from it alone."""

import json
from dataclasses import asdict, fields
from fractions import Fraction
from typing import Any

import videostyle
from videostyle.device.estimate import Estimate
from videostyle.device.schedule import SCREEN_RATE, Schedule
from videostyle.files.whole import write_json
from videostyle.preview.advice import NO_DEVICE, Advice, Candidate, advise
from videostyle.preview.commands import convert_command, stylize_command
from videostyle.preview.devices import Device, list_devices
from videostyle.preview.grid import REPORT, Cell, Grid
from videostyle.preview.record import CellRecord, rounded
from videostyle.video.rate import format_rate

FORMAT = 1


class Report:
    """The report of a preview, as far as it has come."""

    def __init__(self, grid: Grid, records: dict[str, CellRecord]) -> None:
        self.grid = grid
        self._records = records
        self._tiles: dict[str, Any] = {}
        self._devices = list_devices(grid.config)
        self.is_complete = False

    @classmethod
    def open(cls, grid: Grid) -> "Report":
        """Take over what an older report holds of the same clip, settings and model."""
        records = {record.key: record for record in _read_records(grid) if _is_there(grid, record)}
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

    def has(self, cell: Cell) -> bool:
        return cell.key in self._records

    def add(self, record: CellRecord) -> None:
        self._records[record.key] = record

    def set_tiles(self, tiles: dict[str, Any]) -> None:
        """Where the tiled videos and the sheet are, and how they are laid out."""
        self._tiles = tiles

    @property
    def videos(self) -> list[str]:
        """The tiled videos' names."""
        return [mode["video"] for mode in self._tiles.get("modes", []) if mode["video"]]

    def complete(self) -> None:
        """Everything is finished."""
        self.is_complete = True

    def schedule(self, device: Device, cell: Cell) -> Schedule | None:
        """What a device would show of a cell."""
        estimate = device.estimate(cell, self.grid.config.style)
        return device.schedule(cell, estimate, self.duration_s, self.grid.config.capture_rate)

    @property
    def devices(self) -> list[Device]:
        return self._devices

    @property
    def duration_s(self) -> Fraction:
        record = self._records.get(self.grid.source.key)
        frames = record.frames if record else self.grid.source.frames
        return Fraction(frames) / self.grid.source.rate

    @property
    def advice(self) -> list[Advice]:
        """Which cell to take, for each device."""
        return [self._advise(device) for device in self._devices] or [NO_DEVICE]

    def _advise(self, device: Device) -> Advice:
        return advise(
            device.name,
            [
                Candidate(
                    number,
                    cell.box,
                    format_rate(cell.rate),
                    cell.rate,
                    cell.work.pixels,
                    device.estimate(cell, self.grid.config.style),
                )
                for number, cell in enumerate(self.grid.shown, start=1)
            ],
        )

    def write(self) -> dict[str, Any]:
        """Write report.json, whole or not at all, and return what it holds."""
        content = self.as_json()
        write_json(self.grid.folder / REPORT, content)
        return content

    def as_json(self) -> dict[str, Any]:
        """The report as plain values; docs/formats.md explains every field."""
        grid, config = self.grid, self.grid.config
        rates = [cell.rate for cell in grid.shown[: len(config.fps)]]
        rows = list(dict.fromkeys((cell.style, cell.box, str(cell.work)) for cell in grid.shown))
        cells = [self._cell_json(number, cell) for number, cell in enumerate(grid.shown, start=1)]
        hidden = [
            self._records[cell.key]
            for cell in grid.cells
            if cell.is_hidden and cell.key in self._records
        ]
        return {
            "format": FORMAT,
            "videostyle": videostyle.__version__,
            "complete": self.is_complete,
            "source": self._source_json(),
            "output_size": str(grid.output),
            "interval_s": float(grid.interval_s),
            "screen_rate": SCREEN_RATE,
            "duration_s": float(self.duration_s),
            "capture_rate": str(config.capture_rate) if config.capture_rate else None,
            "notices": list(grid.notices),
            "rates": [{"rate": str(rate), "label": format_rate(rate)} for rate in rates],
            "rows": [{"style": style, "box": box, "work": work} for style, box, work in rows],
            "devices": [device.name for device in self._devices],
            "cells": cells,
            "captures": [asdict(record) for record in hidden],
            "advice": [asdict(advice) for advice in self.advice],
            **self._tiles,
        }

    def _source_json(self) -> dict[str, Any]:
        grid = self.grid
        record = self._records.get(grid.source.key)
        return {
            "file": grid.info.path.name,
            "size": str(grid.info.size),
            "rate": str(grid.info.rate),
            "label": format_rate(grid.info.rate),
            "start_s": float(grid.source.plan.decode.start_s),
            "start_reason": grid.start_reason,
            "record": asdict(record) if record else None,
        }

    def _cell_json(self, number: int, cell: Cell) -> dict[str, Any]:
        record = self._records.get(cell.key)
        known = {
            "id": number,
            "style": cell.style,
            "box": cell.box,
            "rate": str(cell.rate),
            "label": format_rate(cell.rate),
            "work": str(cell.work),
            "command": stylize_command(self.grid, cell),
            "convert": convert_command(cell),
            "devices": [self._device_json(device, cell) for device in self._devices],
        }
        if record is None:
            return {**known, "done": False}
        return {
            **known,
            **asdict(record),
            "done": True,
            "bit_rate": record.bit_rate,
            "flicker_ratio": _ratio(record.flicker, record.source_flicker),
        }

    def _device_json(self, device: Device, cell: Cell) -> dict[str, Any]:
        estimate = device.estimate(cell, self.grid.config.style)
        schedule = self.schedule(device, cell)
        return {
            "device": device.name,
            **_estimate_json(estimate, cell.rate),
            "schedule": _schedule_json(schedule),
        }


def _estimate_json(estimate: Estimate, rate: Fraction) -> dict[str, Any]:
    return {
        "source": estimate.source.value,
        "note": estimate.note,
        "verdict": estimate.verdict(rate).value,
        "ms": rounded(estimate.median_ms, 2),
        "slow_ms": rounded(estimate.slow_ms, 2),
        "budget_ms": rounded(float(1000 / rate), 2),
    }


def _schedule_json(schedule: Schedule | None) -> dict[str, Any] | None:
    if schedule is None:
        return None
    changes = [
        [tick, capture]
        for tick, capture in enumerate(schedule.captures)
        if tick == 0 or capture != schedule.captures[tick - 1]
    ]
    holds = schedule.holds_ms
    return {
        "capture_rate": str(schedule.capture_rate),
        "ticks": len(schedule.captures),
        "changes": changes,
        "dropped_share": round(schedule.dropped_share, 4),
        "shown_rate": round(schedule.shown_rate, 3),
        "latency_ms": rounded(schedule.median_latency_ms, 1),
        "hold_ms": rounded(sum(holds) / len(holds), 2) if holds else None,
    }


def _read_records(grid: Grid) -> list[CellRecord]:
    try:
        content = json.loads((grid.folder / REPORT).read_text(encoding="utf-8"))
        entries = [*content["cells"], *content["captures"], content["source"]["record"] or {}]
        names = {field.name for field in fields(CellRecord)}
        return [
            CellRecord(**{name: value for name, value in entry.items() if name in names})
            for entry in entries
            if "key" in entry
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []  # none, or of another version: everything is made anew


def _is_there(grid: Grid, record: CellRecord) -> bool:
    path = grid.folder / record.clip
    return path.is_file() and path.stat().st_size == record.bytes


def _ratio(value: float | None, by: float | None) -> float | None:
    return None if value is None or not by else round(value / by, 3)
