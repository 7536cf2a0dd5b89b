"""The one way TensorFlow is imported: without its chatter, and with Keras computing in it."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from videostyle.errors import BackendError, MissingDependencyError

# The libraries under Keras that a network can be trained in.
TRAINERS = ("tensorflow", "jax", "torch")

# Two threads that turn stderr away at once would each take the other's null for the real one.
_turning_away = threading.Lock()


def import_tensorflow(extra: str = "tensorflow") -> Any:
    """Import TensorFlow without its chatter, with Keras computing in it.

    Args:
        extra: of our package: what to install for the work at hand if TensorFlow is missing.

    Raises:
        MissingDependencyError: it isn't installed.
        BackendError: Keras was imported before with another library under it.
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

    # One network after another, each with a graph of its own, is no mistake to warn of.
    tensorflow.get_logger().setLevel("ERROR")
    if keras.backend.backend() != "tensorflow":
        raise BackendError(
            "Keras was imported with another library before videostyle; "
            "set KERAS_BACKEND=tensorflow"
        )
    return tensorflow


def import_keras() -> Any:
    """Import Keras as the user's KERAS_BACKEND says, computing in TensorFlow if it says nothing.

    Raises:
        MissingDependencyError: the library that it names isn't installed.
        BackendError: it is none of `TRAINERS`.
    """
    name = os.environ.get("KERAS_BACKEND", "tensorflow")
    if name == "tensorflow":
        import_tensorflow("train")
    elif name not in TRAINERS:
        raise BackendError(
            f"KERAS_BACKEND names {name}, in which nothing is trained; "
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
    """Have TensorFlow use so many threads of the processor; None leaves it as it is.

    Raises:
        BackendError: it runs already in this process, with another number.
    """
    limits = tensorflow.config.threading
    if threads is None or limits.get_intra_op_parallelism_threads() == threads:
        return
    try:
        limits.set_intra_op_parallelism_threads(threads)
        limits.set_inter_op_parallelism_threads(1)
    except RuntimeError as error:
        raise BackendError(
            f"TensorFlow runs in this process already, and can't be held to "
            f"{threads} threads any more"
        ) from error


@contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Turn the process's stderr away: TensorFlow's C++ writes there before any log level counts."""
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
