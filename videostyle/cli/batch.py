"""Paint many clips, on this machine or on a Ray cluster."""

import argparse
import json
import time
from pathlib import Path
from typing import Any

from videostyle.batch.naming import DEFAULT_NAME
from videostyle.cli.batch_table import from_here, show_table
from videostyle.cli.hints import with_hint
from videostyle.cli.options import add_printing
from videostyle.cli.progress import Bar, Status
from videostyle.cli.stylize_options import add_setting_options, make_config
from videostyle.errors import ConfigError
from videostyle.files.target import make_folder
from videostyle.pipeline.stylize_config import StylizeConfig

RECORD = "batch.json"

HELP = "paint many clips, here or on a Ray cluster"

EXAMPLES = """\
examples:
  videostyle batch clips/ -o painted
  videostyle batch 'shots/**/*.mov' -o painted --fps 24 --jobs 2
  videostyle batch clips/ -o painted --name '{folder}/{stem}.mp4'
  videostyle batch list.csv -o painted
  videostyle batch film.mov -o painted --ray
  videostyle batch clips/ -o /shared --ray 10.0.0.1:6379 --worker-cores 4
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "clips",
        metavar="CLIPS",
        nargs="+",
        help="files, folders, globs, addresses such as s3://bucket/clip.mp4, or lists "
        "(.csv, .jsonl) with a source and its own settings in each line",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        type=Path,
        required=True,
        help=f"folder for the painted clips and {RECORD}",
    )
    _add_batch_options(parser.add_argument_group("the batch"))
    _add_worker_options(parser.add_argument_group("workers"))
    add_setting_options(parser)
    add_printing(parser)


def _add_batch_options(group: Any) -> None:
    group.add_argument(
        "--name",
        metavar="TEMPLATE",
        default=DEFAULT_NAME,
        help="how the painted clips are named, from {stem}, {folder}, {number}, {style}, {rate} "
        "and {size} (default: %(default)s)",
    )
    group.add_argument(
        "--force",
        action="store_true",
        help="replace existing clips that were made with other settings; those made with the "
        "same settings are always kept",
    )


def _add_worker_options(group: Any) -> None:
    group.add_argument(
        "--jobs",
        metavar="N",
        type=int,
        default=1,
        help="clips painted at the same time on this machine (default: %(default)s)",
    )
    group.add_argument(
        "--ray",
        metavar="ADDRESS",
        nargs="?",
        const="local",
        help="paint on the Ray cluster at HOST:PORT, or start one on this machine; put it after "
        "the clips",
    )
    group.add_argument(
        "--workers",
        metavar="N",
        type=int,
        help="on Ray: number of workers (default: as many as fit on its machines)",
    )
    group.add_argument(
        "--worker-cores",
        metavar="N",
        type=int,
        default=1,
        help="on Ray: processor cores for each worker (default: %(default)s)",
    )
    group.add_argument(
        "--worker-gpus",
        metavar="N",
        type=float,
        default=0,
        help="on Ray: GPUs for each worker; with 0.5 two share one (default: %(default)s)",
    )
    group.add_argument(
        "--segment",
        metavar="SECONDS",
        type=float,
        help="cut longer clips into pieces of this length, so that workers can share a clip and a "
        "kill loses less (default: 10 on Ray, otherwise not cut)",
    )


def run(args: argparse.Namespace) -> int:
    config = make_config(args)
    jobs = _make_jobs(args, config)
    executor = _make_executor(args)
    from videostyle.batch.record import BatchSummary
    from videostyle.batch.run import check_jobs, run_batch

    status = Status(args.quiet)
    check_jobs(jobs)
    make_folder(args.output)
    outcomes, began = [], time.monotonic()
    with status.bar(None, " frames") as bar:
        for outcome in run_batch(
            jobs,
            executor=executor,
            record=args.output / RECORD,
            force=args.force,
            on_start=lambda description: status.say(f"workers: {description}"),
            on_progress=lambda progress: _show(bar, progress),
        ):
            outcomes.append(outcome)
            if outcome.status == "failed":
                reason = with_hint(outcome.reason, outcome.error, args)
                Status().say(f"failed: {from_here(reason)}")
    outcomes.sort(key=lambda outcome: jobs.index(outcome.job))  # in the user's order
    summary = BatchSummary.of(outcomes, time.monotonic() - began, executor.description)
    if args.json:
        clips = [outcome.as_json() for outcome in outcomes]
        print(json.dumps({"run": summary.as_json(), "clips": clips}))
    else:
        show_table(outcomes, summary, args.output / RECORD)
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
            raise ConfigError("--workers needs --ray; on this machine alone use --jobs")
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


def _show(bar: Bar, progress: Any) -> None:
    parts = f"clips {progress.clips}/{progress.clips_total}"
    if progress.segments_total > progress.clips_total:  # some are cut
        parts += f", pieces {progress.segments}/{progress.segments_total}"
    bar.show(progress.frames, parts, max(progress.frames_total, progress.frames))
