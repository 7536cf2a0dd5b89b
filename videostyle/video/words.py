"""Title, time and chapters in a file for ffmpeg; some are longer than an argument may be."""

from fractions import Fraction
from pathlib import Path

from videostyle.video.encode_plan import Accompaniment
from videostyle.video.tags import Chapter

# What ffmpeg's metadata file needs a backslash before; a zero would end it.
_ESCAPES = str.maketrans({char: f"\\{char}" for char in "\\=;#\n"} | {"\0": ""})

TICKS_PER_S = 1_000_000


def write_words(part: Path, beside: Accompaniment | None, keep_location: bool) -> Path | None:
    """Write what is carried over beside the file that is being written.

    Args:
        part: the file that is being written.
        beside: what goes into it besides the picture.
        keep_location: where the clip was taken too.

    Returns:
        The file, which the caller removes; None if there is nothing to say.
    """
    text = "" if beside is None else _as_text(beside, keep_location)
    if not text:
        return None
    path = part.with_name(part.name + ".txt")
    path.write_text(f";FFMETADATA1\n{text}", encoding="utf-8", errors="replace", newline="\n")
    return path


def _as_text(beside: Accompaniment, keep_location: bool) -> str:
    words = list(beside.tags.kept)
    if keep_location and beside.tags.location:
        words.append(("location", beside.tags.location))
    lines = [f"{name}={text.translate(_ESCAPES)}\n" for name, text in words]
    return "".join([*lines, *(_chapter(each, beside) for each in beside.tags.chapters)])


def _chapter(chapter: Chapter, beside: Accompaniment) -> str:
    """A chapter's lines, cut as the clip is; empty if it lies outside."""
    start_s = max(chapter.start_s - beside.start_s, Fraction(0))
    end_s = chapter.end_s - beside.start_s
    if beside.duration_s is not None:
        end_s = min(end_s, beside.duration_s)
    if end_s <= start_s:
        return ""
    return (
        f"[CHAPTER]\nTIMEBASE=1/{TICKS_PER_S}\n"
        f"START={round(start_s * TICKS_PER_S)}\nEND={round(end_s * TICKS_PER_S)}\n"
        f"title={chapter.title.translate(_ESCAPES)}\n"
    )
