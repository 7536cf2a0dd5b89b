"""What to do about an error, in the words of the command line.

The library's errors say what is wrong; which option helps, only a command knows.
"""

import argparse

# The name of each error's class, the option that helps, as a command's namespace names it, and how
# that is said.
HINTS = (
    ("TargetExistsError", "overwrite", "add -y to replace it"),
    ("TargetExistsError", "force", "add --force to replace it"),
    ("UnfinishedError", "resume", "add --resume to continue it, or -y to start again"),
    ("DamageError", "keep_going", "add --keep-going to take what can be read"),
)


def with_hint(message: str, error: str, args: argparse.Namespace | None) -> str:
    """A message, and what helps if the command has such an option and it isn't given yet.

    Args:
        message: of the error.
        error: the name of its class.
        args: the command's.
    """
    for kind, name, words in HINTS:
        if error == kind and getattr(args, name, True) is False:
            return f"{message}; {words}"
    return message
