"""index.html, made from report.json alone and carrying it inside."""

from functools import cache
from pathlib import Path
from typing import Any

from videostyle.files.whole import write_text
from videostyle.frames import Box
from videostyle.preview.report import Report

TEMPLATES = Path(__file__).parent / "templates"
PAGE = "index.html"

# What a verdict looks like besides its colour; the script has the same.
VERDICT_SIGNS = {"holds": "●", "marginal": "◐", "drops": "✕", "unknown": "?"}


def write_page(report: Report) -> Path:
    """Write the report and the page, each whole or not at all; returns the page's path."""
    path = report.grid.folder / PAGE
    write_text(path, render_page(report.write()))
    return path


def render_page(report: dict[str, Any]) -> str:
    """The page of a report.

    Args:
        report: what report.json holds.
    """
    # Scripts and styles are ours and go in as they are; everything else is escaped.
    parts = {
        name: (TEMPLATES / f"page.{name}").read_text(encoding="utf-8") for name in ("css", "js")
    }
    text: str = _template().render(report=report, signs=VERDICT_SIGNS, **parts)
    return text


@cache
def _template() -> Any:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"clock": _clock, "megabytes": _megabytes, "short_side": _short_side}
    return environment.get_template("page.html")


def _clock(seconds: float) -> str:
    """12.5 s is `0:12.5`."""
    minutes, rest = divmod(round(seconds, 1), 60)
    return f"{int(minutes)}:{rest:04.1f}".removesuffix(".0")


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f}"


def _short_side(box: str) -> int:
    """What people call a size by: 480 of `480x853`, `853x480` and `480p`."""
    return Box.parse(box).short
