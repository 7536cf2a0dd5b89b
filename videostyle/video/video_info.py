"""What a video file contains, as found by a probe."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from videostyle.files.suffixes import PICTURE_SUFFIXES
from videostyle.frames import Size
from videostyle.video.color import UNTAGGED, Color, ColorTags
from videostyle.video.grid import Grid
from videostyle.video.look import Look
from videostyle.video.source_file import SourceFile
from videostyle.video.tags import Tags


@dataclass(frozen=True)
class AudioInfo:
    """One audio stream.

    Attributes:
        index: its number among the file's audio streams.
        codec: ffmpeg's name, such as `aac`.
        channels: 1 for mono.
        language: such as `eng`, or None.
        sample_rate: in Hz; 0 if that isn't known.
    """

    index: int
    codec: str
    channels: int
    language: str | None = None
    sample_rate: int = 0


@dataclass(frozen=True)
class VideoInfo:
    """What one video file contains.

    Attributes:
        path: the file.
        size: what a viewer sees: turned upright, square pixels.
        rate: the most common frame rate, exact.
        time_base: seconds per tick of the video's timestamps.
        tolerance_s: by how much those may be off (see clock.py).
        end_s: where the picture ends, in seconds after the clip's start; None if no header says.
        color: its colour tags.
        is_interlaced: the first frame consists of two fields.
        stream: the picture's number among the file's video streams.
        audio: the sound that a player would choose, or None.
        source: how the file is opened.
        container: ffmpeg's name of the format, such as `mov,mp4,m4a,3gp,3g2,mj2`.
        audio_tracks: all sound that can be decoded.
        codec: ffmpeg's name of the picture's, such as `h264`.
        tags: title, time and place, as far as known.
        anchors: the streams that together decide where 0 is (see zero.py).
        has_dolby_vision: it has Dolby Vision metadata, which are not used.
        is_turned: rows and columns are swapped in the file.
        decoder: ffmpeg's name of the one to use; None for its own choice.
        grid: the picture of tiles that it is instead of a stream, or None.
        is_still: it is a photo in a format that can contain clips too.
        began_us: the file's own clock at the clip's start, in microseconds.
        goes_on_s: where a second stream continues the picture, which isn't read; or None.
        color_tags: what the container says of the colours, for frames that say nothing.
        notices: what the user should know, one line each.
    """

    path: Path
    size: Size
    rate: Fraction
    time_base: Fraction
    tolerance_s: Fraction
    end_s: Fraction | None
    color: Color
    is_interlaced: bool
    stream: int
    audio: AudioInfo | None
    source: SourceFile
    container: str
    audio_tracks: tuple[AudioInfo, ...] = ()
    codec: str = ""
    tags: Tags = field(default_factory=Tags)
    anchors: tuple[int, ...] = ()
    has_dolby_vision: bool = False
    is_turned: bool = False
    decoder: str | None = None
    grid: Grid | None = None
    is_still: bool = False
    began_us: int = 0
    goes_on_s: Fraction | None = None
    color_tags: ColorTags = UNTAGGED
    notices: tuple[str, ...] = ()

    @property
    def specifier(self) -> str:
        """The picture in ffmpeg's notation for an input's streams."""
        return f"v:{self.stream}" if self.grid is None else f"g:{self.grid.number}"

    @property
    def look(self) -> Look:
        """What its first frame looks like."""
        return Look(self.color, self.size, self.is_interlaced)

    @property
    def is_picture(self) -> bool:
        """One still picture, not a clip."""
        if self.is_still:
            return True
        return not self.source.is_sequence and self.path.suffix.lower() in PICTURE_SUFFIXES
