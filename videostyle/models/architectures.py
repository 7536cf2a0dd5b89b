"""The shapes of network that have a name: what `train --architecture` takes, and what the networks
of one style are called (`wave/fast`, `wave/reference-5`)."""

from videostyle.models.spec import FastSpec, NetworkSpec, ReferenceSpec

# Below `reference` the article's ladder: more and fewer blocks, then what makes three cheaper.
ARCHITECTURES: dict[str, NetworkSpec] = {
    "fast": FastSpec(),
    "reference": ReferenceSpec(),
    "reference-5": ReferenceSpec(residual_blocks=5),
    "reference-1": ReferenceSpec(residual_blocks=1),
    "separable": ReferenceSpec(separable=True),
    "half": ReferenceSpec(filters=(16, 32, 64)),
    "batch-norm": ReferenceSpec(norm="batch"),
}
