"""What is written into a video file: the picture's form, and what goes beside it."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from videostyle.frames import Size
from videostyle.video.codecs import Codec, EncodeConfig, choose_codec
from videostyle.video.sound import audio_encoding
from videostyle.video.source_file import SourceFile
from videostyle.video.tags import Tags
from videostyle.video.video_info import AudioInfo


@dataclass(frozen=True)
class Accompaniment:
    """What goes into the target besides the painted picture: sound, chapters, words.

    Attributes:
        source: the file that it comes from.
        audio: which of its sound, or None.
        tags: its title, time and place.
        start_s: where to begin.
        duration_s: how long to go on, or None for all the rest.
        anchors: the streams that decide together where the source's 0 is (see zero.py).
    """

    source: SourceFile
    audio: AudioInfo | None
    tags: Tags = field(default_factory=Tags)
    start_s: Fraction = Fraction(0)
    duration_s: Fraction | None = None
    anchors: tuple[int, ...] = ()


@dataclass(frozen=True)
class EncodePlan:
    """What to write.

    Attributes:
        target: the file.
        work: the size of the frames that come.
        output: the size to encode.
        rate: frames per second.
        config: how.
        beside: what else goes into the file, or None.
        threads: of the processor that ffmpeg may use; None for as many as it likes.
    """

    target: Path
    work: Size
    output: Size
    rate: Fraction
    config: EncodeConfig = field(default_factory=EncodeConfig)
    beside: Accompaniment | None = None
    threads: int | None = None

    @property
    def codec(self) -> Codec:
        return choose_codec(self.target.suffix, self.config.codec)

    @property
    def audio(self) -> AudioInfo | None:
        """The sound, or None."""
        return self.beside.audio if self.beside else None

    @property
    def audio_options(self) -> dict[str, str | int]:
        """ffmpeg's output options for the sound; empty without any."""
        if self.beside is None or self.beside.audio is None:
            return {}
        info, start_s = self.beside.audio, self.beside.start_s
        options = audio_encoding(self.target.suffix, info.codec, info.channels, info.sample_rate)
        if start_s and options["c:a"] == "copy":
            # A seek lands on the picture's key frame: without this, sound from before the start
            # is kept and Matroska moves the picture back to make room for it.
            options["copypriorss:a"] = 0
        return options

    @property
    def audio_action(self) -> str:
        """`none`, `copied` or `encoded`, for the user to read."""
        if not self.audio_options:
            return "none"
        return "copied" if self.audio_options["c:a"] == "copy" else "encoded"
