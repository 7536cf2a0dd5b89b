"""Where in a file much happens, by the sizes of its compressed pictures: nothing is decoded."""

from dataclasses import dataclass
from pathlib import Path

from videostyle.errors import ProbeError
from videostyle.video.process import local_url
from videostyle.video.video_info import VideoInfo


@dataclass(frozen=True)
class PacketSize:
    """One compressed picture.

    Attributes:
        time_s: when it is shown, after the clip's start.
        size: bytes.
        is_key: can be decoded without others, so its size says nothing about motion.
    """

    time_s: float
    size: int
    is_key: bool


def read_packet_sizes(info: VideoInfo) -> list[PacketSize]:
    """The compressed pictures of a file in the order they are shown.

    Raises:
        ProbeError: the file can't be read.
    """
    import av

    path: Path = info.path
    try:
        with av.open(
            local_url(path),
            format=info.source.format,
            options=info.source.options,
            metadata_errors="ignore",
        ) as container:
            stream = container.streams.video[info.stream]
            began = (container.start_time or 0) / 1_000_000
            sizes = [
                PacketSize(
                    float(packet.pts * packet.time_base) - began,
                    packet.size,
                    bool(packet.is_keyframe),
                )
                for packet in container.demux(stream)
                if packet.size and packet.pts is not None
            ]
    except (av.FFmpegError, OSError) as error:
        raise ProbeError(f"{path}: can't be read: {error}") from error
    return sorted(sizes, key=lambda each: each.time_s)
