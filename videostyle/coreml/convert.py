"""Converting a style and proving the result; nothing is kept without the proof."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from videostyle.coreml.check import check_package
from videostyle.coreml.convert_config import ConvertConfig
from videostyle.coreml.coremltools import import_coremltools
from videostyle.coreml.export import DIGEST_KEY, STYLE_KEY, write_package
from videostyle.coreml.package import SUFFIX
from videostyle.coreml.report import PackageReport
from videostyle.errors import ConfigError, ParityError, TargetError, TargetExistsError
from videostyle.files.digest import digest_path
from videostyle.files.target import check_folder
from videostyle.files.whole import writing_folder
from videostyle.models.making.made_style import made_label
from videostyle.models.model_file import SUFFIX as MODEL_SUFFIX
from videostyle.models.model_file import load_model
from videostyle.models.styles import find_style, list_styles


def convert_style(
    style: str | Path,
    target: str | Path,
    config: ConvertConfig | None = None,
    *,
    frames: Sequence[np.ndarray] | None = None,
    on_stage: Callable[[str], None] = lambda stage: None,
) -> PackageReport:
    """Write a style as a Core ML package, and compare the two.

    Args:
        style: a style, one of its networks, or a model file.
        target: the `.mlpackage` to write; it appears whole and proven, or not at all.
        config: how; the defaults are 480x853, half precision, for iOS16 and newer.
        frames: uint8 [H, W, 3] pictures of the input size to compare on; None for our own.
        on_stage: called with the current step.

    Returns:
        The report.

    Raises:
        ConfigError: the settings or names don't work.
        ModelLoadError, UnknownStyleError: the style can't be used.
        ParityError: the package paints another picture; nothing was kept.
        BackendError: coremltools failed.
        TargetError: the package exists or can't be written.
        MissingDependencyError: coremltools isn't installed.
    """
    config, target = config or ConvertConfig(), Path(target)
    source = find_style(style)
    check_names(source, target, config)
    import_coremltools()
    labels = {STYLE_KEY: _name_of(source), DIGEST_KEY: digest_path(source)}
    with writing_folder(target) as part:
        on_stage("converting")
        write_package(load_model(source), part, config, labels)
        report = check_package(part, against=str(source), frames=frames, on_stage=on_stage)
        report = replace(report, package=target, against=labels[STYLE_KEY])
        if not report.passed:
            raise ParityError(f"{target}: not kept: {report.problem}", report)
    return report


def check_names(source: Path, target: Path, config: ConvertConfig) -> None:
    """Check the files before anything heavy is loaded.

    Raises:
        ConfigError: the source is not a model file, or the target's name or place is wrong.
        TargetError: the target exists, or its folder is missing.
    """
    if source.suffix != MODEL_SUFFIX:
        raise ConfigError(f"{source}: is no {MODEL_SUFFIX} model file; only these are converted")
    if target.suffix != SUFFIX:
        raise ConfigError(f"{target}: a package's name must end in {SUFFIX}")
    check_folder(target)
    if target.exists() and not config.overwrite:
        raise TargetExistsError(target)
    if target.exists() and not (target / "Manifest.json").is_file():
        raise TargetError(target, "is no Core ML package, so it is not replaced")


def _name_of(source: Path) -> str:
    """A style's full name, what a made style was made from, or a file's name."""
    named = next((info.name for info in list_styles() if info.path == source), None)
    return named or made_label(source) or source.name
