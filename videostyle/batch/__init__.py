"""Many clips, one after another or on many machines.

`run.py` hands out calls and takes results; `clip.py` knows what a clip needs next; a `Worker` does
it; an executor (`local.py`, `ray.py`) says where workers are. None of them waits for another clip.
"""
