"""A network that paints nothing is said once."""

import numpy as np
import pytest

from videostyle.pipeline.flat_watch import FlatWatch
from videostyle.pipeline.painting import Painted

NOISE = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)


def painted(painting, frame=NOISE):
    return Painted(frame, np.broadcast_to(np.uint8(painting), NOISE.shape), (1,))


@pytest.mark.parametrize(
    ("color", "look"), [((0, 0, 0), "black"), ((255,) * 3, "white"), ((200, 9, 9), "one flat")]
)
def test_paintings_that_show_nothing_are_noticed_once(color, look):
    watch = FlatWatch()
    for _ in range(3):
        watch.see(painted(color))
    [notice] = watch.notices
    assert f"every frame {look}" in notice


def test_one_painting_that_shows_something_is_enough():
    watch = FlatWatch()
    for painting in (0, NOISE, 0):
        watch.see(painted(painting))
    assert watch.notices == ()


def test_a_flat_frame_may_be_painted_flat():
    watch = FlatWatch()
    watch.see(painted(0, frame=np.zeros_like(NOISE)))
    assert watch.notices == ()
