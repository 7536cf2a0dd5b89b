"""The table of packets to drop, read as ffmpeg reads its expression."""

import math
import random
import re

import pytest

from videostyle.video.drop_table import MOST_CHARACTERS, drop_table


def drops(table: str, pts: int) -> bool:
    """Evaluate the expression; Python has the same arithmetic."""
    first, second, last = table.split(";")
    registers: dict[int, float] = {}
    words = {
        "st": registers.__setitem__,
        "ld": registers.__getitem__,
        "floor": math.floor,
        "pow": pow,
        "mod": lambda a, b: a % b,
        "lt": lambda a, b: a < b,
        "choose": lambda yes, a, b: a if yes else b,
        "pts": pts,
    }
    for each in (first, second):
        eval(each, {}, words)
    return eval(re.sub(r"\bif\(", "choose(", last), {}, words) != 0


@pytest.mark.parametrize("gaps", [(512,), (33, 34, 33), (20, 20, 21, 100, 19), (1,)])
def test_it_drops_these_and_no_others(gaps):
    random.seed(len(gaps))
    ticks = [-7]
    for number in range(400):
        ticks.append(ticks[-1] + gaps[number % len(gaps)])
    dropped = set(random.sample(ticks, 150))
    table, count = drop_table(ticks, dropped)
    assert count == 150
    assert {tick for tick in ticks if drops(table, tick)} == dropped
    assert not any(drops(table, tick) for tick in (ticks[0] - 10**6, ticks[-1] + 10**6))


def test_a_rhythm_takes_little_room():
    ticks = list(range(0, 512 * 100_000, 512))
    table, count = drop_table(ticks, set(ticks[1::2]))
    assert count == 50_000
    assert len(table) < 250


def test_what_finds_no_room_is_kept():
    random.seed(1)
    ticks = list(range(0, 512 * 100_000, 512))
    dropped = set(random.sample(ticks, 50_000))
    table, count = drop_table(ticks, dropped)
    assert len(table) < MOST_CHARACTERS + 200
    kept_promise = set(sorted(dropped)[:count])
    assert all(drops(table, tick) == (tick in kept_promise) for tick in ticks[::1009])
    assert 10_000 < count < 50_000


def test_nothing_to_drop():
    assert drop_table([0, 512], set())[1] == 0
    assert drop_table([], set())[1] == 0
