"""One sentence that says which cell to take, and why."""

from collections.abc import Sequence
from typing import Any

# The article's goal, "still visually appealing": below it a size is not worth having.
SMOOTH_RATE = 15.0


def advise(devices: Sequence[str], cells: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Recommend a cell for each device.

    The largest size that holds at 15 frames per second or more, at the fastest rate it holds; if
    nothing holds at 15, the fastest rate that holds, at its largest size.

    Args:
        devices: their names.
        cells: of the report, with their `devices`.

    Returns:
        For each device `{"device", "cell", "sentence"}`; the cell's id is None where there is
        nothing to recommend. One entry for no device if there is none.
    """
    if not devices:
        return [
            {
                "device": None,
                "cell": None,
                "sentence": "Nothing was measured on a device, so no cell is recommended: add "
                "--latency FILE to see which of them it holds.",
            }
        ]
    return [
        {"device": name, **_advise_for(name, number, cells)} for number, name in enumerate(devices)
    ]


def _advise_for(name: str, device: int, cells: Sequence[dict[str, Any]]) -> dict[str, Any]:
    verdicts = [cell["devices"][device]["verdict"] for cell in cells]
    holding = [cell for cell, verdict in zip(cells, verdicts, strict=True) if verdict == "holds"]
    if not holding:
        if all(verdict == "unknown" for verdict in verdicts):
            return {
                "cell": None,
                "sentence": f"Nothing was measured for this network on {name}, "
                "so no cell is recommended: add --latency FILE.",
            }
        return {
            "cell": None,
            "sentence": f"{name} holds none of these cells; try a smaller size or a lower rate.",
        }
    smooth = [cell for cell in holding if _rate(cell) >= SMOOTH_RATE]
    best = (
        max(smooth, key=lambda cell: (_pixels(cell), _rate(cell)))
        if smooth
        else max(holding, key=lambda cell: (_rate(cell), _pixels(cell)))
    )
    facts = best["devices"][device]
    reason = (
        f"the largest size that {name} holds at {SMOOTH_RATE:g} fps or more"
        if smooth
        else f"the fastest rate that {name} holds"
    )
    return {
        "cell": best["id"],
        "sentence": f"Take {best['box']} at {best['label']} fps: {reason}, with "
        f"{facts['slow_ms']:.0f} of {facts['budget_ms']:.0f} ms used.",
    }


def _rate(cell: dict[str, Any]) -> float:
    numerator, _, denominator = cell["rate"].partition("/")
    return int(numerator) / int(denominator or 1)


def _pixels(cell: dict[str, Any]) -> int:
    width, height = cell["work"].split("x")
    return int(width) * int(height)
