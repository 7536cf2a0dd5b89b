"""The only module that writes to the terminal: lines and one bar on stderr, results on stdout."""

import os
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

# Without a terminal, long work reports its progress this often.
LINE_EVERY_S = 30

# `^C` appears after the bar; without room for it the terminal would start a new line.
ROOM_FOR_CTRL_C = 4

END = "]"
BAR = (
    "{percentage:3.0f}%|{bar}| {n_fmt} of {total_fmt}{unit} "
    "[{elapsed}<{remaining}, {rate_noinv_fmt}{postfix}]"
)
LINE = "progress: {n_fmt} of {total_fmt}{unit} after {elapsed}, {remaining} left{postfix}"

# Without a unit the bar shows a share of the work, and a note says of what.
SHARE_BAR = "{percentage:3.0f}%|{bar}| [{elapsed}<{remaining}{postfix}]"
SHARE_LINE = "progress: {percentage:.0f}% after {elapsed}, {remaining} left{postfix}"


def columns_of(stream: TextIO) -> int | None:
    """The width of the terminal behind a stream; None for a file or a pipe."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        return None


def wrapped(text: str, stream: TextIO) -> str:
    """Wrap lines between words at the terminal's width; files get them unchanged."""
    columns = columns_of(stream)
    if columns is None:
        return text
    return "\n".join(
        textwrap.fill(
            line, columns, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
        )
        for line in text.split("\n")
    )


def show(text: str) -> None:
    """Print a result on stdout."""
    print(wrapped(text, sys.stdout))


def complain(message: str) -> None:
    """Print the one line that says why a command failed or stopped."""
    clear_line()
    print(wrapped(f"videostyle: {' '.join(message.split())}", sys.stderr), file=sys.stderr)


def clear_line() -> None:
    """Clear the terminal's last line, such as a bar, or a `^C`."""
    if columns := columns_of(sys.stderr):
        print(f"\r{' ' * (columns - 1)}\r", end="", file=sys.stderr, flush=True)


class Status:
    """What a command prints on stderr while it works.

    Args:
        quiet: print nothing.
    """

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet

    def say(self, line: str) -> None:
        """Print one line for a person, above the bar if there is one."""
        if self._quiet:
            return
        from tqdm import tqdm

        clear_line()
        tqdm.write(wrapped(line, sys.stderr), file=sys.stderr)
        sys.stderr.flush()

    def draw(self, picture: str) -> None:
        """Print a picture made of characters, unchanged."""
        print(picture, file=sys.stderr, flush=True)

    @contextmanager
    def bar(self, total: float | None, unit: str = "") -> Iterator["Bar"]:
        """Show the progress until the block ends; then the bar is cleared.

        Args:
            total: how many units there are, or None if unknown.
            unit: what is counted, such as ` frames`; without it, a share of the total is shown.
        """
        columns = columns_of(sys.stderr)
        bar: Bar
        if self._quiet:
            bar = Bar()
        elif columns is None:
            bar = LineBar(self, total, unit)
        else:
            bar = TerminalBar(total, unit)
        try:
            yield bar
        finally:
            bar.close()


class Bar:
    """Shows progress; this one shows nothing."""

    def begin(self, done: float) -> None:
        """Start the clock; what was done before counts as done, but not for the speed."""

    def show(self, done: float, note: str | None = None, total: float | None = None) -> None:
        """Show the progress.

        Args:
            done: units done since the start.
            note: what is being done; None to keep the last note.
            total: how many units there are, once that is known.
        """

    def close(self) -> None:
        """Remove it from the screen."""


class TerminalBar(Bar):
    """A tqdm bar on the last line of the terminal."""

    def __init__(self, total: float | None, unit: str) -> None:
        from tqdm import tqdm

        class WholeBar(tqdm):  # type: ignore[misc]
            """Drops the note if the terminal is too narrow for it, instead of cutting it off."""

            def __str__(self) -> str:
                text = str(super().__str__())
                if not text.endswith(END):
                    self.postfix = None
                    text = str(super().__str__())
                return text

        make_bar: Any = WholeBar
        self._bar = make_bar(
            total=total,
            unit=unit,
            file=sys.stderr,
            leave=False,
            smoothing=0.1,
            bar_format=BAR if unit else SHARE_BAR,
            delay=1e-9,  # it is drawn below, at the right width
        )
        self._bar.dynamic_ncols = _bar_size
        self._bar.refresh()

    def begin(self, done: float) -> None:
        self._bar.initial = done
        self._bar.reset()
        self._bar.n = self._bar.last_print_n = done

    def show(self, done: float, note: str | None = None, total: float | None = None) -> None:
        bar = self._bar
        if total is not None and total != bar.total:
            bar.total = total
        if note is not None:
            bar.set_postfix_str(note, refresh=False)
        bar.update(done - bar.n)

    def close(self) -> None:
        self._bar.refresh()  # tqdm skips what comes right after its last drawing
        self._bar.close()
        clear_line()


def _bar_size(stream: TextIO) -> tuple[int, None]:
    return max(1, (columns_of(sys.stderr) or 80) - ROOM_FOR_CTRL_C), None


class LineBar(Bar):
    """Prints a line every half minute, for a log."""

    def __init__(self, status: Status, total: float | None, unit: str) -> None:
        self._status, self._total, self._unit, self._note = status, total, unit, ""
        self._initial = 0.0
        self._began = self._told = time.monotonic()

    def begin(self, done: float) -> None:
        self._initial, self._began = done, time.monotonic()

    def show(self, done: float, note: str | None = None, total: float | None = None) -> None:
        self._total = self._total if total is None else total
        self._note = self._note if note is None else note
        now = time.monotonic()
        if now - self._told < LINE_EVERY_S:
            return
        self._told = now
        from tqdm import tqdm

        meter: Any = tqdm.format_meter
        line = meter(
            done,
            self._total,
            now - self._began,
            initial=self._initial,
            unit=self._unit,
            postfix=self._note,
            bar_format=LINE if self._unit else SHARE_LINE,
        )
        self._status.say(line)
