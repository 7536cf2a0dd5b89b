"""An interrupted training continues as if nothing had happened, but only with its settings."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from videostyle.models.tensorflow import import_tensorflow

import_tensorflow()

from tests.train.conftest import (  # noqa: E402  (Keras needs its library chosen first)
    TINY,
    running_without_graphs,
    small_config,
)
from videostyle.errors import (  # noqa: E402
    ConfigError,
    ModelLoadError,
    NoFolderError,
    TargetError,
    TargetExistsError,
    TrainError,
)
from videostyle.models.model_file import load_model, save_model  # noqa: E402
from videostyle.models.network import build_network  # noqa: E402
from videostyle.models.spec import FastSpec  # noqa: E402
from videostyle.train.checkpoint import Checkpoint  # noqa: E402
from videostyle.train.plan import prepare_training  # noqa: E402
from videostyle.train.train_config import LossWeights  # noqa: E402
from videostyle.train.trainer import _begin, train_style  # noqa: E402

# Sums over pixels are split among threads as it comes, so two runs differ in the last digits.
TOLERANCE = 2e-3


SETTINGS = {"steps": 4, "measure_every": 2, "checkpoint_s": 0}


class Killed(BaseException):
    """Stands for a kill: nothing but the blocks' own ends runs after it."""


def die_after(step):
    def on_progress(progress):
        if progress.step == step:
            raise Killed

    return on_progress


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(scope="module")
def cut_off(pictures, tmp_path_factory):
    """The checkpoint of a training of 4 steps that died after its second."""
    folder = tmp_path_factory.mktemp("cut_off")
    with running_without_graphs(), pytest.raises(Killed):
        train_style(small_config(pictures, **SETTINGS), die_after(2), target=folder / "my.keras")
    assert names_in(folder) == ["my.keras.checkpoint"]
    return folder / "my.keras.checkpoint"


@pytest.fixture
def begun(cut_off, tmp_path):
    """The settings of that training, whose checkpoint is in `tmp_path`."""
    shutil.copy(cut_off, tmp_path)
    return SETTINGS


def test_it_ends_where_an_uninterrupted_training_ends(config, begun, without_graphs, tmp_path):
    """Weights, Adam's memory, the best state, what is drawn: if one were lost it would show."""
    seen, expected = [], []
    resumed = train_style(config(**begun), seen.append, target=tmp_path / "my.keras", resume=True)
    whole = train_style(config(**begun), expected.append)
    assert [progress.step for progress in seen] == [3, 4]
    for progress, other in zip(seen, expected[2:], strict=True):
        assert progress.terms == pytest.approx(other.terms, rel=TOLERANCE)
    for a, b in zip(resumed.network.get_weights(), whole.network.get_weights(), strict=True):
        assert np.abs(a - b).max() < TOLERANCE
    assert resumed.card["held_out"] == pytest.approx(whole.card["held_out"], rel=TOLERANCE)
    assert resumed.card["steps"] == 4
    assert names_in(tmp_path) == ["my.keras"]
    saved = load_model(tmp_path / "my.keras")
    assert saved.card["held_out"] == resumed.card["held_out"]


def test_a_state_is_taken_up_as_it_was_put_away(config, tmp_path):
    """The best state as well, which no later step depends on."""
    states = [_begin(prepare_training(config(seed=seed)), "float32") for seed in (1, 2)]
    old, new = states
    old.best.keep(old.network, {"style": 2.0, "content": 1.0}, LossWeights())
    old.network.set_weights([weight + 1 for weight in old.network.get_weights()])
    for variable in old.optimizer.variables:
        variable.assign(variable + 1)
    old.random.random(3)
    old.schedule.count_step()
    checkpoint = Checkpoint(tmp_path / "my.keras", {})
    checkpoint.save(old)
    checkpoint.load(new)
    for group, arrays in old.arrays().items():
        for a, b in zip(arrays, new.arrays()[group], strict=True):
            assert np.array_equal(a, b)
    assert new.best.losses == {"style": 2.0, "content": 1.0}
    assert new.random.random() == old.random.random()
    assert new.schedule.steps == 1


