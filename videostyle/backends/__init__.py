"""What runs a style network. `open_backend` is the only door."""

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from videostyle.coreml.convert_config import COMPUTE_UNITS
from videostyle.errors import ConfigError, MissingDependencyError
from videostyle.models.precision import AUTO, BF16, FP32

if TYPE_CHECKING:
    from videostyle.backends.base import Backend, ModelSizes

__all__ = [
    "BACKENDS",
    "COMPUTES",
    "COMPUTE_UNITS",
    "PRECISIONS",
    "check_backend",
    "model_sizes",
    "open_backend",
    "precisions_of",
]

BACKENDS = ("auto", "openvino", "tensorflow", "coreml", "identity")

PRECISIONS = (AUTO, FP32, BF16)

# What may run a network. `default` is the processor in OpenVINO, and whatever Core ML finds best.
COMPUTES = ("default", "auto", "cpu", "gpu", "npu")

_CORE_ML_UNITS = {
    "default": "all",
    "auto": "all",
    "cpu": "cpu",
    "gpu": "cpu-and-gpu",
    "npu": "cpu-and-ne",
}

_PACKAGE_SUFFIX = ".mlpackage"

# The package that a backend runs on, and what brings it.
_NEEDS = {
    "openvino": ("openvino", "openvino"),
    "tensorflow": ("tensorflow", "'videostyle[tensorflow]'"),
    "coreml": ("coremltools", "'videostyle[coreml]'"),
}


def check_backend(name: str, precision: str = "auto", model: Path | None = None) -> str:
    """The backend that a name stands for: `auto` is the fastest installed that runs the model.

    Args:
        name: one of `BACKENDS`.
        precision: one of `PRECISIONS`.
        model: the model file, if it is known already.

    Raises:
        ConfigError: no backend has that name, it has no such precision, or it doesn't run such a
            model.
        MissingDependencyError: its package isn't installed.
    """
    if name not in BACKENDS:
        raise ConfigError(f"backend '{name}' is unknown; choose one of {', '.join(BACKENDS)}")
    if precision not in PRECISIONS:
        raise ConfigError(
            f"precision '{precision}' is unknown; choose one of {', '.join(PRECISIONS)}"
        )
    if name == "auto":
        name = _fastest(model)
    if not _is_runnable(name):
        raise MissingDependencyError(f"the {name} backend needs: pip install {_NEEDS[name][1]}")
    if name != "openvino" and precision == "bf16":
        raise ConfigError(f"backend {name} computes in fp32; only openvino computes in bf16")
    if model is not None:
        _check_runs(name, model)
    return name


def _fastest(model: Path | None) -> str:
    if model is not None and model.suffix == _PACKAGE_SUFFIX:
        return "coreml"
    runnable = [name for name in ("openvino", "tensorflow") if _is_runnable(name)]
    return runnable[0] if runnable else "openvino"


def _check_runs(name: str, model: Path) -> None:
    is_package = model.suffix == _PACKAGE_SUFFIX
    if name in ("openvino", "tensorflow") and is_package:
        raise ConfigError(
            f"{model}: the {name} backend runs .keras files; the coreml backend runs packages"
        )
    if name == "coreml" and not is_package:
        raise ConfigError(
            f"{model}: the coreml backend runs {_PACKAGE_SUFFIX} files; "
            "make one with 'videostyle convert'"
        )


def model_sizes(name: str, model: Path) -> "ModelSizes":
    """Which sizes a model takes and gives, without loading its network.

    Args:
        name: one of `BACKENDS`.
        model: the model file.

    Raises:
        ConfigError: the backend doesn't run such a model.
        ModelLoadError: the model file can't be used.
        MissingDependencyError: the backend's package isn't installed.
    """
    from videostyle.backends.base import ModelSizes

    if check_backend(name, model=model) != "coreml":
        return ModelSizes()
    from videostyle.coreml.package import read_package

    package = read_package(model)
    return ModelSizes(package.sizes, package.output)


def open_backend(
    name: str,
    model: Path,
    precision: str = "auto",
    compute: str = "default",
    threads: int | None = None,
) -> "Backend":
    """Load a model file into a backend.

    Args:
        name: one of `BACKENDS`.
        model: the model file; `identity` needs none and reads none.
        precision: one of `PRECISIONS`: what the network computes in; `auto` is the fastest that
            the backend and the processor have.
        compute: one of `COMPUTES`: what may run the network, in OpenVINO and in Core ML on a Mac.
            `auto` in OpenVINO is the processor unless another device is faster in a trial.
        threads: of the processor that it may use; None for as many as it likes.

    Raises:
        ConfigError: no backend has that name, it has no such precision or device, or it doesn't
            run such a model.
        ModelLoadError: the model file can't be used.
        MissingDependencyError: the backend's package isn't installed.
        BackendError: TensorFlow runs already in this process, with other threads.
    """
    name = check_backend(name, precision, model)
    _check_compute(name, compute)
    if name == "identity":
        from videostyle.backends.identity import IdentityBackend

        return IdentityBackend()
    if name == "coreml":
        from videostyle.backends.coreml import CoreMLBackend

        return CoreMLBackend(model, _CORE_ML_UNITS[compute], threads)
    if name == "openvino":
        from videostyle.backends.openvino import OpenVinoBackend

        return OpenVinoBackend(model, precision, threads, compute)
    from videostyle.backends.tensorflow import TensorFlowBackend

    return TensorFlowBackend(model, threads)


def _check_compute(name: str, compute: str) -> None:
    if compute not in COMPUTES:
        raise ConfigError(f"compute '{compute}' is unknown; choose one of {', '.join(COMPUTES)}")
    if name not in ("openvino", "coreml") and compute in ("gpu", "npu"):
        raise ConfigError(f"the {name} backend can't be told to use the {compute.upper()}")


def precisions_of(name: str) -> tuple[str, ...]:
    """What a backend computes in on this processor; nothing if it isn't installed."""
    if not _is_runnable(name):
        return ()
    if name != "openvino":
        return ("fp32",)
    from videostyle.backends.openvino import known_precisions

    return known_precisions()


def _is_runnable(name: str) -> bool:
    """Whether the package that a backend runs on is installed."""
    return name not in _NEEDS or _is_installed(_NEEDS[name][0])


def _is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
