"""The `videostyle` command: runs the right command, and turns errors into one line.

Exit status: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C, 143 by SIGTERM.
"""

import argparse
import difflib
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn, Protocol

from videostyle._version import __version__
from videostyle.cli import (
    batch,
    bench,
    check,
    convert,
    measure,
    preview,
    studio,
    styles,
    styles_add,
    styles_remove,
    stylize,
    train,
)
from videostyle.cli.hints import with_hint
from videostyle.cli.parser import HelpFormatter, Parser
from videostyle.cli.plain_stream import plain_output
from videostyle.cli.progress import complain
from videostyle.errors import ConfigError, UnknownStyleError, VideoStyleError


class Command(Protocol):
    """What a command's module provides; its docstring is the start of its help.

    Attributes:
        HELP: the command in a few words, for the list of commands.
        EXAMPLES: the end of its help.
    """

    HELP: str
    EXAMPLES: str

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add its arguments and options."""

    def run(self, args: argparse.Namespace) -> int:
        """Run the command; returns the exit status."""


COMMANDS: dict[str, Command] = {
    "stylize": stylize,
    "batch": batch,
    "preview": preview,
    "studio": studio,
    "styles": styles,
    "styles add": styles_add,
    "styles remove": styles_remove,
    "train": train,
    "convert": convert,
    "check": check,
    "measure": measure,
    "bench": bench,
}

EPILOG = """\
Without a command `videostyle IN OUT` means `videostyle stylize IN OUT`:

    videostyle in.mp4 out.mp4 --fps 15 --size 480x853

`videostyle COMMAND --help` explains a command.
"""


# Received signals. Compiled code that calls Python may raise another error instead: Cython and
# TensorFlow turn an exception that they don't expect into a SystemError.
_received: list[int] = []


class Terminated(BaseException):
    """SIGTERM was received."""


@plain_output()
def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _received.clear()
    signal.signal(signal.SIGTERM, _on_signal)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as under nohup
        signal.signal(signal.SIGINT, _on_signal)
    debug, args = "--debug" in words, None
    try:
        if not words:
            _make_parser().print_help(sys.stderr)
            return 2
        args = _make_parser().parse_args(_with_range(_with_command(words)))
        return int(args.run(args))
    except (Terminated, KeyboardInterrupt):
        return _say_stopped()
    except Exception as error:
        if _received:
            return _say_stopped()
        if debug and not isinstance(error, BrokenPipeError):
            raise
        return _say_failed(error, args)


def _make_parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="videostyle",
        description="Paint video files with style-transfer networks.",
        epilog=EPILOG,
        formatter_class=HelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"videostyle {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        each = subparsers.add_parser(
            name,
            help=command.HELP,
            description=command.__doc__,
            epilog=command.EXAMPLES,
            formatter_class=HelpFormatter,
        )
        command.add_options(each)
        each.set_defaults(run=command.run)
    return parser


def _with_command(words: list[str]) -> list[str]:
    """Join a command of two words into one, and put `stylize` in front of the bare form.

    Raises:
        ConfigError: the first word is neither a command nor a file.
    """
    if (both := " ".join(words[:2])) in COMMANDS:
        return [both, *words[2:]]
    first = words[0]
    if first in COMMANDS or first in ("-h", "--help", "--version"):
        return words
    if not first.startswith("-") and _looks_like_command(first):
        close = difflib.get_close_matches(first, COMMANDS, n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"commands: {', '.join(COMMANDS)}"
        raise ConfigError(f"'{first}' is neither a command nor a file; {hint}")
    return ["stylize", *words]


def _with_range(words: list[str]) -> list[str]:
    """Join `--levels -1..1` into one word: argparse takes -1..1 for an option."""
    joined: list[str] = []
    for word in words:
        if word == "-1..1" and joined and joined[-1] == "--levels":
            joined[-1] = f"--levels={word}"
        else:
            joined.append(word)
    return joined


def _looks_like_command(word: str) -> bool:
    """Whether a word isn't a file. `clip.mp4` and `./batch` count as files, even if missing."""
    return not os.path.exists(word) and "." not in word and os.sep not in word


def _say_failed(error: Exception, args: argparse.Namespace | None) -> int:
    if isinstance(error, BrokenPipeError):
        # The reader of our output went away (`| head`): keep Python's own flush at exit quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    if isinstance(error, VideoStyleError):
        complain(with_hint(str(error), type(error).__name__, args))
        return 2 if isinstance(error, ConfigError | UnknownStyleError) else 1
    if isinstance(error, MemoryError):
        complain("out of memory; use a smaller --size or --batch-size 1")
    else:
        complain(
            f"unexpected {type(error).__name__}: {error}; "
            "run again with --debug and report what it prints"
        )
    return 1


def _say_stopped() -> int:
    if signal.SIGTERM in _received:
        complain("ended by SIGTERM; no half-written files are left")
        return 128 + signal.SIGTERM
    complain("stopped; no half-written files are left")
    return 130


def _on_signal(number: int, frame: object) -> NoReturn:
    """Stop by raising an exception, so that every block cleans up; once only.

    A second Ctrl-C would interrupt the clean-up, which takes a moment.
    """
    _received.append(number)
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.SIG_IGN)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise Terminated
