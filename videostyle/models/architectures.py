"""The networks that have a name: the choices of `train --architecture`, the names of a style's
networks (`wave/fast`, `wave/reference-5`), and what `videostyle bench` times.
"""

from videostyle.models.spec import FastSpec, NetworkSpec, ReferenceSpec

# The article's ladder, from the largest to the fastest: fewer blocks, then cheaper ones.
ARCHITECTURES: dict[str, NetworkSpec] = {
    "reference-5": ReferenceSpec(residual_blocks=5),
    "reference": ReferenceSpec(),
    "batch-norm": ReferenceSpec(norm="batch"),
    "reference-1": ReferenceSpec(residual_blocks=1),
    "separable": ReferenceSpec(separable=True),
    "half": ReferenceSpec(filters=(16, 32, 64)),
    "fast": FastSpec(),
    "swift": FastSpec(stem_filters=8, filters=32),
}

WORDS = {
    "reference-5": "5 residual blocks",
    "reference": "3 residual blocks",
    "batch-norm": "3 residual blocks, batch norm",
    "reference-1": "1 residual block",
    "separable": "3 separable blocks",
    "half": "3 blocks, half the filters",
    "fast": "fast",
    "swift": "fast, fewer filters",
}


def network_name(spec: NetworkSpec) -> str:
    """What a style calls such a network: its name here, or that of its kind."""
    return next((name for name, known in ARCHITECTURES.items() if known == spec), spec.architecture)


# The network that the article timed on a phone: three full residual blocks with batch norm, and
# 3 x 3 kernels throughout.
ARTICLES = ReferenceSpec(norm="batch")


def is_articles_network(spec: NetworkSpec | None) -> bool:
    """Whether the article's figure was measured with such a network.

    Any way of scaling up and padding counts, because the article doesn't say which it used.
    """
    return isinstance(spec, ReferenceSpec) and all(
        getattr(spec, name) == getattr(ARTICLES, name)
        for name in ("filters", "residual_blocks", "separable", "norm", "end_kernel")
    )
