"""The wall's pictures: one frame of the clip in each style, named by what decides how it looks."""

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from videostyle.studio.project import STILLS, Project, Style
from videostyle.video.probe import VideoInfo


@dataclass(frozen=True)
class Stills:
    """Those of one moment of a clip.

    Attributes:
        project: whose folder they are in.
        info: the clip.
    """

    project: Project
    info: VideoInfo

    @property
    def source_url(self) -> str:
        """Where the page finds the frame itself."""
        return _url(self._source_name())

    def name_of(self, style: Style) -> str:
        return f"{_short_digest(style.spec)}-{self._source_name()}"

    def url_of(self, style: Style) -> str | None:
        """Where the page finds a painted one, if it is there."""
        name = self.name_of(style)
        return _url(name) if (self.project.folder / STILLS / name).exists() else None

    def act_for(self, style: Style) -> dict[str, Any]:
        """What the painter is told to paint."""
        return {
            "act": "still",
            "style": style.spec,
            "clip": str(self.info.path),
            "time": str(self._moment()),
            "folder": str(self.project.folder),
            "name": self.name_of(style),
            "source": self._source_name(),
        }

    def _moment(self) -> Fraction:
        at = self.project.state.frame_time
        if at is not None:
            return Fraction(str(at))
        return Fraction(0) if self.info.is_picture else (self.info.end_s or Fraction(0)) / 2

    def _source_name(self) -> str:
        stat = self.info.path.stat()
        what = f"{self.info.path} {stat.st_size} {stat.st_mtime_ns} {self._moment()}"
        return f"{_short_digest(what)}.jpg"


def _url(name: str) -> str:
    return f"/files/{STILLS}/{name}"


def _short_digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]
