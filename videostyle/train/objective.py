"""What a painting network is trained for: likeness to the painting and the photo, no flicker."""

from collections.abc import Callable
from typing import Any

import numpy as np
from keras import ops

from videostyle.train.features import SCALES, StandardFeatures, as_unit, as_vectors, pyramid
from videostyle.train.loss_network import LossNetwork
from videostyle.train.losses import (
    Clouds,
    grid_pattern,
    luminance_difference,
    mean_square,
    sliced_wasserstein,
    strange_colors,
    total_variation,
)
from videostyle.train.motion import draw_jitter, draw_motions, motion_difference, move
from videostyle.train.train_config import LossWeights

DIRECTIONS = 48
# Positions compared per picture, layer and scale. All of them would be 20,000 in the finest.
MOST_POSITIONS = 4096
# Positions of the painting to draw from, for each of the picture's; limited to save memory.
PAINTING_SHARE = 4
MOST_PAINTING_POSITIONS = 16384

PALETTE_COLORS = 64

# Of full scale, on the moved photo: grain must not change the painting, be it as fine as a sensor's
# or as coarse as that of a clip that was scaled up (standard deviations of a blur, in pixels).
NOISE = 0.02
GRAINS = (0.0, 1.5)

Data = dict[str, Any]


class BareObjective:
    """The whole loss, but for the painting: that is handed in with each batch."""

    def __init__(
        self, network: LossNetwork, photos: np.ndarray, weights: LossWeights, most_positions: int
    ) -> None:
        """Standardise the features.

        Args:
            network: computes features.
            photos: uint8 [N, S, S, 3], to standardise the features by; S is the side of the
                squares that the loss will see.
            weights: of the terms.
            most_positions: compared per picture, layer and scale.
        """
        self.features = StandardFeatures(network, photos)
        self._weights, self._side = weights, photos.shape[1]
        self._content_shares = network.content_shares
        self._most_positions = most_positions
        self._noise: list[np.ndarray] = []
        self.counts = self.features.count_positions(self._side)

    def draw(self, random: np.random.Generator, batch_size: int) -> Data:
        """Draw everything random of one step, and the weights: compilers take all for data.

        One compiled step then serves every painting and every weighting.
        """
        draws = {
            **self.draw_projections(random),
            "weights": {name: np.float32(w) for name, w in vars(self._weights).items()},
            "jitter": draw_jitter(random, batch_size, self._side),
        }
        if self._is_calming:
            draws |= {
                "noise": self._draw_noise(random),
                "motions": draw_motions(random, batch_size, self._side),
            }
        return draws

    @property
    def _is_calming(self) -> bool:
        """Whether the moved photos are painted as well, which doubles a step's work."""
        return self._weights.stability > 0

    def _draw_noise(self, random: np.random.Generator) -> np.ndarray:
        """A random window of a field twice as wide: making a new one takes longer than a step."""
        if not self._noise:
            # With its own generator, because a resumed training must use the same fields.
            own = np.random.default_rng(self._side)
            self._noise = [_make_grain(own, 2 * self._side, blur) for blur in GRAINS]
        top, left = random.integers(self._side, size=2)
        grain = self._noise[random.integers(len(GRAINS))]
        return grain[top : top + self._side, left : left + self._side]

    def draw_projections(self, random: np.random.Generator) -> Data:
        """Draw what is compared: directions for each layer, positions for each scale and layer."""
        here, there = [], []
        for counts, paintings in zip(self.counts, self.painting_counts(), strict=True):
            for count, painting in zip(counts, paintings, strict=True):
                number = min(count, self._most_positions)
                here.append(random.integers(count, size=number, dtype="int32"))
                there.append(random.integers(painting, size=number, dtype="int32"))
        return {
            "directions": [_unit_columns(random, c) for c in self.features.channels],
            "color_weight": np.float32(self._weights.color),
            "here": here,
            "there": there,
        }

    def painting_counts(self) -> list[list[int]]:
        """How many vectors of the painting there are at each scale, in each layer."""
        return self.counts

    def loss(self, paint: Callable[[Any], Any], painting: Any, data: Data) -> tuple[Any, Data]:
        """The loss of one batch.

        Args:
            paint: the network: float32 [N, H, W, 3] in 0..1 to the same.
            painting: for each scale and layer vectors [P, C] of the painting, or [N, P, C] if each
                photo has its own; passed in so that compilers treat them as data.
            data: what `draw` gave, `palette` [K, 3] or [N, K, 3], and `photos` [N, S, S, 3], levels
                of 0..255.

        Returns:
            The scalar to make small, and its terms by name.
        """
        photos, weights, calm = as_unit(data["photos"]), data["weights"], {}
        if self._is_calming:
            moved = ops.clip(move(photos, data["motions"]) + data["noise"], 0.0, 1.0)
            # One pass for both, so that batch norm sees them together.
            both = paint(ops.concatenate([photos, moved], axis=0))  # [2N, S, S, 3]
            painted, painted_moved = ops.split(both, 2, axis=0)
            calm = {"stability": motion_difference(painted_moved, painted, data["motions"])}
        else:
            painted = paint(photos)  # [N, S, S, 3]
        style, content = self.likeness(move(painted, data["jitter"]), painting, data)
        terms = {
            "style": style,
            "content": content,
            "smoothness": total_variation(painted),
            "luminance": luminance_difference(painted, photos),
            "grid": grid_pattern(painted),
            "palette": strange_colors(painted[:, ::2, ::2], data["palette"]),
            **calm,
        }
        return sum(weights[name] * term for name, term in terms.items()), terms

    def likeness(self, painted: Any, painting: Any, data: Data) -> tuple[Any, Any]:
        """Style and content loss, two scalars, of pictures [N, S, S, 3] in 0..1."""
        style, content = self.compare(painted, painting, data)
        return style, sum(self._content_shares[n] * content[n] for n in self._content_shares)

    def compare(self, painted: Any, painting: Any, data: Data) -> tuple[Any, dict[int, Any]]:
        """Style loss, and the content loss of each feature that has a share in it, by number."""
        clouds, layers = [], len(data["directions"])
        shown: list[Any] = []
        for scale, pictures in enumerate(pyramid(painted)):
            features = self.features(pictures)
            shown = shown or features
            for layer, feature in enumerate(features):
                here, there = (data[side][scale * layers + layer] for side in ("here", "there"))
                weight = data["color_weight"] if layer == layers - 1 else 1.0
                clouds.append(
                    Clouds(
                        ops.take(as_vectors(feature), here, axis=1),
                        ops.take(painting[scale][layer], there, axis=-2),
                        data["directions"][layer],
                        weight,
                    )
                )
        photos = self.features(as_unit(data["photos"]), max(self._content_shares) + 1)
        content = {n: mean_square(shown[n] - photos[n]) for n in self._content_shares}
        return sliced_wasserstein(clouds) / SCALES, content


