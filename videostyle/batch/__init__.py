"""Painting many clips, one after another or on many machines.

`run.py` hands calls to free workers and collects the results; `clip.py` knows what one clip needs
next; a `Worker` does it; an executor (`local.py`, `ray.py`) runs the workers. `record.py` keeps
`batch.json`; `finding.py`, `listing.py` and `naming.py` turn the user's words into jobs.
"""
