"""Timings for a person: a table if it fits, otherwise a paragraph for each network."""

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from videostyle.cli.progress import columns_of, show
from videostyle.cli.table import BETWEEN, table_lines

if TYPE_CHECKING:
    from videostyle.bench.measure import Timing


def show_timings(timings: "Sequence[Timing]") -> None:
    """Print timings on stdout, one table for each backend."""
    from videostyle.bench.table import as_text

    columns = columns_of(sys.stdout)
    lines = list(as_text(timings))
    widest = max(len(line) for line in lines if BETWEEN in line)
    if columns is not None and widest > columns:
        lines = list(_narrow(timings, columns))
    # Rows that fit are printed unchanged; only the sentences below them are wrapped.
    show("\n".join(lines).rstrip())


def _narrow(timings: "Sequence[Timing]", columns: int) -> Iterator[str]:
    from videostyle.bench.table import COLUMNS, by_backend, heading, remarks

    names = [name for name in COLUMNS if name not in ("network", "")]
    for group in by_backend(timings).values():
        yield heading(group)
        rows = []
        for timing in group:
            values = ", ".join(f"{name} {COLUMNS[name](timing)}" for name in names)
            rows.append((COLUMNS["network"](timing), f"{COLUMNS[''](timing)}: {values}"))
        yield from table_lines(rows, columns)
        yield from ("", *remarks(group), "")
