"""The settings of a benchmark."""

from dataclasses import dataclass, field

from videostyle.backends import BACKENDS, PRECISIONS
from videostyle.errors import ConfigError
from videostyle.frames import Box, Size

# As in the article: 100 frames of 480x853; the first, which builds everything, is not counted.
ITERATIONS = 100
SIZE = "480x853"

LANDSCAPE = Size(16, 9)

# `all` is every backend that runs model files here, in every precision that it has.
CHOICES = ("auto", "all", *(name for name in BACKENDS if name in ("openvino", "tensorflow")))


@dataclass(frozen=True)
class BenchConfig:
    """What to time.

    Attributes:
        iterations: frames per network; the first is not counted.
        size: size of the frames that the network sees, in landscape.
        backend: auto, all, openvino or tensorflow.
        precision: auto, fp32 or bf16.
        style: the built-in style whose networks are timed.
    """

    iterations: int = ITERATIONS
    size: str = SIZE
    backend: str = "auto"
    precision: str = "auto"
    style: str = "wave"

    frame: Size = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "frame", Box.parse(self.size).along(LANDSCAPE))
        if self.iterations < 2:
            raise ConfigError(
                f"{self.iterations} iterations are too few: the first is not counted; use 2 or more"
            )
        for kind, name, known in (
            ("backend", self.backend, CHOICES),
            ("precision", self.precision, PRECISIONS),
        ):
            if name not in known:
                raise ConfigError(
                    f"{kind} '{name}' can't be timed; choose one of {', '.join(known)}"
                )
        if self.backend == "all" and self.precision != "auto":
            raise ConfigError("all backends are timed in every precision; use precision auto")
