"""What the painter promises: repeatable pictures of exact size in which everything sent along can be seen."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from darkroom.domain.prompts.vocabulary import MOODS, SETTINGS, USUAL_MOODS
from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_sandbox.brief import Brief, Reference
from darkroom_sandbox.images import finished
from darkroom_sandbox.painter import paint
from darkroom_sandbox.palettes import PALETTES
from darkroom_sandbox.provenance import CREATOR, SOURCE_TYPE
from darkroom_sandbox.ratios import SIZES, nearest_ratio, pixel_size
from darkroom_sandbox.scenery import paint_scenery
from darkroom_sandbox.scenes import SCENES
from tests.unit.graphics.pictures import checker, encoded, flat
from tests.unit.sandbox.pictures import decoded, difference, loud

SMALL = (256, 256)
PLAIN = Brief("misty mountains", "seed", size=SMALL)
PUBLISHED = {
    "1:1": (1024, 1024),
    "16:9": (1344, 768),
    "9:16": (768, 1344),
    "3:2": (1216, 832),
    "2:3": (832, 1216),
    "4:3": (1152, 896),
    "3:4": (896, 1152),
}


def test_equal_briefs_give_equal_bytes() -> None:
    brief = replace(
        PLAIN, references=(Reference("ref", encoded(checker(64, 64))),), caption="same", watermark=True
    )
    assert paint(brief).data == paint(brief).data


def test_another_process_with_another_hash_seed_gives_the_same_bytes() -> None:
    root = ":".join(sys.path)
    code = (
        "import hashlib; from darkroom_sandbox.brief import Brief; from darkroom_sandbox.painter import paint;"
        "print(hashlib.sha256(paint(Brief('a cat in tokyo', '7', size=(128, 128))).data).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONPATH": root, "PYTHONHASHSEED": salt},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for salt in ("1", "2")
    }
    assert len(digests) == 1


def test_seed_and_words_change_the_picture() -> None:
    first = decoded(paint(PLAIN).data)
    assert difference(first, decoded(paint(replace(PLAIN, seed="other")).data)) > 3
    assert difference(first, decoded(paint(replace(PLAIN, prompt="neon city")).data)) > 10


@pytest.mark.parametrize("ratio", SIZES)
def test_every_ratio_has_its_exact_size(ratio: str) -> None:
    painting = paint(Brief("abstract waves", "1", aspect_ratio=ratio, style="fast"))
    height, width, _ = decoded(painting.data).shape
    assert (width, height) == (painting.width, painting.height) == pixel_size(ratio)
    assert painting.aspect_ratio == ratio
    assert nearest_ratio(width, height) == ratio
    assert width % 16 == height % 16 == 0
    assert 0.9 < width * height / 1024**2 < 1.1
    assert len(painting.data) < 2_500_000


def test_published_sizes_are_kept() -> None:
    assert {ratio: pixel_size(ratio) for ratio in PUBLISHED} == PUBLISHED


def test_auto_takes_the_first_references_shape_and_is_square_without_one() -> None:
    wide = Reference("logo", encoded(flat(320, 180, 10, 20, 30)))
    assert paint(Brief("x", "1", "auto", style="fast", references=(wide,))).aspect_ratio == "16:9"
    assert paint(Brief("x", "1", "auto", style="fast")).aspect_ratio == "1:1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"aspect_ratio": "7:3"},
        {"aspect_ratio": ""},
        {"style": "ultra"},
        {"palette": ("red",)},
        {"size": (0, 64)},
        {"size": (100_000, 100_000)},
        {"references": (Reference("mood", b""),)},
    ],
)
def test_unknown_values_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        paint(replace(PLAIN, **({"size": None} | wrong)))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["ref", "character", "logo", "template", "product"])
def test_a_reference_can_be_seen(kind: str) -> None:
    brief = replace(PLAIN, prompt="calm lake")
    shown = paint(replace(brief, references=(Reference(kind, encoded(checker(200, 200, 50))),)))
    assert loud(decoded(paint(brief).data)) == 0
    assert loud(decoded(shown.data)) > (60 if kind == "logo" else 3000)


def test_a_style_reference_lends_its_colours() -> None:
    brief = replace(PLAIN, prompt="abstract")

    def warmth(*colour: int) -> float:
        style = Reference("style", encoded(flat(80, 80, *colour)))
        pixels = decoded(paint(replace(brief, references=(style,))).data)
        return float(pixels[:, :, 0].mean() - pixels[:, :, 2].mean())

    assert warmth(200, 20, 30) > 40
    assert warmth(20, 40, 200) < -40


def test_brand_colours_caption_and_name_change_the_picture() -> None:
    plain = decoded(paint(PLAIN).data)
    assert difference(plain, decoded(paint(replace(PLAIN, palette=("#E11D48", "#FFD400"))).data)) > 5
    captioned = decoded(paint(replace(PLAIN, caption="ship it")).data)
    changed = np.abs(captioned.astype(int) - plain).sum(axis=2) > 0
    assert changed[190:].any()
    assert not changed[:128].any()
    assert difference(plain, decoded(paint(replace(PLAIN, brand="Acme")).data)) > 0.2


def test_the_watermark_covers_the_picture_and_leaves_it_visible() -> None:
    plain, marked = (decoded(paint(replace(PLAIN, watermark=on)).data) for on in (False, True))
    changed = np.abs(marked.astype(int) - plain).sum(axis=2) > 12
    for rows in np.array_split(changed, 4):
        for part in np.array_split(rows, 4, axis=1):
            assert part.any()
    assert 0.03 < changed.mean() < 0.6


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("shape", [(144, 400), (400, 144)])
def test_every_scene_paints_in_every_shape(scene: str, shape: tuple[int, int]) -> None:
    word = next((word for word, setting in SETTINGS.items() if setting == scene), scene)
    pixels = decoded(paint(Brief(word, "1", size=shape, style="premium")).data)
    assert pixels.shape == (shape[1], shape[0], 3)
    assert pixels.std() > 8


def test_the_vocabulary_only_names_what_exists() -> None:
    assert set(SETTINGS.values()) <= set(SCENES)
    assert set(MOODS.values()) <= set(PALETTES)
    assert {mood for moods in USUAL_MOODS.values() for mood in moods} <= set(PALETTES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\n",
        "x" * 10_000,
        "猫が海で泳ぐ 🐈‍⬛🌊",
        "قطة على الشاطئ \u202e\u200f",
        "\x00\x1b[31m\x7f\ud800",
        "Straße café — naïve",
        "e\u0301" * 3000,
        "🙂" * 200,
    ],
)
def test_any_text_can_be_painted_and_lettered(text: str) -> None:
    painting = paint(Brief(text, text, size=(160, 160), style="fast", caption=text, brand=text))
    assert decoded(painting.data).shape == (160, 160, 3)


def test_a_caption_is_set_in_any_script_and_what_no_font_has_is_left_out() -> None:
    plain = paint(PLAIN).data
    shown = {text: paint(replace(PLAIN, caption=text)).data for text in ("猫猫猫", "قطة", "кот", "🐈")}
    assert len({plain, *shown.values()}) == 5
    assert paint(replace(PLAIN, caption="\U000f0000")).data == plain


def test_a_headline_stands_low_on_the_scene() -> None:
    plain, lettered = (
        decoded(paint(replace(PLAIN, headline=words)).data) for words in (None, "Ship it today")
    )
    changed = np.abs(lettered.astype(int) - plain).sum(axis=2) > 0
    assert changed[200:].mean() > 0.5
    assert not changed[:128].any()


def test_a_template_says_the_prompt() -> None:
    board = Reference("template", encoded(flat(200, 200, 120, 160, 200)))
    for prompt in ("pizza", "a mountain lake"):
        wordless, said = (
            decoded(paint(replace(PLAIN, prompt=prompt, title=title, references=(board,))).data)
            for title in ("", prompt)
        )
        changed = np.abs(said.astype(int) - wordless).sum(axis=2) > 0
        assert changed[200:].mean() > 0.5
        assert not changed[:128].any()


def test_what_no_scene_shows_is_a_poster_of_the_words() -> None:
    for prompt in ("pizza", "temple", "a red bicycle"):
        poster, film = paint(replace(PLAIN, prompt=prompt)), paint_scenery(replace(PLAIN, prompt=prompt))
        assert difference(decoded(poster.data), decoded(finished(film.stage.surface, "1:1").data)) > 10
    titled = replace(PLAIN, prompt="pizza, enhanced in many words", title="pizza")
    assert paint(titled).data != paint(replace(titled, title="pasta")).data


@pytest.mark.parametrize("kind", ["ref", "character", "product"])
def test_pictures_that_come_along_leave_the_middle_free(kind: str) -> None:
    brief = replace(PLAIN, prompt="portrait of a woman")
    board = Reference(kind, encoded(checker(200, 200, 50)))
    plain, shown = (decoded(paint(each).data) for each in (brief, replace(brief, references=(board,))))
    assert loud(shown) > 2000
    middle = (slice(60, 150), slice(90, 165))
    assert difference(plain[middle], shown[middle]) == 0


def test_provenance_is_written_as_xmp() -> None:
    data = paint(PLAIN).data
    chunk = data[data.index(b"iTXt") : data.index(b"IDAT")]
    assert chunk.startswith(b"iTXtXML:com.adobe.xmp\0\0\0\0\0<?xpacket")
    assert SOURCE_TYPE.encode() in chunk
    assert CREATOR.encode() in chunk


def test_a_broken_reference_is_a_bad_image() -> None:
    with pytest.raises(UnusablePicture):
        paint(replace(PLAIN, references=(Reference("ref", b"not a picture"),)))
