"""A profile in words: a table for a person, Markdown for a page, plain values for a machine."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from videostyle.bench.processor import describe_processor
from videostyle.bench.profile import Profile

HEADS = ("stage", "wall s", "CPU s", "ms/frame")


def profile_as_text(profile: Profile) -> Iterator[str]:
    """Lines of aligned columns, then the verdict."""
    yield _title(profile)
    for cells in (HEADS, *_rows(profile)):
        yield f"{cells[0]:<10}" + "".join(f"{cell:>12}" for cell in cells[1:])
    yield from ("", *_verdict(profile))


def profile_as_markdown(profile: Profile) -> Iterator[str]:
    """Lines of Markdown."""
    yield from (_title(profile), "", "| " + " | ".join(HEADS) + " |", "|---|---:|---:|---:|")
    for cells in _rows(profile):
        yield "| " + " | ".join(cells) + " |"
    yield from ("", *_verdict(profile))


def profile_as_json(profile: Profile) -> dict[str, Any]:
    return asdict(profile) | {
        "processor": describe_processor(),
        "bound_s": profile.bound_s,
        "efficiency": profile.efficiency,
        "real_time_factor": profile.real_time_factor,
        "bottleneck": profile.bottleneck,
    }


def _title(profile: Profile) -> str:
    return (
        f"{profile.frames} frames ({profile.clip_s:.1f} s), {profile.backend}, "
        f"{describe_processor()}, load {profile.load:.1f} before"
    )


def _rows(profile: Profile) -> Iterator[tuple[str, ...]]:
    for name, cost in {**profile.stages, "whole": profile.whole}.items():
        yield (
            name,
            f"{cost.wall_s:.2f}",
            f"{cost.cpu_s:.2f}",
            f"{1000 * cost.wall_s / max(1, profile.frames):.1f}",
        )


def _verdict(profile: Profile) -> Iterator[str]:
    share = profile.stages[profile.bottleneck].cpu_s / sum(
        cost.cpu_s for cost in profile.stages.values()
    )
    yield f"bottleneck: the {profile.bottleneck}, {share:.0%} of the work"
    yield (
        f"efficiency: {profile.efficiency:.2f} (the stages alone allow {profile.bound_s:.1f} s, "
        f"the whole takes {profile.whole.wall_s:.1f} s)"
    )
    yield f"real-time factor: {profile.real_time_factor:.2f}"
