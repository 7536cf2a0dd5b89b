"""videostyle: paint video files with style-transfer networks, at the rate and size you choose.

import videostyle
videostyle.stylize("in.mp4", "out.mp4", videostyle.StylizeConfig(fps=15, size="480x853"))
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from videostyle._version import __version__ as __version__

# Importing OpenVINO would report its use over the network, from a forked process that may hang.
_modules: dict[str, Any] = sys.modules
_modules.setdefault("openvino_telemetry", None)

if TYPE_CHECKING:
    from videostyle.batch.job import Job, Outcome
    from videostyle.batch.local import LocalExecutor
    from videostyle.batch.ray import RayExecutor
    from videostyle.batch.run import run_batch
    from videostyle.coreml.check import check_package
    from videostyle.coreml.convert import convert_style
    from videostyle.coreml.convert_config import ConvertConfig
    from videostyle.errors import VideoStyleError
    from videostyle.models.styles import list_styles
    from videostyle.models.tf1_checkpoint import import_checkpoint
    from videostyle.pipeline.result import StylizeResult
    from videostyle.pipeline.stylize import stylize, stylized_frames
    from videostyle.pipeline.stylize_config import StylizeConfig
    from videostyle.preview.preview_config import PreviewConfig
    from videostyle.preview.run import preview_clip
    from videostyle.train.train_config import TrainConfig
    from videostyle.train.trainer import train_style
    from videostyle.video.codecs import EncodeConfig

# Public names and the modules they live in: loaded when first used, so that
# `import videostyle` costs nothing.
_HOMES = {
    "ConvertConfig": "videostyle.coreml.convert_config",
    "EncodeConfig": "videostyle.video.codecs",
    "Job": "videostyle.batch.job",
    "LocalExecutor": "videostyle.batch.local",
    "Outcome": "videostyle.batch.job",
    "PreviewConfig": "videostyle.preview.preview_config",
    "RayExecutor": "videostyle.batch.ray",
    "StylizeConfig": "videostyle.pipeline.stylize_config",
    "StylizeResult": "videostyle.pipeline.result",
    "TrainConfig": "videostyle.train.train_config",
    "VideoStyleError": "videostyle.errors",
    "check_package": "videostyle.coreml.check",
    "convert_style": "videostyle.coreml.convert",
    "import_checkpoint": "videostyle.models.tf1_checkpoint",
    "list_styles": "videostyle.models.styles",
    "preview_clip": "videostyle.preview.run",
    "run_batch": "videostyle.batch.run",
    "stylize": "videostyle.pipeline.stylize",
    "stylized_frames": "videostyle.pipeline.stylize",
    "train_style": "videostyle.train.trainer",
}

__all__ = [
    "ConvertConfig",
    "EncodeConfig",
    "Job",
    "LocalExecutor",
    "Outcome",
    "PreviewConfig",
    "RayExecutor",
    "StylizeConfig",
    "StylizeResult",
    "TrainConfig",
    "VideoStyleError",
    "check_package",
    "convert_style",
    "import_checkpoint",
    "list_styles",
    "preview_clip",
    "run_batch",
    "stylize",
    "stylized_frames",
    "train_style",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'videostyle' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)
