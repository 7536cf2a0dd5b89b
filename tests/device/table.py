"""The table of cases that Python and the page's script are both held to.

Its outcomes were read over by a person, but for those of `schedule`: tests/device/test_schedule.py
holds that rule against a second, plainer model.
"""

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from videostyle.device.estimate import Source, Times, estimate_at, room_for
from videostyle.device.latency import percentile
from videostyle.device.schedule import simulate
from videostyle.frames import Size
from videostyle.preview.advice import Candidate, advise

CASES: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "cases.json").read_text(encoding="utf-8")
)


def times_of(values: Sequence[dict[str, Any]]) -> tuple[Times, ...]:
    """Times as the table gives them: source, size and milliseconds."""
    return tuple(
        Times(
            Source(each["source"]), size_of(each["size"]), tuple(each["samples_ms"]), each["note"]
        )
        for each in values
    )


def size_of(text: str) -> Size:
    width, height = (int(side) for side in text.split("x"))
    return Size(width, height)


def for_script(values: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same as the report holds them, with the percentiles that the page needs."""
    return [
        {
            **each,
            "ms": percentile(each["samples_ms"], 0.5),
            "slow_ms": percentile(each["samples_ms"], 0.95),
        }
        for each in values
    ]


def run(kind: str, case: dict[str, Any]) -> Any:
    """What Python makes of a case."""
    return {"estimate": _estimate, "room": _room, "schedule": _schedule, "advice": _advice}[kind](
        case
    )


def _estimate(case: dict[str, Any]) -> Any:
    estimate = estimate_at(times_of(case["times"]), size_of(case["size"]))
    return {
        "source": estimate.source.value,
        "slow_ms": estimate.slow_ms,
        "note": estimate.note,
        "verdict": estimate.verdict(Fraction(case["rate"])).value,
    }


def _room(case: dict[str, Any]) -> Any:
    return room_for(times_of(case["times"]), Fraction(case["rate"]), case["share"])


def _schedule(case: dict[str, Any]) -> Any:
    schedule = simulate(
        case["samples_ms"],
        Fraction(case["rate"]),
        Fraction(case["duration"]),
        Fraction(case["capture_rate"]),
    )
    return {
        "captures": list(schedule.captures),
        "dropped_share": round(schedule.dropped_share, 9),
        "shown_rate": round(schedule.shown_rate, 9),
        "latency_ms": None
        if schedule.median_latency_ms is None
        else round(schedule.median_latency_ms, 6),
    }


def _advice(case: dict[str, Any]) -> Any:
    candidates = [
        Candidate(
            number,
            size_of(each["size"]),
            each["rate"],
            Fraction(each["rate"]),
            times_of(case["times"]),
            each.get("dropped_share"),
            each.get("style", ""),
        )
        for number, each in enumerate(case["cells"], start=1)
    ]
    advice = advise(case["device"], candidates, Fraction(case["source_rate"]))
    return {
        "cell": advice.cell,
        "sentence": advice.sentence,
        "reason": advice.reason,
        "more": list(advice.more),
    }
