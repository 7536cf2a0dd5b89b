"""Everything that is decided before the first frame is painted: sizes, rates and files.

`plan_frames` says which frames are painted and how, `plan_clip` what file they become, and
`prepare` does both and checks that the file may be written. Nothing here loads a network.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

from videostyle.backends import check_backend, model_sizes, open_backend
from videostyle.backends.base import Backend, ModelSizes
from videostyle.errors import ConfigError
from videostyle.files.numbered import check_pictures, describe_pictures, is_pattern, replaced_by
from videostyle.files.target import check_target
from videostyle.frames import Box, Fit, Geometry, Size, fit_frame, fit_output
from videostyle.models.styles import look_up_style
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.video.codecs import PICTURES, SILENT, EncodeConfig, choose_codec
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.encode_plan import Accompaniment, EncodePlan
from videostyle.video.hwaccel import with_hwaccel
from videostyle.video.probe import AudioInfo, VideoInfo, probe
from videostyle.video.rate import format_rate
from videostyle.video.space import space_notices


@dataclass(frozen=True, kw_only=True)
class FramesPlan:
    """Which frames are painted, and how.

    Attributes:
        decode: what to read.
        model: the model file.
        config: the settings that the plan follows.
        sizes: the sizes that the model takes and returns.
        notices: what the user should know, one line each.
    """

    decode: DecodePlan
    model: Path
    config: StylizeConfig
    sizes: ModelSizes
    notices: tuple[str, ...] = ()

    def open_backend(self) -> Backend:
        """Load the network into the backend that the settings name.

        Raises:
            ModelError: the network can't be loaded.
            MissingDependencyError: the backend's package isn't installed.
        """
        config = self.config
        return open_backend(
            config.backend,
            self.model,
            precision=config.precision,
            compute=config.compute,
            threads=config.threads,
            reading=config.reading,
        )


@dataclass(frozen=True, kw_only=True)
class ClipPlan(FramesPlan):
    """Which frames are painted, how, and what file they become.

    Attributes:
        encode: what to write.
    """

    encode: EncodePlan


def prepare(source: str | Path, target: str | Path, config: StylizeConfig) -> ClipPlan:
    """Check source, target and settings, and work out every size and rate.

    Raises:
        ConfigError, MediaError, ModelError, TargetError: see `stylize`.
    """
    source, target = Path(source), Path(target)
    check_target_name(target, config.encode)
    plan = plan_clip(plan_frames(source, config), target)
    check_target(target, sources=[source], overwrite=config.overwrite)
    if is_pattern(target):
        sources, frames = plan.decode.info.source.files(), plan.decode.expected_frames
        check_pictures(target, frames, sources=sources, overwrite=config.overwrite)
    return plan


def check_target_name(target: Path, config: EncodeConfig) -> None:
    """Check the target's name and encoding, before anything is opened.

    Raises:
        ConfigError: such a file can't be written, or not with these settings.
    """
    config.video_options(choose_codec(target.suffix, config.codec))


def plan_frames(source: str | Path | VideoInfo, config: StylizeConfig) -> FramesPlan:
    """Work out which frames are painted, and how.

    Args:
        source: the video file, or the result of probing it.
        config: the settings.

    Raises:
        ConfigError: the settings contradict each other or the files.
        MediaError: the source can't be read.
        ModelError: the model can't be used.
    """
    check_backend(config.backend, precision=config.precision)
    style = look_up_style(config.style)
    model = style.path
    check_backend(config.backend, config.precision, model)
    info = source if isinstance(source, VideoInfo) else probe(source, config.sequence_rate_exact)
    sizes = model_sizes(config.backend, model, config.reading)
    decode, chosen = with_hwaccel(
        _plan_decoding(info, config, _geometry(info, config, model, sizes)), config.hwaccel
    )
    return FramesPlan(
        decode=decode,
        model=model,
        config=config,
        sizes=sizes,
        notices=(*style.notices, *_notices(decode), *chosen),
    )


def plan_clip(frames: FramesPlan, target: Path) -> ClipPlan:
    """Work out what file the frames become, without checking whether it may be written.

    Raises:
        ConfigError: such a file can't hold them.
    """
    _check_fit(frames.decode.info, target)
    encode = _plan_encoding(target, frames)
    known = {each.name: getattr(frames, each.name) for each in fields(FramesPlan)}
    known["notices"] = (
        *frames.notices,
        *_target_notices(frames, target),
        *space_notices(encode, frames.decode.expected_frames),
    )
    return ClipPlan(**known, encode=encode)


def _check_fit(info: VideoInfo, target: Path) -> None:
    single = target.suffix.lower() in PICTURES and not is_pattern(target)
    if single and not info.is_picture:
        raise ConfigError(
            f"{target}: is one picture, and {info.path} is a clip; name a pattern "
            f"such as {target.stem}-%04d{target.suffix}"
        )


def _geometry(info: VideoInfo, config: StylizeConfig, model: Path, sizes: ModelSizes) -> Geometry:
    """The sizes on a frame's way; a model with fixed sizes decides them."""
    if not sizes.taken:
        return fit_frame(info.size, config.box, config.fit_mode or Fit.CONTAIN)
    portrait = info.size.is_portrait
    fitting = [
        size for size in sizes.taken if size.is_portrait == portrait or size.width == size.height
    ]
    if not fitting:
        kinds = ("portrait", "landscape") if info.size.is_portrait else ("landscape", "portrait")
        raise ConfigError(
            f"{model}: takes {kinds[1]} frames of {_words(sizes)}, and {info.path} "
            f"is {kinds[0]}; convert the style for it"
        )
    area = config.box.along(info.size) if config.size else fitting[0]
    if area not in fitting:
        raise ConfigError(
            f"{model}: takes {_words(sizes)}, not {config.size}; "
            "use its own size, or convert the style for this one"
        )
    box = Box(min(area.width, area.height), max(area.width, area.height))
    geometry = fit_frame(info.size, box, config.fit_mode or Fit.PAD)
    if geometry.network != area:
        raise ConfigError(
            f"{model}: takes {area}, and the fit {config.fit} would make a {info.size} "
            f"frame {geometry.network}; use pad, cover or stretch"
        )
    return geometry


