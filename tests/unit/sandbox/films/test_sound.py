"""Sound from outside: refused early and briefly, or decoded to stereo at 48 kHz."""

from __future__ import annotations

import io
import struct
import wave

import numpy as np
import pytest

from darkroom.domain.jobs.engine_failures import Rejected
from darkroom_sandbox.engine import SandboxEngine
from darkroom_sandbox.films.makers import MOVING
from darkroom_sandbox.films.sound import RATE, BadSound, decode
from tests.fakes import FakeClock
from tests.unit.sandbox.films.probing import coded, tone, wav
from tests.unit.sandbox.task_requests import task_request

GOOD = wav(tone(1.0))
MP3 = coded(tone(1.0, rate=24_000), "mp3", "libmp3lame")


def _wav_claiming(*, rate: int = 22_050, channels: int = 1, seconds: float = 1.0) -> bytes:
    """A header that lies about what follows it."""
    size = int(seconds * rate * channels * 2)
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
    head = b"RIFF" + struct.pack("<I", min(36 + size, 2**32 - 1)) + b"WAVEfmt " + struct.pack("<I", 16) + form
    return head + b"data" + struct.pack("<I", min(size, 2**32 - 1)) + GOOD[44:]


def _silence(seconds: float, rate: int) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(rate)
        file.writeframes(b"\x80" * int(seconds * rate))
    return buffer.getvalue()


HOSTILE = {
    "empty": b"",
    "text": b"this is not a sound at all, however long it goes on" * 50,
    "playlist": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "wav header only": GOOD[:44],
    "wav half a header": GOOD[:20],
    "mp3 marker only": b"ID3" + bytes(200),
    "mp3 noise": b"\xff\xfb\x90\x00" + bytes(range(256)) * 4,
    "mp3 first bytes": MP3[:60],
    "ogg marker only": b"OggS" + bytes(200),
    "m4a marker only": b"\0\0\0\x20ftypM4A " + bytes(200),
    "a sample a second": _wav_claiming(rate=1),
    "a million hertz": _wav_claiming(rate=1_000_000),
    "no channels": _wav_claiming(channels=0),
    "sixty channels": _wav_claiming(channels=60),
    "two hours by its header": _silence(7200, 4000)[:44] + bytes(9_000_000),
    "seventy seconds": _silence(70, 8000),
    "too large": GOOD + bytes(11 * 1024 * 1024),
    "too short": wav(tone(0.05)),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_data_is_refused_with_a_short_reason(data: bytes) -> None:
    with pytest.raises(BadSound) as refused:
        decode(data)
    assert 0 < len(str(refused.value)) < 80


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_data_ends_the_task_and_nothing_else(data: bytes) -> None:
    engine = SandboxEngine(FakeClock(), MOVING)
    with pytest.raises(Rejected):
        engine.start(task_request("video", "hello", input_files={"audio": data}))


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("whole", [GOOD, MP3], ids=["wav", "mp3"])
def test_a_file_that_breaks_off_is_refused_or_played_as_far_as_it_goes(whole: bytes, cut: float) -> None:
    try:
        sound = decode(whole[: int(len(whole) * cut)])
    except BadSound:
        return
    assert 0.1 <= sound.seconds <= 1.1
    assert np.isfinite(sound.samples).all()


def test_sound_becomes_stereo_at_48_khz() -> None:
    sound = decode(GOOD)
    assert sound.samples.shape == (2, RATE)
    assert sound.seconds == 1.0
    assert np.abs(sound.samples).max() <= 1.0
    assert np.abs(sound.samples).max() == pytest.approx(0.49, abs=0.05)


def test_a_minute_is_accepted() -> None:
    assert decode(_silence(60, 8000)).seconds == pytest.approx(60, abs=0.01)


def test_loudness_follows_the_voice() -> None:
    loud = decode(GOOD).loudness(24)
    assert len(loud) == 24
    assert loud.max() == 1.0
    assert loud[:6].mean() > 3 * loud[10:12].mean()


def test_silence_is_not_loud() -> None:
    assert decode(wav(tone(0.5) * 0)).loudness(24).max() == 0
