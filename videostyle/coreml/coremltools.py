"""Importing coremltools without its log messages."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from videostyle.errors import MissingDependencyError
from videostyle.models.tensorflow import import_tensorflow


def import_coremltools() -> Any:
    """Import coremltools and the TensorFlow under it.

    Raises:
        MissingDependencyError: it isn't installed.
    """
    import_tensorflow("coreml")  # first and quietly: coremltools would import it with its greetings
    try:
        with quiet():
            import coremltools
    except ImportError as error:
        raise MissingDependencyError(
            "Core ML packages need: pip install 'videostyle[coreml]'"
        ) from error
    return coremltools


@contextmanager
def quiet() -> Iterator[None]:
    """Silence its warnings about this TensorFlow version and about missing Apple libraries."""
    logger = logging.getLogger("coremltools")
    before, tqdm = logger.level, _tqdm_switch()
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tqdm(True)
            yield
    finally:
        tqdm(False)
        logger.setLevel(before)


def _tqdm_switch() -> Any:
    """Hides coremltools' own progress bars: only cli/ writes to the terminal."""
    import tqdm

    kind: Any = tqdm.tqdm
    before = kind.__init__

    def hidden(self: Any, *arguments: Any, **settings: Any) -> None:
        before(self, *arguments, **{**settings, "disable": True})

    def switch(on: bool) -> None:
        kind.__init__ = hidden if on else before

    return switch
