"""What decides a result, so that two results can be told apart."""

from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from typing import Any

from videostyle.files.digest import digest_values, name_differences


class Shows(Enum):
    """Where a setting shows."""

    FRAME = "frame"  # in a painted frame
    FILE = "file"  # in the written file only
    OTHERWISE = "otherwise"  # its file's content or a description of it stands in the recipe
    NOWHERE = "nowhere"  # the result is the same, bit for bit


def setting(default: Any, shows: Shows, *, means: str | None = None) -> Any:
    """A field of a settings class that says where it shows; a class as default is called.

    Args:
        default: its value when none is given.
        shows: where a change of it shows.
        means: the attribute that holds what it stands for: 15 and "15" are one frame rate.
    """
    notes = {"shows": shows, "means": means}
    if isinstance(default, type):
        return field(default_factory=default, metadata=notes)
    return field(default=default, metadata=notes)


def shown_values(config: Any, *shows: Shows) -> dict[str, str]:
    """The settings that show in one of some places, as text by their names.

    A setting that is itself a group of settings gives all of its own.
    """
    values: dict[str, str] = {}
    for each in fields(config):
        if not each.init:
            continue
        value = getattr(config, each.metadata["means"] or each.name)
        where = each.metadata["shows"]
        if is_dataclass(value) and where is not Shows.OTHERWISE:
            values |= shown_values(value, *shows)
        elif where in shows:
            values[each.name] = str(value)
    return values


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a result, as text by its name.

    Attributes:
        values: digests of what goes in, the settings that show, and what carries them out.
    """

    values: dict[str, str]

    @property
    def digest(self) -> str:
        """64 hexadecimal digits that stand for all of it."""
        return digest_values(self.values)

    def differences(self, now: "Recipe") -> list[str]:
        """What keeps a result from serving for another recipe, in words: `fps (15, now 24)`.

        Frames decoded without `keep_going` are whole, so they also serve a run that has it.
        """
        then = dict(self.values)
        if (then.get("keep_going"), now.values.get("keep_going")) == ("False", "True"):
            then["keep_going"] = "True"
        return name_differences(then, now.values)
