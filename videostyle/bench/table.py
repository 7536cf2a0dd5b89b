"""Timings as a table for a person, for a page in Markdown, or for a machine."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from videostyle.bench.measure import Timing
from videostyle.bench.processor import describe_processor
from videostyle.models.architectures import WORDS
from videostyle.models.spec import spec_to_json

MISSING = "-"

# A network that takes this share of another's time, or less, is called faster.
FASTER = 0.95


def _value(form: str, value: float | None) -> str:
    return MISSING if value is None else format(value, form)


COLUMNS: dict[str, Callable[[Timing], str]] = {
    "network": lambda timing: timing.rung.name + ("" if timing.rung.is_trained else "*"),
    "": lambda timing: WORDS[timing.rung.name],
    "median ms": lambda timing: f"{timing.median_ms:.1f}",
    "p95 ms": lambda timing: f"{timing.p95_ms:.1f}",
    "parameters": lambda timing: f"{timing.parameters:,}",
    "GMAC": lambda timing: f"{timing.gmac:.1f}",
    "MB": lambda timing: f"{timing.megabytes:.2f}",
    "style loss": lambda timing: _value(".3f", timing.quality.style),
    "content loss": lambda timing: _value(".3f", timing.quality.content),
    "E_warp": lambda timing: _value(".5f", timing.quality.warping_error),
    "A12 ms (article)": lambda timing: _value(".0f", timing.a12_ms),
}
TEXT_COLUMNS = 2  # the first ones, which are left-aligned

RANDOM_NOTE = (
    "* random weights: as fast as trained ones, but their pictures have no quality; the style "
    "has no trained network of this form"
)


def as_text(timings: Sequence[Timing]) -> Iterator[str]:
    """Lines of aligned columns, one table for each backend."""
    for group in by_backend(timings).values():
        cells = [
            list(COLUMNS),
            *([column(timing) for column in COLUMNS.values()] for timing in group),
        ]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        yield heading(group)
        for row in cells:
            yield "  ".join(
                cell.ljust(width) if number < TEXT_COLUMNS else cell.rjust(width)
                for number, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
        yield from ("", *remarks(group), "")


def as_markdown(timings: Sequence[Timing]) -> Iterator[str]:
    """Lines of Markdown, one table for each backend."""
    for backend, group in by_backend(timings).items():
        yield from (f"**{backend}**, {_circumstances(group)}", "")
        yield "| " + " | ".join(COLUMNS) + " |"
        yield "|---" * TEXT_COLUMNS + "|---:" * (len(COLUMNS) - TEXT_COLUMNS) + "|"
        for timing in group:
            cells = (column(timing) for column in COLUMNS.values())
            yield "| " + " | ".join(cells).replace("*", r"\*") + " |"
        yield from ("", *(remark.replace("*", r"\*") for remark in remarks(group)), "")


def as_json(timings: Sequence[Timing]) -> dict[str, Any]:
    """Everything as plain values, including each sample."""
    return {
        "processor": describe_processor(),
        "timings": [_record(timing) for timing in timings],
        "separable": {
            backend: sentence
            for backend, group in by_backend(timings).items()
            if (sentence := judge_separable(group))
        },
    }


def _record(timing: Timing) -> dict[str, Any]:
    return {
        "network": timing.rung.name,
        "trained": timing.rung.is_trained,
        "spec": spec_to_json(timing.rung.spec),
        "backend": timing.backend,
        "size": str(timing.size),
        "median_ms": timing.median_ms,
        "p95_ms": timing.p95_ms,
        "samples_ms": list(timing.samples_ms),
        "parameters": timing.parameters,
        "gmac": timing.gmac,
        "megabytes": timing.megabytes,
        "a12_ms": timing.a12_ms,
        "quality": asdict(timing.quality),
    }


def by_backend(timings: Sequence[Timing]) -> dict[str, list[Timing]]:
    groups: dict[str, list[Timing]] = {}
    for timing in timings:
        groups.setdefault(timing.backend, []).append(timing)
    return groups


def heading(group: Sequence[Timing]) -> str:
    """What was timed on one backend, and on which processor."""
    return f"{group[0].backend}, {_circumstances(group)}"


def _circumstances(group: Sequence[Timing]) -> str:
    return f"{group[0].size}, {len(group[0].samples_ms)} frames, on {describe_processor()}"


def judge_separable(group: Sequence[Timing]) -> str | None:
    """Whether the article's surprise, that separable blocks are not faster, holds on a backend.

    Args:
        group: the timings of that backend.

    Returns:
        One sentence, or None if the two networks aren't among them.
    """
    found = {timing.rung.name: timing for timing in group}
    if not {"separable", "reference"} <= set(found):
        return None
    separable, full = found["separable"], found["reference"]
    ratio = separable.median_ms / full.median_ms
    verdict = "refuted" if ratio <= FASTER else "confirmed"
    return (
        f"The article's surprise, that separable blocks are not faster, is {verdict} here: "
        f"they take {ratio:.2f} times as long as full ones ({separable.median_ms:.0f} "
        f"against {full.median_ms:.0f} ms) with {separable.gmac / full.gmac:.2f} times the "
        "multiply-adds."
    )


def remarks(group: Sequence[Timing]) -> Iterator[str]:
    """Conclusions from a backend's timings, one sentence each."""
    if sentence := judge_separable(group):
        yield sentence
    if not all(timing.rung.is_trained for timing in group):
        yield RANDOM_NOTE
