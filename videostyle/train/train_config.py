"""The settings of a training."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass
from pathlib import Path

from videostyle.errors import ConfigError
from videostyle.files.recipe import Shows, setting
from videostyle.models.precision import AUTO, BF16, FP32
from videostyle.models.spec import FastSpec, NetworkSpec
from videostyle.train.loss_network import LOSS_NETWORKS

PRECISIONS = (AUTO, FP32, BF16)

# What to start from, besides styles and model files.
AUTO_START, NO_START = "auto", "nothing"


@dataclass(frozen=True)
class LossWeights:
    """How much each term of the loss counts; see docs/training.md for measurements.

    Attributes:
        style: likeness to the painting.
        color: of the painting's colours among the features that make the likeness; much below 4,
            colours appear that the painting lacks.
        content: likeness to the photo, in features.
        smoothness: against noise between neighbouring pixels (total variation).
        luminance: light and dark stay where they are.
        grid: against a pattern that repeats every four pixels.
        palette: against colours that the painting lacks.
        stability: against flicker: the painting moves with the picture; 0 turns it off, which
            saves a second pass of the network.
    """

    style: float = 10.0
    color: float = 4.0
    content: float = 0.5
    smoothness: float = 4.0
    luminance: float = 3.0
    grid: float = 10_000.0
    palette: float = 200.0
    stability: float = 400.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not 0 <= value < float("inf"):
                raise ConfigError(f"{name} weight must be 0 or more, not {value}")


@dataclass(frozen=True)
class TrainConfig:
    """What to train and how.

    Attributes:
        painting: a picture file; the style.
        photos: what to paint while training: folders of pictures and clips, pictures, clips.
        spec: the network.
        steps: how many updates.
        minutes: how long to train instead of counting steps, or None.
        batch_size: photos in each step.
        crop: side in pixels of the squares cut from the photos, a multiple of 32.
        stroke: short side in pixels to which the painting is scaled: a larger painting gives
            larger strokes on a frame of 480 lines.
        learning_rate: of Adam, after the warm-up and before it decays.
        weights: of the loss terms.
        start_from: a style or model file of the same architecture; `auto`, what comes nearest (see
            `start.py`); or `nothing`, random weights.
        features: the loss network, one of `loss_network.LOSS_NETWORKS`.
        loss_network: a file of its weights, or None for the usual place.
        measure_every: steps between two measurements on held-out photos; the best state is kept.
        checkpoint_s: seconds between two checkpoints, if there is a target.
        samples: a folder for a picture at each measurement, or None.
        precision: of the painting network, one of `PRECISIONS`; `auto` is bf16 where a GPU is
            fast at it.
        seed: of everything random.
        card: entries for the model's card that only a person knows, such as the painter.
    """

    painting: Path = setting(MISSING, Shows.OTHERWISE)
    photos: tuple[Path, ...] = setting(MISSING, Shows.OTHERWISE)
    spec: NetworkSpec = setting(FastSpec, Shows.OTHERWISE)
    steps: int = setting(4000, Shows.NOWHERE)
    minutes: float | None = setting(None, Shows.NOWHERE)
    batch_size: int = setting(8, Shows.FILE)
    crop: int = setting(288, Shows.FILE)
    stroke: int = setting(400, Shows.FILE)
    learning_rate: float = setting(2e-3, Shows.FILE)
    weights: LossWeights = setting(LossWeights, Shows.OTHERWISE)
    start_from: str | Path = setting(AUTO_START, Shows.OTHERWISE)
    features: str = setting(LOSS_NETWORKS[0], Shows.FILE)
    loss_network: Path | None = setting(None, Shows.OTHERWISE)
    measure_every: int = setting(250, Shows.NOWHERE)
    checkpoint_s: float = setting(60, Shows.NOWHERE)
    samples: Path | None = setting(None, Shows.NOWHERE)
    precision: str = setting(AUTO, Shows.FILE)
    seed: int = setting(0, Shows.FILE)
    card: Mapping[str, str] = setting(dict, Shows.NOWHERE)

    def __post_init__(self) -> None:
        bounds = {
            "steps": (1, 10**7),
            "batch_size": (1, 256),
            "crop": (64, 1024),
            "stroke": (64, 4096),
            "measure_every": (1, 10**7),
        }
        for name, (low, high) in bounds.items():
            if not low <= getattr(self, name) <= high:
                raise ConfigError(f"{name} must be {low} to {high}, not {getattr(self, name)}")
        if self.minutes is not None and not 0 < self.minutes < float("inf"):
            raise ConfigError(f"minutes must be above 0, not {self.minutes}")
        if self.crop % 32:
            raise ConfigError(f"crop must be a multiple of 32, not {self.crop}")
        if not self.photos:
            raise ConfigError("training needs photos")
        if not 0 < self.learning_rate < 1:
            raise ConfigError(f"learning_rate must be between 0 and 1, not {self.learning_rate}")
        if not 0 <= self.checkpoint_s < float("inf"):
            raise ConfigError(f"checkpoint_s must be 0 or more, not {self.checkpoint_s}")
        for name, choices in (("precision", PRECISIONS), ("features", LOSS_NETWORKS)):
            if getattr(self, name) not in choices:
                raise ConfigError(
                    f"{name} must be one of {', '.join(choices)}, not {getattr(self, name)!r}"
                )
