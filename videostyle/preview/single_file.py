"""A finished preview as one file that can be mailed: the page with its clips inside."""

import base64
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, log2
from pathlib import Path
from typing import Any

from videostyle.errors import ConfigError
from videostyle.files.whole import write_text
from videostyle.preview.choice import Choice
from videostyle.preview.grid import Cell
from videostyle.preview.live import live_data
from videostyle.preview.page import render_page
from videostyle.preview.preview_config import PRESET
from videostyle.preview.report import TILES_FIELDS, Report
from videostyle.preview.report_json import report_json
from videostyle.preview.stills import poster_name, read_frames
from videostyle.preview.tiles import TILES
from videostyle.video.codecs import EncodeConfig
from videostyle.video.encode_plan import EncodePlan
from videostyle.video.encoder import Encoder
from videostyle.video.probe import probe
from videostyle.video.rate import parse_rate

# What mail takes; base64 makes four letters of three bytes.
MOST_BYTES = 25_000_000
GROWTH = 4 / 3

# Names of the files, and the notice that clips were encoded again.
NOTICE_BYTES = 8_000

# A clip of half the bytes needs about 6 more of x264's quality steps; beyond the worst nothing is
# to be seen any more.
HALVING_STEPS = 6
WORST_CRF = 45


@dataclass(frozen=True)
class SingleFile:
    """What became of it.

    Attributes:
        path: the page.
        crf: at which the clips were encoded again to fit, or None if they are as they were.
        fits: it is not larger than mail takes.
    """

    path: Path
    crf: int | None
    fits: bool


def write_single_file(
    report: Report,
    most: int = MOST_BYTES,
    on_encode: Callable[[int], None] = lambda crf: None,
    *,
    starred: Sequence[Choice] | None = None,
    target: Path | None = None,
) -> SingleFile:
    """Make one file of a finished preview, beside its page.

    It holds names of files, not the paths on this machine.

    Args:
        report: of which everything is finished.
        most: bytes that the file may have; clips are encoded again, smaller, to stay below.
        on_encode: called with each quality that is tried.
        starred: the only cells whose clips go into the file; None for all.
        target: the file to write; None for one beside the preview's page.

    Raises:
        ConfigError: a starred cell isn't in this preview.
    """
    folder, source = report.grid.folder, report.grid.info.path
    kept = _kept(report, starred)
    content = _without_paths(report_json(report), report)
    if starred is not None:
        _leave_out(content, kept)
    room = most - len(_render(content, {}).encode()) - NOTICE_BYTES
    names = _names(report, kept, with_tiles=starred is None)
    files = {name: (folder / name).read_bytes() for name in names}
    crf = None
    while _size(files) > room and (crf or 0) < WORST_CRF:
        crf = min(WORST_CRF, (crf or report.grid.config.crf) + _steps(_size(files) / room))
        on_encode(crf)
        files |= {name: _smaller(folder / name, crf) for name in files if name.endswith(".mp4")}
    if crf is not None:
        content["notices"].append(f"The clips are encoded again at CRF {crf} to fit one file.")
    stem = source.parent.name if "%" in source.stem else source.stem
    path = target or folder / f"{stem}-preview.html"
    write_text(path, _render(content, files))
    return SingleFile(path, crf, path.stat().st_size <= most)


def _render(content: dict[str, Any], files: dict[str, bytes]) -> str:
    page = live_data(content, state="complete", version=1, beat=1, share=1.0)
    page["files"] = {name: base64.b64encode(data).decode() for name, data in files.items()}
    return render_page(page)


def _kept(report: Report, starred: Sequence[Choice] | None) -> list[Cell]:
    """The cells whose clips go into the file."""
    if starred is None:
        return list(report.grid.cells)
    by_settings = {(cell.style, cell.box, cell.rate): cell for cell in report.grid.shown}
    kept = []
    for choice in starred:
        cell = by_settings.get((choice.style, choice.size, parse_rate(choice.fps)))
        if cell is None:
            raise ConfigError(f"{choice.name}: isn't in this preview; star a cell of its own page")
        kept.append(cell)
    return kept


def _leave_out(content: dict[str, Any], kept: list[Cell]) -> None:
    """Show the other cells by their pictures alone, and no video of all of them."""
    names = {cell.target.name for cell in kept}
    for cell in content["cells"]:
        if cell["done"] and Path(cell["clip"]).name not in names:
            cell |= {"done": False, "left_out": True}
    for name in TILES_FIELDS:
        content.pop(name, None)
    content["notices"].append(
        f"The clips of {len(kept)} of the {len(content['cells'])} cells are in this file."
    )


def _names(report: Report, kept: list[Cell], *, with_tiles: bool) -> list[str]:
    """The files that the page shows: all posters, and the clips of some cells."""
    records = {cell.key: report.record(cell) for cell in (report.grid.source, *report.grid.cells)}
    posters = [poster_name(record.clip) for record in records.values() if record]
    shown = [records[cell.key] for cell in (report.grid.source, *kept)]
    clips = [record.clip for record in shown if record]
    return [*([TILES] if with_tiles else []), *clips, *posters, *report.moment_names]


def _size(files: dict[str, bytes]) -> float:
    return sum(len(data) for data in files.values()) * GROWTH


def _steps(excess: float) -> int:
    """How much worse a quality must be for so many times the bytes to fit."""
    return max(1, ceil(HALVING_STEPS * log2(excess)) + 1)


def _smaller(path: Path, crf: int) -> bytes:
    info = probe(path)
    with tempfile.TemporaryDirectory(prefix="videostyle-") as folder:
        target = Path(folder) / path.name
        config = EncodeConfig(codec="h264", crf=crf, preset=PRESET, audio=False)
        with Encoder(EncodePlan(target, info.size, info.size, info.rate, config)) as encoder:
            for frame in read_frames(path, info.size):
                encoder.write(frame)
        return target.read_bytes()


def _without_paths(content: Any, report: Report) -> Any:
    """The same with names of files where there were paths."""
    models = [style for style in report.grid.config.style if Path(style).suffix]
    paths = [str(report.grid.info.path), str(report.grid.folder), *models]
    # The longest first: one may be the beginning of another.
    names = {path: Path(path).name for path in sorted(paths, key=len, reverse=True)}

    def named(value: Any) -> Any:
        if isinstance(value, str):
            for path, name in names.items():
                value = value.replace(path, name)
            return value
        if isinstance(value, dict):
            return {named(key): named(each) for key, each in value.items()}
        return [named(each) for each in value] if isinstance(value, list) else value

    return named(content)
