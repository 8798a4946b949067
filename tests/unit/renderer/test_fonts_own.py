"""A workspace's own fonts: drawn as those that ship, fetched once, and of the version that the template has."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from io import BytesIO
from typing import Any

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import NotFound, Unavailable
from darkroom.domain.fonts.font import FontFacts, PinnedFont
from darkroom.domain.renders.rendered import RenderRefused
from darkroom.domain.templates.definition import parse_definition
from darkroom.domain.templates.payload import parse_payload
from darkroom.domain.templates.template import Template
from darkroom_fonts.inspecting import FontInspector
from darkroom_renderer.renderer import PngRenderer
from darkroom_type.fonts import FOLDER
from tests.harness.goldens import assert_looks_like
from tests.harness.template_making import document, element

ttlib: Any = import_module("fontTools.ttLib")

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def pinned(name: str, family: str = "Mine", weight: int = 400, **facts: Any) -> PinnedFont:
    """A font of the renderer's own files as if a workspace had uploaded it."""
    said = {"lightest": weight, "heaviest": weight, "italic": False, "glyphs": 9, **facts}
    return PinnedFont(f"id-{name}", 1, name, 1_000_000, FontFacts(family, **said))


ANTON = pinned("Anton.ttf")
INTER = pinned("Inter.ttf", lightest=100, heaviest=900, smallest=14, largest=32)
INTER_ITALIC = pinned("Inter-Italic.ttf", lightest=100, heaviest=900, smallest=14, largest=32, italic=True)
PLAYFAIR = (
    pinned("PlayfairDisplay-400.ttf"),
    pinned("PlayfairDisplay-600.ttf", weight=600),
    pinned("PlayfairDisplay-700.ttf", weight=700),
    pinned("PlayfairDisplay-900.ttf", weight=900),
    pinned("PlayfairDisplay-400-Italic.ttf", italic=True),
)


class Store:
    """Where the bytes of fonts are, and how often they were fetched."""

    def __init__(self) -> None:
        self.fetched: list[str] = []
        self.problem: Exception | None = None
        self.uploaded: dict[str, bytes] = {}

    def get(self, key: str) -> bytes:
        if self.problem:
            raise self.problem
        self.fetched.append(key)
        return self.uploaded.get(key) or (FOLDER / key).read_bytes()


def card(*fonts: PinnedFont, version: int = 1, **fields: Any) -> Template:
    text = element("text", "words", **{"width": 400, "height": 120, "fontSize": 40, **fields})
    families = {font.facts.family for font in fonts}
    made = parse_definition({**document(text), "canvas": {"width": 440, "height": 140}}, lambda: families)
    return Template("card", Owner("w", True), "Card", version, made, NOW, NOW, fonts=fonts)


def drawn(
    template: Template, store: Store | None = None, renderer: PngRenderer | None = None, **payload: Any
) -> bytes:
    by = renderer or PngRenderer(fetch_font=(store or Store()).get)
    return by.render(template, parse_payload(template.document, payload), {}, 1, watermark=False).data


@pytest.mark.parametrize(
    ("fonts", "family"),
    [((ANTON,), "Anton"), ((INTER, INTER_ITALIC), "Inter"), (PLAYFAIR, "Playfair Display")],
)
@pytest.mark.parametrize("style", [{}, {"fontWeight": 650}, {"fontStyle": "italic"}, {"fontSize": 18}])
def test_it_is_drawn_as_one_that_ships(
    fonts: tuple[PinnedFont, ...], family: str, style: dict[str, Any]
) -> None:
    text = "Hamburgefonts, Привет 你好"
    assert drawn(card(*fonts, fontFamily="Mine", text=text, **style)) == drawn(
        card(fontFamily=family, text=text, **style)
    )