def _words(sizes: ModelSizes) -> str:
    return " or ".join(map(str, sizes.taken))


def _plan_decoding(info: VideoInfo, config: StylizeConfig, geometry: Geometry) -> DecodePlan:
    if info.end_s is not None and config.start_s >= info.end_s:
        raise ConfigError(
            f"{info.path}: ends at {float(info.end_s):.2f} s, before the start at "
            f"{float(config.start_s):.2f} s"
        )
    return DecodePlan(
        info=info,
        geometry=geometry,
        rate=config.rate or info.rate,
        start_s=config.start_s,
        duration_s=config.duration_s,
        keep_going=config.keep_going,
        threads=config.threads,
        full=config.full_decode,
    )


def _plan_encoding(target: Path, frames: FramesPlan) -> EncodePlan:
    decode, config, sizes = frames.decode, frames.config, frames.sizes
    beside = Accompaniment(
        decode.info.source,
        _choose_audio(target, decode.info, config.encode),
        decode.info.tags,
        decode.start_s,
        decode.duration_s,
        decode.info.anchors,
    )
    plan = EncodePlan(
        target,
        decode.geometry.painted(sizes.given_for(decode.geometry.network))[1],
        _output_size(decode, config, sizes),
        decode.rate,
        config.encode,
        None if target.suffix.lower() in SILENT else beside,
        config.threads,
    )
    fastest = plan.codec.fastest
    if fastest is not None and plan.rate > fastest:
        raise ConfigError(
            f"a {target.suffix} file can't show {format_rate(plan.rate)} frames per "
            f"second, only {fastest} at most; use a lower frame rate"
        )
    # RGB is stored as it is; everything else stores colours at half the resolution.
    if plan.codec.is_rgb or plan.codec.encoder == "mjpeg":
        return plan
    return replace(plan, output=plan.output.made_even())


def _choose_audio(target: Path, info: VideoInfo, config: EncodeConfig) -> AudioInfo | None:
    if not config.audio or target.suffix.lower() in SILENT:
        return None
    if config.audio_track is None:
        return info.audio
    tracks = {track.index + 1: track for track in info.audio_tracks}
    if config.audio_track not in tracks:
        there = (
            ", ".join(
                f"{number} ({track.codec}{f', {track.language}' * bool(track.language)})"
                for number, track in tracks.items()
            )
            or "none"
        )
        raise ConfigError(f"{info.path}: has no audio track {config.audio_track}; it has {there}")
    return tracks[config.audio_track]


def _output_size(decode: DecodePlan, config: StylizeConfig, sizes: ModelSizes) -> Size:
    geometry = decode.geometry
    if config.output_box is not None:
        return fit_output(geometry.display, config.output_box)
    given = sizes.given_for(geometry.network)
    scales_up = given.pixels > geometry.network.pixels
    name = config.out_size or ("model" if scales_up else "source")
    named = {
        "work": geometry.cropped,
        "model": geometry.painted(given)[1],
        "source": geometry.display,
    }
    return named[name]


def _notices(decode: DecodePlan) -> Iterator[str]:
    info, geometry = decode.info, decode.geometry
    yield from info.notices
    if decode.rate > info.rate:
        yield (
            f"{format_rate(decode.rate)} fps is above the source's {format_rate(info.rate)}: "
            "frames are repeated"
        )
    if geometry.enlarges:
        yield f"the clip is small: {info.size} is enlarged to {geometry.scaled}"
    if geometry.network != geometry.cropped:
        yield (
            f"pad: {geometry.cropped} is extended to the model's {geometry.network} by reflecting "
            "the edges, which are cut off again afterwards"
        )
    if geometry.scaled != geometry.cropped:
        yield f"cover: {geometry.display} of {info.size} is kept, the rest is cut off"
    if info.is_interlaced:
        yield "the source is interlaced: it is deinterlaced (bwdif)"
    if info.color.hdr:
        vision = "; its Dolby Vision metadata is not used" if info.has_dolby_vision else ""
        yield f"the source is HDR ({info.color.hdr}): it is tone-mapped to SDR{vision}"
    if info.color.is_wide:
        yield f"the source's colours are {info.color.primaries}: they are converted to BT.709"


def _target_notices(frames: FramesPlan, target: Path) -> Iterator[str]:
    info, config = frames.decode.info, frames.config.encode
    if info.audio and config.audio and target.suffix.lower() in SILENT:
        yield f"a {target.suffix} file has no sound"
    if is_pattern(target) and (old := replaced_by(target, frames.decode.expected_frames)):
        yield f"what is there is replaced: {describe_pictures(old)}"
    if info.tags.location and not config.keep_location:
        yield "location metadata is removed"
