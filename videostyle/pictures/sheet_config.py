"""The settings of a contact sheet."""

from dataclasses import dataclass, field
from fractions import Fraction

from videostyle.errors import ConfigError
from videostyle.models.styles import StyleInfo, list_styles
from videostyle.video.rate import parse_seconds

NETWORKS = ("default", "all")


@dataclass(frozen=True)
class SheetConfig:
    """What a contact sheet shows. Everything is checked when the object is made.

    Attributes:
        at: seconds from the clip's start, or "1:30"; None for its middle.
        size: size of the frame that the networks see, as in `StylizeConfig`.
        networks: "default" for one per style, or "all".
        overwrite: replace an existing file.
    """

    at: Fraction | int | float | str | None = None
    size: str | None = None
    networks: str = "default"
    overwrite: bool = False

    at_s: Fraction | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.networks not in NETWORKS:
            raise ConfigError(
                f"networks '{self.networks}' is unknown; choose one of {', '.join(NETWORKS)}"
            )
        at_s = None if self.at is None else parse_seconds(self.at, "at")
        object.__setattr__(self, "at_s", at_s)

    def choose(self) -> dict[str, StyleInfo]:
        """The networks to show, by their names in the picture."""
        styles: dict[str, StyleInfo] = {}
        for info in list_styles():
            # A style's first network is its default.
            styles.setdefault(info.name if self.networks == "all" else info.style, info)
        return styles
