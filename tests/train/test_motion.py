"""Known motion: pictures land where the numbers say."""

import cv2
import numpy as np
import pytest

from videostyle.models.tensorflow import import_tensorflow

import_tensorflow()

from videostyle.train.motion import (  # noqa: E402  (Keras needs its library chosen first)
    MOST_SHIFT,
    MOST_TURN,
    MOST_ZOOM,
    draw_jitter,
    draw_motions,
    motion_difference,
    move,
)

SIDE = 32


def shifted(rows, columns):
    where = np.arange(SIDE, dtype=np.float32)[None]
    return {"rows": where + np.float32(rows), "columns": where + np.float32(columns)}


@pytest.fixture
def picture():
    return np.random.default_rng(1).random((1, SIDE, SIDE, 3), np.float32)


def test_whole_steps_move_pixels_and_bring_in_black(picture):
    moved = np.asarray(move(picture, shifted(2, -3)))
    assert np.allclose(moved[:, :-2, 3:], picture[:, 2:, :-3], atol=1e-6)
    assert np.all(moved[:, -2:] == 0)
    assert np.all(moved[:, :, :3] == 0)


def test_half_steps_weigh_four_neighbours(picture):
    moved = np.asarray(move(picture, shifted(0.5, 0)))
    near, far = picture[:, 1:-2] + picture[:, 2:-1], picture[:, :-3] + picture[:, 3:]
    assert np.allclose(moved[:, 1:-2], (9 * near - far) / 16, atol=1e-6)


def test_turned_pictures_land_where_the_numbers_say():
    """Read by OpenCV at the same places, which here are written out pixel by pixel."""
    side = 160
    noise = np.random.default_rng(4).random((side, side, 3), np.float32)
    smooth = cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 4), None, 0, 1, cv2.NORM_MINMAX)
    motions = draw_motions(np.random.default_rng(5), 8, side)
    turned = int(np.abs(motions["lean"]).max(axis=1).argmax())
    one = {name: values[turned : turned + 1] for name, values in motions.items()}
    y, x = np.mgrid[:side, :side].astype(np.float32)
    every = np.arange(side)
    row = y - np.interp(x, every, one["lean"][0])
    column = x + np.interp(row, every, one["lean"][0])
    there = [
        np.interp(where, every, one[axis][0]).astype(np.float32)
        for where, axis in ((column, "columns"), (row, "rows"))
    ]
    expected = cv2.remap(smooth, *there, cv2.INTER_CUBIC)
    straight = {**one, "lean": np.zeros((1, side), np.float32)}
    error, without = (
        np.abs(np.asarray(move(smooth[None], motions))[0] - expected)[16:-16, 16:-16].max()
        for motions in (one, straight)
    )
    assert error < 0.01
    assert without > 10 * error


def test_a_painting_that_moves_along_costs_nothing_and_one_that_stays_does(picture):
    motions = shifted(2, 1)
    along = motion_difference(move(picture, motions), picture, motions)
    assert float(along) < 1e-10
    assert float(motion_difference(picture, picture, motions)) > 0.05


def test_what_comes_in_from_outside_does_not_count(picture):
    motions = shifted(4, 0)
    moved = np.array(move(picture, motions))
    moved[:, -4:] = 1
    assert float(motion_difference(moved, picture, motions)) < 1e-10


def test_motions_stay_in_their_bounds():
    motions = draw_motions(np.random.default_rng(2), 200, SIDE)
    middle = (SIDE - 1) / 2
    for positions in (motions["rows"], motions["columns"]):
        zoom = np.diff(positions, axis=1)
        assert np.abs(zoom - 1).max() <= MOST_ZOOM + 1e-4
        centre = positions.mean(axis=1) - middle
        assert np.abs(centre).max() <= MOST_SHIFT * SIDE + 1e-3
        assert centre.std() > 0.2
    turns = np.diff(motions["lean"], axis=1).mean(axis=1)
    assert np.abs(turns).max() <= MOST_TURN
    assert 0.3 < np.mean(turns == 0) < 0.7
    assert turns.std() > 0.2 * MOST_TURN


def test_jitter_shows_all_sixteen_grids_and_moves_by_whole_pixels(picture):
    jitter = draw_jitter(np.random.default_rng(3), 200, SIDE)
    grids = {
        (rows[0], columns[0])
        for rows, columns in zip(jitter["rows"], jitter["columns"], strict=True)
    }
    assert grids == {(down, right) for down in range(4) for right in range(4)}
    by_one = (jitter["rows"][:, 0] == 1) & (jitter["columns"][:, 0] == 1)
    one = {axis: positions[by_one][:1] for axis, positions in jitter.items()}
    moved = np.asarray(move(picture, one))
    assert np.allclose(moved[:, :-1, :-1], picture[:, 1:, 1:], atol=1e-6)
    assert np.allclose(moved[:, -1, :-1], picture[:, -1, 1:], atol=1e-6)  # no black comes in
