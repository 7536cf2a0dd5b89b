"""What a file says about itself besides its picture: title, time, place, chapters."""

from dataclasses import dataclass
from typing import Any

# What is carried over. A list of what is wanted: what else a phone notes down (its serial number,
# its owner's contacts) is nobody's business.
KEPT = (
    "title",
    "artist",
    "album",
    "album_artist",
    "composer",
    "genre",
    "date",
    "creation_time",
    "comment",
    "description",
    "synopsis",
    "copyright",
    "show",
    "episode_id",
    "track",
)

# Where it was taken: Android's name, Apple's name.
PLACES = ("location", "location-eng", "com.apple.quicktime.location.iso6709")


@dataclass(frozen=True)
class Tags:
    """A file's own words.

    Attributes:
        kept: what is carried over, as (name, text).
        location: where it was taken (ISO 6709), or None.
        chapters: how many chapters it has.
    """

    kept: tuple[tuple[str, str], ...] = ()
    location: str | None = None
    chapters: int = 0

    def options(self, keep_location: bool) -> list[str]:
        """ffmpeg's output options that write them."""
        words = list(self.kept)
        if keep_location and self.location:
            words.append(("location", self.location))
        return [part for name, text in words for part in ("-metadata", f"{name}={text}")]


def read_tags(container: Any) -> Tags:
    """The tags of an open container of PyAV's; names count without their case."""
    found = {name.lower(): text for name, text in container.metadata.items()}
    return Tags(
        kept=tuple((name, found[name]) for name in KEPT if found.get(name)),
        location=next((found[name] for name in PLACES if found.get(name)), None),
        chapters=len(container.chapters()),
    )
