"""The network whose features say how alike two pictures are: which there are, what each gives."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from videostyle.errors import ConfigError

LOSS_NETWORKS = ("efficientnet-lite0", "vgg16")


class LossNetwork(Protocol):
    """Computes features of pictures; has no state and nothing to train.

    Attributes:
        feature_count: how many features it has.
        content_shares: the features that say what a picture shows, by number from 0, and how much
            each counts; the last is what `content` means where it is measured.
    """

    feature_count: int
    content_shares: Mapping[int, float]

    def features(self, pictures: Any, count: int = ...) -> list[Any]:
        """Look at pictures.

        Args:
            pictures: float32 [N, H, W, 3], RGB in 0..1.
            count: how many of the features are wanted; all if not given.

        Returns:
            Arrays float32 [N, h, w, C], finest first.
        """
        ...


def open_loss_network(name: str = LOSS_NETWORKS[0], weights: Path | None = None) -> LossNetwork:
    """Load a loss network with its trained weights.

    Args:
        name: one of `LOSS_NETWORKS`.
        weights: a file of its own form, or None for where the weights are usually had.

    Raises:
        ConfigError: there is none of that name.
        MissingDependencyError: no file given, and the package with the weights isn't installed.
        TrainError: the file can't be used, or a download failed.
    """
    if name == "efficientnet-lite0":
        from videostyle.train.efficientnet import EfficientNetLite0

        return EfficientNetLite0(weights)
    if name == "vgg16":
        from videostyle.train.vgg import Vgg16

        return Vgg16.open(weights)
    raise ConfigError(f"features '{name}' are unknown; choose one of {', '.join(LOSS_NETWORKS)}")
