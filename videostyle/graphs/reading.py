"""What a user says about a model file that says too little about itself."""

from dataclasses import dataclass

from videostyle.graphs.picture_form import check_levels


@dataclass(frozen=True)
class Reading:
    """How a model file that others made is to be read.

    Attributes:
        levels: the range of its values, one of `RANGES`; None: guessed by trying.
        function: of a package with several, the one to run; None: its default.
    """

    levels: str | None = None
    function: str | None = None

    def __post_init__(self) -> None:
        check_levels(self.levels)
