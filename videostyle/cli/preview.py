"""See every frame rate and size of a clip side by side, on one page in a folder."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videostyle.cli.options import Option, Options, add_printing, split_words
from videostyle.cli.progress import Bar, Status, show
from videostyle.cli.stroke import add_stroke
from videostyle.cli.stylize_options import ENCODE, PICTURE
from videostyle.device.latency import parse_latency
from videostyle.errors import ConfigError
from videostyle.models.making.ingredients import with_stroke
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.preview.preview_config import KNOWN_DEVICES, PreviewConfig
from videostyle.video.rate import format_rate

if TYPE_CHECKING:
    from videostyle.preview.choice import Choice
    from videostyle.preview.report import Report

DEFAULT_PORT = 8000

HELP = "see every frame rate and size side by side"

EXAMPLES = """\
examples:
  videostyle preview clip.mov
  videostyle preview clip.mp4 --fps 12,15,20 --size 360p,480p --device a12
  videostyle preview clip.mp4 --latency phone.json
  videostyle preview clip.mp4 --latency "old phone=41@480x853"
  videostyle preview clip.mp4 --style wave/fast,wave/reference --serve
"""

MATRIX = Options(
    PreviewConfig,
    fps=Option(
        "frame rates, separated by commas",
        metavar="RATES",
        parse=split_words,
        default="10,15,24,30, up to the clip's own",
    ),
    size=Option(
        "sizes that the network sees, in pixels, separated by commas",
        metavar="BOXES",
        parse=split_words,
    ),
    style=Option("styles or model files, separated by commas", metavar="STYLES", parse=split_words),
    start=Option(
        "skip the beginning: seconds, or 1:30", metavar="TIME", default="where the clip moves most"
    ),
    duration=Option("how much to paint: seconds, or 1:30", metavar="TIME"),
)

CELLS = Options(
    PreviewConfig,
    out_size=Option(
        "size that all cells are scaled up to, never above the source's: a size or source",
        metavar="BOX",
    ),
    crf=Option(ENCODE["crf"].help, metavar="N"),
)

SHARED = Options(
    StylizeConfig,
    fit=PICTURE["fit"],
    strength=PICTURE["strength"],
    keep_color=PICTURE["keep_color"],
    backend=PICTURE["backend"],
    batch_size=Option(
        PICTURE["batch_size"].help, metavar="N", default="1, and every frame is timed"
    ),
)

DEVICES = Options(
    PreviewConfig,
    latencies=Option(
        "how long a device takes for a frame: the file of 'videostyle measure', a list of ms, or "
        "one number as in 41@480x853; may be given again",
        flag="--latency",
        metavar="[NAME=]FILE[@BOX]",
        parse=parse_latency,
        is_repeated=True,
    ),
    devices=Option(
        "a known device: a12, by the one figure of an article; may be given again",
        flag="--device",
        choices=KNOWN_DEVICES,
        is_repeated=True,
    ),
    camera=Option(
        "shape of the camera's picture on the device, which the network sees there: 9:16, 3:4, "
        "1:1, or clip for the clip's own",
        metavar="SHAPE",
    ),
    capture_fps=Option(
        "frame rate of the device's camera", metavar="RATE", default="each cell's own"
    ),
)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source", metavar="IN", help="video file, or numbered pictures such as frames/%%04d.png"
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        type=Path,
        help="folder to make, or to bring up to date (default: IN's name and '-preview')",
    )
    matrix = parser.add_argument_group("the matrix")
    MATRIX.add_to(matrix)
    add_stroke(matrix)
    cells = parser.add_argument_group("all cells")
    CELLS.add_to(cells)
    SHARED.add_to(cells)
    DEVICES.add_to(parser.add_argument_group("devices"))
    group = add_printing(parser, "the report")
    group.add_argument(
        "--single-file",
        action="store_true",
        help="also make one page with its clips inside, for mailing",
    )
    group.add_argument(
        "--choice",
        metavar="FILE",
        type=Path,
        help="with --single-file: put in the clips of the starred cells alone; FILE is the "
        "choice.json that the page exports",
    )
    group.add_argument(
        "--serve",
        metavar="PORT",
        type=int,
        nargs="?",
        const=DEFAULT_PORT,
        help="then show the page to phones on this network, until Ctrl-C "
        f"(default port: {DEFAULT_PORT})",
    )


def run(args: argparse.Namespace) -> int:
    if args.choice and not args.single_file:
        raise ConfigError("--choice says which clips go into --single-file; give both")
    if args.stroke:
        args.style = ",".join(
            with_stroke(style, args.stroke) for style in MATRIX.values(args)["style"]
        )
    config = MATRIX.make(
        args, **CELLS.values(args), **DEVICES.values(args), stylize=SHARED.make(args)
    )
    folder = args.output or Path(f"{Path(args.source).stem}-preview")
    from videostyle.preview.choice import read_choices
    from videostyle.preview.grid import plan_grid
    from videostyle.preview.page import PAGE
    from videostyle.preview.report import Report

    starred = read_choices(args.choice) if args.choice else None
    report = Report.open(plan_grid(Path(args.source), folder, config))
    _make(report, Status(args.quiet))
    if args.json:
        from videostyle.preview.report_json import report_json

        print(json.dumps(report_json(report)))
    else:
        _show_result(report, folder / PAGE)
    if args.single_file:
        _make_single_file(report, starred, Status(args.quiet))
    if args.serve is not None:
        _serve(folder, args.serve)
    return 0


def _make(report: "Report", status: Status) -> None:
    from videostyle.preview.page import PAGE
    from videostyle.preview.run import make_preview

    folder = report.grid.folder
    _describe(report.grid, status)
    with status.bar(1) as bar:
        try:
            for _ in make_preview(
                report,
                on_forecast=lambda forecast: _tell_forecast(forecast, folder / PAGE, status),
                on_progress=lambda progress: _show(bar, progress),
            ):
                pass
        except KeyboardInterrupt:
            status.say(f"finished cells are kept in {folder}; run again to continue")
            raise


def _show(bar: Bar, progress: Any) -> None:
    stages = {
        "source": "reading the clip",
        "cells": f"{progress.frames} of {progress.frames_total} frames painted",
        "tiles": "putting cells side by side",
    }
    bar.show(progress.share, stages[progress.stage])


def _describe(grid: Any, status: Status) -> None:
    config = grid.config
    start = float(grid.source.plan.decode.start_s)
    rates = ", ".join(format_rate(rate) for rate in grid.rates)
    status.say(f"part: {float(config.duration_s):g} s from {start:g} s ({grid.start_reason})")
    status.say(
        f"cells: {len(grid.shown)}: {rates} fps by {', '.join(config.size)}, shown at {grid.output}"
    )
    for notice in grid.notices:
        status.say(f"note: {notice}")


def _tell_forecast(forecast: Any, page: Path, status: Status) -> None:
    if forecast.reused:
        status.say(f"reused: {forecast.reused} cells are finished already")
    if forecast.seconds is not None:
        status.say(
            f"forecast: about {forecast.seconds:.0f} s for {forecast.frames} frames, "
            f"{forecast.megabytes:.0f} MB"
        )
        status.say(f"page: {page} (open it now; it fills in as cells finish)")


def _show_result(report: "Report", page: Path) -> None:
    size = sum(path.stat().st_size for path in page.parent.rglob("*") if path.is_file())
    count = len(report.cells)
    show(f"{page}: {count} cell{'s' * (count > 1)}, {size / 1e6:.1f} MB")
    for advice in report.advice:
        show(
            " ".join((_basis(report, advice), advice.sentence, advice.reason, *advice.more)).strip()
        )


def _make_single_file(report: "Report", starred: "list[Choice] | None", status: Status) -> None:
    from videostyle.preview.single_file import MOST_BYTES, write_single_file

    made = write_single_file(
        report,
        starred=starred,
        on_encode=lambda crf: status.say(f"single file: encoding the clips again at CRF {crf} ..."),
    )
    size = made.path.stat().st_size
    show(f"{made.path}: {size / 1e6:.1f} MB, opens anywhere")
    if not made.fits:
        status.say(f"note: that is more than the {MOST_BYTES / 1e6:.0f} MB that most mail takes")
        status.say("note: star cells in the page, export them, and add --choice choice.json")


def _basis(report: "Report", advice: Any) -> str:
    """What advice rests on: a device's name, or an assumption that is told as one."""
    from videostyle.device.published import ASSUMED

    if report.devices:
        return f"{advice.device}:"
    return (
        f"If a frame at 480x853 takes {ASSUMED.samples_ms[0]:g} ms on the phone ({ASSUMED.note}):"
    )


def _serve(folder: Path, port: int) -> None:
    from videostyle.preview.serve import local_address, open_server, qr_code

    status = Status()
    with open_server(folder, port) as server:
        address = local_address(port)
        status.draw(qr_code(address))
        status.say(f"serving {folder} at {address} to this network; Ctrl-C stops it")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            status.say("stopped serving")
