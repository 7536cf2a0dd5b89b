"""Running style networks. `open_backend` is the only way in."""

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from videostyle.coreml.convert_config import COMPUTE_UNITS
from videostyle.errors import ConfigError, MissingDependencyError
from videostyle.models.precision import AUTO, BF16, FP32

if TYPE_CHECKING:
    from videostyle.backends.base import Backend, ModelSizes
    from videostyle.graphs.reading import Reading

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

_COREML_SUFFIXES = (".mlpackage", ".mlmodel")
_ONNX_SUFFIX = ".onnx"

# The package that a backend needs, and what to install for it.
_NEEDS = {
    "openvino": ("openvino", "openvino"),
    "tensorflow": ("tensorflow", "'videostyle[tensorflow]'"),
    "coreml": ("coremltools", "'videostyle[coreml]'"),
}


def check_backend(name: str, precision: str = "auto", model: Path | None = None) -> str:
    """The backend that a name stands for; `auto` is the fastest installed one for the model.

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
    if model is not None and model.suffix in _COREML_SUFFIXES:
        return "coreml"
    if model is not None and model.suffix == _ONNX_SUFFIX:
        return "openvino"
    runnable = [name for name in ("openvino", "tensorflow") if _is_runnable(name)]
    return runnable[0] if runnable else "openvino"


def _check_runs(name: str, model: Path) -> None:
    is_package = model.suffix in _COREML_SUFFIXES
    if name == "tensorflow" and model.suffix == _ONNX_SUFFIX:
        raise ConfigError(f"{model}: the openvino backend runs {_ONNX_SUFFIX} files")
    if name in ("openvino", "tensorflow") and is_package:
        raise ConfigError(
            f"{model}: the {name} backend runs .keras files; the coreml backend runs packages"
        )
    if name == "coreml" and not is_package:
        raise ConfigError(
            f"{model}: the coreml backend runs {' and '.join(_COREML_SUFFIXES)} files; "
            "make one with 'videostyle convert'"
        )


def model_sizes(name: str, model: Path, reading: "Reading | None" = None) -> "ModelSizes":
    """The sizes that a model takes and returns, without loading its network.

    Args:
        name: one of `BACKENDS`.
        model: the model file.
        reading: what the user says about a file that others made.

    Raises:
        ConfigError: the backend doesn't run such a model.
        ModelLoadError: the model file can't be used.
        MissingDependencyError: the backend's package isn't installed.
    """
    from videostyle.backends.base import ModelSizes

    name = check_backend(name, model=model)
    if name in ("openvino", "coreml") and model.suffix in (_ONNX_SUFFIX, *_COREML_SUFFIXES):
        from videostyle.backends.foreign import foreign_sizes

        return foreign_sizes(model, reading)
    from videostyle.graphs.reading import Reading

    if reading not in (None, Reading()):
        raise ConfigError(
            f"{model}: is videostyle's own; levels, function and style number say how to "
            "read a model file that others made"
        )
    return ModelSizes()


def open_backend(
    name: str,
    model: Path,
    precision: str = "auto",
    compute: str = "default",
    threads: int | None = None,
    reading: "Reading | None" = None,
) -> "Backend":
    """Load a model file into a backend.

    Args:
        name: one of `BACKENDS`.
        model: the model file; `identity` doesn't read it.
        precision: one of `PRECISIONS`, the numbers the network computes with; `auto` is the
            fastest on this backend and processor.
        compute: one of `COMPUTES`: what runs the network, in OpenVINO and in Core ML on a Mac.
            `auto` in OpenVINO is the processor unless another device is faster in a trial.
        threads: processor threads that it may use, or None for no limit.
        reading: what the user says about a file that others made.

    Raises:
        ConfigError: no backend has that name, it has no such precision or device, or it doesn't
            run such a model.
        ModelLoadError: the model file can't be used.
        MissingDependencyError: the backend's package isn't installed.
        BackendError: TensorFlow already runs in this process with another number of threads.
    """
    name = check_backend(name, precision, model)
    _check_compute(name, compute, model)
    if name == "identity":
        from videostyle.backends.identity import IdentityBackend

        return IdentityBackend()
    if name == "coreml":
        from videostyle.backends.coreml import CoreMLBackend

        return CoreMLBackend(model, _CORE_ML_UNITS[compute], threads, reading)
    if model.suffix == _ONNX_SUFFIX:
        from videostyle.backends.onnx import OnnxBackend

        return OnnxBackend(model, precision, threads, reading)
    if name == "openvino":
        from videostyle.backends.openvino import OpenVinoBackend

        return OpenVinoBackend(model, precision, threads, compute)
    from videostyle.backends.tensorflow import TensorFlowBackend

    return TensorFlowBackend(model, threads)


def _check_compute(name: str, compute: str, model: Path) -> None:
    if compute not in COMPUTES:
        raise ConfigError(f"compute '{compute}' is unknown; choose one of {', '.join(COMPUTES)}")
    if compute not in ("gpu", "npu"):
        return
    if name not in ("openvino", "coreml"):
        raise ConfigError(f"the {name} backend can't be told to use the {compute.upper()}")
    if model.suffix == _ONNX_SUFFIX:
        raise ConfigError(f"{model}: ONNX networks run on the processor only")


def precisions_of(name: str) -> tuple[str, ...]:
    """The precisions of a backend on this processor; none if it isn't installed."""
    if not _is_runnable(name):
        return ()
    if name != "openvino":
        return ("fp32",)
    from videostyle.backends.openvino import known_precisions

    return known_precisions()


def _is_runnable(name: str) -> bool:
    """Whether the package that a backend needs is installed."""
    return name not in _NEEDS or _is_installed(_NEEDS[name][0])


def _is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
