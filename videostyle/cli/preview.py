"""Lay every frame rate and size of a clip side by side, in a folder with one page."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videostyle.backends import BACKENDS
from videostyle.cli.progress import progress_bar, say
from videostyle.device.latency import parse_latency
from videostyle.frames import Fit
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.preview.preview_config import KNOWN_DEVICES, PreviewConfig
from videostyle.video.rate import format_rate

if TYPE_CHECKING:
    from videostyle.preview.report import Report

DEFAULTS = PreviewConfig()

# Bar units: thousandths of the whole.
WHOLE = 1000

DEFAULT_PORT = 8000

EXAMPLES = """\
examples:
  videostyle preview clip.mov
  videostyle preview clip.mp4 -o preview --fps 12,15,20 --size 360p,480p --device a12
  videostyle preview clip.mp4 --latency phone.json --latency "old phone=41@480x853"
  videostyle preview clip.mp4 --style wave/fast,wave/reference --duration 3 --serve
"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "preview",
        help="see every frame rate and size side by side",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", metavar="IN", help="video file to read")
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        type=Path,
        help="folder to make, or to bring up to date (default: IN's name and '-preview')",
    )
    _add_grid_options(parser.add_argument_group("the matrix"))
    _add_picture_options(parser.add_argument_group("all cells"))
    _add_device_options(parser.add_argument_group("devices"))
    group = parser.add_argument_group("what is printed")
    group.add_argument(
        "--serve",
        metavar="PORT",
        type=int,
        nargs="?",
        const=DEFAULT_PORT,
        help="then show the page to phones on this network, until Ctrl-C "
        f"(default port: {DEFAULT_PORT})",
    )
    group.add_argument("--json", action="store_true", help="print the report as one JSON object")
    group.add_argument("-q", "--quiet", action="store_true", help="print no progress")
    group.add_argument("--debug", action="store_true", help="show the traceback of an error")
    parser.set_defaults(run=run)


def _add_grid_options(group: Any) -> None:
    group.add_argument(
        "--fps",
        metavar="RATES",
        default=_joined(DEFAULTS.fps),
        help="frames per second, with commas (default: %(default)s)",
    )
    group.add_argument(
        "--size",
        metavar="BOXES",
        default=_joined(DEFAULTS.size),
        help="boxes in pixels that the network sees (default: %(default)s)",
    )
    group.add_argument(
        "--style",
        metavar="STYLES",
        default=_joined(DEFAULTS.style),
        help="styles or model files, with commas (default: %(default)s)",
    )
    group.add_argument(
        "--start",
        metavar="TIME",
        help="seconds to skip, or 1:30 (default: where the clip moves most)",
    )
    group.add_argument(
        "--duration",
        metavar="TIME",
        default=DEFAULTS.duration,
        help="seconds to paint (default: %(default)s)",
    )


def _add_picture_options(group: Any) -> None:
    shared = DEFAULTS.stylize
    group.add_argument(
        "--out-size",
        metavar="BOX",
        default=DEFAULTS.out_size,
        help="what all cells are scaled up to, never above the source: a box or "
        "source (default: %(default)s)",
    )
    group.add_argument(
        "--fit",
        choices=[fit.value for fit in Fit],
        default=shared.fit,
        help="how a frame is brought into the box (default: %(default)s)",
    )
    group.add_argument(
        "--strength",
        metavar="0..1",
        type=float,
        default=shared.strength,
        help="blend with the frame: 0 keeps it, 1 paints it (default: %(default)s)",
    )
    group.add_argument(
        "--keep-color",
        action="store_true",
        help="paint the brightness only and keep the frame's colours",
    )
    group.add_argument(
        "--backend",
        choices=BACKENDS,
        default=shared.backend,
        help="what runs the network (default: %(default)s, the fastest installed)",
    )
    group.add_argument(
        "--batch-size",
        metavar="N",
        type=int,
        default=shared.batch_size,
        help="frames painted at once (default: 1, and every frame is timed)",
    )
    group.add_argument(
        "--crf",
        metavar="N",
        type=int,
        default=DEFAULTS.crf,
        help="quality of the cells' clips, lower is better and larger (default: %(default)s)",
    )


