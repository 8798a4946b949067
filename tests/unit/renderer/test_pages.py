"""Pages: their text is copied as it was given, their shapes are shapes, and they look like the picture."""

from __future__ import annotations

import io
import re
import unicodedata
import zlib
from dataclasses import replace
from typing import Any

import pytest
from pdfminer.high_level import extract_pages, extract_text
from pdfminer.layout import LTCurve, LTFigure, LTPage

from darkroom.domain.fonts.font import FontFacts, PinnedFont
from darkroom.domain.jobs.spec import Encoding
from darkroom.domain.renders.rendered import RenderRefused
from darkroom.domain.templates.definition import parse_definition
from darkroom.domain.templates.payload import parse_payload
from darkroom.domain.templates.template import Template
from darkroom_renderer.renderer import PngRenderer
from darkroom_type.fonts import FOLDER
from tests.unit.graphics.pictures import encoded, photo
from tests.unit.renderer.drawing import URL, element, template

PHOTO = encoded(photo(320), "JPEG", quality=90)
PDF = Encoding("pdf")

# Sentences, not words: their punctuation shares glyphs with rare letters, their ideographs with radicals.
SENTENCES = {
    "latin": "“Office” — fine waffles, AVATAR, naïve façade: 1/2 of 3\u00d74 = 6…",
    "accents": "Žluťoučký kůň úpěl ďábelské ódy; Việt Nam đẹp lắm.",
    "greek": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία, ωραία ελληνικά κείμενα.",
    "cyrillic": "Съешь же ещё этих мягких французских булок, да выпей чаю.",
    "chinese": "我们在日本的文字排版中发现了很多问题\uff0c一起来看看。",
    "traditional": "我們的文字排版\uff0c見於日月之間\uff1a車水馬龍、金石為開。",
    "japanese": "日本語の文章を、正しくコピーできるようにする。",
    "korean": "다람쥐 헌 쳇바퀴에 타고파, 한국어 문장입니다.",
    "mixed": "Darkroom 2026: 日本 и Ελλάδα, “все” вместе!",
}
FAMILIES = ("Inter", "Playfair Display", "JetBrains Mono")


def written(
    drawn: Template,
    payload: dict[str, Any] | None = None,
    *,
    ratio: float = 1,
    watermark: bool = False,
    encoding: Encoding = PDF,
    renderer: PngRenderer | None = None,
) -> bytes:
    filled = parse_payload(drawn.document, payload or {})
    made = (renderer or PngRenderer()).render(
        drawn, filled, {URL: PHOTO}, ratio, watermark=watermark, encoding=encoding
    )
    return made.data


def copied(pdf: bytes) -> str:
    return " ".join(extract_text(io.BytesIO(pdf)).split())


def sentence(words: str, **fields: Any) -> dict[str, Any]:
    box = {"x": 10, "y": 10, "width": 1000, "height": 60}
    return element("text", text=words, fontSize=20, **{**box, **fields})


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("script", SENTENCES)
def test_text_is_copied_as_it_was_given(script: str, family: str) -> None:
    drawn = template(sentence(SENTENCES[script], fontFamily=family), width=1020)
    assert copied(written(drawn)) == unicodedata.normalize("NFC", SENTENCES[script])


def test_text_in_groups_stacks_and_runs_of_several_weights_is_copied() -> None:
    drawn = template(
        {
            "id": "page", "type": "stack", "x": 0, "y": 0, "width": 400, "opacity": 0.9, "children": [
                {"id": "a", "type": "text", "text": "First “line”", "fontWeight": 800},
                {"id": "b", "type": "text", "text": "then, 日本 in the second", "letterSpacing": 2},
            ],
        },
        element("group", y=90, rotation=4, children=[sentence("Turned Привет", fontStyle="italic")]),
        width=1020,
    )  # fmt: skip
    seen = copied(written(drawn))
    assert "First “line”" in seen
    assert "日本" in seen.replace(" ", "")
    assert "Привет" in "".join(seen.split())


def test_two_texts_that_share_a_renderer_are_each_copied_as_they_are() -> None:
    renderer = PngRenderer()
    drawn = template(sentence("first"), width=1020)
    for words in ("one “two”", "three — four", "one “two”"):
        assert copied(written(drawn, {"text": {"text": words}}, renderer=renderer)) == words


