"""The styles on the wall: those that are known, and those that are made of what was dropped."""

import re
from dataclasses import replace
from pathlib import Path

from videostyle.errors import ConfigError
from videostyle.models.making.ingredients import read_ingredients, read_stroke
from videostyle.models.styles import list_styles
from videostyle.studio.project import UPLOADS, Project, State, Style

MADE = ("painting", "mix")


def meet_styles(state: State) -> None:
    """Put the built-in styles and the user's own before those that were made here."""
    found: dict[str, Style] = {}
    for info in list_styles():  # a style's default network comes first
        kind = "builtin" if info.built_in else "own"
        found.setdefault(info.style, Style(info.style, title_of(info.style), kind, info.style))
    state.styles = [*found.values(), *(style for style in state.styles if style.kind in MADE)]
    if state.shown not in [style.id for style in state.styles]:
        state.shown = None


def find(state: State, id_: str) -> Style:
    """The style with an id.

    Raises:
        ConfigError: there is none.
    """
    found = next((style for style in state.styles if style.id == id_), None)
    if found is None:
        raise ConfigError("that style isn't on the wall any more")
    return found


def from_painting(state: State, path: Path) -> Style:
    """The style of a painting in the uploads."""
    return Style(
        state.next_id("p"), title_of(path.stem), "painting", str(path), path.name, "medium"
    )


def with_stroke(project: Project, id_: str, stroke: str) -> Style:
    """The same painting with strokes of another size, as `--stroke` takes it.

    Raises:
        ConfigError: the stroke is not valid, or the style isn't of one painting.
    """
    read_stroke(stroke)
    style = find(project.state, id_)
    if style.painting is None:
        raise ConfigError("strokes of another size are for paintings that were dropped here")
    return replace(
        style,
        id=project.state.next_id("p"),
        title=f"{title_of(Path(style.painting).stem)}, {stroke} strokes",
        spec=f"{project.folder / UPLOADS / style.painting}@{stroke}",
        stroke=stroke,
        error=None,
    )


def mixed(state: State, parts: list[tuple[str, float]]) -> Style:
    """A mix of styles on the wall.

    Args:
        state: of the project.
        parts: ids and shares, 0..1.

    Raises:
        ConfigError: they can't be mixed.
    """
    if len(parts) < 2 or any(not 0 <= share <= 1 for _, share in parts):
        raise ConfigError("a mix takes two styles and their shares, each from 0 to 1")
    styles = [(find(state, id_), share) for id_, share in parts]
    spec = "+".join(f"{style.spec}:{share:g}" for style, share in styles)
    read_ingredients(spec)
    title = ", ".join(f"{style.title} {share:.0%}" for style, share in styles)
    return Style(state.next_id("m"), title, "mix", spec)


def title_of(name: str) -> str:
    """`the_scream` is called The scream, and `composition_vii` Composition VII."""
    words = re.sub(r"[_-]+", " ", name).strip() or "painting"
    words = re.sub(r"\b[ivx]+$", lambda found: found[0].upper(), words)
    return words[0].upper() + words[1:]
