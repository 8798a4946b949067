"""What a drawing takes is known before it is drawn, wherever and however it says so."""

from __future__ import annotations

import base64

import pytest

from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_renderer.svg_drawing import work
from darkroom_renderer.svg_requests import DrawingRequest
from darkroom_renderer.svg_safety import sanitised
from tests.unit.graphics.pictures import encoded, quarters

RECT = '<rect width="30" height="30"/>'
LARGE = DrawingRequest(3000, 3000, "contain")
SMALL = DrawingRequest(120, 120, "contain")


def svg(inside: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 30">{inside}</svg>'.encode()


def layers(inside: str) -> int:
    return sanitised(svg(inside)).effort.layers


BLURS = "<feGaussianBlur stdDeviation='9'/>"


def blurring(times: int) -> str:
    return f"<filter id='f'>{BLURS * times}</filter>"


HOSTILE = {
    "filters on one another": blurring(20) + '<rect width="30" height="30" filter="url(#f)"/>',
    "a filter used again and again": blurring(1)
    + f'<g id="r" filter="url(#f)">{RECT}</g>'
    + '<use href="#r"/>' * 20,
    "a filter from a style": blurring(9) + f'<g style="filter: url(#f)">{RECT}</g>',
    "a filter from a class": f"{blurring(9)}<style>.a{{filter:url('#f')}}</style><g class='b a'>{RECT}</g>",
    "a filter from a class before its rule": f"<g class='a'>{RECT}</g>{blurring(9)}"
    "<style>g.a{filter:url(#f)}</style>",
    "a filter from a rule for everything": f"<style>* {{ filter: blur(9px) }}</style>{RECT * 9}",
    "a filter from a rule in a rule": f"<style>@media all {{ #r {{ filter: url(#f) }} }}</style>{blurring(9)}"
    '<rect id="r" width="9" height="9"/>',
    "functions of a filter": f'<g filter="{"blur(9px) " * 9}">{RECT}</g>',
    "masks": '<mask id="m">' + RECT + "</mask>" + '<rect width="9" height="9" mask="url(#m)"/>' * 20,
    "translucent elements": '<rect width="30" height="30" opacity=".5"/>' * 50,
    "translucent groups within each other": "<g opacity='.9'>" * 12 + RECT + "</g>" * 12,
    "blends": f'<g style="mix-blend-mode:multiply">{RECT}</g>' * 50,
    "windows": f"<svg>{RECT}</svg>" * 50,
    "patterns": f'<pattern id="p" width="1" height="1">{RECT}</pattern>'
    + '<rect width="30" height="30" fill="url(#p)"/>' * 50,
    "markers at every vertex": f'<marker id="m"><g opacity=".5">{RECT}</g></marker>'
    '<g marker-mid="url(#m)"><path d="M0 0' + "L1 1" * 99 + '"/></g>',
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_takes_too_much_is_refused_before_it_is_drawn(case: str) -> None:
    with pytest.raises(UnusablePicture, match="for its size"):
        work(LARGE.as_bytes(svg(HOSTILE[case])))


@pytest.mark.parametrize("case", HOSTILE)
def test_the_same_drawing_is_drawn_small(case: str) -> None:
    assert work(SMALL.as_bytes(svg(HOSTILE[case]))).startswith(b"\x89PNG")


def test_no_more_than_so_many_layers_lie_within_each_other_at_any_size() -> None:
    with pytest.raises(UnusablePicture, match="nests more than 20"):
        sanitised(svg("<g opacity='.9'>" * 58 + RECT + "</g>" * 58))


def test_layers_within_each_other_are_followed_through_references() -> None:
    chain = f'<g id="g0" opacity=".5">{RECT}</g>' + "".join(
        f'<g id="g{n}" opacity=".5"><use href="#g{n - 1}"/></g>' for n in range(1, 25)
    )
    with pytest.raises(UnusablePicture, match="nests more than 20"):
        sanitised(svg(f"<defs>{chain}</defs><use href='#g24'/>"))


def test_a_picture_counts_as_often_as_it_is_drawn() -> None:
    picture = base64.b64encode(encoded(quarters())).decode()
    once = f'<image id="i" width="9" height="9" href="data:image/png;base64,{picture}"/>'
    alone = sanitised(svg(once)).effort.picture_pixels
    assert alone > 0
    assert sanitised(svg(once + '<use href="#i"/>' * 4)).effort.picture_pixels == alone * 5


@pytest.mark.parametrize(
    "plain",
    [
        RECT * 500,
        '<rect width="9" height="9" opacity="1" filter="none" style="mask: none; mix-blend-mode: normal"/>',
        "<style>/* .a{opacity:.1} */ .b{opacity:.5} g > .c{opacity:.5}</style><rect class='a' width='9' height='9'/>",
        f"<defs>{blurring(9)}<mask id='m'><g opacity='.1'>{RECT}</g></mask></defs>{RECT}",
    ],
    ids=["shapes", "plain values", "rules for others", "unused definitions"],
)
def test_what_is_plain_takes_nothing(plain: str) -> None:
    assert layers(plain) == 0


def test_an_arrow_is_no_reference_to_itself() -> None:
    arrow = '<marker id="m"><path d="M0 0L9 9"/></marker><path marker-end="url(#m)" d="M0 0L9 9"/>'
    assert layers(arrow) > 0


@pytest.mark.parametrize(
    "long",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg" width="1' + b" " * 30_000 + b'x" height="2"/>',
        svg(f'<rect width="9" height="9" style="{"fill:red;" * 9_000}"/>'),
    ],
    ids=["a width", "a style"],
)
def test_long_attributes_are_refused(long: bytes) -> None:
    with pytest.raises(UnusablePicture, match="attribute of more than 4000"):
        sanitised(long)


def test_what_programs_note_for_themselves_is_left_out() -> None:
    markup = sanitised(svg(f'<rect width="9" height="9" data-x="{"y" * 9_000}" aria-label="z"/>')).markup
    assert "data-x" not in markup
    assert "aria" not in markup