def _layout(pdf: bytes) -> tuple[LTPage, list[Any]]:
    (page,) = extract_pages(io.BytesIO(pdf))
    found: list[Any] = []
    waiting = list(page)
    while waiting:
        it = waiting.pop()
        found.append(it)
        waiting += list(it) if isinstance(it, LTFigure) else []
    return page, found


def test_shapes_and_codes_are_shapes_and_photographs_pictures() -> None:
    shapes = template(
        element("shape", shape="star", fill="#ff0000"),
        element("qr", text="https://darkroom.example"),
        element("barcode", text="4006381333931", format="ean13"),
        element("rating", value=3.5),
    )
    page = written(shapes)
    assert sum(isinstance(it, LTCurve) for it in _layout(page)[1]) > 5
    assert b"/Subtype /Image" not in page
    assert b"/Subtype /Image" in written(template(element("image", src=URL)))


@pytest.mark.parametrize("ratio", [1, 2.5])
def test_a_page_is_as_large_as_the_canvas_whatever_the_ratio(ratio: float) -> None:
    page, _ = _layout(written(template(element("qr", text="x"), width=400, height=200), ratio=ratio))
    assert (page.width, page.height) == pytest.approx((300, 150))


def test_a_page_is_the_same_bytes_each_time_and_says_nothing_of_when() -> None:
    drawn = template(element("image", src=URL), sentence("The same"), element("shape", blur=20, fill="#00f"))
    first = written(drawn)
    assert first == written(drawn)
    assert b"CreationDate" not in first
    assert b"/Producer (Darkroom" in first


def test_less_quality_is_smaller_photographs_and_the_same_text() -> None:
    drawn = template(element("image", src=URL), sentence("Sharp"), width=1020)
    lossless, little = written(drawn), written(drawn, encoding=Encoding("pdf", 30))
    assert len(little) < len(lossless) / 2
    assert copied(little) == copied(lossless) == "Sharp"


def test_a_test_render_is_marked() -> None:
    drawn = template(element("shape", fill="#ffffff"))
    plain, marked = (_drawn(written(drawn, watermark=mark)) for mark in (False, True))
    assert len(marked) > 10 * len(plain)


def _drawn(pdf: bytes) -> bytes:
    """Everything that is drawn, as the file says it."""
    parts = re.findall(rb"/FlateDecode.*?stream\n(.*?)\nendstream", pdf, re.DOTALL)
    return b"".join(zlib.decompress(part) for part in parts)


def test_a_page_that_takes_too_long_is_given_up() -> None:
    ticks = iter(range(0, 1000, 4))
    renderer = PngRenderer(monotonic=lambda: next(ticks))
    many = template(*(element("shape", id=f"s{number}") for number in range(9)))
    with pytest.raises(RenderRefused, match="too long"):
        written(many, renderer=renderer)


@pytest.mark.parametrize("encoding", [Encoding("jpeg", 85), Encoding("webp", 85), PDF], ids=str)
def test_what_is_kept_makes_no_difference(encoding: Encoding) -> None:
    renderer, drawn = PngRenderer(), template(element("rating"), sentence("kept"), background="transparent")
    for value in (1, 2, 1):
        kept = written(drawn, {"rating": {"value": value}}, encoding=encoding, renderer=renderer)
        assert kept == written(drawn, {"rating": {"value": value}}, encoding=encoding)


@pytest.mark.parametrize("family", ["Mine", "Inter"])
def test_a_workspaces_own_font_is_copied_as_it_was_given_too(family: str) -> None:
    font = PinnedFont("id", 1, "Anton.ttf", 9, FontFacts(family, 400, 400, italic=False, glyphs=9))
    canvas = {"width": 1020, "height": 100}
    words = sentence("Own “letters”, 日本 and Ελλάδα", fontFamily=[family, "Inter"])
    parsed = parse_definition({"canvas": canvas, "elements": [words]}, lambda: {family})
    drawn = replace(template(), document=parsed, fonts=(font,))
    renderer = PngRenderer(fetch_font=lambda key: (FOLDER / key).read_bytes())
    for _ in range(2):
        assert copied(written(drawn, renderer=renderer)) == "Own “letters”, 日本 and Ελλάδα"
