"""Finding the files of a TensorFlow checkpoint."""

import re
from pathlib import Path

from videostyle.errors import ModelLoadError

# A checkpoint of version 2 is several files with one prefix; version 1 is one file named by the
# prefix, with its graph beside it.
_PART = re.compile(r"\.(index|meta|data-\d{5}-of-\d{5})$")
_SINGLE = re.compile(r"\.ckpt(-\d+)?$")

# The last part of the path in the file `checkpoint`, which is often a path on another machine.
_NEWEST = re.compile(r'^model_checkpoint_path: "(?:.*[/\\])?([^/\\"]+)"', re.MULTILINE)


def find_checkpoint(path: str | Path) -> Path:
    """The prefix of a checkpoint's files.

    Args:
        path: the prefix, one of its files, or a folder; if the folder has several, its file
            `checkpoint` decides.

    Raises:
        ModelLoadError: there is none, or there are several and nothing says which.
    """
    path = Path(path)
    if path.is_dir():
        return _newest_in(path)
    prefix = path.with_name(_PART.sub("", path.name))
    if prefix.is_file() or prefix.with_name(f"{prefix.name}.index").is_file():
        return prefix
    raise ModelLoadError(
        f"{path}: there is no such checkpoint; name its prefix, such as "
        "model.ckpt for model.ckpt.index, or its folder"
    )


def is_checkpoint(path: str | Path) -> bool:
    """Whether the files at a path look like a checkpoint."""
    try:
        prefix = find_checkpoint(path)
    except ModelLoadError:
        return False
    return bool(_SINGLE.search(prefix.name)) or prefix.with_name(f"{prefix.name}.index").is_file()


def _newest_in(folder: Path) -> Path:
    try:
        files = {file.name for file in folder.iterdir() if file.is_file()}
    except OSError as error:
        raise ModelLoadError(f"{folder}: can't be read: {error.strerror}") from error
    prefixes = sorted(
        {name.removesuffix(".index") for name in files if name.endswith(".index")}
        | {name for name in files if _SINGLE.search(name)}
    )
    listing = folder / "checkpoint"
    text = listing.read_text(errors="replace") if listing.is_file() else ""
    newest = _NEWEST.search(text)
    if newest and newest[1] in prefixes:
        return folder / newest[1]
    if len(prefixes) == 1:
        return folder / prefixes[0]
    if not prefixes:
        raise ModelLoadError(f"{folder}: there is no checkpoint in this folder")
    raise ModelLoadError(
        f"{folder}: has {len(prefixes)} checkpoints, {', '.join(prefixes)}; name one of them"
    )
