"""Times that others published for phones: a starting point, not a measurement of this network.

Each is for another network. Multiply-adds don't carry it over to ours (the article's own finding),
so it stays an estimate, and names its source.
"""

from dataclasses import dataclass

from videostyle.device import a12
from videostyle.device.estimate import Source, Times
from videostyle.frames import Size

_EXECUTORCH = "https://github.com/software-mansion/react-native-executorch"
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
        return f"{self.ms:g} ms at {self.size} for {self.network}, published by {self.source}"


_SQUARE = Size(640, 640)

PUBLISHED = (
    Published("iPhone XS (A12)", a12.FRAME_MS, a12.SIZE, "the article's network", "the article"),
    Published(
        "iPhone 17 Pro", 100, _SQUARE, f"{_EXAMPLES}, fp32", "React Native ExecuTorch", _EXECUTORCH
    ),
    Published("iPhone 16 Pro", 450, _SQUARE, _EXAMPLES, "React Native ExecuTorch", _EXECUTORCH),
    Published("iPhone 13 Pro", 600, _SQUARE, _EXAMPLES, "React Native ExecuTorch", _EXECUTORCH),
    Published("iPhone SE 3", 750, _SQUARE, _EXAMPLES, "React Native ExecuTorch", _EXECUTORCH),
    Published(
        "Galaxy S24", 1650, _SQUARE, f"{_EXAMPLES}, XNNPACK", "React Native ExecuTorch", _EXECUTORCH
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
