"""Made styles as model files in the user's cache, one for each painting, stroke and maker."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videostyle.errors import ConfigError, TargetError
from videostyle.files.digest import digest_path, digest_values
from videostyle.models.making.ingredients import Ingredient, read_ingredients
from videostyle.models.making.painting import check_file

if TYPE_CHECKING:
    import numpy as np

CACHE_VARIABLE = "VIDEOSTYLE_CACHE"

# Codes of the built-in styles' paintings; the paintings don't come with videostyle.
CODES_FILE = Path(__file__).parent / "codes.npz"

# How long to wait for another run that makes the same style.
PATIENCE_S = 10.0


@dataclass(frozen=True)
class MadeStyle:
    """A style that was made.

    Attributes:
        path: its model file.
        seconds: how long making it took, or None if it was in the cache.
        label: what it was made from, for a person.
    """

    path: Path
    seconds: float | None
    label: str

    @property
    def notice(self) -> str:
        if self.seconds is None:
            return f"style made from {self.label} earlier, taken from the cache"
        return f"style made from {self.label} in {self.seconds:.1f} s"


def make_style(text: str) -> MadeStyle | None:
    """Make a style, or find it in the cache.

    Args:
        text: a painting or a mix, as `ingredients.py` reads it.

    Returns:
        The style, or None if the text is neither.

    Raises:
        ConfigError: a mix has something that can't be mixed, or a stroke or share is not valid.
        PaintingError: a painting can't be used.
        TargetError: the cache can't be written.
    """
    ingredients = read_ingredients(text)
    if not ingredients:
        return None
    records = [_describe(one) for one in ingredients]
    path = cache_folder() / f"{digest_values([_maker_digest(), records])[:24]}.keras"
    label = " + ".join(_label(one, len(ingredients)) for one in ingredients)
    if path.is_file():
        return MadeStyle(path, None, label)
    began = time.monotonic()
    code = _mix(ingredients)
    _save(path, code, {"made_from": records, "maker": _maker_digest()[:12], **_costs()})
    return MadeStyle(path, time.monotonic() - began, label)


def made_label(path: Path) -> str | None:
    """What a style in the cache was made from, for a person; None for any other file."""
    from videostyle.models.model_file import read_card

    if path.parent != cache_folder():
        return None
    records = read_card(path)["made_from"]
    names = [one.get("painting_file") or one["style"] for one in records]
    shares = [one["share"] for one in records]
    return " + ".join(_share_label(*each, len(names)) for each in zip(names, shares, strict=True))


def cache_folder() -> Path:
    """Folder of made styles: in `VIDEOSTYLE_CACHE`, or in the system's place for caches."""
    if named := os.environ.get(CACHE_VARIABLE):
        return Path(named) / "made"
    import platformdirs

    return Path(platformdirs.user_cache_dir("videostyle", appauthor=False)) / "made"


def mixable_styles() -> tuple[str, ...]:
    """Built-in styles that can be mixed."""
    import numpy as np

    with np.load(CODES_FILE, allow_pickle=False) as codes:
        return tuple(codes.files)


def _maker_digest() -> str:
    from videostyle.models.making.make import MAKER_FILE

    return digest_path(MAKER_FILE)


def _describe(one: Ingredient) -> dict[str, Any]:
    """What decides the style, and the painting's name for the card."""
    if not one.is_painting:
        if one.source not in mixable_styles():
            raise ConfigError(
                f"'{one.source}' can't be mixed; paintings (picture files) can, and "
                f"{', '.join(mixable_styles())}"
            )
        return {"style": one.source, "share": round(one.share, 6)}
    path = Path(one.source)
    check_file(path)
    return {
        "painting_file": path.name,
        "painting_digest": digest_path(path),
        "stroke": one.stroke,
        "share": round(one.share, 6),
    }


def _label(one: Ingredient, count: int) -> str:
    name = Path(one.source).name if one.is_painting else one.source
    return _share_label(name, one.share, count)


def _share_label(name: str, share: float, count: int) -> str:
    return name if count == 1 else f"{share:.0%} {name}"


def _mix(ingredients: tuple[Ingredient, ...]) -> "np.ndarray":
    import numpy as np

    shares = np.array([one.share for one in ingredients], "float32")
    mixed: np.ndarray = shares @ np.stack([_code_of(one) for one in ingredients])
    return mixed


def _code_of(one: Ingredient) -> "np.ndarray":
    import numpy as np

    if not one.is_painting:
        with np.load(CODES_FILE, allow_pickle=False) as codes:
            return np.asarray(codes[one.source], "float32")
    from videostyle.models.making.make import encode_painting
    from videostyle.models.making.painting import read_painting

    return encode_painting(read_painting(Path(one.source), one.stroke))


def _costs() -> dict[str, Any]:
    """The network's size, as in the card of a trained style."""
    from videostyle.frames import Size
    from videostyle.models.cost import count_macs, count_parameters
    from videostyle.models.making.make import shipped_maker

    spec = shipped_maker().spec.network
    gmac = count_macs(spec, Size(853, 480)) / 1e9
    return {"parameters": count_parameters(spec), "gmac_at_480x853": round(gmac, 2)}


def _save(path: Path, code: "np.ndarray", card: dict[str, Any]) -> None:
    from videostyle.models.making.make import decode_style, shipped_maker
    from videostyle.models.model_file import save_weights

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TargetError(path, f"can't be written: {error.strerror}") from error
    until = time.monotonic() + PATIENCE_S
    while not path.is_file():
        try:
            save_weights(path, shipped_maker().spec.network, decode_style(code), card)
        except TargetError:  # another run is making it, or the disk is full
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
