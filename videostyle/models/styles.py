"""The styles that come with videostyle and the user's own, and finding one by its name."""

import difflib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from videostyle.errors import ModelLoadError, UnknownStyleError
from videostyle.models.making.made_style import make_style
from videostyle.models.model_file import SUFFIX, read_card, read_spec
from videostyle.models.spec import NetworkSpec

# One folder a style, one file a network: styles/wave/fast.keras is `wave/fast`.
STYLE_FOLDER = Path(__file__).parent / "styles"

# The user's styles lie in the same form in a folder of their own, which this may name.
FOLDER_VARIABLE = "VIDEOSTYLE_STYLES"

DEFAULT_NETWORK = "fast"

# A Core ML package is a folder; the coreml room looks into it.
PACKAGE_SUFFIX = ".mlpackage"
OLD_COREML_SUFFIX = ".mlmodel"

MODEL_SUFFIXES = (SUFFIX, PACKAGE_SUFFIX)


@dataclass(frozen=True)
class StyleInfo:
    """One network of a style.

    Attributes:
        style: such as `wave`.
        network: such as `fast` or `reference`.
        path: the model file.
        built_in: it came with videostyle; else the user added it.
    """

    style: str
    network: str
    path: Path
    built_in: bool = True

    @property
    def name(self) -> str:
        """What `--style` takes, such as `wave/fast`."""
        return f"{self.style}/{self.network}"

    @property
    def spec(self) -> NetworkSpec:
        return read_spec(self.path)

    @property
    def card(self) -> dict[str, Any]:
        return read_card(self.path)


def user_folder() -> Path:
    """Where the user's styles are: `VIDEOSTYLE_STYLES`, else the system's place for user data."""
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_data_dir("videostyle", appauthor=False)) / "styles"


def built_in_styles() -> list[StyleInfo]:
    """Every network of every style that comes with videostyle, as `list_styles` orders them."""
    return _styles_in(STYLE_FOLDER, built_in=True)


def user_styles() -> list[StyleInfo]:
    """Every network that the user added, as `list_styles` orders them.

    A later videostyle may bring a style of the same name; that one is then found and listed.
    """
    return _styles_in(user_folder(), built_in=False)


def list_styles() -> list[StyleInfo]:
    """Every network of every style that is found by its name: the built-in ones, then the user's.

    They are in the order of their names; of each style the network that its name alone means comes
    first.
    """
    built_in = built_in_styles()
    taken = {info.style for info in built_in}
    return built_in + [info for info in user_styles() if info.style not in taken]


def _styles_in(folder: Path, built_in: bool) -> list[StyleInfo]:
    infos = [
        StyleInfo(file.parent.name, file.stem, file, built_in)
        for file in folder.glob(f"*/*{SUFFIX}")
        # What is being written or removed has a hidden name.
        if not file.name.startswith(".") and not file.parent.name.startswith(".")
    ]
    return sorted(
        infos, key=lambda info: (info.style, info.network != DEFAULT_NETWORK, info.network)
    )


@dataclass(frozen=True)
class FoundStyle:
    """What a style's name led to.

    Attributes:
        path: the model file.
        notices: what a user should know of it, such as that it was made just now.
    """

    path: Path
    notices: tuple[str, ...] = ()


def find_style(name: str | Path) -> Path:
    """The model file that a user means: as `look_up_style`, without its notices."""
    return look_up_style(name).path


def look_up_style(name: str | Path) -> FoundStyle:
    """Find a style, or make it.

    Args:
        name: a style, built-in or the user's, one of its networks, or the path of a model file; or
            a picture file or a mix, from which a style is made (`making/ingredients.py`).

    Raises:
        UnknownStyleError: no style has that name, and no file either.
        ModelLoadError: it is a file of another kind, or damaged.
        PaintingError: it is a picture from which no style can be made.
        ConfigError: it is a mix that can't be.
        TargetError: a style was made and can't be written to the cache.
    """
    text, infos = str(name), list_styles()
    found = next((info.path for info in infos if text in (info.name, info.style)), None)
    if found:
        return FoundStyle(found)
    path = Path(name)
    if path.suffix in MODEL_SUFFIXES:
        return FoundStyle(_check_model_path(path))
    if made := make_style(text):
        return FoundStyle(made.path, (made.notice,))
    if path.exists():
        return FoundStyle(_check_model_path(path))
    names = sorted({word for info in infos for word in (info.name, info.style)})
    close = difflib.get_close_matches(text, names, n=1)
    hint = f"did you mean '{close[0]}'?" if close else f"known are {', '.join(names) or 'none'}"
    raise UnknownStyleError(f"there is no style '{text}'; {hint}")


def _check_model_path(path: Path) -> Path:
    if not path.exists():
        raise ModelLoadError(f"{path}: no such file")
    if path.suffix == OLD_COREML_SUFFIX:
        raise ModelLoadError(
            f"{path}: is of Core ML's old kind, which is not read here; "
            "convert the style anew with 'videostyle convert'"
        )
    if path.suffix not in MODEL_SUFFIXES:
        raise ModelLoadError(
            f"{path}: is neither a model file ({', '.join(MODEL_SUFFIXES)}) nor a picture"
        )
    if path.suffix == SUFFIX:
        read_spec(path)  # a damaged file is found now, and not when the network is loaded
    return path
