"""Open a page in the browser: drop a clip and paintings, compare, and export."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from videostyle.cli.options import add_debug
from videostyle.cli.progress import Status, show
from videostyle.errors import MediaError

if TYPE_CHECKING:
    from videostyle.studio.project import Job
    from videostyle.studio.server import Addresses

HELP = "do all of it on a page in the browser"

EXAMPLES = """\
examples:
  videostyle studio
  videostyle studio clip.mov --latency 41@480x853
  videostyle studio --project holiday-studio
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "clip", metavar="CLIP", nargs="?", type=Path, help="video file to begin with"
    )
    parser.add_argument(
        "--project",
        metavar="DIR",
        type=Path,
        help="folder for everything that is made, or one to go on with (default: CLIP's name and "
        "'-studio', or my-studio)",
    )
    parser.add_argument(
        "--latency",
        metavar="[NAME=]FILE[@BOX]",
        action="append",
        default=[],
        help="how long a phone takes for a frame, as for 'videostyle preview'; may be given again",
    )
    parser.add_argument(
        "--port", type=int, default=0, help="port of the page (default: a free one)"
    )
    parser.add_argument(
        "--lan",
        action="store_true",
        help="also let phones on this network look, by a code to scan; they can change nothing",
    )
    parser.add_argument(
        "--no-browser", action="store_true", help="print the address, and open no browser"
    )
    add_debug(parser.add_argument_group("what is printed"))


def run(args: argparse.Namespace) -> int:
    from videostyle.device.latency import parse_latency
    from videostyle.studio.project import Project
    from videostyle.studio.server import run_studio

    for text in args.latency:
        parse_latency(text)
    if args.clip and not args.clip.is_file():
        raise MediaError(f"{args.clip}: no such file")
    folder = args.project or Path(f"{args.clip.stem}-studio" if args.clip else "my-studio")
    status = Status(args.quiet)
    project = Project(folder)
    status.say(f"project: {folder} (everything that is made is kept there)")
    run_studio(
        project,
        Path.cwd(),
        args.clip,
        args.latency,
        port=args.port,
        is_on_lan=args.lan,
        opens_browser=not args.no_browser,
        on_start=lambda addresses: _tell_addresses(addresses, status),
        on_end=lambda job: (Status() if job.error else status).say(_line_of(job, folder)),
    )
    return 0


def _tell_addresses(addresses: "Addresses", status: Status) -> None:
    show(addresses.own)
    if addresses.lan:
        from videostyle.preview.serve import qr_code

        status.draw(qr_code(addresses.lan))
        status.say(f"for phones on this network: {addresses.lan}")
    status.say("Ctrl-C ends the studio")


def _line_of(job: "Job", folder: Path) -> str:
    made = f"{folder / 'studio' / 'exports' / job.file}" if job.file else job.title
    return f"export: {made}: {job.state}{f' ({job.error})' if job.error else ''}"
