"""The only module that draws: progress bars and status lines, on stderr."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def say(line: str, quiet: bool = False) -> None:
    """One status line for a person."""
    if not quiet:
        print(line, file=sys.stderr, flush=True)


@contextmanager
def progress_bar(
    total: int | None, unit: str, quiet: bool = False, bar_format: str | None = None
) -> Iterator[Any]:
    """A tqdm bar with rate and time left; invisible when told, or when nobody is at a terminal.

    Args:
        total: how many units there are, or None if unknown.
        unit: what is counted, such as ` frames`.
        bar_format: tqdm's own, where its usual form says the wrong things.
    """
    from tqdm import tqdm

    hidden = quiet or not sys.stderr.isatty()
    with tqdm(
        total=total,
        unit=unit,
        disable=hidden,
        dynamic_ncols=True,
        smoothing=0.1,
        bar_format=bar_format,
    ) as bar:
        yield bar
