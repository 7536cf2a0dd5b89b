"""Many clips, one after another or on many machines.

`run.py` gives calls to whoever is free and takes what they come to; `clip.py` knows what one clip
needs next; a `Worker` does it; an executor (`local.py`, `ray.py`) has the workers. `record.py`
keeps `batch.json`; `finding.py`, `listing.py` and `naming.py` make jobs of what a user writes.
"""
