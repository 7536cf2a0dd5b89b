"""Install a wheel into a fresh environment, without what it depends on, and check that it is whole.

    python .ci/check_wheel.py dist/videostyle-0.2.0-py3-none-any.whl

It must bring every file of videostyle/, styles, templates and samples too, and nothing else. Its
command must start: `--version` needs none of the packages it depends on.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "videostyle"


def main(wheel: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        binaries = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin")
        python = binaries / "python"
        site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"))
        before = {path.name for path in site.iterdir()}
        run(python, "-m", "pip", "install", "--quiet", "--no-deps", wheel)
        added = {path.name for path in site.iterdir()} - before
        version = run(binaries / "videostyle", "--version").removeprefix("videostyle ")
        if added != {"videostyle", f"videostyle-{version}.dist-info"}:
            sys.exit(f"{wheel}: installs {sorted(added)} for version {version}")
        wanted, installed = files_in(PACKAGE), files_in(site / "videostyle")
    if wanted != installed:
        sys.exit(f"{wheel}: these are in one of the two only: {sorted(wanted ^ installed)}")
    return "\n".join([*sorted(installed), f"{wheel}: version {version}, {len(installed)} files"])


def files_in(package: Path) -> set[str]:
    """Paths seen from the package, without what Python compiles."""
    files = (path.relative_to(package) for path in package.rglob("*") if path.is_file())
    return {path.as_posix() for path in files if "__pycache__" not in path.parts}


def run(*command: object) -> str:
    out = subprocess.run([*map(str, command)], check=True, capture_output=True, text=True)
    return out.stdout.strip()


if __name__ == "__main__":
    print(main(Path(sys.argv[1])))
