"""The outcome of a batch, as a table."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from videostyle.cli.progress import columns_of, show
from videostyle.cli.table import table_lines

if TYPE_CHECKING:
    from videostyle.batch.job import Outcome
    from videostyle.batch.record import BatchSummary


def show_table(outcomes: "Sequence[Outcome]", summary: "BatchSummary", record: Path) -> None:
    """Print a row for each clip on stdout, then a line for the whole run."""
    rows = [_row(outcome, record.parent) for outcome in outcomes]
    print("\n".join(table_lines(rows, columns_of(sys.stdout))))
    show(
        f"{record}: {summary.done} done, {summary.kept} kept, {summary.failed} failed; "
        f"{summary.frames} frames in {summary.seconds:.1f} s "
        f"({summary.frames_per_second:.1f} frames/s)"
    )


def from_here(reason: str) -> str:
    """A reason, with paths relative to the working directory."""
    return reason.replace(f"{Path.cwd()}/", "")


def _row(outcome: "Outcome", folder: Path) -> tuple[str, str, str]:
    target, result = Path(outcome.job.target), outcome.result
    name = str(target.relative_to(folder)) if target.is_relative_to(folder) else str(target)
    if result is None:
        return outcome.status, name, from_here(outcome.reason)
    return (
        outcome.status,
        name,
        f"{result.frames} frames, {result.seconds:.1f} s, "
        f"{result.frames_per_second:.1f} frames/s, {result.output_size}, audio {result.audio}",
    )
