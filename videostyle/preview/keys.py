"""What tells a cell that is there already from one that must be made."""

import hashlib
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import videostyle
from videostyle.backends import check_backend
from videostyle.models.styles import find_style
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.preview.preview_config import PreviewConfig

# Part of every key: raise it when a cell of the same settings would come out otherwise.
CELL_FORMAT = 1


class Keys:
    """Keys of cells. Two cells with one key are one clip with the same numbers."""

    def __init__(self, source: Path, config: PreviewConfig, interval_s: Fraction) -> None:
        """Read the clip and every model once.

        Args:
            source: the video file.
            config: for its styles.
            interval_s: over which flicker is measured.
        """
        self._source = digest(source)
        self._models = {style: digest(find_style(style)) for style in config.style}
        self._interval = str(interval_s)

    def of(self, settings: StylizeConfig, style: str | None) -> str:
        """The key of one cell; no style is the source itself."""
        parts: dict[str, Any] = {
            "format": CELL_FORMAT,
            "version": videostyle.__version__,
            "source": self._source,
            "model": self._models[style] if style else None,
            "interval": self._interval,
            "fps": str(settings.rate),
            "size": str(settings.box),
            "fit": settings.fit,
            "out_size": settings.out_size,
            "start": str(settings.start_s),
            "duration": str(settings.duration_s),
            "strength": settings.strength,
            "keep_color": settings.keep_color,
            "backend": check_backend(settings.backend),
            "precision": settings.precision,
            "crf": settings.encode.crf,
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def digest(path: Path) -> str:
    """Of the whole content: a changed clip or style must never be taken for the old one."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
        whole = hashlib.sha256()
        for part in files:
            whole.update(f"{part.relative_to(path)}:{digest(part)};".encode())
        return whole.hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
