"""Adding and removing the user's own styles."""

import re
import shutil
from pathlib import Path

from videostyle.errors import (
    ConfigError,
    ModelLoadError,
    TargetError,
    TargetExistsError,
    UnknownStyleError,
)
from videostyle.files.target import make_folder
from videostyle.files.whole import writing
from videostyle.models.architectures import network_name
from videostyle.models.making.made_style import make_style
from videostyle.models.model_file import SUFFIX, read_spec, read_weights
from videostyle.models.styles import StyleInfo, built_in_styles, user_folder, user_styles

# Names must work as folder and file names on any system, and in lists with commas.
_NAME = re.compile(r"\w[\w-]*")

# Words that `videostyle styles` doesn't take as a style.
RESERVED = ("add", "remove")


def add_style(
    model: str | Path,
    name: str | None = None,
    *,
    overwrite: bool = False,
) -> StyleInfo:
    """Copy a model file to the user's styles, or make one from a painting, to be found by name.

    Args:
        model: a `.keras` file that videostyle saved, or a picture file.
        name: such as `mine` or, for one network of several, `mine/small`; without a network's
            name its architecture is used. None for the file's own name.
        overwrite: replace a network of that name.

    Returns:
        The added style; its file appears whole or not at all.

    Raises:
        ConfigError: the name can't be used, or is that of a built-in style.
        ModelLoadError: the file is missing, damaged or of the wrong kind.
        TargetError: the name is taken already, or the copy can't be written.
    """
    model, info = plan_style(model, name, overwrite=overwrite)
    read_weights(model)  # every listed style can be used
    _copy(model, info.path)
    return info


def plan_style(
    model: str | Path, name: str | None = None, *, overwrite: bool = False
) -> tuple[Path, StyleInfo]:
    """Check what `add_style` is given, and make the style if it is a painting.

    Returns:
        The model file, and where it will be.

    Raises:
        As `add_style`.
    """
    style, _, network = (name or Path(model).stem).partition("/")
    made = None if Path(model).suffix == SUFFIX else make_style(str(model))
    model = made.path if made else Path(model)
    if model.suffix != SUFFIX:
        raise ModelLoadError(f"{model}: is neither a {SUFFIX} model file nor a picture")
    spec = read_spec(model)
    network = network or network_name(spec)
    _check_name(style, network)
    info = StyleInfo(style, network, user_folder() / style / f"{network}{SUFFIX}", built_in=False)
    if info.path.exists() and not overwrite:
        raise TargetExistsError(info.name, "is already a style of yours")
    return model, info


def remove_style(name: str) -> list[StyleInfo]:
    """Delete a style of the user's, or one of its networks.

    Args:
        name: such as `mine`, with all its networks, or `mine/fast`.

    Returns:
        What was removed.

    Raises:
        UnknownStyleError: the user has no style of that name.
        ConfigError: it is a built-in style.
        TargetError: it can't be removed.
    """
    own = user_styles()
    gone = [info for info in own if name in (info.name, info.style)]
    if not gone:
        if any(name in (info.name, info.style) for info in built_in_styles()):
            raise ConfigError(f"'{name}' is a built-in style; only your own can be removed")
        names = ", ".join(dict.fromkeys(info.style for info in own)) or "none"
        raise UnknownStyleError(f"you have no style '{name}'; yours are: {names}")
    try:
        for info in gone:
            info.path.unlink()
        folder = gone[0].path.parent
        if not any(folder.iterdir()):
            folder.rmdir()
    except OSError as error:
        raise TargetError(error.filename, f"can't be removed: {error.strerror}") from error
    return gone


def _check_name(style: str, network: str) -> None:
    for word in (style, network):
        if not _NAME.fullmatch(word):
            raise ConfigError(
                f"'{word}' can't be a style's name: it may have letters, digits, - "
                "and _; give it another name"
            )
    if style in RESERVED:
        raise ConfigError(
            f"'{style}' can't be a style's name: 'videostyle styles {style}' is a "
            "command; give it another name"
        )
    if style.casefold() in {info.style.casefold() for info in built_in_styles()}:
        raise ConfigError(f"'{style}' is a built-in style; give yours another name")


def _copy(model: Path, target: Path) -> None:
    """Copy a file; the copy appears whole or not at all."""
    folder = target.parent
    make_folder(folder)
    try:
        with writing(target) as part:
            shutil.copyfile(model, part)
    finally:
        if not any(folder.iterdir()):
            folder.rmdir()
