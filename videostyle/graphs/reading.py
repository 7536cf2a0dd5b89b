"""The user's settings for a model file that doesn't say enough about itself."""

from dataclasses import dataclass

from videostyle.errors import ConfigError
from videostyle.graphs.picture_form import check_levels


@dataclass(frozen=True)
class Reading:
    """How a model file that others made is to be read.

    Attributes:
        levels: the range of its values, one of `RANGES`; None: guessed by trying.
        function: of a package with several, the one to run; None: its default.
        style_number: of a model that holds several styles, the one to paint, counted from 1; None:
            the first.
    """

    levels: str | None = None
    function: str | None = None
    style_number: int | None = None

    def __post_init__(self) -> None:
        check_levels(self.levels)
        if self.style_number is not None and self.style_number < 1:
            raise ConfigError(f"style number {self.style_number} is out of range; the first is 1")
