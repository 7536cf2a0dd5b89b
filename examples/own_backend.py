"""Run a network of your own, whatever computes it: a backend is one method.

python examples/own_backend.py clip.mp4 edges.mp4
"""

import sys

import cv2
import numpy as np

import videostyle


class Edges:
    """Draws the outlines of each frame: stands for any function of frames to frames."""

    name = "edges"
    description = "edges (OpenCV)"

    def stylize(self, frames: np.ndarray) -> np.ndarray:
        """uint8 [N, H, W, 3] to the same."""
        return np.stack([self._draw(frame) for frame in frames])

    def _draw(self, frame: np.ndarray) -> np.ndarray:
        edges = cv2.Canny(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), 60, 160)
        return cv2.cvtColor(255 - edges, cv2.COLOR_GRAY2RGB)


def draw_edges(source: str, target: str) -> videostyle.StylizeResult:
    config = videostyle.StylizeConfig(fps=12, size="480p", overwrite=True)
    return videostyle.stylize(source, target, config, backend=Edges())


if __name__ == "__main__":
    result = draw_edges(*sys.argv[1:])
    print(f"{result.target}: {result.frames} frames, {result.frames_per_second:.0f} a second")