def test_a_state_that_is_no_numbers_is_not_put_away(config, tmp_path):
    state = _begin(prepare_training(config()), "float32")
    state.network.set_weights([weight * np.nan for weight in state.network.get_weights()])
    with pytest.raises(TrainError, match="training diverged"):
        Checkpoint(tmp_path / "my.keras", {}).save(state)
    with pytest.raises(TrainError, match="training diverged"):
        state.best.keep(state.network, {"style": float("nan"), "content": 1.0}, LossWeights())
    assert names_in(tmp_path) == []


RESUMED_AND_WHOLE = """
import sys, numpy as np
from pathlib import Path
from tests.train.conftest import small_config
from videostyle.train.trainer import train_style
pictures, target = map(Path, sys.argv[1:])
config = small_config(pictures, steps=4, measure_every=2, checkpoint_s=0)
class Killed(BaseException): pass
def die(progress):
    if progress.step == 2:
        raise Killed
try:
    train_style(config, die, target=target)
except Killed:
    pass
steps = []
resumed = train_style(config, lambda p: steps.append(p.step), target=target, resume=True).network
whole = train_style(config).network
assert steps == [3, 4], steps
print(max(np.abs(a - b).max() for a, b in zip(resumed.get_weights(), whole.get_weights())))
"""


@pytest.mark.slow
@pytest.mark.parametrize("library", ["jax", "torch"])
def test_it_does_so_on_other_libraries(pictures, tmp_path, library):
    """JAX keeps weights and Adam's memory outside the network."""
    if importlib.util.find_spec(library) is None:
        pytest.skip(f"{library} isn't installed")
    root = Path(__file__).parents[2]
    out = subprocess.run(
        [sys.executable, "-c", RESUMED_AND_WHOLE, pictures, tmp_path / "my.keras"],
        text=True,
        check=True,
        capture_output=True,
        cwd=root,
        env={**os.environ, "KERAS_BACKEND": library, "PYTHONPATH": str(root)},
    )
    assert float(out.stdout.split()[-1]) < TOLERANCE


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"crop": 96}, r"another crop \(64, now 96\)"),
        ({"seed": 1}, r"another seed \(0, now 1\)"),
        ({"weights": LossWeights(stability=1)}, r"another stability \(400.0, now 1\)"),
        ({"weights": LossWeights(style=1)}, "another style_weight"),
        ({"spec": FastSpec(4, 8, 2)}, "another architecture;"),
        ({"features": "vgg16"}, "features"),
    ],
)
def test_other_settings_are_named_and_refused(config, begun, tmp_path, change, words):
    with pytest.raises(ConfigError, match=words):
        prepare_training(config(**begun | change), tmp_path / "my.keras", resume=True)


def test_another_painting_or_photo_is_refused(config, begun, pictures, tmp_path):
    photo = pictures / "photos" / "00.png"
    with pytest.raises(ConfigError, match="another painting;"):
        prepare_training(config(**begun, painting=photo), tmp_path / "my.keras", resume=True)
    with pytest.raises(ConfigError, match="another photos;"):
        prepare_training(
            config(**begun, photos=(pictures / "photos", photo)), tmp_path / "my.keras", resume=True
        )


def test_length_and_what_is_written_beside_may_change(config, begun, tmp_path):
    change = {
        "steps": 8,
        "minutes": 1,
        "measure_every": 5,
        "checkpoint_s": 9,
        "samples": tmp_path,
        "card": {"painter": "nobody"},
    }
    plan = prepare_training(config(**begun | change), tmp_path / "my.keras", resume=True)
    assert plan.steps_made == 2


