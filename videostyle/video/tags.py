"""What a file says about itself besides its picture: title, time, place, chapters."""

from dataclasses import dataclass
from fractions import Fraction
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
class Chapter:
    """A chapter.

    Attributes:
        start_s: where it begins, in seconds after the clip's start.
        end_s: where it ends.
        title: its name, perhaps empty.
    """

    start_s: Fraction
    end_s: Fraction
    title: str


@dataclass(frozen=True)
class Tags:
    """A file's own words.

    Attributes:
        kept: what is carried over, as (name, text).
        location: where it was taken (ISO 6709), or None.
        chapters: its chapters, in their order.
    """

    kept: tuple[tuple[str, str], ...] = ()
    location: str | None = None
    chapters: tuple[Chapter, ...] = ()


def read_tags(container: Any) -> Tags:
    """The tags of an open container of PyAV's; names count without their case."""
    found = {name.lower(): text for name, text in container.metadata.items()}
    return Tags(
        kept=tuple((name, found[name]) for name in KEPT if found.get(name)),
        location=next((found[name] for name in PLACES if found.get(name)), None),
        chapters=_read_chapters(container),
    )


def _read_chapters(container: Any) -> tuple[Chapter, ...]:
    began_s = Fraction(container.start_time or 0, 1_000_000)
    return tuple(
        Chapter(
            chapter["start"] * chapter["time_base"] - began_s,
            chapter["end"] * chapter["time_base"] - began_s,
            chapter["metadata"].get("title", ""),
        )
        for chapter in container.chapters()
    )
