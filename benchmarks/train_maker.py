"""Train the maker, which makes a style's weights from a painting (docs/training.md).

    KERAS_BACKEND=jax python benchmarks/train_maker.py --wide wide/ --large large/ \
        --photos photos/ --output maker/ --minutes 10 --until 0.5

On all GPUs that JAX finds, each with its own part of every batch; without one on the CPU. Pictures
are kept on the GPU and cut there. A later call with the same output continues from the state saved
there, up to a later share of the whole schedule. Needs no ffmpeg and no TensorFlow.
"""

import argparse
import json
import math
import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")

import jax
import keras
import numpy as np
from jax.sharding import Mesh, NamedSharding
from jax.sharding import PartitionSpec as Spread
from keras import ops

from videostyle.bench.processor import describe_processor
from videostyle.models.making.maker import encode_standard, make_weights, standardise
from videostyle.models.making.maker_file import save_maker
from videostyle.models.making.maker_spec import MakerSpec
from videostyle.models.making.painting import PAINTING_SUFFIXES, read_picture
from videostyle.train.loss_network import open_loss_network
from videostyle.train.made_network import paint_made
from videostyle.train.maker_objective import TILES, MakerObjective
from videostyle.train.train_config import LossWeights
from videostyle.train.views import cut_views, draw_views

# Kept away from training, to measure on: every tenth painting, and the last photos.
HELD_OUT_EVERY = 10
MEASURED_PHOTOS = 16

# Sides in pixels that pictures are read with, and the ranges that they are scaled to.
PHOTO_SIDE, WIDE_SIDE, LARGE_SIDE = 320, 224, 512
PHOTO_SCALES, WIDE_SCALES, LARGE_SCALES = (272, 460), (256, 448), (256, 640)
MEASURED_SCALE = 400

LARGE_SHARE = 0.4
GRADIENT_NORM = 5.0
WARM_UP_STEPS = 300
LOOK_NOISE = 0.1
AVERAGE = 0.999  # of the weights before, at each step; what is saved is that mean
LOOKS_MEASURED = 1024

SAY_EVERY_S, SAVE_EVERY_S = 10, 170


def main() -> None:
    args = parse_arguments()
    args.output.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(16) as pool:
        photos, _ = read_squares(pool, args.photos, PHOTO_SIDE)
        wide, wide_of = read_squares(pool, args.wide, WIDE_SIDE)
        large, large_of = read_squares(pool, args.large, LARGE_SIDE)
        others = read_squares(pool, args.measure, LARGE_SIDE)[0] if args.measure else None
    say(f"{len(photos)} photos, {len(wide)} + {len(large)} paintings")
    trainer = Trainer(args, photos, (wide, wide_of), (large, large_of), others)
    trainer.run()


