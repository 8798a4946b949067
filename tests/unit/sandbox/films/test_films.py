"""Films are opened and measured: pixels, codecs, length, movement, sound."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest

from darkroom.catalog_data import catalog
from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.catalog.routes import Queue, sandbox_route
from darkroom.domain.jobs.engine import Finished, Output, TaskRequest
from darkroom.domain.jobs.engine_failures import Rejected
from darkroom_sandbox.brief import Brief
from darkroom_sandbox.engine import SandboxEngine
from darkroom_sandbox.films.direction import direct, subject
from darkroom_sandbox.films.makers import FILM_SECONDS, MOVING, MUSIC_SECONDS
from darkroom_sandbox.films.sizes import frame_size
from darkroom_sandbox.painter import paint
from tests.fakes import FakeClock
from tests.unit.graphics.pictures import checker, encoded
from tests.unit.sandbox.films.probing import boxes, coded, tone, watched, wav
from tests.unit.sandbox.pictures import decoded, difference
from tests.unit.sandbox.task_requests import task_request

PICTURE = paint(Brief("a portrait of a woman", "s", size=(864, 480))).data
SMALL: dict[str, Any] = {"resolution": "480p", "seconds": 1}
LAKE: dict[str, Any] = {"prompt": "a lake", "seed": 1, **SMALL}


def made(request: TaskRequest) -> Output:
    outcome = SandboxEngine(FakeClock(), MOVING).start(request)
    assert isinstance(outcome, Finished)
    assert isinstance(outcome.output, Output)
    return outcome.output


@pytest.fixture(scope="module")
def lake() -> bytes:
    return made(task_request("video", **LAKE)).data


def test_five_seconds_from_words() -> None:
    output = made(task_request("video", "a lighthouse by the sea at sunset"))
    film = watched(output.data)
    assert (output.mime, output.aspect_ratio) == ("video/mp4", "16:9")
    assert (film.codec, film.pix_fmt, film.fps) == ("h264", "yuv420p", 24.0)
    assert abs(len(film.frames) - 120) <= 1
    assert film.seconds == pytest.approx(5.0, abs=1 / 24)
    assert film.frames[0].shape == (720, 1280, 3)
    assert film.sound is None


def test_the_index_stands_before_the_data_so_that_a_browser_starts_at_once(lake: bytes) -> None:
    names = boxes(lake)
    assert names[0] == "ftyp"
    assert names.index("moov") < names.index("mdat")


def test_it_says_that_a_program_made_it(lake: bytes) -> None:
    assert "algorithmicMedia" in watched(lake).tags["comment"]


@pytest.mark.parametrize(
    "prompt",
    [
        "a city street in the rain, pan left",
        "a fox, static shot",
        "cherry blossom in spring, orbit around",
        "a coffee cup, zoom out",
    ],
)
def test_something_moves_from_frame_to_frame(prompt: str) -> None:
    film = watched(made(task_request("video", prompt, **SMALL)).data)
    steps = [difference(a, b) for a, b in zip(film.frames[::6], film.frames[6::6], strict=False)]
    assert min(steps) > 0.15
    assert difference(film.frames[0], film.frames[-1]) > 0.6


def test_different_camera_words_make_different_films() -> None:
    last = {
        move: watched(made(task_request("video", f"a lake, {move}", seed=7, **SMALL)).data).frames[-1]
        for move in ("pan left", "pan right", "zoom in")
    }
    assert difference(last["pan left"], last["pan right"]) > 2
    assert difference(last["pan left"], last["zoom in"]) > 1


def test_equal_orders_give_equal_bytes_and_the_seed_matters(lake: bytes) -> None:
    assert made(task_request("video", **LAKE)).data == lake
    assert made(task_request("video", **{**LAKE, "seed": 2})).data != lake


@pytest.mark.parametrize(
    ("ratio", "resolution", "size"),
    [
        ("9:16", "480p", (480, 854)),
        ("1:1", "1080p", (1080, 1080)),
        ("21:9", "480p", (1120, 480)),
    ],
)
def test_sizes_are_what_the_names_say(ratio: str, resolution: str, size: tuple[int, int]) -> None:
    voice = {"audio": wav(tone(0.25))}
    film = watched(
        made(task_request("video", "a lake", ratio=ratio, input_files=voice, resolution=resolution)).data
    )
    assert film.frames[0].shape[:2] == size[::-1]
    assert len(film.frames) == 6


def test_a_picture_is_shown_first_and_then_moves() -> None:
    output = made(
        task_request("video", "slow push in", ratio="auto", input_files={"source": PICTURE}, **SMALL)
    )
    film = watched(output.data)
    assert output.aspect_ratio == "16:9"
    source = decoded(PICTURE)[:, 5:859]
    assert difference(film.frames[0], source) < 6
    assert difference(film.frames[-1], source) > difference(film.frames[0], source) + 1


def test_a_picture_of_another_shape_is_kept_whole() -> None:
    upright = encoded(checker(300, 600, 50))
    film = watched(
        made(task_request("video", "", ratio="16:9", input_files={"source": upright}, **SMALL)).data
    )
    middle = film.frames[0][:, 307:547]
    source = decoded(encoded(checker(240, 480, 40)))
    assert middle.shape == source.shape
    assert difference(middle, source) < 25


def test_a_talking_picture_has_the_sound_it_was_given() -> None:
    voice = tone(1.5)
    picture = {"source": PICTURE, "audio": wav(voice)}
    film = watched(made(task_request("video", "hello", input_files=picture, resolution="480p")).data)
    assert film.sound_codec == "aac"
    assert film.sound is not None
    assert film.sound_rate == 48_000
    assert film.seconds == pytest.approx(1.5, abs=1 / 24)
    assert film.sound.shape[1] / film.sound_rate == pytest.approx(1.5, abs=0.05)
    spectrum = np.abs(np.fft.rfft(film.sound[0]))
    assert np.argmax(spectrum) * film.sound_rate / film.sound.shape[1] == pytest.approx(220, abs=2)


def test_a_talking_picture_moves_with_the_voice() -> None:
    pulses = {"source": PICTURE, "audio": wav(tone(1.0))}
    silent = {"source": PICTURE, "audio": wav(tone(1.0) * 0)}
    talks = watched(
        made(task_request("video", "hello", input_files=pulses, resolution="480p", seed=1)).data
    ).frames
    quiet = watched(
        made(task_request("video", "hello", input_files=silent, resolution="480p", seed=1)).data
    ).frames
    apart = [difference(a, b) for a, b in zip(talks, quiet, strict=True)]
    # Loud in the first quarter of each second, silent in the second.
    assert np.mean(apart[2:6]) > 1.5 * np.mean(apart[10:12])


@pytest.mark.parametrize(("kind", "codec"), [("mp3", "libmp3lame"), ("ipod", "aac"), ("ogg", "libopus")])
def test_other_sound_formats_are_read(kind: str, codec: str) -> None:
    sound = coded(tone(0.5, rate=24_000), kind, codec)
    film = watched(
        made(
            task_request("video", "", input_files={"audio": sound, "source": PICTURE}, resolution="480p")
        ).data
    )
    assert film.seconds == pytest.approx(0.5, abs=0.12)


def test_test_mode_is_marked_in_every_frame(lake: bytes) -> None:
    live = watched(lake).frames
    test = watched(made(task_request("video", livemode=False, **LAKE)).data).frames
    assert min(difference(a, b) for a, b in zip(live, test, strict=True)) > 2
    # The red tag in the lower right.
    corner = test[-1][-40:-8, -150:-20].reshape(-1, 3).astype(int)
    assert ((corner[:, 0] > 150) & (corner[:, 1] < 90)).mean() > 0.3


@pytest.mark.parametrize("seconds", [0, 0.5, 16, -1, "soon", "nan", "inf", True, [5]])
def test_a_length_out_of_bounds_is_rejected(seconds: object) -> None:
    with pytest.raises(Rejected):
        made(task_request("video", "a lake", seconds=seconds))


@pytest.mark.parametrize("wrong", [{"ratio": "7:3"}, {"resolution": "8K"}])
def test_unknown_sizes_are_rejected(wrong: dict[str, str]) -> None:
    with pytest.raises(Rejected):
        made(task_request("video", "a lake", **wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize("data", [b"", b"text", PICTURE[:500], encoded(checker(64, 64), "JPEG")[:300]])
def test_a_source_that_is_no_picture_is_rejected(data: bytes) -> None:
    with pytest.raises(Rejected):
        made(task_request("video", "a lake", input_files={"source": data}, **SMALL))


def test_what_the_camera_does_is_not_painted() -> None:
    assert subject("slow orbit around a coffee cup, tracking shot") == "a coffee cup,"


@pytest.mark.parametrize(
    ("prompt", "move", "air"),
    [
        ("camera pans to the left over a snowy valley", "left", "snow"),
        ("zoom out from a campfire", "pull", "embers"),
        ("drone shot of the ocean", "push", "glints"),
        ("static camera, rain on a window", "static", "rain"),
        ("a desk", "push", "dust"),
    ],
)
def test_words_direct_the_film(prompt: str, move: str, air: str) -> None:
    direction = direct(prompt, Random(1), ("push",))
    assert (direction.move, direction.air) == (move, air)


def test_every_moving_thing_that_is_sold_can_be_made() -> None:
    moving = (Feature.VIDEO, Feature.MUSIC)
    sold = [o for o in catalog().offers.values() if o.feature in moving]
    assert {sandbox_route(feature).queue for feature in moving} == {Queue.SANDBOX_FILMS}
    assert {offer.kind for offer in sold} <= set(MOVING)
    for offer in sold:
        low, high = FILM_SECONDS if offer.kind == "video" else MUSIC_SECONDS
        takes = offer.capabilities
        assert all(low <= seconds <= high for seconds in takes.durations)
        if offer.kind == "video":
            for ratio in takes.aspect_ratios:
                assert all(frame_size(ratio, resolution) for resolution in takes.resolutions)


def test_pictures_to_go_by_show_and_a_page_does_not(lake: bytes) -> None:
    logo = encoded(checker(200, 200))
    page = made(task_request("video", **LAKE, input_files={"page": b"<html>"}))
    assert page.data == lake
    shown = made(task_request("video", **LAKE, input_files={"logo": logo}))
    assert difference(watched(shown.data).frames[0], watched(lake).frames[0]) > 0.5
