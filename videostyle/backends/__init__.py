"""What runs a style network. `open_backend` is the only door."""

from pathlib import Path
from typing import TYPE_CHECKING

from videostyle.errors import ConfigError

if TYPE_CHECKING:
    from videostyle.backends.base import Backend

BACKENDS = ("auto", "tensorflow", "identity")


def check_backend(name: str) -> str:
    """The backend that a name stands for: `auto` is the fastest one that is there.

    Raises:
        ConfigError: no backend has that name.
    """
    if name not in BACKENDS:
        raise ConfigError(f"backend '{name}' is unknown; choose one of {', '.join(BACKENDS)}")
    return "tensorflow" if name == "auto" else name


def open_backend(name: str, model: Path) -> "Backend":
    """Load a model file into a backend.

    Args:
        name: one of `BACKENDS`.
        model: the model file; `identity` needs none and reads none.

    Raises:
        ConfigError: no backend has that name.
        ModelLoadError: the model file can't be used.
        MissingDependencyError: the backend's package isn't installed.
    """
    name = check_backend(name)
    if name == "identity":
        from videostyle.backends.identity import IdentityBackend

        return IdentityBackend()
    from videostyle.backends.tensorflow import TensorFlowBackend

    return TensorFlowBackend(model)
