"""The process that makes one export: a film, a Core ML package, or a page to mail."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from videostyle.studio.child import Parent, words_of


def make_film(
    parent: Parent, *, clip: str, target: str, settings: dict[str, Any], encode: dict[str, Any]
) -> dict[str, Any]:
    """What the main command makes with the same settings and `--resume`."""
    from videostyle.pipeline.plan import prepare
    from videostyle.pipeline.resume import run_resumable
    from videostyle.pipeline.stylize_config import StylizeConfig
    from videostyle.video.codecs import EncodeConfig

    plan = prepare(clip, target, StylizeConfig(**settings, encode=EncodeConfig(**encode)))
    total = plan.decode.expected_frames

    def tell(done: int) -> None:
        parent.say(news="progress", done=done, total=total, stage="frames")

    tell(0)
    run_resumable(plan, on_progress=tell)
    return {}


def make_package(
    parent: Parent, *, style: str, target: str, settings: dict[str, Any], proof: str
) -> dict[str, Any]:
    """What `videostyle convert` makes, with the pictures that prove it."""
    from videostyle.coreml.convert import convert_style
    from videostyle.coreml.convert_config import ConvertConfig
    from videostyle.pictures.proof import write_pictures

    stages: list[str] = []

    def tell(stage: str) -> None:
        stages.append(stage)
        parent.say(news="progress", done=len(stages), total=None, stage=stage)

    report = convert_style(style, target, ConvertConfig(**settings), on_stage=tell)
    write_pictures(report, Path(proof))
    apart = max(each.largest_8bit or 0 for each in report.comparisons)
    words = f"The package paints what the style paints: at most {apart} of 255 levels apart."
    names = [
        f"{Path(proof).name}/{number}-{what}.png"
        for number in range(1, len(report.pictures) + 1)
        for what in ("source", "painted", "difference")
    ]
    return {"proof": names, "verdict": words}


def make_page(parent: Parent, *, target: str, plan: dict[str, Any]) -> dict[str, Any]:
    """What `videostyle preview --single-file` makes, of the cells that are painted."""
    from videostyle.preview.choice import Choice
    from videostyle.preview.single_file import write_single_file
    from videostyle.studio.painter import open_report

    report = open_report(**plan)
    starred = [
        Choice(cell.style, str(cell.rate), cell.box, cell.box, portrait=False)
        for cell in report.grid.shown
        if report.has(cell)
    ]
    parent.say(news="progress", done=0, total=1, stage="putting the page together")
    write_single_file(report, starred=starred, target=Path(target))
    return {}


Maker = Callable[..., dict[str, Any]]

MAKERS: dict[str, Maker] = {"film": make_film, "package": make_package, "page": make_page}


def main() -> int:
    parent = Parent()
    for order in parent.orders():
        try:
            made = MAKERS[order["kind"]](parent, **order["settings"])
        except KeyboardInterrupt:
            return 130
        except Exception as error:
            parent.say(news="failed", error=words_of(error))
            return 1
        name = Path(order["settings"]["target"]).name
        parent.say(news="made", file=name, **{"proof": [], "verdict": None, **made})
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
