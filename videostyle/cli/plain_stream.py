"""Nothing that a file says can command the terminal: control characters become visible.

Names of files, layers and styles, and whatever their makers wrote beside them, are a stranger's
text. A terminal takes escape sequences in it for commands: to hide lines, to change its title, to
paste what somebody else wrote.
"""

import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

# Control characters but for the ends of lines and tabs; what turns the direction of writing; and
# the halves of characters that stand for bytes which are no text.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(text: str) -> str:
    r"""Write control characters out: the escape character becomes `\x1b`."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class PlainStream:
    """A stream that shows control characters. Bars begin and clear their line with a return."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text without its control characters."""
        inner = text.strip("\r")
        if not inner:
            return self._stream.write(text)
        before, behind = text.split(inner, 1)
        self._stream.write(before + plain(inner) + behind)
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write several texts, as `write`."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def plain_output() -> Iterator[None]:
    """Show control characters in all that is printed, as long as the block lasts."""
    before = sys.stdout, sys.stderr
    for stream in before:
        if isinstance(stream, io.TextIOWrapper):  # a name that the console can't show ends no run
            stream.reconfigure(errors="backslashreplace")
    sys.stdout, sys.stderr = (PlainStream(each) for each in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
