"""The reference backend: the network as it was trained, in TensorFlow."""

from pathlib import Path
from typing import Any

import numpy as np

from videostyle.backends.base import check_frames, margins
from videostyle.errors import BackendError
from videostyle.models.tensorflow import import_tensorflow, limit_threads


class TensorFlowBackend:
    """Runs a model file with TensorFlow, on a GPU if TensorFlow finds one."""

    name = "tensorflow"

    def __init__(self, model: Path, threads: int | None = None) -> None:
        """Load the network.

        Args:
            model: a `.keras` file that videostyle saved.
            threads: processor threads that TensorFlow may use in this process, or None.

        Raises:
            ModelLoadError: the file can't be used.
            MissingDependencyError: TensorFlow isn't installed.
            BackendError: it already runs in this process with another number of threads.
        """
        self._tensorflow = import_tensorflow()
        limit_threads(self._tensorflow, threads)
        from videostyle.models.model_file import load_model

        style = load_model(model)
        self._network = style.network
        self._multiple = style.spec.size_multiple
        self._graphs: dict[tuple[int, ...], Any] = {}
        self.description = self._describe()

    def stylize(self, frames: np.ndarray) -> np.ndarray:
        check_frames(frames)
        tf, sides = self._tensorflow, frames.shape[1:3]
        if sides not in self._graphs:
            self._graphs[sides] = self._graph_for(*sides)
        try:
            painted: np.ndarray = self._graphs[sides](tf.constant(frames)).numpy()
            return painted
        except tf.errors.ResourceExhaustedError as error:
            raise BackendError(
                f"out of memory for {len(frames)} frames of "
                f"{frames.shape[2]}x{frames.shape[1]}; "
                "take a smaller --size or --batch-size 1"
            ) from error

    def _graph_for(self, height: int, width: int) -> Any:
        """A TensorFlow function for any number of frames. Each size needs its own, since the
        margins are part of it.
        """
        tf = self._tensorflow
        frames = tf.TensorSpec([None, height, width, 3], tf.uint8, name="frames")
        return tf.function(self._graph, input_signature=[frames])

    def _graph(self, frames: Any) -> Any:
        """Pad to the network's multiple by reflection, paint, crop back, round.

        Without the exact crop, 853 columns come back as 856 and the picture shifts.
        """
        tf = self._tensorflow
        height, width = frames.shape[1], frames.shape[2]
        rows, columns = margins(height, self._multiple), margins(width, self._multiple)
        levels = tf.cast(frames, tf.float32)  # [N, H, W, 3]
        levels = tf.pad(levels, [[0, 0], rows, columns, [0, 0]], mode="REFLECT")
        levels = self._network(levels, training=False)
        levels = levels[:, rows[0] : rows[0] + height, columns[0] : columns[0] + width]
        return tf.cast(tf.round(tf.clip_by_value(levels, 0.0, 255.0)), tf.uint8)

    def _describe(self) -> str:
        tf = self._tensorflow
        device = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
        return f"tensorflow {tf.__version__} on {device}"
