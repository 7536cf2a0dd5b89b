"""The built-in styles and the user's own, and finding one by its name."""

import difflib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from videostyle.errors import ModelLoadError, UnknownStyleError
from videostyle.models.making.made_style import make_style
from videostyle.models.model_file import SUFFIX, read_card, read_spec
from videostyle.models.spec import NetworkSpec

# One folder per style, one file per network: styles/wave/fast.keras is `wave/fast`.
STYLE_FOLDER = Path(__file__).parent / "styles"

# The user's styles are stored the same way in another folder, which this variable may name.
FOLDER_VARIABLE = "VIDEOSTYLE_STYLES"

DEFAULT_NETWORK = "fast"

# Models that others made: other rooms read them.
PACKAGE_SUFFIX = ".mlpackage"
FOREIGN_SUFFIXES = (PACKAGE_SUFFIX, ".mlmodel", ".onnx")

MODEL_SUFFIXES = (SUFFIX, *FOREIGN_SUFFIXES)


@dataclass(frozen=True)
class StyleInfo:
    """One network of a style.

    Attributes:
        style: such as `wave`.
        network: such as `fast` or `reference`.
        path: the model file.
        built_in: it comes with videostyle; otherwise the user added it.
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
    """Folder of the user's styles: `VIDEOSTYLE_STYLES`, or in the system's place for user data."""
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_data_dir("videostyle", appauthor=False)) / "styles"


def built_in_styles() -> list[StyleInfo]:
    """Every network of every built-in style, in the order of `list_styles`."""
    return _styles_in(STYLE_FOLDER, built_in=True)


def user_styles() -> list[StyleInfo]:
    """Every network that the user added, in the order of `list_styles`.

    If a later videostyle has a built-in style of the same name, that one is found instead.
    """
    return _styles_in(user_folder(), built_in=False)


def list_styles() -> list[StyleInfo]:
    """Every network of every style that can be found by name: the built-in ones, then the user's.

    They are sorted by name; a style's default network comes first.
    """
    built_in = built_in_styles()
    taken = {info.style for info in built_in}
    return built_in + [info for info in user_styles() if info.style not in taken]


def _styles_in(folder: Path, built_in: bool) -> list[StyleInfo]:
    infos = [
        StyleInfo(file.parent.name, file.stem, file, built_in)
        for file in folder.glob(f"*/*{SUFFIX}")
        # Files being written or removed have hidden names.
        if not file.name.startswith(".") and not file.parent.name.startswith(".")
    ]
    return sorted(
        infos, key=lambda info: (info.style, info.network != DEFAULT_NETWORK, info.network)
    )


@dataclass(frozen=True)
class FoundStyle:
    """A style that was found by its name.

    Attributes:
        path: the model file.
        notices: what the user should know, such as that it was just made.
    """

    path: Path
    notices: tuple[str, ...] = ()


def find_style(name: str | Path) -> Path:
    """Find the model file that a name stands for: `look_up_style` without its notices."""
    return look_up_style(name).path


def look_up_style(name: str | Path) -> FoundStyle:
    """Find a style, or make it.

    Args:
        name: a style, built-in or the user's, one of its networks, or the path of a model file; or
            a picture file or a mix, from which a style is made (`making/ingredients.py`).

    Raises:
        UnknownStyleError: there is no such style or file.
        ModelLoadError: the file is damaged or of the wrong kind.
        PaintingError: no style can be made from the picture.
        ConfigError: the mix is not valid.
        TargetError: a style was made but can't be written to the cache.
    """
    text, infos = str(name), list_styles()
    found = next((info.path for info in infos if text in (info.name, info.style)), None)
    if found:
        return FoundStyle(found)
    path = Path(name)
    if path.suffix in (*MODEL_SUFFIXES, ".mlmodelc"):
        return FoundStyle(_check_model_path(path))
    if made := make_style(text):
        return FoundStyle(made.path, (made.notice,))
    if path.exists():
        return FoundStyle(_check_model_path(path))
    names = sorted({word for info in infos for word in (info.name, info.style)})
    close = difflib.get_close_matches(text, names, n=1)
    hint = f"did you mean '{close[0]}'?" if close else f"styles: {', '.join(names) or 'none'}"
    raise UnknownStyleError(f"there is no style '{text}'; {hint}")


def _check_model_path(path: Path) -> Path:
    if not path.exists():
        raise ModelLoadError(f"{path}: no such file")
    if path.suffix == ".mlmodelc":
        raise ModelLoadError(
            f"{path}: is a compiled Core ML model, which only Apple's systems run; use the "
            ".mlmodel or .mlpackage that it was compiled from"
        )
    if path.suffix not in MODEL_SUFFIXES:
        raise ModelLoadError(
            f"{path}: is neither a model file ({', '.join(MODEL_SUFFIXES)}) nor a picture"
        )
    if path.suffix == SUFFIX:
        read_spec(path)  # finds a damaged file now, not when the network is loaded
    return path
