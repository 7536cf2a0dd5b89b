"""Rows in aligned columns; the last column wraps within itself."""

import textwrap
from collections.abc import Sequence

BETWEEN = "  "

# With less room than this, the last column goes below the others, indented.
NARROWEST = 24
INDENT = 4


def table_lines(rows: Sequence[Sequence[str]], columns: int | None, align: str = "") -> list[str]:
    """Lay rows out in columns.

    Args:
        rows: cells of text, equally many in each row.
        columns: width of the terminal in characters, or None to wrap nothing.
        align: a letter for each column but the last: `<` left or `>` right; by default left.
    """
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    sides = align.ljust(len(widths), "<")
    lines: list[str] = []
    for *cells, last in rows:
        start = "".join(
            f"{cell:{side}{width}}{BETWEEN}"
            for cell, side, width in zip(cells, sides, widths, strict=True)
        )
        if columns is not None and columns - len(start) < NARROWEST:
            lines.append(start.rstrip())
            start = " " * INDENT
        lines += _wrapped(start, last, columns)
    return lines


def _wrapped(start: str, text: str, columns: int | None) -> list[str]:
    if columns is None:
        return [f"{start}{text}".rstrip()]
    parts = textwrap.wrap(
        text, columns - len(start), break_long_words=False, break_on_hyphens=False
    )
    blank = " " * len(start)
    return [f"{start if n == 0 else blank}{part}".rstrip() for n, part in enumerate(parts or [""])]
