"""What runs a style network. `open_backend` is the only door."""

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from videostyle.errors import ConfigError, MissingDependencyError

if TYPE_CHECKING:
    from videostyle.backends.base import Backend

BACKENDS = ("auto", "openvino", "tensorflow", "identity")

PRECISIONS = ("auto", "fp32", "bf16")


def check_backend(name: str, precision: str = "auto") -> str:
    """The backend that a name stands for: `auto` is the fastest one that is installed.

    Raises:
        ConfigError: no backend has that name, or it has no such precision.
        MissingDependencyError: its package isn't installed.
    """
    if name not in BACKENDS:
        raise ConfigError(f"backend '{name}' is unknown; choose one of {', '.join(BACKENDS)}")
    if precision not in PRECISIONS:
        raise ConfigError(f"precision '{precision}' is unknown; "
                          f"choose one of {', '.join(PRECISIONS)}")
    if name == "auto":
        name = "openvino" if _is_installed("openvino") else "tensorflow"
    if name == "openvino" and not _is_installed("openvino"):
        raise MissingDependencyError(
            "the openvino backend needs: pip install 'videostyle[fast]'")
    if name != "openvino" and precision == "bf16":
        raise ConfigError(f"backend {name} computes in fp32; bf16 needs --backend openvino")
    return name


def open_backend(name: str, model: Path, precision: str = "auto") -> "Backend":
    """Load a model file into a backend.

    Args:
        name: one of `BACKENDS`.
        model: the model file; `identity` needs none and reads none.
        precision: one of `PRECISIONS`: what the network computes in; `auto` is the fastest that
            the backend and the processor have.

    Raises:
        ConfigError: no backend has that name, or it has no such precision.
        ModelLoadError: the model file can't be used.
        MissingDependencyError: the backend's package isn't installed.
    """
    name = check_backend(name, precision)
    if name == "identity":
        from videostyle.backends.identity import IdentityBackend

        return IdentityBackend()
    if name == "openvino":
        from videostyle.backends.openvino import OpenVinoBackend

        return OpenVinoBackend(model, precision)
    from videostyle.backends.tensorflow import TensorFlowBackend

    return TensorFlowBackend(model)


def _is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