def test_it_is_fetched_once_and_only_what_is_needed_of_a_family() -> None:
    store = Store()
    renderer = PngRenderer(fetch_font=store.get)
    template = card(*PLAYFAIR, fontFamily="Mine", fontWeight=900)
    for number in range(5):
        drawn(template, renderer=renderer, words={"text": f"Number {number}"})
    assert store.fetched == ["PlayfairDisplay-900.ttf"]


def test_a_chain_is_asked_in_its_order() -> None:
    text = "Latin Кириллица ελληνικά"
    chain = drawn(card(ANTON, fontFamily=["Mine", "JetBrains Mono"], text=text))
    assert chain != drawn(card(ANTON, fontFamily="Mine", text=text))
    assert chain == drawn(card(fontFamily=["Anton", "JetBrains Mono"], text=text))
    assert drawn(card(ANTON, fontFamily=["Inter", "Mine"], text="Latin")) == drawn(card(text="Latin"))
    assert_looks_like(chain, "own-font-chain")


def test_a_payloads_runs_may_be_set_in_it() -> None:
    template = card(ANTON, fontFamily=["Inter", "Mine"])
    runs = [
        {"text": "Plain, "},
        {"text": "mine, ", "fontFamily": "Mine"},
        {"text": "mono", "fontFamily": "JetBrains Mono"},
    ]
    assert_looks_like(drawn(template, words={"runs": runs}), "own-font-runs")


def test_another_version_of_it_is_another_picture() -> None:
    """The same family, and a template that was saved again after it was uploaded again."""
    renderer = PngRenderer(fetch_font=Store().get)
    first = drawn(card(ANTON, fontFamily="Mine", text="Same"), renderer=renderer)
    second = drawn(card(PLAYFAIR[0], version=2, fontFamily="Mine", text="Same"), renderer=renderer)
    assert first != second
    assert drawn(card(ANTON, fontFamily="Mine", text="Same"), renderer=renderer) == first


@pytest.mark.parametrize("problem", [NotFound("gone"), None])
def test_a_font_that_is_gone_is_told_by_the_element(problem: Exception | None) -> None:
    store = Store()
    store.problem = problem
    template = card(*([ANTON] if problem else []), fontFamily="Mine" if problem else "Inter", text="Words")
    if problem is None:
        template = card(ANTON, fontFamily="Mine", text="Words")
        template = Template("card", template.owner, "Card", 1, template.document, NOW, NOW)
    with pytest.raises(RenderRefused) as refused:
        drawn(template, store)
    assert (refused.value.element_id, refused.value.field) == ("words", "fontFamily")


def test_a_store_that_is_busy_is_no_reason_to_refuse() -> None:
    store = Store()
    store.problem = Unavailable("busy")
    with pytest.raises(Unavailable):
        drawn(card(ANTON, fontFamily="Mine", text="Words"), store)


def test_what_it_has_no_letters_for_is_set_in_what_ships() -> None:
    """A font of Arabic alone sets no Latin as its missing glyph."""
    arabic = pinned("NotoSansArabic.ttf", lightest=100, heaviest=900)
    assert_looks_like(drawn(card(arabic, fontFamily="Mine", text="Price: 49 مرحبا")), "own-font-arabic")


@pytest.mark.parametrize(("font", "family"), [(ANTON, "Anton"), (INTER, "Inter")])
def test_what_judging_keeps_of_a_font_draws_as_the_font_does(font: PinnedFont, family: str) -> None:
    """Sent as WOFF2, unpacked and written again without its hints."""
    file = ttlib.TTFont(FOLDER / font.storage_key)
    file.flavor = "woff2"
    body = BytesIO()
    file.save(body)
    kept = FontInspector().inspect(body.getvalue(), "font/woff2")
    assert kept.font is not None
    same = replace(font, facts=replace(kept.font, family="Mine"))
    store = Store()
    store.uploaded[font.storage_key] = kept.data
    text = "Hamburgefonts AVATAR fi, 123"
    assert drawn(card(same, fontFamily="Mine", text=text), store) == drawn(card(fontFamily=family, text=text))
