"""The network whose features say how alike two pictures are, and the choice of one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from videostyle.errors import ConfigError

LOSS_NETWORKS = ("efficientnet-lite0", "vgg16")


class LossNetwork(Protocol):
    """Computes features of pictures; has no state and nothing to train.

    Attributes:
        feature_count: how many features it has.
        content_shares: the content features, by number from 0, and how much each counts; the last
            one is the measured `content`.
    """

    feature_count: int
    content_shares: Mapping[int, float]

    def features(self, pictures: Any, count: int = ...) -> list[Any]:
        """Compute the features of pictures.

        Args:
            pictures: float32 [N, H, W, 3], RGB in 0..1.
            count: how many features to compute; all if not given.

        Returns:
            Arrays float32 [N, h, w, C], finest first.
        """
        ...


def open_loss_network(name: str = LOSS_NETWORKS[0], weights: Path | None = None) -> LossNetwork:
    """Load a loss network with its trained weights.

    Args:
        name: one of `LOSS_NETWORKS`.
        weights: a file in its own format, or None for the usual place.

    Raises:
        ConfigError: there is no such network.
        MissingDependencyError: no file was given, and the package with the weights isn't installed.
        TrainError: the file can't be used, or a download failed.
    """
    if name == "efficientnet-lite0":
        from videostyle.train.efficientnet import EfficientNetLite0

        return EfficientNetLite0(weights)
    if name == "vgg16":
        from videostyle.train.vgg import Vgg16

        return Vgg16.open(weights)
    raise ConfigError(f"features '{name}' are unknown; choose one of {', '.join(LOSS_NETWORKS)}")
