"""`check` on models that others made: what runs, what goes wrong and where, what is alike."""

import json

import cv2
import numpy as np
import pytest

from tests.coreml.test_neural_network import SMALL, convolution, make_network
from tests.onnx.networks import Network, cyclegan_generator, espcn, transformer_net
from videostyle.cli.main import main
from videostyle.coreml.check import check_package
from videostyle.coreml.report import Verdict
from videostyle.errors import FrameShapeError
from videostyle.graphs.reading import Reading


def test_a_model_that_runs_is_no_failure(tmp_path, capsys):
    path = make_network(tmp_path, lambda b: convolution(b, SMALL, border_mode="same"))
    assert main(["check", str(path), "-q"]) == 0
    assert "runs here: painted 3 frames" in capsys.readouterr().out
    assert main(["check", str(path), "-q", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["verdict"], record["passed"]) == ("runs here", False)
    assert record["operations"] == {"conv": 1}


def test_two_models_are_compared(tmp_path, capsys):
    one, same = (transformer_net(tmp_path / f"{name}.onnx") for name in "ab")
    other = cyclegan_generator(tmp_path / "c.onnx")
    report = check_package(one, against=str(same))
    assert report.verdict is Verdict.PROVEN
    assert report.comparisons[0].largest == 0
    folder = tmp_path / "seen"
    status = main(["check", str(one), "-q", "--against", str(other), "--pictures", str(folder)])
    assert status == 1
    assert "under the floor of 100 dB" in capsys.readouterr().err
    assert len(list(folder.iterdir())) == 9
    source, painted, difference = (
        cv2.imread(str(folder / f"1-{name}.png")).astype(int)
        for name in ("source", "painted", "difference")
    )
    assert source.shape == painted.shape == difference.shape == (360, 640, 3)
    assert difference.mean() > 100
    assert main(["check", str(one), "-q", "--pictures", str(folder)]) == 1
    assert "exists already" in capsys.readouterr().err


def test_models_of_other_sizes_are_not_compared(tmp_path):
    with pytest.raises(FrameShapeError, match=r"gives 640x360 where .*gives 1280x720"):
        check_package(transformer_net(tmp_path / "a.onnx"), against=str(espcn(tmp_path / "b.onnx")))


def trouble(tmp_path, body):
    n = Network()
    path = n.save(tmp_path / "a.onnx", body(n))
    return check_package(path, reading=Reading(levels="255")).warnings


def test_the_first_operation_that_goes_wrong_is_named(tmp_path):
    """In half precision a phone has no number above 65504."""

    def large(n):
        wide = n.add("Mul", n.add("Relu", "input1"), n.constant(np.float32(1000)))
        return n.add("Mul", n.add("Mul", wide, wide), n.constant(np.float32(1e-9)))

    [line] = trouble(tmp_path, large)[:1]
    assert "above half precision's limit of 65504 come first from Multiply" in line
    assert "up to 255000" in line

    def odd(n):
        return n.add("Log", n.add("Sub", "input1", n.constant(np.float32(300))))

    first, second = trouble(tmp_path, odd)[:2]
    assert "NaN or infinity comes first from Log" in first
    assert second.startswith("it paints black")


@pytest.mark.parametrize(("level", "look"), [(0, "black"), (255, "white"), (100, "one flat color")])
def test_a_flat_picture_is_named(tmp_path, level, look):
    def flat(n):
        nothing = n.add("Mul", "input1", n.constant(np.float32(0)))
        color = np.float32([level, level, 0 if look == "one flat color" else level])
        return n.add("Add", nothing, n.constant(color.reshape(1, 3, 1, 1)))

    [line] = [line for line in trouble(tmp_path, flat) if "paints" in line]
    assert line.startswith(f"it paints {look}; the first operation that gives only zeros is")
