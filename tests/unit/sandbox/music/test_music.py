"""Music is opened and measured: codec, length, level, tags, and that words make a difference."""

from __future__ import annotations

import io

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from darkroom.domain.jobs.engine import Finished, Output, TaskRequest
from darkroom.domain.jobs.engine_failures import Rejected
from darkroom.domain.prompts.chance import chance
from darkroom_sandbox.engine import SandboxEngine
from darkroom_sandbox.films.makers import MOVING
from darkroom_sandbox.music.composing import Piece, compose, perform
from darkroom_sandbox.music.score import BEATS, SCALES, write
from darkroom_sandbox.music.styles import STYLES, read_style
from darkroom_sandbox.music.voices import VOICES, frequency, note
from tests.fakes import FakeClock
from tests.unit.sandbox.task_requests import task_request


def made(request: TaskRequest) -> Output:
    outcome = SandboxEngine(FakeClock(), MOVING).start(request)
    assert isinstance(outcome, Finished)
    assert isinstance(outcome.output, Output)
    return outcome.output


def heard(data: bytes) -> tuple[NDArray[np.float32], int, str, dict[str, str]]:
    with av.open(io.BytesIO(data), "r") as container:
        stream = container.streams.audio[0]
        samples = np.concatenate([frame.to_ndarray() for frame in container.decode(stream)], axis=1)
        return samples, stream.rate, stream.codec_context.codec.canonical_name, dict(container.metadata)


def test_thirty_seconds_unless_said_otherwise() -> None:
    output = made(task_request("music", "upbeat pop for a summer morning"))
    samples, rate, codec, _ = heard(output.data)
    assert output.mime == "audio/mpeg"
    assert (codec, rate, samples.shape[0]) == ("mp3", 44_100, 2)
    assert samples.shape[1] / rate == pytest.approx(30, abs=0.1)


@pytest.mark.parametrize("style", STYLES)
def test_every_style_is_audible_and_never_clips(style: str) -> None:
    samples, rate, _, _ = heard(compose(Piece("a tune", "s", 6.0, style=style)))
    assert np.abs(samples).max() < 0.98
    assert np.isfinite(samples).all()
    loud = [float(np.sqrt((samples[:, i : i + rate] ** 2).mean())) for i in range(0, 4 * rate, rate)]
    assert min(loud) > 0.02
    assert abs(float(samples.mean())) < 0.01
    assert np.abs(samples[0] - samples[1]).mean() > 0.001


def test_it_fades_in_and_out() -> None:
    samples = perform(Piece("techno", "s", 10.0))
    assert np.abs(samples[:, :50]).max() < 0.02
    assert np.abs(samples[:, -2000:]).max() < 0.02
    assert np.abs(samples[:, 6 * 44_100 : 7 * 44_100]).max() > 0.2


@pytest.mark.parametrize("seconds", [5, 17.5])
def test_it_is_as_long_as_asked(seconds: float) -> None:
    samples, rate, _, _ = heard(made(task_request("music", "calm piano", seconds=seconds)).data)
    assert samples.shape[1] / rate == pytest.approx(seconds, abs=0.1)


@pytest.mark.parametrize("seconds", [4, 241, 0, -5, "long", "nan"])
def test_a_length_out_of_bounds_is_rejected(seconds: object) -> None:
    with pytest.raises(Rejected):
        made(task_request("music", "calm piano", seconds=seconds))


def test_equal_pieces_give_equal_bytes_and_words_seed_and_style_matter() -> None:
    first = compose(Piece("a tune", "s", 5.0, style="jazz"))
    assert compose(Piece("a tune", "s", 5.0, style="jazz")) == first
    others = (
        Piece("a tune", "t", 6.0, style="jazz"),
        Piece("a song", "s", 6.0, style="jazz"),
        Piece("a tune", "s", 6.0, style="rock"),
    )
    assert all(compose(other) != first for other in others)


def test_a_voice_sings_unless_it_is_instrumental() -> None:
    sung, played = (perform(Piece("folk song", "s", 8.0, instrumental=only)) for only in (False, True))
    assert np.abs(sung - played).mean() > 0.005


def test_the_file_is_labelled() -> None:
    tags = heard(made(task_request("music", "a tune", title="Kite", style="Jazz", seconds=5)).data)[3]
    assert (tags["title"], tags["genre"]) == ("Kite", "Jazz")
    assert "algorithmicMedia" in tags["comment"]
    assert "album" not in tags
    assert (
        "TEST MODE"
        in heard(made(task_request("music", "a tune", livemode=False, seconds=5)).data)[3]["album"]
    )


def test_strange_words_are_no_obstacle() -> None:
    for prompt in ("", "\u0000\ud800", "🎵" * 500, "a" * 10_000):
        assert (
            heard(made(task_request("music", prompt, seconds=5, title=prompt[:20])).data)[0].shape[1]
            > 5 * 44_000
        )


@pytest.mark.parametrize("style", STYLES)
def test_every_note_is_in_the_key_but_for_the_walking_bass(style: str) -> None:
    score = write(STYLES[style], 40, chance("score", style))
    notes = [*score.melody, *(note for bar in score.chords for note in bar)]
    scale = SCALES[STYLES[style].mode]
    roots = {root for root in range(12) if all((one.pitch - root) % 12 in scale for one in notes)}
    assert roots
    assert len(score.melody) > 8
    assert len(score.bars) * BEATS * 60 / score.tempo >= 40


@pytest.mark.parametrize(
    ("words", "style"), [("lofi beats", "lofi"), ("epic trailer", "cinematic"), ("techno", "electronic")]
)
def test_words_choose_the_style(words: str, style: str) -> None:
    assert read_style(words, "", chance("x")).chords == STYLES[style].chords
    assert read_style("a jazz tune", words, chance("x")).chords == STYLES[style].chords


def test_sad_is_minor_and_fast_is_faster() -> None:
    assert read_style("sad pop", "", chance("x")).mode == "minor"
    assert read_style("fast pop", "", chance("x")).tempo > STYLES["pop"].tempo


@pytest.mark.parametrize("voice", VOICES)
def test_every_voice_sings_its_pitch(voice: str) -> None:
    sound = note(voice, 57, 900)
    assert np.abs(sound).max() < 1.6
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 1 << 17))
    peak = float(np.argmax(spectrum)) * 44_100 / (1 << 17)
    # A bell, a horn and a driven guitar are strongest at a multiple or a part of the pitch they are heard at.
    ratio = peak / frequency(57)
    parts = (0.5, 0.75, 1, 1.5, 2, 3, 4)
    assert min(abs(ratio / part - 1) for part in parts) < 0.02
