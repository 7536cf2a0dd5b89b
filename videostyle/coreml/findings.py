"""What goes wrong, or may go wrong on a phone: one line each."""

from collections.abc import Sequence

import numpy as np

from videostyle.coreml.any_model import AnyModel
from videostyle.coreml.half import LIMIT
from videostyle.graphs.activations import Activation

# Below this spread of its levels a picture shows nothing.
FLAT_LEVELS = 1.0


def find_trouble(
    activations: Sequence[Sequence[Activation]], painted: Sequence[np.ndarray]
) -> list[str]:
    """What went wrong on pictures that were painted here.

    Args:
        activations: of each picture.
        painted: its levels, float32 [H, W, 3].
    """
    found = [_first_odd(each) for each in activations]
    # The first picture of each kind of trouble says enough.
    return list(dict.fromkeys([line for line in found if line])) + _flatness(activations, painted)


def _first_odd(activations: Sequence[Activation]) -> str | None:
    for each in activations:
        if not np.isfinite(each.peak):
            return f"NaN or infinity comes first from {each.kind} '{each.name}'"
        if each.peak > LIMIT:
            return (
                f"values above half precision's limit of {LIMIT:.0f} come first from "
                f"{each.kind} '{each.name}', up to {each.peak:.0f}: a phone may paint black"
            )
    return None


def _flatness(
    activations: Sequence[Sequence[Activation]], painted: Sequence[np.ndarray]
) -> list[str]:
    shown = [np.nan_to_num(levels, nan=0.0).clip(0, 255) for levels in painted]
    if any(levels.std(axis=(0, 1)).max() >= FLAT_LEVELS for levels in shown):
        return []
    mean = float(np.mean([levels.mean() for levels in shown]))
    look = "black" if mean < 2 else "white" if mean > 253 else "one flat color"
    line = f"it paints {look}"
    dead = next((each for each in activations[0] if each.peak == 0), None)
    if dead:
        line += f"; the first operation that gives only zeros is {dead.kind} '{dead.name}'"
    return [f"{line}; perhaps its values are of another range"]


def find_risks(model: AnyModel) -> list[str]:
    """What is known to go wrong on phones."""
    counts = model.counts
    risks = []
    if transposed := counts.get("conv_transpose", 0):
        risks.append(
            f"{transposed} transposed convolutions: known for checkerboards, and for slow "
            "or wrong results on some devices; try it on yours"
        )
    if means := counts.get("reduce_mean", 0):
        risks.append(
            f"unfused norms: {means} reduce_mean operations; their squares overflow half "
            "precision sooner than a fused norm"
        )
    if model.specification and len(model.sizes) != 1:
        count = len(model.sizes) or "a range of"
        risks.append(f"it takes {count} sizes: flexible shapes may keep it off the Neural Engine")
    if turns := counts.get("transpose", 0):
        risks.append(f"{turns} transposes: each moves the whole picture in memory")
    return risks
