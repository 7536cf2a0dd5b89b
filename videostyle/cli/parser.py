"""argparse with help and errors that fit the terminal."""

import argparse
import textwrap
from typing import NoReturn

from videostyle.cli.progress import complain


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Wraps paragraphs to the terminal's width, and leaves indented text alone."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n\n".join(
            _filled(paragraph, width) for paragraph in textwrap.dedent(text).strip().split("\n\n")
        )


def _filled(paragraph: str, width: int) -> str:
    if "\n " in f"\n{paragraph}":
        return paragraph
    return textwrap.fill(paragraph, width, break_long_words=False, break_on_hyphens=False)


class Parser(argparse.ArgumentParser):
    """Reports wrong usage in one line."""

    def error(self, message: str) -> NoReturn:
        complain(f"{message}; see {self.prog} --help")
        raise SystemExit(2)
