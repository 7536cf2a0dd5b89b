"""What became of a batch, as a table."""

import sys
from pathlib import Path
from typing import Any

from videostyle.cli.progress import columns_of, show
from videostyle.cli.table import table_lines


def show_table(content: dict[str, Any], record: Path) -> None:
    """Print a row for each clip on stdout, then the run as a whole.

    Args:
        content: of `batch.json`.
        record: that file.
    """
    rows = [_row(clip, record.parent) for clip in content["clips"]]
    print("\n".join(table_lines(rows, columns_of(sys.stdout))))
    run = content["run"]
    show(
        f"{record}: {run['done']} done, {run['kept']} kept, {run['failed']} failed; "
        f"{run['frames']} frames in {run['seconds']:.1f} s "
        f"({run['frames_per_second']:.1f} frames/s)"
    )


def from_here(reason: str) -> str:
    """A reason with its paths as seen from the working directory."""
    return reason.replace(f"{Path.cwd()}/", "")


def _row(clip: dict[str, Any], folder: Path) -> tuple[str, str, str]:
    target = Path(clip["target"])
    name = str(target.relative_to(folder)) if target.is_relative_to(folder) else str(target)
    if clip["status"] != "done":
        return clip["status"], name, from_here(clip.get("reason", ""))
    return (
        clip["status"],
        name,
        f"{clip['frames']} frames, {clip['seconds']:.1f} s, "
        f"{clip['frames_per_second']:.1f} frames/s, {clip['output_size']}, audio {clip['audio']}",
    )
