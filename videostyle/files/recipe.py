"""Everything that decides a result, so that two results can be compared."""

from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from typing import Any

from videostyle.files.digest import digest_values, name_differences


class Shows(Enum):
    """Where a setting shows."""

    FRAME = "frame"  # in a painted frame
    FILE = "file"  # in the written file only
    OTHERWISE = "otherwise"  # the recipe has its file's content or a description of it instead
    NOWHERE = "nowhere"  # the result is the same, bit for bit


def setting(default: Any, shows: Shows, *, means: str | None = None) -> Any:
    """A field of a settings class that says where it shows.

    Args:
        default: its value when none is given; a class is called to make one.
        shows: where a change of it shows.
        means: the attribute with the parsed value: 15 and "15" are the same frame rate.
    """
    notes = {"shows": shows, "means": means}
    if isinstance(default, type):
        return field(default_factory=default, metadata=notes)
    return field(default=default, metadata=notes)


def shown_values(config: Any, *shows: Shows) -> dict[str, str]:
    """The settings that show in any of these places, as text by their names.

    Settings inside a group of settings are included.
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
        values: digests of the inputs, the settings that show, and the tools with their versions.
    """

    values: dict[str, str]

    @property
    def digest(self) -> str:
        """64 hexadecimal digits that identify the recipe."""
        return digest_values(self.values)

    def differences(self, now: "Recipe") -> list[str]:
        """Why this result can't serve for another recipe, in words: `fps (15, now 24)`.

        Frames decoded without `keep_going` are whole, so they also serve a run that has it.
        """
        then = dict(self.values)
        if (then.get("keep_going"), now.values.get("keep_going")) == ("False", "True"):
            then["keep_going"] = "True"
        return name_differences(then, now.values)
