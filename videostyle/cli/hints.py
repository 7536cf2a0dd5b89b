"""What to do about an error, in terms of the command line.

The library's errors say what is wrong; only a command knows which option helps.
"""

import argparse

# The name of an error's class, the name of the option in a command's namespace, and the hint.
HINTS = (
    ("TargetExistsError", "overwrite", "add -y to replace it"),
    ("TargetExistsError", "force", "add --force to replace it"),
    ("UnfinishedError", "resume", "add --resume to continue it, or -y to start again"),
    ("DamageError", "keep_going", "add --keep-going to take what can be read"),
)


def with_hint(message: str, error: str, args: argparse.Namespace | None) -> str:
    """A message, with a hint if the command has an option that helps and it wasn't given.

    Args:
        message: the error's message.
        error: the name of its class.
        args: the command's arguments.
    """
    for kind, name, words in HINTS:
        if error == kind and getattr(args, name, True) is False:
            return f"{message}; {words}"
    return message
