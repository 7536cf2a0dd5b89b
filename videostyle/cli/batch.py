"""Paint many clips, here or on a Ray cluster."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from videostyle.batch.naming import DEFAULT_NAME
from videostyle.cli.progress import progress_bar, say
from videostyle.cli.stylize_options import add_output_options, add_setting_options, make_config
from videostyle.errors import ConfigError
from videostyle.files.whole import unwritable
from videostyle.pipeline.stylize_config import StylizeConfig

RECORD = "batch.json"

EXAMPLES = """\
examples:
  videostyle batch clips/ -o painted
  videostyle batch 'shots/**/*.mov' -o painted --name '{folder}/{stem}.mp4' --fps 24 --jobs 2
  videostyle batch list.csv -o painted
  videostyle batch film.mov -o painted --ray
  videostyle batch clips/ -o /shared/painted --ray 10.0.0.1:6379 --worker-cores 4
"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "batch",
        help="paint many clips, here or on a Ray cluster",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "clips",
        metavar="CLIPS",
        nargs="+",
        help="files, folders, globs, addresses such as s3://bucket/clip.mp4, or "
        "lists (.csv, .jsonl) whose lines have a source and settings of "
        "their own",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        type=Path,
        required=True,
        help=f"folder for the targets and {RECORD}",
    )
    _add_batch_options(parser.add_argument_group("the batch"))
    _add_worker_options(parser.add_argument_group("workers"))
    add_setting_options(parser)
    add_output_options(parser.add_argument_group("what is printed"))
    parser.set_defaults(run=run, overwrite=False)


def _add_batch_options(group: Any) -> None:
    group.add_argument(
        "--name",
        metavar="TEMPLATE",
        default=DEFAULT_NAME,
        help="the targets' names, of {stem}, {folder}, {number}, {style}, {rate} "
        "and {size} (default: %(default)s)",
    )
    group.add_argument(
        "--force",
        action="store_true",
        help="replace targets that exist and were made with other settings; those "
        "made with the same are left alone in any case",
    )


def _add_worker_options(group: Any) -> None:
    group.add_argument(
        "--jobs",
        metavar="N",
        type=int,
        default=1,
        help="clips at the same time on this machine (default: %(default)s)",
    )
    group.add_argument(
        "--ray",
        metavar="ADDRESS",
        nargs="?",
        const="local",
        help="paint on the Ray cluster at HOST:PORT, or start one on this machine; "
        "goes after the clips",
    )
    group.add_argument(
        "--workers",
        metavar="N",
        type=int,
        help="on Ray: how many (default: as many as its machines have room for)",
    )
    group.add_argument(
        "--worker-cores",
        metavar="N",
        type=int,
        default=1,
        help="on Ray: processor cores of each (default: %(default)s)",
    )
    group.add_argument(
        "--worker-gpus",
        metavar="N",
        type=float,
        default=0,
        help="on Ray: GPUs of each; 0.5 shares one (default: %(default)s)",
    )
    group.add_argument(
        "--segment",
        metavar="SECONDS",
        type=float,
        help="cut longer clips into pieces of so much video, which several workers "
        "share and which survive a kill (default: 10 on Ray, else not cut)",
    )


def run(args: argparse.Namespace) -> int:
    config = make_config(args)
    jobs = _make_jobs(args, config)
    executor = _make_executor(args)
    from videostyle.batch.run import check_jobs, run_batch

    check_jobs(jobs)
    _make_folder(args.output)
    record = args.output / RECORD
    failed = False
    with progress_bar(None, " frames", args.quiet) as bar:
        for outcome in run_batch(
            jobs,
            executor=executor,
            record=record,
            force=args.force,
            on_start=lambda description: say(f"workers: {description}", args.quiet),
            on_progress=lambda progress: _show(bar, progress),
        ):
            if outcome.status == "failed":
                failed = True
                bar.write(f"failed: {outcome.reason}", file=sys.stderr)
    if args.json:
        print(record.read_text(encoding="utf-8"))
    else:
        _print_table(json.loads(record.read_text(encoding="utf-8")), record)
    return 1 if failed else 0


def _make_jobs(args: argparse.Namespace, config: StylizeConfig) -> list[Any]:
    from videostyle.batch.address import is_url
    from videostyle.batch.finding import find_clips, is_list
    from videostyle.batch.job import Job
    from videostyle.batch.listing import Row, read_list
    from videostyle.batch.naming import check_template, name_target

    check_template(args.name)
    rows: list[Row] = []
    for word in args.clips:
        rows += (
            read_list(word, config)
            if is_list(word)
            else [Row(clip, None, config) for clip in find_clips([word])]
        )
    named = [
        row.target or name_target(args.name, row.source, row.config, number)
        for number, row in enumerate(rows, start=1)
    ]
    return [
        Job(row.source, name if is_url(name) else args.output / name, row.config)
        for row, name in zip(rows, named, strict=True)
    ]


def _make_executor(args: argparse.Namespace) -> Any:
    if args.segment is not None and args.segment <= 0:
        raise ConfigError(f"--segment {args.segment:g} is out of range; it must be above 0")
    if args.ray is None:
        if args.workers is not None:
            raise ConfigError("--workers goes with --ray; on this machine alone take --jobs")
        from videostyle.batch.local import LocalExecutor

        return LocalExecutor(args.jobs, args.segment)
    if Path(args.ray).exists():
        raise ConfigError(f"--ray {args.ray}: is a file, not an address; put --ray after the clips")
    from videostyle.batch.ray import RayExecutor
    from videostyle.segments.run import SEGMENT_S

    return RayExecutor(
        args.ray,
        workers=args.workers,
        cores=args.worker_cores,
        gpus=args.worker_gpus,
        segment_s=SEGMENT_S if args.segment is None else args.segment,
    )


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error


def _show(bar: Any, progress: Any) -> None:
    bar.total = max(progress.frames_total, progress.frames)
    bar.set_postfix_str(
        f"clips {progress.clips}/{progress.clips_total}, segments "
        f"{progress.segments}/{progress.segments_total}",
        refresh=False,
    )
    bar.update(progress.frames - bar.n)


def _print_table(content: dict[str, Any], record: Path) -> None:
    """One line a clip, in columns; then the run as a whole."""
    lines = [_line(clip, record.parent) for clip in content["clips"]]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    for *columns, last in lines:
        cells = (cell.ljust(width) for cell, width in zip(columns, widths, strict=True))
        print("  ".join([*cells, last]).rstrip())
    run = content["run"]
    print(
        f"{record}: {run['done']} done, {run['kept']} kept, {run['failed']} failed; "
        f"{run['frames']} frames in {run['seconds']:.1f} s "
        f"({run['frames_per_second']:.1f} frames/s)"
    )


def _line(clip: dict[str, Any], folder: Path) -> tuple[str, str, str, str]:
    target = Path(clip["target"])
    name = str(target.relative_to(folder)) if target.is_relative_to(folder) else str(target)
    if clip["status"] != "done":
        return clip["status"], name, "", clip.get("reason", "")
    return (
        clip["status"],
        name,
        f"{clip['frames']} frames",
        f"{clip['seconds']:.1f} s, {clip['frames_per_second']:.1f} frames/s, "
        f"{clip['output_size']}, audio {clip['audio']}",
    )
