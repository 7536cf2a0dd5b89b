"""Running a graph on frames: compiled for each size once, several frames side by side."""

from collections.abc import Callable
from typing import Any

import numpy as np

from videostyle.cores import usable_cores
from videostyle.errors import BackendError
from videostyle.frames import Size
from videostyle.graphs.openvino import first_cause, import_openvino

# Each frame painted side by side needs its own memory.
MOST_AT_ONCE = 4

HINTS = {"fp32": "f32", "bf16": "bf16"}  # our names and OpenVINO's

Build = Callable[[Size], Any]


class Painter:
    """Paints frames with a graph that is built for their size.

    Attributes:
        frames_at_once: how many frames it wants at once.
    """

    def __init__(
        self, name: str, build: Build, threads: int | None = None, precision: str = "fp32"
    ) -> None:
        """Prepare; nothing is built before the first frame.

        Args:
            name: of the model file, for errors.
            build: the graph for a size: frames uint8 [1, H, W, 3] to an array [1, H', W', 3].
            threads: processor threads that it may use, or None.
            precision: fp32 or bf16.
        """
        self._core = import_openvino().Core()
        self._name, self._build = name, build
        self._threads, self._precision = threads, precision
        self._requests: dict[tuple[Size, int], list[Any]] = {}
        self.frames_at_once = min(threads or usable_cores(), MOST_AT_ONCE)

    def paint(self, frames: np.ndarray) -> np.ndarray:
        """Run the graph on uint8 [N, H, W, 3]; gives [N, H', W', 3].

        Raises:
            ModelLoadError: the graph can't be built for this size.
            BackendError: it can't be run.
        """
        count = 1 if len(frames) == 1 else self.frames_at_once
        requests = self._requests_for(Size(frames.shape[2], frames.shape[1]), count)
        painted: list[np.ndarray] = []
        try:
            for begin in range(0, len(frames), count):
                part = frames[begin : begin + count]
                for request, frame in zip(requests, part, strict=False):
                    request.start_async({0: np.ascontiguousarray(frame[None])})
                for request, _ in zip(requests, part, strict=False):
                    request.wait()
                    painted.append(request.get_output_tensor(0).data[0].copy())
        except RuntimeError as error:
            raise BackendError(f"{self._name}: can't be run: {first_cause(error)}") from error
        return np.stack(painted)

    def _requests_for(self, size: Size, count: int) -> list[Any]:
        """Requests for so many frames side by side, a core each; one frame has all cores."""
        if (size, count) not in self._requests:
            model = self._build(size)
            try:
                compiled = self._core.compile_model(model, "CPU", self._settings(count))
                self._requests[size, count] = [
                    compiled.create_infer_request() for _ in range(count)
                ]
            except (RuntimeError, ValueError) as error:  # also of names that are no text
                raise BackendError(
                    f"{self._name}: OpenVINO can't compile it for {size}: {first_cause(error)}"
                ) from error
        return self._requests[size, count]

    def _settings(self, count: int) -> dict[str, Any]:
        settings: dict[str, Any] = {"INFERENCE_PRECISION_HINT": HINTS[self._precision]}
        if count > 1:
            return settings | {
                "NUM_STREAMS": str(count),
                "INFERENCE_NUM_THREADS": count,
                # Pinned to a core, a stream waits for whatever else runs there: beside other work
                # a frame took 1.3 times as long.
                "ENABLE_CPU_PINNING": "NO",
            }
        if self._threads is not None:
            settings["INFERENCE_NUM_THREADS"] = self._threads
        return settings | {"PERFORMANCE_HINT": "LATENCY"}
