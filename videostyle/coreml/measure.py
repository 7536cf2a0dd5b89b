"""How long a package takes for a frame, on this Mac or an attached phone: on macOS only.

A thin wrapper around coremltools' benchmarker, written from its source and never run. The file it
writes, `device.latency.LatencyRecord`, is tested everywhere.
"""

import asyncio
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from videostyle.coreml.coremltools import import_coremltools
from videostyle.coreml.measure_config import MeasureConfig
from videostyle.coreml.native import NOT_RUN, NativeModel, is_native
from videostyle.device.latency import LatencyRecord
from videostyle.errors import BackendError


def measure_latency(path: Path, config: MeasureConfig) -> LatencyRecord:
    """Time a package with random pictures.

    Raises:
        BackendError: this is no Mac, no such phone is attached, or Core ML failed.
        ModelLoadError: the package is missing, damaged or of another kind.
    """
    if not is_native():
        raise BackendError(f"{path}: can't be timed here: {NOT_RUN}; run this on a Mac")
    model = NativeModel(path, config.compute_units)
    try:
        device, samples = asyncio.run(_benchmark(model, config))
    except BackendError:
        raise
    except Exception as error:  # whatever Xcode's tools and Core ML say
        raise BackendError(f"{path}: timing failed: {error}") from error
    name = device.name if device else platform.node()
    system = device.os_version if device else f"macOS {platform.mac_ver()[0]}"
    return LatencyRecord(
        name,
        system,
        config.compute_units,
        path.name,
        str(model.package.sizes[0]) if model.package.sizes else "",
        tuple(samples),
        datetime.now(UTC).isoformat(timespec="seconds"),
    )


async def _benchmark(model: NativeModel, config: MeasureConfig) -> tuple[Any, Sequence[float]]:
    import_coremltools()
    from coremltools.models.ml_program.experimental.perf_utils import MLModelBenchmarker

    device = await _attached(config) if config.device else None
    benchmarker = MLModelBenchmarker(model=model.mlmodel, device=device)
    measured = await benchmarker.benchmark_predict(iterations=config.samples, warmup=True)
    return device, measured.samples


async def _attached(config: MeasureConfig) -> Any:
    from coremltools.models.ml_program.experimental.remote_device import (
        AppSigningCredentials,
        Device,
        DeviceState,
    )

    devices = [each for each in Device.get_devices() if each.state == DeviceState.CONNECTED]
    found = [each for each in devices if each.name == config.device]
    if not found:
        names = ", ".join(each.name for each in devices) or "none"
        raise BackendError(f"no device '{config.device}' is attached; attached are: {names}")
    credentials = AppSigningCredentials(
        development_team=config.team or "",
        provisioning_profile_uuid=config.profile,
        bundle_identifier=config.bundle,
    )
    return await found[0].prepare_for_model_debugging(credentials)
