"""What the documents point at exists: files, commands with their options, and public names."""

import argparse
import re
import shlex
from pathlib import Path

import pytest

import videostyle
from videostyle.cli.main import COMMANDS

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)\s]*)?\)")
CODE = re.compile(r"^(?: {4}|\t)([^\n]*)$|^```\w*\n(.*?)^```$|`([^`\n]+)`", re.M | re.S)
OF_BENCHMARKS = {"--only"}
OPTION = re.compile(r"--?[a-zA-Z][-a-z0-9]*")


def code_in(page: Path) -> str:
    """All that a page sets as code, with lines that end in a backslash joined."""
    found = CODE.findall(page.read_text(encoding="utf-8"))
    return "\n".join(code for groups in found for code in groups if code).replace("\\\n", " ")


def command_lines(page: Path) -> list[list[str]]:
    """The words after `videostyle` of every command line in a page."""
    lines = (line.strip() for line in code_in(page).splitlines())
    return [words_of(line) for line in lines if re.match(r"videostyle [^<=:]", line)]


def words_of(line: str) -> list[str]:
    return shlex.split(re.split(r" (?:&&|\|) ", line)[0], comments=True)[1:]


@pytest.fixture(scope="module")
def options() -> dict[str, set[str]]:
    """The options of each command, as its parser knows them."""
    parsers = {name: argparse.ArgumentParser() for name in COMMANDS}
    for name, parser in parsers.items():
        COMMANDS[name].add_options(parser)
    return {name: set(parser._option_string_actions) for name, parser in parsers.items()}


def command_of(words: list[str]) -> str:
    """The command that is meant: of two words, of one, or the bare form."""
    names = (" ".join(words[:2]), words[0], "stylize")
    return next(name for name in names if name in COMMANDS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page):
    targets = [target for target in LINK.findall(page.read_text("utf-8")) if ":" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_command_lines_have_options_that_exist(page, options):
    unknown = [
        (" ".join(words), option)
        for words in command_lines(page)
        for option in filter(OPTION.fullmatch, (word.split("=")[0] for word in words))
        if option not in options[command_of(words)] | {"--version", "--help"}
    ]
    assert unknown == []


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=lambda page: page.name
)
def test_options_named_in_the_text_exist(page, options):
    named = re.findall(r"`(--[a-z][-a-z]*)", page.read_text("utf-8"))
    assert set(named) - set().union(*options.values()) - OF_BENCHMARKS == set()


def test_command_lines_are_found():
    """The tests above would pass on nothing."""
    lines = [words for page in PAGES for words in command_lines(page)]
    assert {command_of(words) for words in lines} >= {"stylize", "preview", "batch", "train"}
    assert ["in.mp4", "out.mp4", "--fps", "15", "--size", "480x853"] in lines


def test_every_public_name_is_in_the_reference():
    pages = "\n".join(page.read_text("utf-8") for page in (ROOT / "docs/reference").glob("*.md"))
    assert sorted(re.findall(r"^::: videostyle\.(\w+)$", pages, re.M)) == sorted(
        [*videostyle.__all__, "errors"]
    )
