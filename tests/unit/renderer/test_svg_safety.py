"""Drawings from outside: drawn as their authors meant them, or refused, and never more than a drawing."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest

from darkroom.domain.renders.rendered import RenderRefused
from darkroom_renderer.svg_safety import sanitised
from tests.unit.graphics.pictures import encoded, pixels, quarters
from tests.unit.renderer.drawing import URL, element, rendered, template

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 20">'
)
RED = '<rect width="40" height="20" fill="red"/>'


def svg(inside: str) -> str:
    return f"{HEAD}{inside}</svg>"


def shown(markup: str | bytes, **fields: Any) -> Any:
    drawn = template(element("svg", x=0, y=0, width=80, height=40, **fields), width=80, height=40)
    data = markup.encode() if isinstance(markup, str) else markup
    return pixels(rendered(drawn, {"svg": {"src": URL}}, {URL: data})).astype(int)


def nested_uses(levels: int, times: int) -> str:
    groups = [f'<g id="g0">{RED}</g>']
    for level in range(1, levels):
        uses = f'<use href="#g{level - 1}"/>' * times
        groups.append(f'<g id="g{level}">{uses}</g>')
    return svg(f'<defs>{"".join(groups)}</defs><use href="#g{levels - 1}"/>')


def nested_patterns(levels: int) -> str:
    made = f'<pattern id="p0" width="1" height="1">{RED}</pattern>'
    for level in range(1, levels):
        rects = f'<rect width="9" height="9" fill="url(#p{level - 1})"/>' * 10
        made += f'<pattern id="p{level}" width="1" height="1">{rects}</pattern>'
    return svg(f'{made}<rect width="40" height="20" style="fill: URL( \'#p{levels - 1}\' )"/>')


LAUGHS = (
    '<!DOCTYPE svg [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(10))
    + f"]>{svg('<text>&k;</text>')}"
)

REFUSED = {
    "billion laughs": LAUGHS,
    "file entity": f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{svg("<text>&x;</text>")}',
    "parameter entity": f'<!DOCTYPE svg [<!ENTITY % x SYSTEM "http://a.example/x"> %x;]>{svg(RED)}',
    "external picture": svg('<image href="https://a.example/x.png" width="40" height="20"/>'),
    "picture in a file": svg('<image xlink:href="file:///etc/passwd" width="40" height="20"/>'),
    "picture by path": svg('<image xlink:href="/etc/passwd" width="40" height="20"/>'),
    "external use": svg('<use href="https://a.example/x.svg#a"/>'),
    "page in a picture": svg('<image href="data:text/html,&lt;b&gt;" width="40" height="20"/>'),
    "drawing in a picture": svg('<image href="data:image/svg+xml,&lt;svg/&gt;" width="40" height="20"/>'),
    "css import": svg("<style>@import url(https://a.example/x.css);</style>" + RED),
    "css from outside": svg("<style>rect{fill:url(https://a.example/x#y)}</style>" + RED),
    "css in disguise": svg(r'<rect width="9" height="9" style="fill:\75rl(https://a.example/#x)"/>'),
    "attribute from outside": svg('<rect width="9" height="9" fill="url(https://a.example/x.svg#g)"/>'),
    "nested 10,000 deep": svg("<g>" * 10_000 + RED + "</g>" * 10_000),
    "many elements": svg("<path d='M0 0h1'/>" * 10_001),
    "uses of uses": nested_uses(9, 10),
    "patterns of patterns": nested_patterns(9),
    "use of itself": svg('<g id="a"><use href="#a"/></g>'),
    "use of each other": svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'),
    "no size": f'<svg xmlns="http://www.w3.org/2000/svg">{RED}</svg>',
    "endless size": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e300 1">{RED}</svg>',
    "thread": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 100000">{RED}</svg>',
    "negative size": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 -5 5">{RED}</svg>',
    "page": "<html><body>hello</body></html>",
    "text": "hello",
    "nothing": "",
    "cut short": svg(RED)[:-9],
    "large": svg(f"<!--{'x' * 2_000_000}-->"),
    "zeroes": "\0" * 100,
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_drawing_is_refused(case: str) -> None:
    with pytest.raises(RenderRefused) as caught:
        shown(REFUSED[case])
    assert (caught.value.element_id, caught.value.field) == ("svg", "src")
    assert caught.value.message.startswith("the drawing ")


HARMLESS = {
    "script": svg(f"<script>alert(1)</script>{RED}"),
    "handlers": svg('<rect width="40" height="20" fill="red" onload="alert(1)" onclick="x()"/>'),
    "foreign object": svg(
        f"<foreignObject><b xmlns='http://www.w3.org/1999/xhtml'>x</b></foreignObject>{RED}"
    ),
    "animation": svg(f'<animate attributeName="x" to="9"/><set attributeName="y" to="9"/>{RED}'),
    "link": svg(f'<a href="javascript:alert(1)">{RED}</a>'),
    "other vocabulary": svg(f'<x:thing xmlns:x="urn:x">{RED}</x:thing>{RED}'),
    "doctype": f'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">{svg(RED)}',
    "huge viewBox": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900000 450000">'
    '<rect width="900000" height="450000" fill="red"/></svg>',
    "huge size": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="999999999" height="9e99">'
    f"{RED}</svg>",
    "processing instruction": f'<?xml-stylesheet href="https://a.example/x.css"?>{svg(RED)}',
}


@pytest.mark.parametrize("case", HARMLESS)
def test_what_does_not_belong_is_left_out(case: str) -> None:
    markup = sanitised(HARMLESS[case].encode()).markup.lower()
    assert not [
        word
        for word in ("script", "onload", "foreign", "animate", "http://a.", "urn:", "dtd")
        if word in markup
    ]
    assert (shown(HARMLESS[case]) == (255, 0, 0)).all()


def test_an_inline_drawing_is_named_by_its_field() -> None:
    drawn = template(element("svg", svg="<svg"))
    with pytest.raises(RenderRefused) as caught:
        rendered(drawn)
    assert (caught.value.element_id, caught.value.field) == ("svg", "svg")


def test_styles_symbols_and_colours_work() -> None:
    markup = svg(
        "<style>.warm{fill:hsl(0,100%,50%)} #cold{fill:#00f}</style>"
        '<symbol id="s" viewBox="0 0 10 10"><path id="cold" d="M0 0h10v10H0z"/></symbol>'
        '<rect class="warm" width="20" height="20"/><use xlink:href="#s" x="20" width="20" height="20"/>'
    )
    seen = shown(markup)
    assert seen[20, 20].tolist() == [255, 0, 0]
    assert seen[20, 60].tolist() == [0, 0, 255]


def test_a_picture_of_its_own_is_drawn() -> None:
    picture = base64.b64encode(encoded(quarters())).decode()
    seen = shown(svg(f'<image width="40" height="20" href="data:image/png;base64,{picture}"/>'))
    assert np.abs(seen[10, 20] - (230, 30, 30)).max() < 4


def test_a_colour_paints_all_of_it() -> None:
    seen = shown(svg('<rect width="20" height="20" fill="lime"/>'), color="#112233")
    assert seen[20, 20].tolist() == [0x11, 0x22, 0x33]
    assert seen[20, 70].tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    ("fit", "covered"), [("contain", (20, 80)), ("cover", (0, 100)), ("fill", (0, 100))], ids=str
)
def test_drawings_are_fitted(fit: str, covered: tuple[int, int]) -> None:
    drawn = template(
        element("svg", x=0, y=0, width=120, height=100, svg=svg(RED), fit=fit), width=120, height=100
    )
    red = pixels(rendered(drawn))[:, 60, 1] < 128
    assert np.flatnonzero(red)[[0, -1]].tolist() == [covered[0], covered[1] - 1]


def test_words_in_a_drawing_are_set_in_a_font_of_ours() -> None:
    seen = shown(
        svg('<text x="2" y="16" font-size="16" font-family="Nowhere, sans-serif" fill="blue">Mo</text>')
    )
    blue = (seen[:, :, 0] < 100) & (seen[:, :, 2] > 150)
    assert 150 < np.count_nonzero(blue) < 1500
