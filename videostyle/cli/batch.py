"""Paint many clips, here or on a Ray cluster."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videostyle.batch.naming import DEFAULT_NAME
from videostyle.cli.progress import progress_bar, say
from videostyle.cli.stylize_options import add_output_options, add_setting_options, make_config
from videostyle.errors import ConfigError
from videostyle.files.target import make_folder
from videostyle.pipeline.stylize_config import StylizeConfig

if TYPE_CHECKING:
    from videostyle.batch.job import Outcome
    from videostyle.batch.record import BatchSummary

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
    from videostyle.batch.record import BatchSummary
    from videostyle.batch.run import check_jobs, run_batch

    check_jobs(jobs)
    make_folder(args.output)
    outcomes, began = [], time.monotonic()
    with progress_bar(None, " frames", args.quiet) as bar:
        for outcome in run_batch(
            jobs,
            executor=executor,
            record=args.output / RECORD,
            force=args.force,
            on_start=lambda description: say(f"workers: {description}", args.quiet),
            on_progress=lambda progress: _show(bar, progress),
        ):
            outcomes.append(outcome)
            if outcome.status == "failed":
                bar.write(f"failed: {outcome.reason}", file=sys.stderr)
    summary = BatchSummary.of(outcomes, time.monotonic() - began, executor.description)
    if args.json:
        clips = [outcome.as_json() for outcome in outcomes]
        print(json.dumps({"run": summary.as_json(), "clips": clips}))
    else:
        _print_table(outcomes, summary, args.output)
    return 1 if summary.failed else 0


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
    from videostyle.pipeline.pieces import SEGMENT_S

    return RayExecutor(
        args.ray,
        workers=args.workers,
        cores=args.worker_cores,
        gpus=args.worker_gpus,
        segment_s=SEGMENT_S if args.segment is None else args.segment,
    )


def _show(bar: Any, progress: Any) -> None:
    bar.total = max(progress.frames_total, progress.frames)
    bar.set_postfix_str(
        f"clips {progress.clips}/{progress.clips_total}, segments "
        f"{progress.segments}/{progress.segments_total}",
        refresh=False,
    )
    bar.update(progress.frames - bar.n)


def _print_table(outcomes: "Sequence[Outcome]", summary: "BatchSummary", folder: Path) -> None:
    """One line a clip, in columns; then the run as a whole."""
    lines = [_line(outcome, folder) for outcome in outcomes]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    for *columns, last in lines:
        cells = (cell.ljust(width) for cell, width in zip(columns, widths, strict=True))
        print("  ".join([*cells, last]).rstrip())
    print(
        f"{folder / RECORD}: {summary.done} done, {summary.kept} kept, {summary.failed} failed; "
        f"{summary.frames} frames in {summary.seconds:.1f} s "
        f"({summary.frames_per_second:.1f} frames/s)"
    )


def _line(outcome: "Outcome", folder: Path) -> tuple[str, str, str, str]:
    target = Path(outcome.job.target)
    name = str(target.relative_to(folder)) if target.is_relative_to(folder) else str(target)
    result = outcome.result
    if result is None:
        return outcome.status, name, "", outcome.reason
    return (
        outcome.status,
        name,
        f"{result.frames} frames",
        f"{result.seconds:.1f} s, {result.frames_per_second:.1f} frames/s, "
        f"{result.output_size}, audio {result.audio}",
    )
