"""Small previews to look at."""

from fractions import Fraction

import numpy as np
import pytest

from videostyle import PreviewConfig, StylizeConfig, preview_clip
from videostyle.frames import Box
from videostyle.preview import measures, tiles

IDENTITY = StylizeConfig(backend="identity")


def small(**settings) -> PreviewConfig:
    """Two rates by two sizes, through the backend that paints nothing."""
    return PreviewConfig(
        **{
            "fps": (10, 15),
            "size": ("24x32", "48x64"),
            "start": 0,
            "duration": 1,
            "stylize": IDENTITY,
            **settings,
        }
    )


def make(clip, folder, config=None):
    return list(preview_clip(clip, folder, config or small()))


@pytest.fixture(autouse=True, scope="package")
def small_flow():
    """Flicker measured at a quarter of the size: these clips have no finer detail."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measures, "FLICKER_BOX", Box(90, 160))
        yield


@pytest.fixture
def clear_tiles(monkeypatch):
    """Tiles whose grey can be read to a level."""
    monkeypatch.setattr(tiles, "GRID_CRF", 4)


@pytest.fixture
def moving_clip(make_clip):
    """A texture that slides by 2 pixels a frame, 96x64 at 30 fps, 1.5 s."""

    def build(
        name="clip.mp4", count=45, width=96, height=64, rate: Fraction | int = 30, **settings
    ):
        noise = np.random.default_rng(3).integers(0, 256, (height // 4, width, 3), np.uint8)
        picture = np.kron(noise, np.ones((4, 4, 1), np.uint8))
        frames = np.stack(
            [picture[:height, 2 * n % width : 2 * n % width + width] for n in range(count)]
        )
        return make_clip(frames, name, rate=rate, **settings)

    return build
