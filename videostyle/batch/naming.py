"""Naming the targets of a batch."""

import re
from pathlib import Path
from string import Formatter

from videostyle.errors import ConfigError
from videostyle.pipeline.stylize_config import DEFAULT_SIZE, StylizeConfig
from videostyle.video.rate import format_rate

DEFAULT_NAME = "{stem}_{style}_{rate}.mp4"

FIELDS = ("stem", "folder", "number", "style", "rate", "size")


def check_template(template: str) -> None:
    """Check that a template can be filled in.

    Raises:
        ConfigError: it has unknown fields, no suffix, or a lone brace.
    """
    name_target(template, "clip.mp4", StylizeConfig(), 1)


def name_target(template: str, source: str, config: StylizeConfig, number: int) -> str:
    """Fill in a template.

    Args:
        template: such as `{stem}_{style}_{rate}.mp4`; `/` in it makes folders.
        source: the clip; gives `{stem}` and `{folder}`, the name of its folder.
        config: gives `{style}` (`wave/fast` becomes `wave-fast`), `{rate}` (`15`, `29.97` or
            `source`) and `{size}`.
        number: the job's number, from 1; `{number:03d}` pads it.

    Raises:
        ConfigError: the template has unknown fields, no suffix, or a lone brace.
    """
    from videostyle.files.numbered import NUMBER

    path = Path(source)
    style = Path(config.style)
    values = {
        "stem": NUMBER.sub("", path.stem).rstrip("-_.") or path.parent.name,
        "folder": path.resolve().parent.name,
        "number": number,
        "style": style.stem if style.suffix else config.style.replace("/", "-"),
        "rate": "source" if config.rate is None else format_rate(config.rate),
        "size": config.size or DEFAULT_SIZE,
    }
    try:
        for _, name, form, _ in Formatter().parse(template):
            if re.search(r"\d{4}", form or ""):
                raise ConfigError(f"name '{template}': {{{name}:{form}}} is too wide")
            if name is not None and name not in values:
                raise ConfigError(
                    f"name '{template}': there is no field {{{name}}}; "
                    f"choose from {', '.join(f'{{{each}}}' for each in FIELDS)}"
                )
        target = template.format_map(values)
    except ValueError as error:
        raise ConfigError(f"name '{template}': {error}") from error
    if not Path(target).suffix:
        raise ConfigError(f"name '{template}': has no suffix such as .mp4")
    return target
