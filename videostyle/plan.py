"""What is settled before the first frame is painted: sizes, rates and files.

`prepare` checks everything that can be checked without loading a network.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from videostyle.backends import check_backend
from videostyle.config import StylizeConfig
from videostyle.errors import ConfigError, EncodeError
from videostyle.frames import Size, fit_frame, fit_output
from videostyle.models.styles import find_style
from videostyle.video.codecs import choose_codec
from videostyle.video.decoder import DecodePlan
from videostyle.video.encoder import AudioPlan, EncodePlan
from videostyle.video.probe import VideoInfo, probe
from videostyle.video.rate import format_rate


@dataclass(frozen=True)
class Plan:
    """All that is known before the first frame is painted.

    Attributes:
        decode: what to read.
        encode: what to write, or None when only frames are wanted.
        model: the model file.
        config: the settings that led here.
        notices: what the user should know, one line each.
    """

    decode: DecodePlan
    encode: EncodePlan | None
    model: Path
    config: StylizeConfig
    notices: tuple[str, ...] = ()


def prepare(source: str | Path, target: str | Path | None, config: StylizeConfig) -> Plan:
    """Check source, target and settings, and work out every size and rate.

    Raises:
        ConfigError, MediaError, ModelError: as `stylize`.
    """
    source = Path(source)
    check_backend(config.backend, config.precision)
    model = find_style(config.style)
    if target is not None:
        target = Path(target)
        _check_target_name(target, config)
    info = probe(source)
    if target is not None:
        _check_target(source, target, config)
    decode = _plan_decoding(info, config)
    encode = None if target is None else _plan_encoding(target, decode, config)
    return Plan(decode, encode, model, config, tuple(_notices(decode)))


def _check_target_name(target: Path, config: StylizeConfig) -> None:
    """What can be said of the target before anything is opened."""
    config.encode.video_options(choose_codec(target.suffix, config.encode.codec))


def _check_target(source: Path, target: Path, config: StylizeConfig) -> None:
    if target.exists() and target.samefile(source):
        raise ConfigError(f"{target}: is the source itself; name another target")
    if target.is_dir():
        raise EncodeError(f"{target}: is a folder; name a file in it")
    if not target.parent.is_dir():
        raise EncodeError(f"{target}: there is no folder {target.parent}; make it first")
    if target.exists() and not config.overwrite:
        raise EncodeError(f"{target}: exists already; add -y to replace it")


def _plan_decoding(info: VideoInfo, config: StylizeConfig) -> DecodePlan:
    if info.end_s is not None and config.start_s >= info.end_s:
        raise ConfigError(f"{info.path}: ends at {float(info.end_s):.2f} s, before the start "
                          f"asked for, {float(config.start_s):.2f} s")
    return DecodePlan(
        info=info,
        geometry=fit_frame(info.size, config.box, config.fit_mode),
        rate=config.rate or info.rate,
        start_s=config.start_s,
        duration_s=config.duration_s,
    )


def _plan_encoding(target: Path, decode: DecodePlan, config: StylizeConfig) -> EncodePlan:
    audio = None
    if decode.info.audio is not None and config.encode.audio:
        audio = AudioPlan(decode.info.path, decode.info.audio, decode.start_s, decode.duration_s)
    plan = EncodePlan(target, decode.geometry.cropped, _output_size(decode, config), decode.rate,
                      config.encode, audio)
    # RGB is stored as it comes; everything else halves the colours' resolution.
    if plan.codec.is_rgb:
        return plan
    return EncodePlan(target, plan.work, plan.output.made_even(), plan.rate, plan.config, audio)


def _output_size(decode: DecodePlan, config: StylizeConfig) -> Size:
    geometry = decode.geometry
    if config.output_box is not None:
        return fit_output(geometry.display, config.output_box)
    return geometry.cropped if config.out_size == "work" else geometry.display


def _notices(decode: DecodePlan) -> Iterator[str]:
    info, geometry = decode.info, decode.geometry
    if decode.rate > info.rate:
        yield (f"{format_rate(decode.rate)} fps is above the source's {format_rate(info.rate)}: "
               "frames are repeated")
    if geometry.enlarges:
        yield f"the clip is smaller than the box: {info.size} is enlarged to {geometry.scaled}"
    if geometry.scaled != geometry.cropped:
        yield f"cover: {geometry.display} of {info.size} is kept, the rest cut off"
    if info.is_interlaced:
        yield "the source is interlaced: fields are joined into frames (bwdif)"
    if info.color.hdr:
        yield f"the source is HDR ({info.color.hdr}): tone-mapped to SDR (Hable's curve)"
