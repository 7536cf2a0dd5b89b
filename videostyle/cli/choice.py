"""`--choice`: what was starred in a preview's page, for the commands that make it."""

import argparse
from typing import Any

from videostyle.cli.options import Options, dest_of
from videostyle.errors import ConfigError

HELP = (
    "take {what} from a choice.json that a preview's page exported; FILE@2 for the second of "
    "several cells"
)


def add_choice(group: Any, what: str) -> None:
    """Add `--choice`."""
    group.add_argument("--choice", metavar="FILE", help=HELP.format(what=what))


def apply_choice(
    args: argparse.Namespace, options: Options[Any], names: tuple[str, ...], **others: str
) -> Any:
    """Set what a choice file says as if it had been given.

    Args:
        args: the command line, which is changed.
        options: of the command.
        names: of those that the choice sets; none of them may be given too.
        others: names of options whose field in the choice is called otherwise.

    Returns:
        The choice.

    Raises:
        ConfigError: the file can't be used, or an option contradicts it.
    """
    from videostyle.preview.choice import parse_choice

    choice = parse_choice(args.choice)
    fields = dict(zip(names, names, strict=True)) | others
    given = {dest_of(flag) for flag in options.given(args)} & set(fields)
    if given:
        flag = f"--{min(given).replace('_', '-')}"
        raise ConfigError(f"{flag} and --choice both say what to take; leave one out")
    for name, field in fields.items():
        setattr(args, name, getattr(choice, field))
    return choice
