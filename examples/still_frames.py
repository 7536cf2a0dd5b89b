"""Save painted frames as pictures, one a second, without encoding a video.

python examples/still_frames.py clip.mp4 stills/
"""

import sys
from pathlib import Path

import cv2

import videostyle


def save_stills(clip: str, folder: str, style: str = "wave") -> int:
    """Returns how many pictures were written."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    config = videostyle.StylizeConfig(fps=1, size="480p", style=style)
    count = 0
    for count, frame in enumerate(videostyle.stylized_frames(clip, config), start=1):
        # Frames are RGB; OpenCV writes BGR.
        cv2.imwrite(f"{folder}/{count:04d}.png", cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
    return count


if __name__ == "__main__":
    print(save_stills(*sys.argv[1:]), "pictures")