class Objective(BareObjective):
    """The whole loss for one painting."""

    def __init__(
        self, network: LossNetwork, painting: np.ndarray, photos: np.ndarray, weights: LossWeights
    ) -> None:
        """Look at the painting once, float32 [H, W, 3] in 0..1; the rest as `BareObjective`."""
        super().__init__(network, photos, weights, MOST_POSITIONS)
        self._palette = find_palette(painting)
        self.painting = [
            [
                _sample(as_vectors(f)[0], count)
                for f, count in zip(self.features(p), counts, strict=True)
            ]
            for p, counts in zip(pyramid(painting[None]), self.counts, strict=True)
        ]

    def draw(self, random: np.random.Generator, batch_size: int) -> Data:
        """As `BareObjective.draw`, and the painting's palette."""
        return {**super().draw(random, batch_size), "palette": self._palette}

    def painting_counts(self) -> list[list[int]]:
        return [[vectors.shape[0] for vectors in layers] for layers in self.painting]


def find_palette(painting: np.ndarray) -> np.ndarray:
    """A palette [64, 3] that represents the colours of a painting [H, W, 3] in 0..1."""
    import cv2

    cv2.setRNGSeed(0)
    pixels = painting.reshape(-1, 3).astype("float32")
    until = (cv2.TERM_CRITERIA_MAX_ITER, 20, 0)
    _, _, centers = cv2.kmeans(pixels, PALETTE_COLORS, None, until, 1, cv2.KMEANS_PP_CENTERS)
    return np.asarray(centers)


def _make_grain(random: np.random.Generator, side: int, blur: float) -> np.ndarray:
    """Noise [S, S, 3] of the standard deviation `NOISE`."""
    import cv2

    grain = random.standard_normal((side, side, 3), np.float32)
    if blur:
        grain = cv2.GaussianBlur(grain, None, blur)
    return grain * np.float32(NOISE / grain.std())


def _sample(vectors: Any, count: int) -> Any:
    """A fixed number of the painting's vectors [P, C], to suit `count` of the picture's.

    Paintings differ in shape, and a compiled step fits only one number.
    """
    wanted = min(PAINTING_SHARE * count, MOST_PAINTING_POSITIONS)
    order = np.random.default_rng(0).permutation(vectors.shape[0])
    return ops.take(vectors, np.resize(order, wanted).astype("int32"), axis=0)  # [wanted, C]


def _unit_columns(random: np.random.Generator, channels: int) -> np.ndarray:
    columns = random.standard_normal((channels, DIRECTIONS)).astype("float32")
    return np.asarray(columns / np.linalg.norm(columns, axis=0))
