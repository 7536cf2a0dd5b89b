"""The spec of the maker, and of the network that it makes."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from videostyle.errors import ModelLoadError
from videostyle.models.spec import FastSpec, spec_from_json, spec_to_json


@dataclass(frozen=True)
class MadeConv:
    """One convolution of the made network, with what follows it.

    Attributes:
        name: the layer's, as in `models/network.py`.
        inputs: channels.
        outputs: channels.
        stride: 1 or 2.
        has_norm: an instance norm follows; otherwise the convolution has a bias.
    """

    name: str
    inputs: int
    outputs: int
    stride: int = 1
    has_norm: bool = True

    @property
    def kernel_size(self) -> int:
        """Weights of one output channel."""
        return 9 * self.inputs


@dataclass(frozen=True)
class MakerSpec:
    """The network that makes a *fast* network's weights from a look at a painting.

    Attributes:
        network: what it makes.
        look: length of a look; see `look.py`.
        hidden: widths of the encoder's layers.
        code: length of a style's code; codes can be mixed.
        bank: kernels that each kernel is mixed from.
        groups: groups of a layer's output channels that are mixed separately.
    """

    network: FastSpec = field(default_factory=FastSpec)
    look: int = 4212
    hidden: tuple[int, ...] = (640, 512)
    code: int = 256
    bank: int = 24
    groups: int = 4

    def __post_init__(self) -> None:
        counts = (self.look, *self.hidden, self.code, self.bank, self.groups)
        if any(type(count) is not int or not 1 <= count <= 65536 for count in counts):
            raise ModelLoadError("the maker's sizes must be whole numbers from 1 to 65536")
        if any(conv.outputs % self.groups for conv in self.convs):
            raise ModelLoadError("the maker's groups must divide the network's channels")

    @property
    def convs(self) -> tuple[MadeConv, ...]:
        """All convolutions of the made network, in order."""
        return tuple(_convs(self.network))

    @property
    def encoder_widths(self) -> tuple[int, ...]:
        return (self.look, *self.hidden, self.code)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Each array of the maker by name."""
        shapes: dict[str, tuple[int, ...]] = {
            "look.mean": (self.look,),
            "look.deviation": (self.look,),
        }
        for number, (before, after) in enumerate(
            zip(self.encoder_widths, self.encoder_widths[1:], strict=False)
        ):
            shapes[f"encoder{number}.kernel"] = (before, after)
            shapes[f"encoder{number}.bias"] = (after,)
        for conv in self.convs:
            shares = self.bank * self.groups
            shapes[f"{conv.name}.bank"] = (self.bank, conv.kernel_size, conv.outputs)
            shapes[f"{conv.name}.mix.kernel"] = (self.code, shares)
            shapes[f"{conv.name}.mix.bias"] = (shares,)
            extras = 2 * conv.outputs if conv.has_norm else conv.outputs
            shapes[f"{conv.name}.extra.kernel"] = (self.code, extras)
            shapes[f"{conv.name}.extra.bias"] = (extras,)
        return shapes

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "network": spec_to_json(self.network)}

    @classmethod
    def from_json(cls, record: Any) -> "MakerSpec":
        """Read what `to_json` wrote.

        Raises:
            ModelLoadError: it isn't that.
        """
        try:
            values = {**record, "hidden": tuple(record["hidden"])}
            network = spec_from_json(values.pop("network"))
            if not isinstance(network, FastSpec):
                raise ModelLoadError("the maker can't make such a network")
            return cls(network=network, **values)
        except (TypeError, KeyError) as error:
            raise ModelLoadError(f"the maker's description is damaged: {error}") from error


def _convs(spec: FastSpec) -> Iterator[MadeConv]:
    stem, filters = spec.stem_filters, spec.filters
    yield MadeConv("conv1", 3, stem, stride=2)
    yield MadeConv("conv2", stem, filters, stride=2)
    for number in range(1, spec.residual_blocks + 1):
        yield MadeConv(f"block{number}_conv1", filters, filters)
        yield MadeConv(f"block{number}_conv2", filters, filters)
    yield MadeConv("up1", filters, 4 * stem)
    yield MadeConv("head", stem, 12, has_norm=False)
