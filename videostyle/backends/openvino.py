"""The fast backend: the network built for OpenVINO and compiled for this machine."""

from pathlib import Path
from typing import Any

import numpy as np

from videostyle.backends.base import check_frames
from videostyle.backends.openvino_devices import CPU, PRECISIONS, find_device, kind_of, try_devices
from videostyle.cores import usable_cores
from videostyle.errors import BackendError, ConfigError, MissingDependencyError
from videostyle.frames import Size
from videostyle.models.model_file import read_spec, read_weights

HINTS = {"fp32": "f32", "bf16": "bf16"}  # our names and OpenVINO's

# Each frame painted side by side needs its own memory: 60 MB for `wave/fast` at 480x853, ten times
# that for the article's network.
MOST_AT_ONCE = 4

# A GPU or NPU paints one while the next is on its way.
ON_DEVICE_AT_ONCE = 2


class OpenVinoBackend:
    """Runs a model file on the processor, in its fastest precision, or on another device."""

    name = "openvino"

    def __init__(
        self,
        model: Path,
        precision: str = "auto",
        threads: int | None = None,
        compute: str = "default",
    ) -> None:
        """Open OpenVINO; a network is compiled when the first frames of a size arrive.

        Args:
            model: a `.keras` file that videostyle saved.
            precision: auto (bf16 if the processor computes in it, otherwise fp32), fp32 or bf16.
            threads: processor threads that it may use, or None.
            compute: one of `COMPUTES`; `default` is the processor.

        Raises:
            ModelLoadError: the file can't be used.
            MissingDependencyError: OpenVINO isn't installed.
            ConfigError: there is no such device, or it doesn't compute in that precision.
        """
        openvino = _import_openvino()
        self._core = openvino.Core()
        self._spec, self._weights = read_spec(model), read_weights(model)
        self._threads = threads
        self._requests: dict[tuple[int, int, int], list[Any]] = {}
        self._use(self._choose_device(compute, precision), precision)
        version = openvino.__version__.split("-")[0]
        self.description = f"openvino {version} on {self._device} in {self._precision}"

    def _choose_device(self, compute: str, precision: str) -> str:
        if compute in ("default", "cpu"):
            return CPU
        available = self._core.available_devices
        if compute == "auto":
            return try_devices(available, lambda device: self._use(device, precision).stylize)
        return find_device(compute, available)

    def _use(self, device: str, precision: str) -> "OpenVinoBackend":
        self._device = device
        self._requests.clear()
        if device == CPU:
            self._precision = _choose_precision(self._core, precision)
            self._hint = HINTS[self._precision]
            self.frames_at_once = min(self._threads or usable_cores(), MOST_AT_ONCE)
            return self
        self._precision, self._hint = PRECISIONS[kind_of(device)]
        if precision not in ("auto", self._precision):
            raise ConfigError(f"{device} computes in {self._precision} here, not in {precision}")
        self.frames_at_once = ON_DEVICE_AT_ONCE
        return self

    def stylize(self, frames: np.ndarray) -> np.ndarray:
        check_frames(frames)
        height, width = frames.shape[1:3]
        count = 1 if len(frames) == 1 else self.frames_at_once
        requests = self._requests.get((height, width, count))
        if requests is None:
            requests = self._requests[height, width, count] = self._compile(height, width, count)
        painted = np.empty_like(frames)
        # On a processor a batch is no faster than single frames, but frames side by side are.
        for begin in range(0, len(frames), count):
            busy = [
                (number, request)
                for number, request in zip(range(begin, len(frames)), requests, strict=False)
            ]
            for number, request in busy:
                request.start_async({0: frames[number : number + 1]}, share_inputs=True)
            for number, request in busy:
                request.wait()
                painted[number] = request.get_output_tensor(0).data[0]
        return painted

    def _compile(self, height: int, width: int, count: int) -> list[Any]:
        """Requests for so many frames side by side."""
        from videostyle.backends.openvino_graph import build_graph

        settings = {"INFERENCE_PRECISION_HINT": self._hint, **self._scheduling(count)}
        graph = build_graph(self._spec, self._weights, Size(width, height))
        try:
            compiled = self._core.compile_model(graph, self._device, settings)
            return [compiled.create_infer_request() for _ in range(count)]
        except RuntimeError as error:
            raise BackendError(
                f"the network can't be compiled for {width}x{height}: {str(error).splitlines()[0]}"
            ) from error

    def _scheduling(self, count: int) -> dict[str, Any]:
        """On the processor a frame has a core of its own; a single one has all of them."""
        if self._device != CPU:
            return {"PERFORMANCE_HINT": "THROUGHPUT" if count > 1 else "LATENCY"}
        if count > 1:
            return {"NUM_STREAMS": str(count), "INFERENCE_NUM_THREADS": count}
        threads = {} if self._threads is None else {"INFERENCE_NUM_THREADS": self._threads}
        return {"PERFORMANCE_HINT": "LATENCY", **threads}


def known_precisions() -> tuple[str, ...]:
    """The precisions of this processor, the slowest first."""
    known = _import_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return ("fp32", "bf16") if "BF16" in known else ("fp32",)


def _choose_precision(core: Any, precision: str) -> str:
    known = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    if precision == "auto":
        return "bf16" if "BF16" in known else "fp32"
    if precision == "bf16" and "BF16" not in known:
        raise ConfigError("this processor doesn't compute in bf16")
    return precision


def _import_openvino() -> Any:
    try:
        import openvino
    except ImportError as error:
        raise MissingDependencyError("the openvino backend needs: pip install openvino") from error
    return openvino
