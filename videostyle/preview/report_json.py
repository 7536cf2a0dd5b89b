"""report.json: every number of a preview as plain values. The page is made from it alone."""

from dataclasses import asdict
from fractions import Fraction
from typing import Any

from videostyle._version import __version__
from videostyle.device.estimate import Estimate, Times
from videostyle.device.latency import percentile
from videostyle.device.published import ASSUMED, PUBLISHED
from videostyle.device.schedule import SCREEN_RATE, Schedule
from videostyle.files.whole import write_json
from videostyle.preview.advice import short_first
from videostyle.preview.commands import (
    convert_command,
    is_package,
    phone_size,
    preview_command,
    shapes_of,
    stylize_command,
)
from videostyle.preview.devices import Device
from videostyle.preview.grid import REPORT, Cell
from videostyle.preview.record import rounded
from videostyle.preview.report import Report
from videostyle.video.rate import format_rate

FORMAT = 2


def write_report(report: Report) -> dict[str, Any]:
    """Write report.json, whole or not at all, and return what it holds."""
    content = report_json(report)
    write_json(report.grid.folder / REPORT, content)
    return content


def report_json(report: Report) -> dict[str, Any]:
    """The report as plain values; docs/formats.md explains every field."""
    grid, config = report.grid, report.grid.config
    columns = len(config.fps)
    hidden = [report.record(cell) for cell in grid.cells if cell.is_hidden]
    return {
        "format": FORMAT,
        "videostyle": __version__,
        "complete": report.is_complete,
        "source": _source_json(report),
        "output_size": str(grid.output),
        "interval_s": float(grid.interval_s),
        "screen_rate": SCREEN_RATE,
        "duration": str(report.duration_s),
        "duration_s": float(report.duration_s),
        "capture_rate": str(config.capture_rate) if config.capture_rate else None,
        "camera": report.camera.name,
        "cameras": [camera.name for camera in shapes_of(report.camera)],
        "notices": list(grid.notices),
        "command": preview_command(grid),
        "shared": {"strength": config.stylize.strength, "keep_color": config.stylize.keep_color},
        "rates": [
            {"rate": str(cell.rate), "label": format_rate(cell.rate)}
            for cell in grid.shown[:columns]
        ],
        "rows": [_row_json(report, cell) for cell in grid.shown[::columns]],
        "devices": [_device_json(report, device) for device in report.devices],
        "assumed": _times_json(ASSUMED, 1),
        "published": [
            {**asdict(each), "size": short_first(each.size), "note": each.note}
            for each in PUBLISHED
        ],
        "cells": [
            _cell_json(report, number, cell) for number, cell in enumerate(grid.shown, start=1)
        ],
        "captures": [asdict(record) for record in hidden if record],
        "advice": [asdict(advice) for advice in report.advice],
        "moments": [asdict(moment) for moment in report.moments],
        **report.tiles,
    }


def _source_json(report: Report) -> dict[str, Any]:
    grid = report.grid
    record = report.record(grid.source)
    return {
        "file": grid.info.path.name,
        "size": str(grid.info.size),
        "rate": str(grid.info.rate),
        "label": format_rate(grid.info.rate),
        "start_s": float(grid.source.plan.decode.start_s),
        "start_reason": grid.start_reason,
        "record": asdict(record) if record else None,
    }


def _row_json(report: Report, cell: Cell) -> dict[str, Any]:
    sizes = {camera.name: phone_size(cell, camera) for camera in shapes_of(report.camera)}
    return {
        "style": cell.style,
        "box": cell.box,
        "work": str(cell.work),
        "is_package": is_package(cell),
        "phone": {
            name: {"size": str(size), "convert": convert_command(cell, size)}
            for name, size in sizes.items()
        },
    }


def _device_json(report: Report, device: Device) -> dict[str, Any]:
    return {
        "name": device.name,
        "times": {
            style: [_times_json(each, report.most_captures) for each in times]
            for style, times in device.times.items()
        },
    }


def _times_json(times: Times, most: int) -> dict[str, Any]:
    """As many samples as a simulation of the clip can use; the percentiles are of all."""
    return {
        "source": times.source.value,
        "size": short_first(times.size),
        "ms": percentile(times.samples_ms, 0.5),
        "slow_ms": times.slow_ms,
        "samples_ms": list(times.samples_ms[:most]),
        "note": times.note,
    }


def _cell_json(report: Report, number: int, cell: Cell) -> dict[str, Any]:
    size = phone_size(cell, report.camera)
    known = {
        "id": number,
        "style": cell.style,
        "box": cell.box,
        "rate": str(cell.rate),
        "label": format_rate(cell.rate),
        "work": str(cell.work),
        "phone": str(size),
        "command": stylize_command(report.grid, cell),
        "convert": convert_command(cell, size),
        "devices": [_verdict_json(report, device, cell) for device in report.devices],
    }
    record = report.record(cell)
    if record is None:
        return {**known, "done": False}
    return {
        **known,
        **asdict(record),
        "done": True,
        "bit_rate": record.bit_rate,
        "flicker_ratio": _ratio(record.flicker, record.source_flicker),
    }


def _verdict_json(report: Report, device: Device, cell: Cell) -> dict[str, Any]:
    return {
        "device": device.name,
        **_estimate_json(report.estimate(device, cell), cell.rate),
        "schedule": _schedule_json(report.schedule(device, cell)),
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
    holds = schedule.holds_ms
    return {
        "capture_rate": str(schedule.capture_rate),
        "dropped_share": round(schedule.dropped_share, 4),
        "shown_rate": round(schedule.shown_rate, 3),
        "latency_ms": rounded(schedule.median_latency_ms, 1),
        "hold_ms": rounded(sum(holds) / len(holds), 2) if holds else None,
    }


def _ratio(value: float | None, by: float | None) -> float | None:
    return None if value is None or not by else round(value / by, 3)
