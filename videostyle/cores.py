"""How many processors there are for us."""

import os


def usable_cores() -> int:
    """The processors that this process may use, which a container can make fewer."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
