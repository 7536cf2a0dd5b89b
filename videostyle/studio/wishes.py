"""What an export's wish comes to: the exporter's order, and the command that makes the same."""

import shlex
from pathlib import Path
from typing import Any

from videostyle.pipeline.plan import check_target_name
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.studio.project import EXPORTS, Job, Project, Style, plain_name
from videostyle.video.codecs import EncodeConfig
from videostyle.video.probe import VideoInfo

# What the page may say about a film.
PICTURE = ("out_size", "start", "duration")
ENCODE = ("codec", "crf", "audio")


def film_job(project: Project, info: VideoInfo, style: Style, wish: dict[str, Any]) -> Job:
    """The whole clip as in a cell.

    Args:
        project: where it goes.
        info: the clip.
        style: in which it is painted.
        wish: `fps`, `size`, `strength`, and `options` of `PICTURE` and `ENCODE`.

    Raises:
        ConfigError: a setting is not valid.
    """
    options = wish.get("options") or {}
    settings: dict[str, Any] = {
        "fps": str(wish["fps"]),
        "size": str(wish["size"]),
        "style": style.spec,
        "strength": float(wish.get("strength", 1)),
        **{name: options[name] for name in PICTURE if options.get(name) is not None},
    }
    encode = {name: options[name] for name in ENCODE if options.get(name) is not None}
    config = StylizeConfig(**settings, encode=EncodeConfig(**encode))
    rate = f"{float(config.rate or info.rate):g}"
    name = f"{info.path.stem}-{style.title}-{settings['size']}-{rate.replace('.', '-')}fps"
    suffix = ".mov" if encode.get("codec") == "prores" else ".mp4"
    target = _free_target(project, name, suffix)
    check_target_name(target, config.encode)
    words = ["videostyle", str(info.path), target.name]
    for key, value in (settings | encode).items():
        flag = f"--{key.replace('_', '-')}"
        if key == "audio":
            words += [] if value else ["--no-audio"]
        elif value != getattr(StylizeConfig(), key, None):
            words += [flag, str(value)]
    order = {"clip": str(info.path), "target": str(target), "settings": settings, "encode": encode}
    title = f"{style.title}, {settings['size']} at {rate} fps"
    return _job(project, "film", title, order, shlex.join(words))


def package_job(project: Project, info: VideoInfo, style: Style, wish: dict[str, Any]) -> Job:
    """A style's network for the phone; `wish` has `size`, and `portrait` among its `options`."""
    from videostyle.coreml.convert_config import ConvertConfig

    size, portrait = str(wish["size"]), bool((wish.get("options") or {}).get("portrait"))
    ConvertConfig(size=size, portrait=portrait)
    target = _free_target(project, f"{style.title}-{size}", ".mlpackage")
    order = {
        "style": style.spec,
        "target": str(target),
        "settings": {"size": size, "portrait": portrait},
        "proof": str(target.with_name(f"{target.stem}-proof")),
    }
    words = ["videostyle", "convert", style.spec, "-o", target.name, "--size", size]
    title = f"{style.title} for the phone, {size}"
    return _job(project, "package", title, order, shlex.join([*words, *["--portrait"] * portrait]))


def page_job(project: Project, info: VideoInfo, style: Style, plan: dict[str, Any]) -> Job:
    """The painted cells of a style as one file; `plan` opens their report."""
    target = _free_target(project, f"{info.path.stem}-{style.title}", ".html")
    order = {"plan": plan, "target": str(target)}
    return _job(project, "page", f"{style.title}, a page to mail", order, None)


def _job(
    project: Project, kind: str, title: str, settings: dict[str, Any], command: str | None
) -> Job:
    order = {"kind": kind, "settings": settings}
    return Job(project.state.next_id("j"), kind, title, order, command)


def _free_target(project: Project, name: str, suffix: str) -> Path:
    """A name that neither a file nor a waiting export has."""
    taken = {job.order["settings"]["target"] for job in project.state.jobs}
    words = plain_name(name.replace(",", "")).replace("%", "").split()
    first = project.folder / EXPORTS / f"{'-'.join(words)}{suffix}"
    number, found = 2, first
    while str(found) in taken or found.exists():
        found = first.with_name(f"{first.stem}-{number}{suffix}")
        number += 1
    return found
