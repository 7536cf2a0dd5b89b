"""The processor's name: no timing means anything without it."""

import platform
from pathlib import Path

from videostyle.backends import precisions_of
from videostyle.cores import usable_cores

_CPUINFO = Path("/proc/cpuinfo")


def describe_processor() -> str:
    """Its name, the cores that this process may use, and whether it computes in bf16.

    Such as `AMD EPYC 9R14, 2 cores, with bf16`. Anything unknown is named as unknown.
    """
    known = precisions_of("openvino")
    bf16 = "with" if "bf16" in known else "without" if known else "unknown whether with"
    return f"{_name()}, {usable_cores()} cores, {bf16} bf16"


def _name() -> str:
    # Linux has it in this file; `platform.processor` is empty or "x86_64" there.
    if _CPUINFO.is_file():
        for line in _CPUINFO.read_text(errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine() or "an unknown processor"
