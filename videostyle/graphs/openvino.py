"""OpenVINO, imported where it is used."""

from typing import Any

from videostyle.errors import MissingDependencyError


def import_openvino() -> Any:
    """Import OpenVINO.

    Raises:
        MissingDependencyError: it isn't installed.
    """
    try:
        import openvino
    except ImportError as error:
        raise MissingDependencyError(
            "Core ML and ONNX models are run by OpenVINO: pip install openvino"
        ) from error
    return openvino


def first_cause(error: Exception) -> str:
    """What OpenVINO says went wrong, in one line: the last of its many."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
