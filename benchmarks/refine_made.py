"""How much better held-out paintings get by more training on each alone (docs/training.md).

    KERAS_BACKEND=jax python benchmarks/refine_made.py --maker maker.npz --wide wide/ \
        --large large/ --others others/ --photos photos/ --output refined.json

Sixteen paintings are trained side by side, each network on its own, from the weights that the maker
gives it; style and content loss on held-out photos, before and after.
"""

import argparse
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")

import jax
import keras
import numpy as np
import train_maker as training
from keras import ops

from videostyle.models.making.maker import encode, make_weights
from videostyle.models.making.maker_file import load_maker
from videostyle.train.loss_network import open_loss_network
from videostyle.train.made_network import paint_made
from videostyle.train.maker_objective import TILES, MakerObjective
from videostyle.train.train_config import LossWeights
from videostyle.train.views import cut_views, draw_views

SIDE, TOGETHER, STEPS, RATE = 256, 16, 150, 1e-3


def main() -> None:
    args = parse_arguments()
    with ThreadPoolExecutor(16) as pool:
        photos, _ = training.read_squares(pool, args.photos, training.PHOTO_SIDE)
        wide = training.split(*training.read_squares(pool, args.wide, training.WIDE_SIDE))[1]
        large = training.split(*training.read_squares(pool, args.large, training.LARGE_SIDE))[1]
        others = training.read_squares(pool, args.others, training.LARGE_SIDE)
    first = np.concatenate([[True], others[1][1:] != others[1][:-1]])
    refine = Refine(load_maker(args.maker), photos, args)
    began, results = time.monotonic(), {}
    for name, paintings in (("large", large), ("others", others[0][first]), ("wide", wide)):
        results[name] = []
        for start in range(args.part * TOGETHER, len(paintings), args.parts * TOGETHER):
            if time.monotonic() - began > args.seconds:
                break
            batch = paintings[start : start + TOGETHER]
            results[name] += refine(np.resize(batch, (TOGETHER, *batch.shape[1:])))[: len(batch)]
            print(
                name,
                len(results[name]),
                np.median(np.array(results[name]), axis=0).round(4),
                flush=True,
            )
            args.output.write_text(json.dumps(results))


class Refine:
    def __init__(self, maker, photos, args) -> None:
        self.maker, self.random = maker, np.random.default_rng(1)
        self.photos, self.measured = (
            photos[: -training.MEASURED_PHOTOS],
            photos[-training.MEASURED_PHOTOS :],
        )
        centre = (training.PHOTO_SIDE - SIDE) // 2
        self.measured = self.measured[:, centre : centre + SIDE, centre : centre + SIDE]
        sample = self.photos[:: max(1, len(self.photos) // 32)][:32]
        sample = sample[:, centre : centre + SIDE, centre : centre + SIDE]
        self.objective = MakerObjective(open_loss_network(), sample, LossWeights(**args.weights))
        self.optimizer = keras.optimizers.Adam(RATE, 0.9, 0.99)
        self.names = [
            (c, n)
            for c, part in self.make(np.zeros((TOGETHER, maker.spec.look), "float32")).items()
            for n in part
        ]
        self.draws = self.objective.draw(np.random.default_rng(0), training.MEASURED_PHOTOS)
        self.step, self.test, self.look = (
            jax.jit(self._step),
            jax.jit(self._test),
            jax.jit(self._look),
        )
        self.variables = None

    def make(self, looks):
        codes = encode(self.maker.arrays, self.maker.spec, looks, ops)
        return make_weights(self.maker.arrays, self.maker.spec, codes, ops)

    def __call__(self, paintings) -> list:
        source = paintings.shape[1]
        step = np.full((TOGETHER, TILES), source / training.MEASURED_SCALE, "float32")
        last = source - SIDE * step[0, 0]
        corner = np.repeat(np.array([[0.0, last]], "float32"), TOGETHER, 0)
        places = {"top": corner, "left": corner, "step": step, "across": step}
        looks, clouds, palette = self.look(paintings, places, self.draws)
        weights = self.make(looks)
        values = [weights[c][n] for c, n in self.names]
        if self.variables is None:
            self.variables = [keras.Variable(v) for v in values]
            self.optimizer.build(self.variables)
            self.fresh = [np.asarray(v) for v in self.optimizer.variables]
            self.rate_at = [
                v is self.optimizer.learning_rate for v in self.optimizer.variables
            ].index(True)
        memory = list(self.fresh)
        before = self.measure(values, clouds)
        for number in range(STEPS):
            drawn = self.objective.draw(self.random, TOGETHER)
            drawn["photos_at"] = self.random.integers(len(self.photos), size=TOGETHER)
            scales = np.exp(self.random.uniform(*np.log(training.PHOTO_SCALES), TOGETHER))
            drawn["places"] = draw_views(self.random, scales, 1, training.PHOTO_SIDE, SIDE)
            drawn["picked"] = self.photos[drawn.pop("photos_at")]
            memory[self.rate_at] = np.float32(
                RATE * min(1, (number + 1) / 10) * (1 - number / STEPS)
            )
            values, memory = self.step(values, memory, clouds, palette, drawn)
        after = self.measure(values, clouds)
        return [(*b, *a) for b, a in zip(before, after, strict=True)]

    def _look(self, paintings, places, draws):
        tiles = cut_views(ops.cast(paintings, "float32") / 255.0, places, SIDE)
        return self.objective.look_at(ops.clip(tiles, 0.0, 1.0), draws)

    def weights_of(self, values):
        weights = {}
        for (conv, name), value in zip(self.names, values, strict=True):
            weights.setdefault(conv, {})[name] = value
        return weights

    def _step(self, values, memory, clouds, palette, drawn):
        picked = ops.cast(drawn["picked"], "float32")
        photos = ops.clip(cut_views(picked, drawn["places"], SIDE)[:, 0], 0.0, 255.0)

        def loss(values):
            def paint(both):
                pairs = ops.stack(ops.split(both, 2, axis=0), axis=1)
                painted = paint_made(self.weights_of(values), self.maker.spec, pairs, "bfloat16")
                return ops.concatenate([painted[:, 0], painted[:, 1]], axis=0)

            data = {**drawn, "photos": photos, "palette": palette}
            # Each network's own loss counts whole, however many are trained side by side.
            return TOGETHER * self.objective.loss(paint, clouds, data)[0]

        gradients = jax.grad(loss)(values)
        return self.optimizer.stateless_apply(memory, gradients, values)

    def _test(self, values, clouds, number, photos, draws):
        one = [v[number][None] for v in values]
        alone = [[cloud[number] for cloud in layers] for layers in clouds]
        pictures = ops.cast(photos, "float32")[None] / 255.0
        painted = paint_made(self.weights_of(one), self.maker.spec, pictures, "bfloat16")[0]
        style, content = self.objective.compare(painted, alone, {**draws, "photos": photos})
        return style, content[max(content)]

    def measure(self, values, clouds) -> list[tuple[float, float]]:
        found = [self.test(values, clouds, n, self.measured, self.draws) for n in range(TOGETHER)]
        return [tuple(map(float, pair)) for pair in found]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    for option in ("--maker", "--photos", "--wide", "--large", "--others", "--output"):
        parser.add_argument(option, type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--part", type=int, default=0)
    parser.add_argument("--parts", type=int, default=1)
    parser.add_argument("--weights", type=json.loads, default={"stability": 300.0})
    return parser.parse_args()


if __name__ == "__main__":
    main()