def _add_device_options(group: Any) -> None:
    group.add_argument(
        "--latency",
        metavar="[NAME=]FILE[@BOX]",
        action="append",
        default=[],
        help="what was measured on a device: the file of 'videostyle measure', a "
        "list of ms, or one number as in 41@480x853; may be given again",
    )
    group.add_argument(
        "--device",
        choices=KNOWN_DEVICES,
        action="append",
        default=[],
        help="a device that is known: a12, by the one figure of an article",
    )
    group.add_argument(
        "--capture-fps",
        metavar="RATE",
        help="frames per second of the device's camera (default: each cell's own)",
    )


def run(args: argparse.Namespace) -> int:
    config = _make_config(args)
    folder = args.output or Path(f"{Path(args.source).stem}-preview")
    from videostyle.preview.grid import plan_grid
    from videostyle.preview.page import PAGE
    from videostyle.preview.report import Report
    from videostyle.preview.run import make_preview

    report = Report.open(plan_grid(Path(args.source), folder, config))
    _describe(report.grid, args.quiet)
    with progress_bar(WHOLE, "", args.quiet) as bar:
        try:
            cells = make_preview(
                report,
                on_forecast=lambda forecast: _tell_forecast(forecast, folder / PAGE, args.quiet),
                on_progress=lambda share: bar.update(round(share * WHOLE) - bar.n),
            )
            for cell in cells:
                bar.set_postfix_str(f"{cell.box} at {cell.rate} fps", refresh=False)
        except KeyboardInterrupt:
            say(f"cells that are finished stay in {folder}; run again to go on", args.quiet)
            raise
    if args.json:
        print(json.dumps(report.as_json()))
    else:
        _print_result(report, folder / PAGE)
    if args.serve is not None:
        _serve(folder, args.serve)
    return 0


def _make_config(args: argparse.Namespace) -> PreviewConfig:
    shared = StylizeConfig(
        fit=args.fit,
        strength=args.strength,
        keep_color=args.keep_color,
        backend=args.backend,
        batch_size=args.batch_size,
    )
    return PreviewConfig(
        fps=_split(args.fps),
        size=_split(args.size),
        style=_split(args.style),
        start=args.start,
        duration=args.duration,
        out_size=args.out_size,
        crf=args.crf,
        latencies=tuple(parse_latency(text) for text in args.latency),
        devices=tuple(dict.fromkeys(args.device)),
        capture_fps=args.capture_fps,
        stylize=shared,
    )


def _describe(grid: Any, quiet: bool) -> None:
    config = grid.config
    start = float(grid.source.plan.decode.start_s)
    say(f"part: {float(config.duration_s):g} s from {start:g} s ({grid.start_reason})", quiet)
    say(
        f"cells: {len(grid.shown)}, {', '.join(format_rate(rate) for rate in grid.rates)} fps by "
        f"{', '.join(config.size)}, shown at {grid.output}",
        quiet,
    )
    for notice in grid.notices:
        say(f"note: {notice}", quiet)


def _tell_forecast(forecast: Any, page: Path, quiet: bool) -> None:
    if forecast.reused:
        say(f"reused: {forecast.reused} cells are there already", quiet)
    if forecast.seconds is not None:
        say(
            f"forecast: about {forecast.seconds:.0f} s for {forecast.frames} frames, "
            f"{forecast.megabytes:.0f} MB",
            quiet,
        )
        say(f"page: {page} (open it now; it fills in as cells finish)", quiet)


def _print_result(report: "Report", page: Path) -> None:
    size = sum(path.stat().st_size for path in page.parent.rglob("*") if path.is_file())
    count = len(report.cells)
    print(f"{page}: {count} cell{'s' * (count > 1)}, {size / 1e6:.1f} MB")
    for advice in report.advice:
        print(advice.sentence)


def _serve(folder: Path, port: int) -> None:
    from videostyle.preview.serve import local_address, open_server, qr_code

    with open_server(folder, port) as server:
        address = local_address(port)
        say(f"{qr_code(address)}\nserving {folder} at {address} to this network; Ctrl-C stops it")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("stopped serving")


def _split(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _joined(values: tuple[Any, ...]) -> str:
    return ",".join(str(value) for value in values)
