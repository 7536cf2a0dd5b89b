"""The styles that come with videostyle, and finding a network by what a user calls it."""

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from videostyle.errors import ModelLoadError, UnknownStyleError
from videostyle.models.model_file import SUFFIX, read_card, read_spec
from videostyle.models.spec import NetworkSpec

# One folder a style, one file a network: styles/wave/fast.keras is `wave/fast`.
STYLE_FOLDER = Path(__file__).parent / "styles"

DEFAULT_NETWORK = "fast"

# A Core ML package is a folder; the coreml room looks into it.
PACKAGE_SUFFIX = ".mlpackage"
OLD_COREML_SUFFIX = ".mlmodel"

MODEL_SUFFIXES = (SUFFIX, PACKAGE_SUFFIX)


@dataclass(frozen=True)
class StyleInfo:
    """One network of a built-in style.

    Attributes:
        style: such as `wave`.
        network: such as `fast` or `reference`.
        path: the model file.
    """

    style: str
    network: str
    path: Path

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


def list_styles() -> list[StyleInfo]:
    """Every network of every built-in style, by name; the default network comes first."""
    files = STYLE_FOLDER.glob(f"*/*{SUFFIX}")
    infos = [StyleInfo(file.parent.name, file.stem, file) for file in files]
    return sorted(infos, key=lambda info: (info.style, info.network != DEFAULT_NETWORK,
                                           info.network))


def find_style(name: str | Path) -> Path:
    """The model file that a user means.

    Args:
        name: a built-in style, one of its networks, or the path of a model file.

    Raises:
        UnknownStyleError: no style has that name, and no file either.
        ModelLoadError: it is a file of another kind, or damaged.
    """
    text = str(name)
    built_in = {info.name: info.path for info in list_styles()}
    if found := built_in.get(text) or built_in.get(f"{text}/{DEFAULT_NETWORK}"):
        return found
    path = Path(name)
    if path.exists() or path.suffix in MODEL_SUFFIXES:
        return _check_model_path(path)
    names = sorted({info.style for info in list_styles()} | set(built_in))
    close = difflib.get_close_matches(text, names, n=1)
    hint = f"did you mean '{close[0]}'?" if close else f"known are {', '.join(names) or 'none'}"
    raise UnknownStyleError(f"there is no style '{text}'; {hint}")


def _check_model_path(path: Path) -> Path:
    if not path.exists():
        raise ModelLoadError(f"{path}: no such file")
    if path.suffix == OLD_COREML_SUFFIX:
        raise ModelLoadError(f"{path}: is of Core ML's old kind, which is not read here; "
                             "convert the style anew with 'videostyle convert'")
    if path.suffix not in MODEL_SUFFIXES:
        raise ModelLoadError(f"{path}: is no model file; its name must end in "
                             f"{', '.join(MODEL_SUFFIXES)}")
    if path.suffix == SUFFIX:
        read_spec(path)  # a damaged file is found now, and not when the network is loaded
    return path