class Trainer:
    """Data on the cards, the state, and the compiled step."""

    def __init__(self, args, photos, wide, large, others) -> None:
        self.args = args
        self.random = np.random.default_rng(args.seed)
        self.cards = Mesh(np.array(jax.devices()), ("cards",))
        self.batch = args.batch_size * len(jax.devices())
        self.photos, self.measured_photos = photos[:-MEASURED_PHOTOS], photos[-MEASURED_PHOTOS:]
        (self.wide, held_wide), (self.large, held_large) = (split(*wide), split(*large))
        self.held_out = {"wide": held_wide, "large": held_large}
        if others is not None:
            self.held_out["others"] = others
        self.large_count = round(args.batch_size * LARGE_SHARE)
        first = self.photos[:: max(1, len(self.photos) // 32)][:32]
        centre = (PHOTO_SIDE - args.side) // 2
        sample = first[:, centre : centre + args.side, centre : centre + args.side]
        self.objective = MakerObjective(open_loss_network(), sample, LossWeights(**args.weights))
        self.spec = MakerSpec(bank=args.bank, groups=args.groups)
        same = NamedSharding(self.cards, Spread())
        self.data = {
            name: jax.device_put(array, same)
            for name, array in (("photos", self.photos), ("wide", self.wide), ("large", self.large))
        }
        self.optimizer = keras.optimizers.Adam(1e-3, 0.9, 0.99, global_clipnorm=GRADIENT_NORM)
        self.begin()

    def begin(self) -> None:
        """Take up the state that lies there, or begin anew."""
        path = self.args.output / "state.npz"
        found = dict(np.load(path)) if path.exists() else {}
        start = {} if found or not self.args.start_from else dict(np.load(self.args.start_from))
        fresh = initial_arrays(self.spec, np.random.default_rng(self.args.seed))
        given = {name: start.get(name, array) for name, array in fresh.items()}
        arrays = {n: found.get(f"now/{n}", a).astype("float32") for n, a in given.items()}
        if not found and not start:
            arrays |= self.measure_looks(arrays)
        self.names = [name for name in arrays if not name.startswith("look.")]
        self.fixed = {name: arrays[name] for name in arrays if name.startswith("look.")}
        trainable = [keras.Variable(arrays[name]) for name in self.names]
        self.optimizer.build(trainable)
        memory = [
            found.get(f"memory/{n}", np.asarray(v)) for n, v in enumerate(self.optimizer.variables)
        ]
        self.rate_at = [v is self.optimizer.learning_rate for v in self.optimizer.variables].index(
            True
        )
        mean = [found.get(f"mean/{name}", arrays[name]) for name in self.names]
        same = NamedSharding(self.cards, Spread())
        self.state = jax.device_put(([arrays[name] for name in self.names], memory, mean), same)
        self.steps, self.done = (
            int(found.get("steps", 0)),
            float(found.get("done", self.args.begin)),
        )
        size = sum(array.size for array in arrays.values())
        say(f"{size:,} numbers; goes on from step {self.steps}, {self.done:.0%}")

    def measure_looks(self, arrays) -> dict:
        """Mean and deviation of each number of a look, over views of the training's paintings."""
        looks = []

        @jax.jit
        def look(data, one):
            return self.objective.look_at(self.tiles(data, one), one)[0]

        while sum(map(len, looks)) < LOOKS_MEASURED:
            shared, own = self.draw(self.args.batch_size)
            looks.append(np.asarray(look(self.data, {**shared, **own})))
        found = np.concatenate(looks)
        return {"look.mean": found.mean(0), "look.deviation": found.std(0) + 1e-3}

    def draw(self, count: int) -> tuple[dict, dict]:
        """All that is random in a step: what the cards share, and what each has a part of."""
        random, side = self.random, self.args.side
        drawn = self.objective.draw(random, count)
        own = {name: drawn.pop(name) for name in ("jitter", "motions") if name in drawn}
        large = round(count * LARGE_SHARE)
        for name, number, (low, high), source, tiles in (
            ("photos", count, PHOTO_SCALES, PHOTO_SIDE, 1),
            ("wide", count - large, WIDE_SCALES, WIDE_SIDE, TILES),
            ("large", large, LARGE_SCALES, LARGE_SIDE, TILES),
        ):
            scales = np.exp(random.uniform(math.log(low), math.log(high), number))
            own[f"{name}_at"] = random.integers(
                len(getattr(self, name)), size=number, dtype="int32"
            )
            own[f"{name}_places"] = draw_views(
                random, np.maximum(scales, side), tiles, source, side
            )
        own["colors"] = draw_colors(random, count)
        own["look_noise"] = (LOOK_NOISE * random.standard_normal((count, self.spec.look))).astype(
            "float32"
        )
        return drawn, own

    def tiles(self, data, one):
        """The paintings' squares [N, TILES, S, S, 3], in other colours than they were."""
        parts = [
            cut_views(
                ops.cast(ops.take(data[name], one[f"{name}_at"], axis=0), "float32") / 255.0,
                one[f"{name}_places"],
                self.args.side,
            )
            for name in ("wide", "large")
        ]
        tiles = ops.concatenate(parts, axis=0)
        turned = ops.einsum("ntijc,nck->ntijk", tiles - 0.5, one["colors"]) + 0.5
        return ops.clip(turned, 0.0, 1.0)

    def loss(self, trainable, fixed, data, one):
        arrays = {**dict(zip(self.names, trainable, strict=True)), **fixed}
        picked = ops.cast(ops.take(data["photos"], one["photos_at"], axis=0), "float32")
        photos = ops.clip(cut_views(picked, one["photos_places"], self.args.side)[:, 0], 0.0, 255.0)
        looks, painting, palette = self.objective.look_at(self.tiles(data, one), one)
        code = encode_standard(
            arrays, self.spec, standardise(arrays, looks) + one["look_noise"], ops
        )
        weights = make_weights(arrays, self.spec, code, ops)

        def paint(both):
            pairs = ops.stack(ops.split(both, 2, axis=0), axis=1)  # [N, 2, S, S, 3]
            painted = paint_made(weights, self.spec, pairs, self.args.precision)
            return ops.concatenate([painted[:, 0], painted[:, 1]], axis=0)

        return self.objective.loss(paint, painting, {**one, "photos": photos, "palette": palette})

    def compile(self):
        cards = len(jax.devices())

        def step(state, fixed, data, shared, own):
            trainable, memory, mean = state
            (_, terms), gradients = jax.value_and_grad(self.loss, has_aux=True)(
                trainable, fixed, data, {**shared, **own}
            )
            if cards > 1:
                gradients, terms = jax.lax.pmean((gradients, terms), "cards")
            trainable, memory = self.optimizer.stateless_apply(memory, gradients, trainable)
            mean = [AVERAGE * m + (1 - AVERAGE) * t for m, t in zip(mean, trainable, strict=True)]
            return (trainable, memory, mean), terms

        if cards > 1:
            every, part = Spread(), Spread("cards")
            step = jax.shard_map(
                step,
                mesh=self.cards,
                in_specs=(every, every, every, every, part),
                out_specs=(every, every),
                check_vma=False,
            )
        return jax.jit(step, donate_argnums=0)

    def draw_for_cards(self):
        """A draw for each card, one after another along the batch."""
        shared, own = self.draw(self.args.batch_size)
        parts = [own, *(self.draw(self.args.batch_size)[1] for _ in jax.devices()[1:])]
        return shared, keras.tree.map_structure(lambda *each: np.concatenate(each), *parts)

    def run(self) -> None:
        say(f"{describe_processor()}; {len(jax.devices())} x {jax.devices()[0].device_kind}")
        args, step = self.args, self.compile()
        began = said = saved = None
        first, first_done, start = self.steps, self.done, time.monotonic()
        terms = {}
        with ThreadPoolExecutor(4) as pool:
            waiting = [pool.submit(self.draw_for_cards) for _ in range(1)]
            while self.done < args.until:
                shared, own = waiting.pop(0).result()
                waiting.append(pool.submit(self.draw_for_cards))
                rate = args.learning_rate * min(1.0, (self.steps + 1) / WARM_UP_STEPS)
                rate *= (1 + math.cos(math.pi * self.done)) / 2
                self.state[1][self.rate_at] = np.float32(rate)
                self.state, terms = step(self.state, self.fixed, self.data, shared, own)
                self.steps += 1
                if self.steps % 4 == 0:  # not too far ahead of the cards
                    jax.block_until_ready(terms)
                now = time.monotonic()
                if began is None:
                    jax.block_until_ready(terms)
                    began = said = saved = now = time.monotonic()
                    say(f"first step after {began - start:.0f} s")
                share = (now - start) / (60 * args.minutes)
                self.done = min(args.until, first_done + share * (args.until - first_done))
                if now - said >= SAY_EVERY_S:
                    said = now
                    speed = (self.steps - first - 1) / (now - began)
                    say(f"{self.done:.1%} step {self.steps} {speed:.1f}/s", *self.say_terms(terms))
                if now - saved >= SAVE_EVERY_S:
                    self.save()
                    saved = time.monotonic()
        self.save()
        self.save_state()

    def say_terms(self, terms):
        return [f"{name} {float(value):.4f}" for name, value in terms.items()]

    def mean_arrays(self) -> dict[str, np.ndarray]:
        return {**self.fixed, **dict(zip(self.names, map(np.asarray, self.state[2]), strict=True))}

    def save(self) -> None:
        """The mean of the weights, in float16, measured."""
        losses = self.measure()
        record = {
            "steps": self.steps,
            "done": self.done,
            "losses": losses,
            "batch_size": self.batch,
        }
        arrays = self.mean_arrays()
        save_maker(self.args.output / "maker.npz", arrays, self.spec, record)
        if self.args.copy:
            save_maker(self.args.copy / "maker.npz", arrays, self.spec, record)
        say(f"saved at step {self.steps}:", json.dumps(losses))

    def save_state(self) -> None:
        now, memory, mean = self.state
        arrays = {f"now/{n}": np.asarray(a) for n, a in zip(self.names, now, strict=True)}
        arrays |= {f"now/{n}": a for n, a in self.fixed.items()}
        arrays |= {f"mean/{n}": np.asarray(a) for n, a in zip(self.names, mean, strict=True)}
        arrays |= {f"memory/{n}": np.asarray(a) for n, a in enumerate(memory)}
        np.savez(self.args.output / "state.npz", steps=self.steps, done=self.done, **arrays)

    def measure(self) -> dict[str, list[float]]:
        """Style loss of held-out paintings on held-out photos: median, and each of the others'."""
        if not hasattr(self, "_measure"):
            self._measure = jax.jit(self.measure_one)
            self._draws = self.objective.draw(np.random.default_rng(0), MEASURED_PHOTOS)
        centre = (PHOTO_SIDE - self.args.side) // 2
        photos = self.measured_photos[:, centre:, centre:][:, : self.args.side, : self.args.side]
        arrays, found = self.mean_arrays(), {}
        for name, paintings in self.held_out.items():
            if not len(paintings):
                continue
            kept = paintings[:: max(1, len(paintings) // 32)] if name != "others" else paintings
            losses = [
                tuple(map(float, self._measure(arrays, p[None], photos, self._draws))) for p in kept
            ]
            values = np.array(losses)
            found[name] = [round(float(v), 4) for v in np.median(values, axis=0)]
            if name == "others":
                found["each"] = [round(float(v), 3) for v in values[:, 0]]
        return found

    def measure_one(self, arrays, painting, photos, draws):
        """Style and content loss with one painting [1, S, S, 3], seen at its corners."""
        source, side = painting.shape[1], self.args.side
        step = np.full((1, TILES), source / MEASURED_SCALE, "float32")
        last = source - side * step[0, 0]
        corner = np.array([[0.0, last]], "float32")
        places = {"top": corner, "left": corner, "step": step, "across": step}
        tiles = ops.clip(cut_views(ops.cast(painting, "float32") / 255.0, places, side), 0.0, 1.0)
        looks, clouds, _ = self.objective.look_at(tiles, draws)
        code = encode_standard(arrays, self.spec, standardise(arrays, looks), ops)
        weights = make_weights(arrays, self.spec, code, ops)
        pictures = ops.cast(photos, "float32")[None] / 255.0
        painted = paint_made(weights, self.spec, pictures, self.args.precision)[0]
        alone = [[cloud[0] for cloud in layers] for layers in clouds]
        style, content = self.objective.compare(painted, alone, {**draws, "photos": photos})
        return style, content[max(content)]


def initial_arrays(spec: MakerSpec, random: np.random.Generator) -> dict[str, np.ndarray]:
    """Random weights; each kernel made from a bank is as large as a fresh convolution's."""
    arrays = {}
    for name, shape in spec.shapes().items():
        if name.endswith(".mix.bias"):
            scale = 1 / math.sqrt(spec.bank)
        elif name.endswith(".mix.kernel"):
            scale = 0.5 / math.sqrt(spec.bank * spec.code)
        elif name.endswith(".extra.kernel"):
            scale = 0.1 / math.sqrt(spec.code)
        elif name.endswith(".bank"):
            scale = math.sqrt(2 / shape[1])
        elif name.endswith(".kernel"):
            scale = math.sqrt(1 / shape[0])
        else:
            scale = 0.0
        arrays[name] = (scale * random.standard_normal(shape)).astype("float32")
    arrays["look.deviation"] += 1
    return arrays


def draw_colors(random: np.random.Generator, count: int) -> np.ndarray:
    """Colour matrices [N, 3, 3]: channels swapped in a third, paler or stronger, more contrast."""
    luma = np.array((0.2126, 0.7152, 0.0722))[:, None] * np.ones((1, 3))
    matrices = []
    for _ in range(count):
        matrix = np.eye(3)
        if random.random() < 0.35:
            matrix = matrix[random.permutation(3)]
        if random.random() < 0.5:
            saturation = random.uniform(0.5, 1.4)
            matrix = matrix @ (saturation * np.eye(3) + (1 - saturation) * luma)
        matrices.append(matrix * random.uniform(0.8, 1.2))
    return np.array(matrices, "float32")


def read_squares(pool, folder: Path, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Each picture of a folder as one or two squares uint8 [N, S, S, 3], and whose they are."""
    files = sorted(p for p in folder.iterdir() if p.suffix.lower() in PAINTING_SUFFIXES)
    squares, owners = [], []
    for number, picture in enumerate(pool.map(partial(read_picture, short_side=side), files)):
        for square in squares_of(picture, side):
            squares.append(square)
            owners.append(number)
    return np.stack(squares), np.array(owners)


def squares_of(picture: np.ndarray, side: int) -> list[np.ndarray]:
    height, width = picture.shape[:2]
    if max(height, width) < 1.1 * side:
        return [picture[:side, :side]]
    return [picture[:side, :side], picture[height - side :, width - side :]]


def split(squares: np.ndarray, owners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """To train on, and to measure on: the first square of every tenth painting."""
    held_out = owners % HELD_OUT_EVERY == HELD_OUT_EVERY - 1
    first = np.concatenate([[True], owners[1:] != owners[:-1]])
    return squares[~held_out], squares[held_out & first]


def say(*words) -> None:
    print(time.strftime("%M:%S"), *words, flush=True)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    for option in ("--photos", "--wide", "--large", "--output"):
        parser.add_argument(option, type=Path, required=True, metavar="DIR")
    parser.add_argument("--measure", type=Path, metavar="DIR", help="more paintings to measure on")
    parser.add_argument("--copy", type=Path, metavar="DIR", help="save the weights here as well")
    parser.add_argument("--start-from", type=Path, metavar="NPZ", help="a maker to go on from")
    parser.add_argument("--minutes", type=float, default=10, help="of this call")
    parser.add_argument(
        "--begin", type=float, default=0.0, help="share to go on from without a state"
    )
    parser.add_argument("--until", type=float, default=1.0, help="share of the whole schedule")
    parser.add_argument("--batch-size", type=int, default=16, help="of each card")
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--bank", type=int, default=MakerSpec.bank)
    parser.add_argument("--groups", type=int, default=MakerSpec.groups)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--precision", default="bfloat16")
    parser.add_argument("--weights", type=json.loads, default={"stability": 300.0})
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
