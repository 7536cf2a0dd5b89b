"""Run command lines and see what a user would: exit status, stdout, stderr."""

import io
import signal
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

from videostyle.cli.main import main

# Seconds after which a process counts as stuck: three minutes of training are allowed.
PATIENCE_S = 300


def run(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run `videostyle` in this process, which takes a second less than one of its own."""
    words = [*map(str, arguments)]
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    out, errors = io.StringIO(), io.StringIO()
    try:
        with chdir(cwd), redirect_stdout(out), redirect_stderr(errors):
            status = main(words)
    except SystemExit as ended:
        status = ended.code
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return subprocess.CompletedProcess(words, status, out.getvalue(), errors.getvalue())


def run_apart(
    *arguments: object, cwd: Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `videostyle` in a process of its own: what libraries print as they load is seen too."""
    return subprocess.run(
        [sys.executable, "-m", "videostyle", *map(str, arguments)],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
