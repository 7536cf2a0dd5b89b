"""Who may import whom, and what must not be loaded."""

import ast
import subprocess
import sys
import time
from pathlib import Path

import pytest

import videostyle

PACKAGE = Path(videostyle.__file__).parent

# Each room and the rooms that it may import; what is open to all stands below. `cli` imports the
# others where it runs a command.
MAY_IMPORT = {
    "_version": set(),
    "cores": set(),
    "errors": set(),
    "frames": set(),
    "files": set(),
    "video": set(),
    "models": set(),
    "metrics": set(),
    "samples": set(),
    "device": set(),
    "graphs": {"samples"},
    "onnx": {"graphs"},
    "coreml": {"device", "graphs", "models", "onnx", "samples"},
    "backends": {"coreml", "graphs", "models", "onnx"},
    "pipeline": {"backends", "graphs.reading", "models.styles", "video"},
    "pictures": {"backends", "coreml.report", "models.styles", "pipeline", "video"},
    "batch": {"backends", "models.styles", "pipeline", "video"},
    "studio": {
        "backends",
        "coreml",
        "device",
        "models",
        "pictures",
        "pipeline",
        "preview",
        "video",
    },
    "preview": {"backends", "device", "metrics", "models", "pictures", "pipeline", "video"},
    "train": {"metrics", "models", "pictures.picture", "video"},
    "bench": {"backends", "device", "models", "pipeline", "video"},
    "cli": {
        "backends",
        "batch",
        "bench",
        "coreml",
        "device",
        "graphs",
        "models",
        "pictures",
        "pipeline",
        "preview",
        "studio",
        "train",
        "video",
    },
    "__init__": {"_version", "batch", "coreml", "models", "pipeline", "preview", "train", "video"},
    "__main__": {"cli"},
}
OPEN_TO_ALL = {"_version", "cores", "errors", "files", "frames"}

HEAVY = (
    "tensorflow",
    "keras",
    "cv2",
    "av",
    "ffmpeg",
    "numpy",
    "coremltools",
    "jinja2",
    "PIL",
    "segno",
    "ray",
    "matplotlib",
    "starlette",
    "uvicorn",
)


def imports_of(path: Path) -> set[str]:
    """The modules of this package that a file imports, without the leading `videostyle.`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("videostyle."):
            found.add(node.module.removeprefix("videostyle."))
        elif isinstance(node, ast.Import):
            found |= {
                alias.name.removeprefix("videostyle.")
                for alias in node.names
                if alias.name.startswith("videostyle.")
            }
    return found


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_imports_go_one_way(path):
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    allowed = MAY_IMPORT[room] | OPEN_TO_ALL | {room}
    for module in imports_of(path):
        assert any(module == a or module.startswith(f"{a}.") for a in allowed), module


def files_that_import(*packages: str) -> set[str]:
    """Which files of ours import a package that isn't."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            if any(name.split(".")[0] in packages for name in names):
                found.add(path.relative_to(PACKAGE).as_posix())
    return found


def test_only_video_knows_ffmpeg_and_pyav():
    files = files_that_import("ffmpeg", "av", "imageio_ffmpeg")
    assert {name.split("/")[0] for name in files} == {"video"}


def test_one_file_knows_ray_and_one_fsspec():
    assert files_that_import("ray") == {"batch/ray.py"}
    assert files_that_import("fsspec") == {"batch/address.py"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["stylize", "--help"],
        ["styles", "--help"],
        ["styles", "add", "--help"],
        ["styles", "remove", "--help"],
        ["batch", "--help"],
        ["train", "--help"],
        ["preview", "--help"],
        ["convert", "--help"],
        ["check", "--help"],
        ["measure", "--help"],
        ["bench", "--help"],
        ["--version"],
    ],
)
def test_help_loads_nothing_heavy(arguments):
    code = (
        "import sys; from videostyle.cli.main import main\n"
        f"try: main({arguments!r})\nexcept SystemExit: pass\n"
        f"print('LOADED', [m for m in {HEAVY!r} if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip().endswith("LOADED []")


def test_help_answers_at_once():
    """Far above what it takes (0.15 s), far below what loading TensorFlow takes (3 s)."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "videostyle", "--help"], capture_output=True, check=True)
    assert time.monotonic() - began < 1.5


def test_rooms_and_functions_do_not_share_a_name():
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert not rooms & set(videostyle.__all__)


def test_every_public_name_is_there():
    for name in videostyle.__all__:
        if not name.startswith(("train_",)):
            assert getattr(videostyle, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = videostyle.nonsense
