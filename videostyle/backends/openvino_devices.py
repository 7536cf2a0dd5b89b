"""Which of a machine's devices OpenVINO runs a network on: the processor, a GPU or an NPU (neural
processing unit).

Experimental: GPU and NPU were tried on stand-ins only, no machine with one was at hand.
"""

import time
from collections.abc import Callable, Sequence

import numpy as np

from videostyle.errors import BackendError, ConfigError

CPU = "CPU"

# Numbers that a device computes with, in our words and in OpenVINO's. A GPU could do with half
# precision, but its frames would be further from the processor's than `MOST_LEVELS`; NPUs have
# nothing else.
PRECISIONS = {"GPU": ("fp32", "f32"), "NPU": ("fp16", "f16")}

# How far a device's frames may be from the processor's, of 255, for `auto` to take it.
MOST_LEVELS = 2

# The trial of `auto`: so many frames of about 480p, the second time that it paints them.
TRIAL_FRAMES = 4
TRIAL_SIZE = (480, 856)

Paint = Callable[[np.ndarray], np.ndarray]


def find_device(compute: str, available: Sequence[str]) -> str:
    """OpenVINO's name of a device that was asked for.

    Args:
        compute: cpu, gpu or npu.
        available: OpenVINO's names of what is there, such as CPU, GPU.0, GPU.1 or NPU.

    Raises:
        ConfigError: this machine has none, or OpenVINO can't use it.
    """
    kind = compute.upper()
    found = [name for name in available if kind_of(name) == kind]
    if not found:
        raise ConfigError(
            f"OpenVINO finds no {kind} on this machine, only {', '.join(available)}; "
            "it may need the maker's driver"
        )
    return found[0]


def kind_of(device: str) -> str:
    """GPU for GPU.1."""
    return device.partition(".")[0]


def try_devices(available: Sequence[str], painter: Callable[[str], Paint]) -> str:
    """The fastest device that paints as the processor does, by a trial of a few frames.

    Args:
        available: OpenVINO's names of what is there.
        painter: loads the network onto a device; what it returns paints uint8 [N, H, W, 3].

    Returns:
        The processor if there is nothing else, or nothing faster; a device that fails, or whose
        frames differ by more than `MOST_LEVELS`, counts as slower.
    """
    others = [name for name in available if kind_of(name) in PRECISIONS]
    if not others:
        return CPU
    frames = _trial_frames()
    expected, cpu_s = _timed(painter(CPU), frames)
    seconds = {CPU: cpu_s}
    for name in others:
        try:
            painted, device_s = _timed(painter(name), frames)
        except (BackendError, ConfigError, RuntimeError):
            continue
        if np.abs(painted.astype(int) - expected).max() <= MOST_LEVELS:
            seconds[name] = device_s
    return min(seconds, key=lambda name: seconds[name])


def _timed(paint: Paint, frames: np.ndarray) -> tuple[np.ndarray, float]:
    paint(frames)  # compiles, and warms up
    began = time.perf_counter()
    painted = paint(frames)
    return painted, time.perf_counter() - began


def _trial_frames() -> np.ndarray:
    """Pictures with flat and busy parts, uint8 [N, H, W, 3]."""
    height, width = TRIAL_SIZE
    ramp = np.linspace(0, 255, width, dtype=np.float32)
    noise = np.random.default_rng(0).normal(0, 20, (TRIAL_FRAMES, height, width, 3))
    noise[:, : height // 2] = 0
    pictures = ramp[np.newaxis, np.newaxis, :, np.newaxis] + noise
    return np.clip(pictures, 0, 255).astype(np.uint8)
