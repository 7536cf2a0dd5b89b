"""index.html: the page of a report, which draws itself from the data inside it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from videostyle.preview.script import join_script

TEMPLATES = Path(__file__).parent / "templates"
PAGE = "index.html"

STYLES = ("base", "answer", "plane", "compare", "numbers", "narrow")


def render_page(data: dict[str, Any]) -> str:
    """The page of a preview.

    Args:
        data: what `live_data` gives.
    """
    return _template().replace("/*data*/", embed(data), 1)


def embed(data: dict[str, Any]) -> str:
    """Plain values as a script's literal that can't end the script, whatever names it holds."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    for letter, code in (("<", "\\u003c"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        text = text.replace(letter, code)
    return text


@cache
def _template() -> str:
    return make_template(join_script("main"))


def make_template(script: str, *, styles: str = "", before: str = "", after: str = "") -> str:
    """The page without its data: markup, styles and script in one file.

    Args:
        script: what it runs.
        styles: more than the preview's own.
        before: markup before the preview.
        after: markup after it.
    """
    own = "".join(
        (TEMPLATES / "styles" / f"{name}.css").read_text(encoding="utf-8") for name in STYLES
    )
    page = (TEMPLATES / "page.html").read_text(encoding="utf-8")
    parts = {
        "/*styles*/": own + styles,
        "<!--before-->": before,
        "<!--after-->": after,
        "/*script*/": script,
    }
    for place, part in parts.items():
        page = page.replace(place, part, 1)
    return page
