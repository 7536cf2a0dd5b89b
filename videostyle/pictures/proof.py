"""The pictures that a checked model painted, as files."""

from pathlib import Path
from typing import TYPE_CHECKING

from videostyle.errors import TargetExistsError
from videostyle.files.target import check_folder
from videostyle.files.whole import writing_folder

if TYPE_CHECKING:
    import numpy as np

    from videostyle.coreml.report import PackageReport

# Differences of a few levels can't be seen otherwise.
DIFFERENCE_GAIN = 20


def check_new_folder(folder: Path) -> None:
    """See that a folder can appear, before anything is painted for it.

    Raises:
        TargetError: it exists, or the folder around it doesn't.
    """
    check_folder(folder)
    if folder.exists():
        raise TargetExistsError(folder)


def write_pictures(report: "PackageReport", folder: Path) -> None:
    """Write source, painting and, if there is one, the difference of each picture as PNG.

    Raises:
        TargetError: the folder can't be written.
    """
    import numpy as np

    from videostyle.pictures.picture import write_picture

    with writing_folder(folder) as part:
        part.mkdir(exist_ok=True)
        for number, picture in enumerate(report.pictures, 1):
            write_picture(part / f"{number}-source.png", picture.source)
            write_picture(part / f"{number}-painted.png", _as_bytes(picture.painted))
            if picture.expected is not None:
                difference = np.abs(picture.painted - picture.expected) * DIFFERENCE_GAIN
                write_picture(part / f"{number}-difference.png", _as_bytes(difference))


def _as_bytes(levels: "np.ndarray") -> "np.ndarray":
    import numpy as np

    return np.asarray(np.nan_to_num(levels).clip(0, 255).round().astype(np.uint8))
