"""Which packets of a stream to drop, as an expression for ffmpeg's bitstream filter `noise`.

Time is cut into slots that hold one picture at most. A slot has a bit; 48 make a number, and a tree
of comparisons finds the number for a time. Numbers that repeat are written once. Source of the
expression's functions: https://ffmpeg.org/ffmpeg-utils.html#Expression-Evaluation
"""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

# Bits in a number, of the 53 that a double holds; rhythms of 2, 3, 4, 6, 8, 12 and 16 repeat in it.
CHUNK = 48

# Windows takes command lines of 32767 characters.
MOST_CHARACTERS = 24_000

# What a number and its comparison take: `if(lt(ld(0),123456789),281474976710655,)`.
RUN_CHARACTERS = 42
MOST_RUNS = MOST_CHARACTERS // RUN_CHARACTERS

# From a slot on, until the next run's, all chunks have these bits.
Run = tuple[int, int]


def drop_table(ticks: Sequence[int], dropped: set[int]) -> tuple[str, int]:
    """Write the expression; what finds no room in it is kept.

    Args:
        ticks: the times of pictures, rising.
        dropped: those of them to drop.

    Returns:
        The expression, and how many pictures it drops.
    """
    slot = min((after - before for before, after in pairwise(ticks)), default=1)
    first = ticks[0] - slot // 2 if ticks else 0
    slots = [(tick - first) // slot for tick in sorted(dropped)]
    runs = list(_runs(slots))
    end = runs[MOST_RUNS][0] if len(runs) > MOST_RUNS else None
    runs = runs[:MOST_RUNS] + ([] if end is None else [(end, 0)])
    table = (
        f"st(0,floor((pts-({first}))/{slot}));st(1,pow(2,mod(ld(0),{CHUNK})));"
        f"mod(floor({_tree(runs)}/ld(1)),2)"
    )
    return table, sum(end is None or each < end for each in slots)


def _runs(slots: Sequence[int]) -> Iterator[Run]:
    """The slots' bits by chunks, those of equal neighbours together; before and after, none."""
    bits: dict[int, int] = {}
    for each in slots:
        bits[each // CHUNK] = bits.get(each // CHUNK, 0) | 1 << each % CHUNK
    yield -1, 0
    chunks = range(max(bits, default=-1) + 2)
    for number, alike in groupby(chunks, key=lambda chunk: bits.get(chunk, 0)):
        yield next(alike) * CHUNK, number


def _tree(runs: Sequence[Run]) -> str:
    if len(runs) == 1:
        return str(runs[0][1])
    half = len(runs) // 2
    return f"if(lt(ld(0),{runs[half][0]}),{_tree(runs[:half])},{_tree(runs[half:])})"
