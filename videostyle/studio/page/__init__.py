"""The studio's page: the preview's, below a wall of styles and above a queue of exports."""

from functools import cache
from pathlib import Path

from videostyle.preview.page import make_template
from videostyle.preview.script import SCRIPTS, join_script

HERE = Path(__file__).parent


@cache
def render_studio() -> str:
    """The page; what it shows comes from the server, again and again."""
    page = make_template(
        join_script("studio", folders=(SCRIPTS, HERE / "script")),
        styles=_read("studio.css"),
        before=_read("wall.html"),
        after=_read("exports.html"),
    )
    return page.replace(
        "<title>Preview: which frame rate, which size</title>", "<title>Studio</title>"
    ).replace("/*data*/", "null")


def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
