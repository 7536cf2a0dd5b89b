"""Threads on both sides of the network: order, errors, and no waiting for ever."""

import threading
import time
from itertools import count

import pytest

from videostyle.pipeline.overlap import DEPTH, ReadAhead, WriteBehind


def test_order_is_kept():
    written = []
    with ReadAhead(range(100)) as numbers, WriteBehind(written.append) as sink:
        for number in numbers:
            sink.put(number)
    assert written == list(range(100))


def test_reading_stays_a_few_items_ahead_and_no_more():
    taken = []

    def source():
        for number in count():
            taken.append(number)
            yield number

    with ReadAhead(source()) as numbers:
        assert next(iter(numbers)) == 0
        time.sleep(0.3)
        assert DEPTH <= len(taken) <= DEPTH + 2


def test_an_error_of_the_source_comes_out_after_the_items_before_it():
    def source():
        yield 1
        raise ValueError("broken")

    seen = []
    with pytest.raises(ValueError, match="broken"), ReadAhead(source()) as numbers:
        for number in numbers:
            seen.append(number)
    assert seen == [1]


@pytest.mark.parametrize("items", [1, 3 * DEPTH])
def test_an_error_of_the_writer_comes_out(items):
    def write(number):
        raise ValueError("full")

    with pytest.raises(ValueError, match="full"), WriteBehind(write) as sink:
        for number in range(items):
            sink.put(number)


def test_leaving_early_ends_the_threads():
    with ReadAhead(count()) as numbers, WriteBehind(lambda item: None):
        next(iter(numbers))
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if not [t for t in threading.enumerate() if t.name.startswith("videostyle-")]:
            return
        time.sleep(0.05)
    pytest.fail("a thread is left")
