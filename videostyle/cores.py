"""How many processor cores there are."""

import os


def usable_cores() -> int:
    """The cores that this process may use; in a container that can be fewer than all."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
