"""Small networks that between them have every setting of a spec, and random weights for them."""

import numpy as np

from videostyle.models.spec import FastSpec, NetworkSpec, ReferenceSpec
from videostyle.models.topology import weight_shapes

SMALL = (4, 6, 8)

VARIANTS: dict[str, NetworkSpec] = {
    "fast": FastSpec(4, 6, 2),
    "fast-batch": FastSpec(4, 6, 1, norm="batch", norm_epsilon=1e-3),
    "fast-no-blocks": FastSpec(4, 6, 0),
    "reference": ReferenceSpec(SMALL, 2),
    "batch": ReferenceSpec(SMALL, 1, norm="batch"),
    "separable": ReferenceSpec(SMALL, 1, separable=True),
    "separable-zero": ReferenceSpec(SMALL, 1, separable=True, padding="zero"),
    "transposed": ReferenceSpec(SMALL, 1, upsample="transposed"),
    "ends-9": ReferenceSpec(SMALL, 1, end_kernel=9),
    "zero": ReferenceSpec(SMALL, 1, padding="zero"),
    "head-norm": ReferenceSpec(SMALL, 1, head_norm=True, norm="batch"),
    "levels": ReferenceSpec(SMALL, 1, input_scaling="none"),
    "imported": ReferenceSpec(
        SMALL,
        1,
        upsample="transposed",
        end_kernel=9,
        head_norm=True,
        padding="zero",
        norm_epsilon=1e-3,
        output_gain=150.0,
        input_scaling="none",
    ),
}


def random_weights(spec: NetworkSpec, seed: int = 3) -> dict[str, np.ndarray]:
    """Weights under which a network paints neither black nor white, none of them 0 or 1.

    A fresh norm multiplies by 1 and adds 0; whoever leaves that out would not be caught.
    """
    random = np.random.default_rng(seed)

    def values(name: str, shape: tuple[int, ...]) -> np.ndarray:
        kind = name.split("/")[1]
        if kind == "gamma":
            return random.uniform(0.3, 0.9, shape)
        if kind == "moving_variance":
            return random.uniform(0.05, 0.2, shape)
        if kind in ("beta", "moving_mean", "bias"):
            return random.normal(0, 0.2, shape)
        return random.normal(0, np.prod(shape[:3]) ** -0.5, shape)

    return {
        name: values(name, shape).astype(np.float32) for name, shape in weight_shapes(spec).items()
    }
