"""Which frames of a source to decode, and what is known about them beforehand."""

from dataclasses import dataclass, replace
from fractions import Fraction

from videostyle.frames import Geometry, Size
from videostyle.video.length import longest_s
from videostyle.video.look import Look, fit_inside
from videostyle.video.rate import frames_until
from videostyle.video.video_info import VideoInfo
from videostyle.video.watch import Watch

# Formats whose index leads to the key frame before a time.
SEEKABLE = frozenset({"mov", "matroska", "nut"})

# From this factor of scaling down on, B-pictures are not deblocked: the network's frames
# stay at 43 dB or more of the full decode, the worst at 41 (docs/performance.md). Other pictures
# may not: they are referred to again and again, and the error grows up to the next key frame
# (32 dB after 8 s).
DEBLOCKING_FACTOR = 2
DEBLOCKING_CODECS = ("h264", "hevc")

# How far before the start a seek goes; more than between a key frame and what depends on it.
SEEK_MARGIN_S = 2


@dataclass(frozen=True)
class DecodePlan:
    """Which frames of a source to take, and at which size.

    Attributes:
        info: the source.
        geometry: the sizes on the frame's way.
        rate: output frames per second.
        start_s: time of output frame 0 in the source.
        duration_s: how long to go on from there, or None for all the rest.
        keep_going: take what can be decoded of a damaged clip.
        may_be_empty: finding no frame is not an error.
        full: decode exactly, without shortcuts.
        skips_pictures: leave out pictures that no output frame needs; the frames are the same
            (skipping.py).
        threads: processor threads that ffmpeg may use, or None for no limit.
        hwaccel: ffmpeg's name of the hardware that decodes, or None (hwaccel.py).
        inside: the size of a part with another shape inside `geometry.scaled`, or None.
    """

    info: VideoInfo
    geometry: Geometry
    rate: Fraction
    start_s: Fraction = Fraction(0)
    duration_s: Fraction | None = None
    keep_going: bool = False
    may_be_empty: bool = False
    full: bool = False
    skips_pictures: bool = True
    threads: int | None = None
    hwaccel: str | None = None
    inside: Size | None = None

    def watch(self, keeps: bool = False) -> Watch:
        """What sees whether the frames are as the plan supposes; for one ffmpeg."""
        # If it starts at the beginning, the frames there are what the probe saw.
        return Watch(
            self.info.look,
            self.info.is_turned,
            self.info.time_base,
            self.info.color_tags,
            adopts=self.seek_s == 0,
            keeps=keeps,
        )

    def for_look(self, look: Look) -> "DecodePlan":
        """The same for the frames of a part that looks otherwise, fitted into the first's shape."""
        info, area = self.info, self.geometry.scaled
        same_shape = look.size.width * info.size.height == look.size.height * info.size.width
        return replace(
            self,
            info=replace(info, color=look.color, is_interlaced=look.is_interlaced),
            inside=None if same_shape else fit_inside(look.size, info.size, area),
            full=True,
        )

    @property
    def promised_frames(self) -> int | None:
        """How many frames the header promises; None if it gives no end."""
        return None if self._rest_s is None else self.expected_frames

    @property
    def expected_frames(self) -> int | None:
        """How many frames there will be; None if neither header nor user gives an end."""
        ends = [end for end in (self.duration_s, self._rest_s) if end is not None]
        return frames_until(min(ends), self.rate) if ends else None

    @property
    def _rest_s(self) -> Fraction | None:
        # The filter moves frames one tick earlier, and the end with them.
        if self.info.end_s is None:
            return None
        return self.info.end_s - self.start_s - max(self.info.tolerance_s, self.info.time_base)

    @property
    def end_s(self) -> Fraction | None:
        """Where on the clock of what is decoded (after the seek) the wanted part ends."""
        if self.duration_s is None:
            return None
        return self.start_s - self.seek_s + self.duration_s

    @property
    def source_frame_s(self) -> Fraction:
        return 1 / self.info.rate

    @property
    def skips_deblocking(self) -> bool:
        """Whether B-pictures skip the loop filter, a seventh of the decoder's work."""
        if self.full or self.info.codec not in DEBLOCKING_CODECS:
            return False
        scaled, shown = self.geometry.scaled, self.info.size
        return min(shown.width / scaled.width, shown.height / scaled.height) >= DEBLOCKING_FACTOR

    @property
    def most_frames(self) -> int:
        """More frames than the file can contain: timestamps of a damaged one may jump by years."""
        ends = (longest_s(self.info.source), self.info.end_s, self.duration_s)
        return frames_until(max(end for end in ends if end is not None), self.rate) + 1

    @property
    def can_seek(self) -> bool:
        """Whether a seek surely lands before the start; the index of other formats is a guess."""
        return not SEEKABLE.isdisjoint(self.info.container.split(","))

    @property
    def seek_s(self) -> Fraction:
        """Where decoding may begin; everything from there to the start is decoded and dropped.

        In whole microseconds, ffmpeg's own unit.
        """
        if not self.can_seek or self.start_s <= SEEK_MARGIN_S:
            return Fraction(0)
        return Fraction(int((self.start_s - SEEK_MARGIN_S) * 1_000_000), 1_000_000)

    def on_its_clock(self, time_s: Fraction) -> Fraction:
        """A time after the start, on the clock of what is decoded."""
        return time_s + self.start_s - self.seek_s + self.info.tolerance_s

    def on_our_clock(self, time_s: Fraction) -> Fraction:
        """A time on the clock of what is decoded, in seconds after the start."""
        return time_s - self.on_its_clock(Fraction(0))

    def rest(self, first: int) -> "DecodePlan":
        """What is left to decode, starting at an output frame."""
        passed_s = first / self.rate
        return replace(
            self,
            start_s=self.start_s + passed_s,
            duration_s=None if self.duration_s is None else self.duration_s - passed_s,
            may_be_empty=self.may_be_empty or first > 0,
        )

    def at_rate(self, rate: Fraction) -> "DecodePlan":
        """The same part of the same source at another rate."""
        return replace(self, rate=rate)
