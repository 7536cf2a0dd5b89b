"""Times that others published for phones: a starting point, not a measurement of this network.

Each is for another network. Multiply-adds don't carry it over to ours (the article's own finding),
so it stays an estimate, and names its source.
"""

from dataclasses import dataclass

from videostyle.device import a12
from videostyle.device.estimate import Source, Times
from videostyle.frames import Size

_EXECUTORCH = "https://docs.swmansion.com/react-native-executorch/docs"
_LITERT = "https://huggingface.co/litert-community/Fast-Neural-Style-LiteRT"
_EXAMPLES = "the network of pytorch/examples, 1.68 M parameters"


@dataclass(frozen=True)
class Published:
    """One published time.

    Attributes:
        name: the phone.
        ms: milliseconds per frame.
        size: of the network's input.
        network: the network that was timed.
        source: who published it.
        address: where; empty for the article, which has no lasting address.
    """

    name: str
    ms: float
    size: Size
    network: str
    source: str
    address: str = ""

    @property
    def note(self) -> str:
        short, long = sorted((self.size.width, self.size.height))
        return f"{self.ms:g} ms at {short}x{long} for {self.network}, published by {self.source}"


_SQUARE = Size(640, 640)

# Releases of one publisher differ by up to 5.7 times for one phone, so each names its own.
_RELEASE_3 = f"{_EXECUTORCH}/0.3.x/benchmarks/inference-time"

PUBLISHED = (
    Published("iPhone XS (A12)", a12.FRAME_MS, a12.SIZE, "the article's network", "the article"),
    Published(
        "iPhone 17 Pro",
        100,
        _SQUARE,
        f"{_EXAMPLES}, Core ML, fp32",
        "React Native ExecuTorch",
        f"{_EXECUTORCH}/0.8.x/benchmarks/inference-time",
    ),
    *(
        Published(name, ms, _SQUARE, _EXAMPLES, f"React Native ExecuTorch 0.3{later}", _RELEASE_3)
        for name, ms, later in (
            ("iPhone 16 Pro", 450, "; release 0.6 says 1485 ms"),
            ("iPhone 13 Pro", 600, ""),
            ("iPhone SE 3", 750, "; release 0.6 says 4255 ms"),
            ("Galaxy S24", 1650, "; release 0.6 says 2510 ms"),
        )
    ),
    Published(
        "Pixel 8a",
        9,
        Size(256, 256),
        "Fast-Neural-Style-LiteRT on the GPU",
        "litert-community",
        _LITERT,
    ),
)

# What a page begins with where nothing was measured, so that it never begins without an answer.
ASSUMED = Times(
    Source.ASSUMED, a12.SIZE, (a12.FRAME_MS,), "the article's A12, with another network"
)
