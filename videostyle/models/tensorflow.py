"""Importing TensorFlow without its log messages, and with Keras computing in it."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from videostyle.errors import BackendError, MissingDependencyError

# The libraries under Keras that a network can be trained in.
TRAINERS = ("tensorflow", "jax", "torch")

# Two threads that redirect stderr at once would each save the other's null as the real one.
_turning_away = threading.Lock()


def import_tensorflow(extra: str = "tensorflow") -> Any:
    """Import TensorFlow without its log messages, with Keras computing in it.

    Args:
        extra: the extra of our package that the error names if TensorFlow is missing.

    Raises:
        MissingDependencyError: it isn't installed.
        BackendError: Keras was imported earlier with another library under it.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "keras" not in sys.modules:
        os.environ["KERAS_BACKEND"] = "tensorflow"
    try:
        with _turning_away, _quiet_stderr():
            import tensorflow
    except ImportError as error:
        raise MissingDependencyError(
            f"TensorFlow is needed here: pip install 'videostyle[{extra}]'"
        ) from error
    import keras

    # Several networks, each with its own graph, are no reason for a warning.
    tensorflow.get_logger().setLevel("ERROR")
    if keras.backend.backend() != "tensorflow":
        raise BackendError(
            "Keras was imported with another library before videostyle; "
            "set KERAS_BACKEND=tensorflow"
        )
    return tensorflow


def import_keras() -> Any:
    """Import Keras on the library that KERAS_BACKEND names, by default TensorFlow.

    Raises:
        MissingDependencyError: the library that it names isn't installed.
        BackendError: it is not one of `TRAINERS`.
    """
    name = os.environ.get("KERAS_BACKEND", "tensorflow")
    if name == "tensorflow":
        import_tensorflow("train")
    elif name not in TRAINERS:
        raise BackendError(
            f"KERAS_BACKEND names {name}, which can't be used for training; "
            f"choose one of {', '.join(TRAINERS)}"
        )
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with _turning_away, _quiet_stderr():
            import keras
            import tensorflow  # noqa: F401  (Keras loads parts of it later in any case)
    except ImportError as error:
        raise MissingDependencyError(
            f"KERAS_BACKEND names {name}, which can't be imported "
            f"({error}); install it or choose tensorflow"
        ) from error
    return keras


def limit_threads(tensorflow: Any, threads: int | None) -> None:
    """Limit TensorFlow to a number of processor threads; None changes nothing.

    Raises:
        BackendError: it already runs in this process with another number.
    """
    limits = tensorflow.config.threading
    if threads is None or limits.get_intra_op_parallelism_threads() == threads:
        return
    try:
        limits.set_intra_op_parallelism_threads(threads)
        limits.set_inter_op_parallelism_threads(1)
    except RuntimeError as error:
        raise BackendError(
            f"TensorFlow already runs in this process, and can no longer be limited to "
            f"{threads} threads"
        ) from error


@contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Silence stderr: TensorFlow's C++ code writes there before it reads any log level."""
    try:
        saved = os.dup(2)
    except OSError:  # no stderr at all, as under some services
        yield
        return
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(null)