def test_a_training_that_is_not_finished_is_not_begun_again_unasked(config, begun, tmp_path):
    target = tmp_path / "my.keras"
    with pytest.raises(TrainError, match="an unfinished training was saved there"):
        prepare_training(config(**begun), target)
    assert prepare_training(config(**begun), target, overwrite=True).steps_made == 0
    target.touch()
    with pytest.raises(TargetExistsError):
        prepare_training(config(**begun), target, resume=True)
    assert prepare_training(config(**begun), target, resume=True, overwrite=True).steps_made == 2


@pytest.mark.parametrize("share", [0, 0.3, 0.99])
def test_a_damaged_checkpoint_is_reported(config, begun, tmp_path, share):
    path = tmp_path / "my.keras.checkpoint"
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(TrainError, match=r"my\.keras\.checkpoint: is damaged"):
        prepare_training(config(**begun), tmp_path / "my.keras", resume=True)


def test_a_checkpoint_runs_no_code(config, begun, tmp_path):
    """An array of objects is a pickle, which could call anything."""
    path, touched = tmp_path / "my.keras.checkpoint", tmp_path / "touched"

    class Evil:
        def __reduce__(self):
            return os.system, (f"touch {touched}",)

    with path.open("wb") as file:
        np.savez(file, notes=np.array([Evil()], dtype=object))
    with pytest.raises(TrainError, match="is damaged"):
        prepare_training(config(**begun), tmp_path / "my.keras", resume=True)
    assert not touched.exists()


def test_a_checkpoint_of_another_format_is_refused(tmp_path):
    checkpoint = Checkpoint(tmp_path / "my.keras", {})
    with checkpoint.path.open("wb") as file:
        np.savez(file, notes=json.dumps({"format": 99, "settings": {}}))
    with pytest.raises(TrainError, match="another version of videostyle"):
        checkpoint.steps()


def test_two_runs_do_not_share_a_target(tmp_path):
    checkpoint = Checkpoint(tmp_path / "my.keras", {})
    with (
        checkpoint.alone(),
        pytest.raises(TargetError, match="another run is writing it"),
        Checkpoint(tmp_path / "my.keras", {}).alone(),
    ):
        pass
    assert names_in(tmp_path) == []


def fill(folder):
    """Leave no room."""
    with (
        (folder / "filling").open("wb", buffering=0) as file,
        pytest.raises(OSError, match="No space left"),
    ):
        while True:
            file.write(b"\0" * 4096)


def test_a_full_disk_at_a_checkpoint_keeps_the_last_one(config, without_graphs, small_disk):
    """Three checkpoints are written, then the disk is full."""

    def fill_after_three(progress):
        if progress.step == 3:
            fill(small_disk)

    with pytest.raises(
        TargetError, match=r"\.checkpoint: can't be written: No space left.*; free some space"
    ):
        train_style(config(checkpoint_s=0), fill_after_three, target=small_disk / "my.keras")
    assert names_in(small_disk) == ["filling", "my.keras.checkpoint"]
    plan = prepare_training(config(), small_disk / "my.keras", resume=True)
    assert plan.steps_made == 3


def test_a_full_disk_at_the_end_is_reported(small_disk):
    fill(small_disk)
    with pytest.raises(TargetError, match=r"my\.keras: can't be written: No space left"):
        save_model(small_disk / "my.keras", build_network(TINY), TINY)
    assert names_in(small_disk) == ["filling"]


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("my.h5", ConfigError, "must end in .keras"),
        ("no/my.keras", NoFolderError, "no folder"),
        ("folder.keras", TargetError, "is a folder"),
    ],
)
def test_a_target_that_cannot_be_is_refused_at_once(config, tmp_path, name, error, words):
    (tmp_path / "folder.keras").mkdir()
    with pytest.raises(error, match=words):
        prepare_training(config(), tmp_path / name)


def test_a_model_to_start_from_is_looked_at_first(config, tmp_path):
    (tmp_path / "text.keras").write_text("no model")
    with pytest.raises(ModelLoadError, match=r"text\.keras: is not a model file"):
        prepare_training(config(start_from=tmp_path / "text.keras"))
