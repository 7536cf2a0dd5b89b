"""Whether all of a clip came out of the decoder, and whole."""

from collections.abc import Iterator

from videostyle.errors import DamageError, DecodeError
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.messages import FfmpegMessages
from videostyle.video.process import FfmpegProcess


def check_runaway(plan: DecodePlan, read: int) -> None:
    """Stop at more frames than the file can hold.

    Raises:
        DecodeError: there are more.
    """
    if read > plan.most_frames:
        raise DecodeError(
            f"{plan.info.path}: goes on after {float(read / plan.rate):.0f} s, which "
            f"{plan.info.source.size_bytes} bytes can't hold; it is damaged"
        )


def check_length(plan: DecodePlan, read: int, process: FfmpegProcess) -> tuple[str, ...]:
    """Wait for the decoder's end and see that it came with the clip's.

    Args:
        plan: what was to be read.
        read: output frames that came, at the plan's rate.
        process: the ffmpeg that sent them.

    Returns:
        What was lost, one line each, when the plan says to keep going.

    Raises:
        DecodeError: ffmpeg failed, or the clip has changed.
        DamageError: it is damaged, or ends long before its header says.
    """
    status = process.wait()
    path = plan.info.path
    if status < 0 or (status > 0 and not (plan.keep_going and read)):
        raise DecodeError(
            f"{path}: decoding failed after {read} frames: "
            f"{process.last_words() or f'ffmpeg ended with {status}'}"
        )
    plan.info.source.check_unchanged(process.began_ns)
    if read == 0 and not plan.may_be_empty:
        raise DecodeError(f"{path}: no frame lies in the part asked for")
    losses = tuple(_losses(plan, read, process))
    if losses and not plan.keep_going:
        raise DamageError(f"{path}: {losses[0]}")
    return losses


def _losses(plan: DecodePlan, read: int, process: FfmpegProcess) -> Iterator[str]:
    rate, expected = plan.rate, plan.promised_frames
    if process.messages.jumps:  # the header's end counts them, and they aren't shown
        expected = None
    if expected is not None and read + _slack_frames(plan) < expected:
        yield (
            f"only {read} of {expected} frames decode ({float(read / rate):.1f} s of "
            f"{float(expected / rate):.1f} s); the file is cut short or damaged"
        )
    goes_on_s = plan.info.goes_on_s
    if goes_on_s is not None and (
        plan.duration_s is None or plan.start_s + plan.duration_s > goes_on_s
    ):
        yield (
            f"its streams have other numbers from {float(goes_on_s):.2f} s on, and what follows "
            "isn't read; copy it with other numbers first (ffmpeg -merge_pmt_versions 1 -i ...)"
        )
    yield from damage_of(plan, process.messages, read)


def damage_of(plan: DecodePlan, messages: FfmpegMessages, read: int) -> Iterator[str]:
    """What ffmpeg's messages say is broken, in one line or none."""
    if messages.corrupt:
        yield (
            f"{messages.corrupt} source frames are damaged and {read} frames decode: "
            f"{messages.first_error}"
        )
    elif messages.errors and not plan.start_s:  # a seek into an open group of pictures has some
        yield f"the file is damaged and {read} frames decode: {messages.first_error}"


def clock_notices(messages: FfmpegMessages) -> tuple[str, ...]:
    """What the user should know of the clip's clock, one line at most."""
    if not messages.jumps:
        return ()
    return ("the clip's clock jumps, as in recordings put together: what it skips isn't shown",)


def _slack_frames(plan: DecodePlan) -> int:
    """Headers round, and some count a last frame's duration twice: two frames of either."""
    return 2 + round(2 * plan.source_frame_s * plan.rate)
