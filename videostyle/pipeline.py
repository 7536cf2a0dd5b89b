"""A frame's way through videostyle. Read this first.

    source --ffmpeg--> frames at the target rate and the network's size
           --backend--> painted frames
           --ffmpeg--> target, scaled up, with the source's sound

`prepare` checks everything that can be checked without loading a network and lays the plan;
`stylize` carries it out; `stylized_frames` gives the painted frames themselves.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from videostyle.backends import check_backend, open_backend
from videostyle.backends.base import Backend
from videostyle.compose import blend, crop_to, keep_color, pad_to
from videostyle.config import StylizeConfig
from videostyle.errors import ConfigError, EncodeError, FrameShapeError
from videostyle.frames import Size, fit_frame, fit_output
from videostyle.models.styles import find_style
from videostyle.overlap import ReadAhead, WriteBehind
from videostyle.video.codecs import choose_codec
from videostyle.video.decoder import DecodePlan, Decoder
from videostyle.video.encoder import AudioPlan, EncodePlan, Encoder
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


@dataclass(frozen=True)
class StylizeResult:
    """What was written.

    Attributes:
        target: the file.
        frames: how many frames it has.
        rate: frames per second.
        source_size: what a viewer of the source sees.
        work_size: what the network saw.
        output_size: what was encoded.
        backend: what ran the network, with version and device.
        style: the model file.
        seconds: wall time from the first frame to the finished file.
        audio: `copied`, `encoded` or `none`.
        notices: what the user should know, one line each.
    """

    target: Path
    frames: int
    rate: Fraction
    source_size: Size
    work_size: Size
    output_size: Size
    backend: str
    style: Path
    seconds: float
    audio: str
    notices: tuple[str, ...] = field(default=())

    @property
    def frames_per_second(self) -> float:
        return self.frames / self.seconds

    def as_json(self) -> dict[str, Any]:
        """The result as plain values; rates as exact fractions, sizes as WIDTHxHEIGHT."""
        return {
            "target": str(self.target), "frames": self.frames, "rate": str(self.rate),
            "source_size": str(self.source_size), "work_size": str(self.work_size),
            "output_size": str(self.output_size), "backend": self.backend,
            "style": str(self.style), "seconds": round(self.seconds, 3),
            "frames_per_second": round(self.frames_per_second, 3), "audio": self.audio,
            "notices": list(self.notices),
        }


def stylize(
    source: str | Path,
    target: str | Path,
    config: StylizeConfig | None = None,
    *,
    backend: Backend | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> StylizeResult:
    """Paint a video file.

    Args:
        source: the video file to read.
        target: the video file to write; it appears when it is whole.
        config: the settings; the defaults are 15 frames per second at 480x853 in the style wave.
        backend: an open backend to use instead of opening one by the settings.
        on_progress: called after each frame with the number of frames painted so far.

    Raises:
        ConfigError: the settings contradict each other or the files.
        MediaError: the source can't be read or the target not written.
        ModelError: the network can't be loaded or run.
    """
    plan = prepare(source, target, config or StylizeConfig())
    return run_plan(plan, backend=backend, on_progress=on_progress)


def run_plan(
    plan: Plan,
    *,
    backend: Backend | None = None,
    on_start: Callable[[Backend], None] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> StylizeResult:
    """Carry out what `prepare` laid.

    Args:
        plan: with a target.
        backend: an open backend to use instead of opening one by the settings.
        on_start: called once, when the network is open and before the first frame.
        on_progress: called after each frame with the number of frames painted so far.

    Raises:
        As `stylize`.
    """
    if plan.encode is None:
        raise ConfigError("the plan names no target")
    backend = backend or open_backend(plan.config.backend, plan.model)
    if on_start:
        on_start(backend)
    began = time.monotonic()
    with (
        Decoder(plan.decode) as decoder,
        Encoder(plan.encode) as encoder,
        ReadAhead(decoder) as frames,
        WriteBehind(encoder.write) as painted,
    ):
        for done, frame in enumerate(_paint(frames, backend, plan), start=1):
            painted.put(frame)
            if on_progress:
                on_progress(done)
    return _result(plan, plan.encode, backend, encoder.frames_written, time.monotonic() - began)


def stylized_frames(
    source: str | Path, config: StylizeConfig | None = None, *, backend: Backend | None = None
) -> Iterator[np.ndarray]:
    """Yield the painted frames of a video, uint8 [H, W, 3] RGB at the network's size.

    Raises:
        As `stylize`, at the first frame.
    """
    plan = prepare(source, None, config or StylizeConfig())
    backend = backend or open_backend(plan.config.backend, plan.model)
    with Decoder(plan.decode) as decoder, ReadAhead(decoder) as frames:
        yield from _paint(frames, backend, plan)


def prepare(source: str | Path, target: str | Path | None, config: StylizeConfig) -> Plan:
    """Check source, target and settings, and work out every size and rate.

    Raises:
        ConfigError, MediaError, ModelError: as `stylize`.
    """
    source = Path(source)
    check_backend(config.backend)
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


def _paint(frames: Iterable[np.ndarray], backend: Backend, plan: Plan) -> Iterator[np.ndarray]:
    geometry = plan.decode.geometry
    for batch in _batched(frames, plan.config.batch_size):             # [N, H, W, 3]
        styled = backend.stylize(pad_to(batch, geometry.network))
        if len(styled) != len(batch):
            raise FrameShapeError(f"backend {backend.name}: {len(batch)} frames went in and "
                                  f"{len(styled)} came out")
        for painting, frame in zip(crop_to(styled, geometry.cropped), batch, strict=True):
            yield _finish(painting, frame, plan.config)


def _batched(frames: Iterable[np.ndarray], size: int) -> Iterator[np.ndarray]:
    iterator = iter(frames)
    while batch := list(islice(iterator, size)):
        yield np.stack(batch) if size > 1 else batch[0][np.newaxis]


def _finish(painting: np.ndarray, frame: np.ndarray, config: StylizeConfig) -> np.ndarray:
    if config.keep_color:
        painting = keep_color(painting, frame)
    if config.strength < 1:
        painting = blend(painting, frame, config.strength)
    return painting


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


def _result(plan: Plan, encode: EncodePlan, backend: Backend, frames: int,
            seconds: float) -> StylizeResult:
    return StylizeResult(
        target=encode.target, frames=frames, rate=encode.rate,
        source_size=plan.decode.info.size, work_size=plan.decode.geometry.network,
        output_size=encode.output, backend=backend.description, style=plan.model,
        seconds=seconds, audio=encode.audio_action, notices=plan.notices,
    )
