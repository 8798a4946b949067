"""Sounds lose their tags, play as before, and are refused where they cannot be walked to their end."""

from __future__ import annotations

import random

import pytest

from darkroom.domain.media.metadata import BrokenFile
from darkroom.domain.media.sniffing import sniff
from darkroom.domain.media.sounds import sound
from tests.unit.core.domain.media.sounds_made import KINDS, SECONDS, SECRET, ape, encoded, heard, tags, tone

TONES = {mime: tone(mime) for mime in KINDS}
each_kind = pytest.mark.parametrize("mime", KINDS)


@each_kind
def test_tags_go_and_the_sound_stays(mime: str) -> None:
    data = TONES[mime]
    assert SECRET.encode() in data
    clean = sound(data, mime).data
    assert SECRET.encode() not in clean
    assert not {"title", "artist", "comment"} & tags(clean).keys()
    found = sniff(clean)
    assert found is not None
    assert found.mime == mime
    assert heard(clean) == pytest.approx(heard(data), rel=0.001)


@each_kind
def test_a_sounds_length_is_measured(mime: str) -> None:
    assert sound(TONES[mime], mime).seconds == pytest.approx(SECONDS, abs=0.08)


@each_kind
def test_what_is_clean_stays_as_it_is(mime: str) -> None:
    clean = sound(TONES[mime], mime)
    assert sound(clean.data, mime) == clean


@each_kind
def test_a_sound_that_is_cut_short_is_refused(mime: str) -> None:
    data = TONES[mime]
    for share in (0.1, 0.5, 0.9):
        with pytest.raises(BrokenFile):
            sound(data[: int(len(data) * share)], mime)


@each_kind
def test_any_bytes_are_judged_without_another_error(mime: str) -> None:
    chance = random.Random(7)
    for _ in range(300):
        data = bytearray(TONES[mime][: chance.randrange(4000)])
        for _ in range(chance.randrange(6)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            sound(bytes(data), mime)
        except BrokenFile:
            continue


def test_ape_tags_and_two_id3_tags_go_too() -> None:
    data = TONES["audio/mpeg"]
    id3 = b"ID3\x03\0\0\0\0\0\x14" + SECRET.encode()[:20]
    bare = sound(data, "audio/mpeg").data
    assert sound(id3 + id3 + ape(bare), "audio/mpeg").data == bare


def test_a_large_vorbis_like_comment_over_several_pages_is_emptied() -> None:
    long = encoded("ogg", "libopus", {}, 0.5, SECRET * 6000)
    clean = sound(long, "audio/ogg").data
    assert SECRET.encode() not in clean
    assert heard(clean) == pytest.approx(heard(long), rel=0.001)


def test_a_vorbis_comment_is_emptied() -> None:
    data = encoded("ogg", "vorbis", {}, 0.5, SECRET)
    clean = sound(data, "audio/ogg").data
    assert SECRET.encode() not in clean
    assert heard(clean) == pytest.approx(heard(data), rel=0.001)


def test_ogg_that_is_no_sound_we_know_is_refused_by_what_it_is_not() -> None:
    data = TONES["audio/ogg"].replace(b"OpusHead", b"\x7fFLAC\x01\0\0")
    with pytest.raises(BrokenFile, match="neither Vorbis nor Opus"):
        sound(data, "audio/ogg")


def test_a_sound_without_any_is_refused() -> None:
    for mime, data in (
        ("audio/wav", b"RIFF\x04\0\0\0WAVE"),
        ("audio/mpeg", b"ID3\x03\0\0\0\0\0\x00"),
        ("audio/mpeg", b"ID3\x03\0\0\0\0\0\0 a voice"),
        ("audio/ogg", b"OggS"),
        ("audio/mp4", b"\0\0\0\x0cftypM4A "),
    ):
        with pytest.raises(BrokenFile):
            sound(data, mime)
