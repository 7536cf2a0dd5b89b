"""A file's metadata: title, time, place, chapters."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

# Tags that are kept. Anything else that a phone records, such as its serial number or its owner's
# contacts, is private.
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

# Location tags: Android's name, Apple's name.
PLACES = ("location", "location-eng", "com.apple.quicktime.location.iso6709")


@dataclass(frozen=True)
class Chapter:
    """A chapter.

    Attributes:
        start_s: where it begins, in seconds after the clip's start.
        end_s: where it ends.
        title: its name, may be empty.
    """

    start_s: Fraction
    end_s: Fraction
    title: str


@dataclass(frozen=True)
class Tags:
    """A file's metadata.

    Attributes:
        kept: tags that are kept, as (name, text).
        location: where it was taken (ISO 6709), or None.
        chapters: its chapters, in order.
    """

    kept: tuple[tuple[str, str], ...] = ()
    location: str | None = None
    chapters: tuple[Chapter, ...] = ()


def read_tags(container: Any) -> Tags:
    """The tags of an open PyAV container; the case of names is ignored."""
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
