"""The numbers that the painting network computes with in training; losses are always float32."""

from dataclasses import dataclass

import keras

from videostyle.models.precision import AUTO, BF16, FP32

# bfloat16 is fast from this NVIDIA generation, Ampere, on; older ones emulate it.
FIRST_CAPABILITY = 8


@dataclass(frozen=True)
class Device:
    """The device that Keras computes on.

    Attributes:
        name: for a person, such as `CPU` or `NVIDIA H100 80GB HBM3`.
        is_fast_in_bfloat16: whether bfloat16 is faster there.
    """

    name: str
    is_fast_in_bfloat16: bool


CPU = Device("CPU", False)


def choose_precision(setting: str, device: Device) -> str:
    """`fp32` or `bf16`; `auto` is bf16 if the device is fast at it."""
    if setting == AUTO:
        return BF16 if device.is_fast_in_bfloat16 else FP32
    return setting


def find_device() -> Device:
    """The first GPU that Keras' library uses, otherwise the CPU."""
    finders = {"tensorflow": _find_tensorflow, "jax": _find_jax, "torch": _find_torch}
    return finders[keras.backend.backend()]()


def _find_tensorflow() -> Device:
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return CPU
    details = tf.config.experimental.get_device_details(gpus[0])
    capability = details.get("compute_capability", (0,))  # an Apple GPU has none
    return Device(details.get("device_name", "GPU"), capability[0] >= FIRST_CAPABILITY)


def _find_jax() -> Device:
    import jax

    first = jax.devices()[0]
    if first.platform == "cpu":
        return CPU
    capability = float(getattr(first, "compute_capability", 0) or 0)
    return Device(first.device_kind, first.platform == "tpu" or capability >= FIRST_CAPABILITY)


def _find_torch() -> Device:
    import torch

    if not torch.cuda.is_available():
        return CPU
    return Device(
        torch.cuda.get_device_name(), torch.cuda.get_device_capability()[0] >= FIRST_CAPABILITY
    )
