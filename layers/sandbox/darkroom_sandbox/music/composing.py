"""Makes a piece of music from words: read the words, write the score, have it played, mix and encode it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from darkroom.domain.prompts.chance import chance
from darkroom_graphics.watermark import TAG
from darkroom_sandbox.films.tags import plain
from darkroom_sandbox.music.drums import PANS, hits, sound
from darkroom_sandbox.music.mixing import Tape, mastered, pumped, room
from darkroom_sandbox.music.mp3 import encode
from darkroom_sandbox.music.score import Note, Score, write
from darkroom_sandbox.music.styles import read_style
from darkroom_sandbox.music.voices import note
from darkroom_sandbox.provenance import CREATOR, SOURCE_TYPE

_CHORDS: Final = {"pad": 0.26, "strings": 0.19, "keys": 0.25, "piano": 0.28, "guitar": 0.34, "drive": 0.26}
_LEADS: Final = {
    "pluck": 0.5,
    "keys": 0.4,
    "bell": 0.3,
    "lead": 0.3,
    "horn": 0.34,
    "piano": 0.46,
    "sing": 0.48,
}
_BASS: Final = 0.27


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece to make. Equal pieces give equal bytes.

    Unless ``instrumental``, a wordless voice sings the melody. ``watermark`` marks the file's tags.
    """

    prompt: str
    seed: str
    seconds: float
    instrumental: bool = False
    style: str = ""
    title: str = ""
    watermark: bool = False


def compose(piece: Piece) -> bytes:
    """The piece as an MP3, ``seconds`` long."""
    return encode(perform(piece), _tags(piece))


def perform(piece: Piece) -> NDArray[np.float32]:
    """The piece as a stereo array ``(2, samples)`` at 44.1 kHz, never louder than 0.76."""
    rng = chance("music", piece.prompt, piece.style, piece.seed)
    score = write(read_style(piece.prompt, piece.style, rng), piece.seconds, rng)
    clock = _Clock(score)
    players, drums = Tape(piece.seconds), Tape(piece.seconds)
    _play_chords(players, score, clock)
    _play_bass(players, score, clock)
    kicks = _play_drums(drums, score, clock)
    if score.style.pump:
        pumped(players.tracks, kicks)
    _play_melody(players, score, clock, "sing" if not piece.instrumental else score.style.lead, rng)
    mixed = room(players.tracks, score.style.wet)
    mixed += room(drums.tracks, score.style.wet * 0.35)
    return mastered(mixed)


class _Clock:
    """When a beat is, in seconds; every second eighth comes late where the style swings."""

    def __init__(self, score: Score) -> None:
        self.beat = 60 / score.tempo
        self._swing = score.style.swing

    def at(self, beat: float) -> float:
        """When a beat, counted from the beginning, is played."""
        late = self._swing * 0.5 if beat % 1 >= 0.5 else 0.0
        return (beat + late) * self.beat

    def millis(self, length: float) -> int:
        """A length in beats, coarse enough that equal notes are made once."""
        return max(40, round(length * self.beat * 100) * 10)


def _play_chords(tape: Tape, score: Score, clock: _Clock) -> None:
    voice = score.style.chords
    for bar, notes in zip(score.bars, score.chords, strict=True):
        gain = _CHORDS[voice] * (0.75 + 0.12 * bar.level)
        for i, one in enumerate(notes):
            pan = ((i % 4) - 1.5) * 0.32
            tape.lay(
                note(voice, one.pitch, clock.millis(one.length)), clock.at(one.beat), gain * one.force, pan
            )


def _play_bass(tape: Tape, score: Score, clock: _Clock) -> None:
    for one in score.bass:
        made = note(score.style.bass, one.pitch, clock.millis(one.length))
        tape.lay(made, clock.at(one.beat), _BASS * one.force)


def _play_drums(tape: Tape, score: Score, clock: _Clock) -> list[float]:
    kicks = []
    for bar in score.bars:
        for drum, beat, gain in hits(score.style.beat, bar):
            tape.lay(sound(drum), clock.at(beat), gain, PANS.get(drum, 0.0))
            if drum == "kick":
                kicks.append(clock.at(beat))
    return kicks


def _play_melody(tape: Tape, score: Score, clock: _Clock, voice: str, rng: Random) -> None:
    gain, pan = _LEADS[voice], rng.choice((-0.12, 0.12))
    for one in score.melody:
        made, at = note(voice, _in_reach(voice, one), clock.millis(one.length)), clock.at(one.beat)
        tape.lay(made, at, gain * one.force, pan)
        for echo, (share, side) in enumerate(((0.24, -0.6), (0.1, 0.6)), 1):
            tape.lay(made, at + echo * 0.75 * clock.beat, gain * one.force * share, side)


def _in_reach(voice: str, one: Note) -> int:
    """A singer and a horn keep to their register."""
    return one.pitch - 12 if voice in ("sing", "horn") and one.pitch > 76 else one.pitch


def _tags(piece: Piece) -> dict[str, str]:
    tags = {
        "title": plain(piece.title) or plain(piece.prompt) or "Untitled",
        "artist": CREATOR,
        "genre": plain(piece.style),
        "comment": SOURCE_TYPE,
        "album": TAG if piece.watermark else "",
    }
    return {name: text for name, text in tags.items() if text}
