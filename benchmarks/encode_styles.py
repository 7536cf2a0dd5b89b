"""Write the codes of the built-in styles' paintings, so that they can be mixed.

python benchmarks/encode_styles.py paintings/
"""

import argparse
from pathlib import Path

import numpy as np

from videostyle.models.making.ingredients import DEFAULT_STROKE
from videostyle.models.making.made_style import CODES_FILE
from videostyle.models.making.make import encode_painting
from videostyle.models.making.painting import read_painting
from videostyle.models.styles import built_in_styles


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("paintings", type=Path, help="a folder with a .jpg named after each style")
    folder = parser.parse_args().paintings
    names = sorted({info.style for info in built_in_styles()})
    codes = {
        name: encode_painting(read_painting(folder / f"{name}.jpg", DEFAULT_STROKE))
        for name in names
    }
    np.savez(CODES_FILE, **{name: code.astype("float16") for name, code in codes.items()})


if __name__ == "__main__":
    main()
