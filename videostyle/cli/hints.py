"""What to do about an error, in the words of the command line.

The library's errors say what is wrong; which option helps, only a command knows.
"""

import argparse

from videostyle.errors import DamageError, TargetExistsError, VideoStyleError

# Each error, the option that helps, as a command's namespace names it, and how that is said.
HINTS: tuple[tuple[type[VideoStyleError], str, str], ...] = (
    (TargetExistsError, "overwrite", "add -y to replace it"),
    (DamageError, "keep_going", "add --keep-going to take what can be read"),
)


def hint_for(error: VideoStyleError, args: argparse.Namespace | None) -> str | None:
    """What helps against an error, if the command has such an option and it isn't given yet."""
    for kind, name, words in HINTS:
        if isinstance(error, kind) and getattr(args, name, True) is False:
            return words
    return None
