"""A drawing that means no harm looks the same to the byte, cleaned and drawn, as it does to the engine alone."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_renderer.svg_drawing import drawn_as_it_is, work
from darkroom_renderer.svg_requests import DrawingRequest
from darkroom_renderer.svg_safety import sanitised

SPACE = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
STAR = '<path d="M30 4l7 18h19L41 34l6 20-17-12-17 12 6-20L4 22h19z" fill="#f97316"'


def svg(inside: str, root: str = 'viewBox="0 0 60 60" width="60" height="60"') -> str:
    return f"<svg {SPACE} {root}>{inside}</svg>"


def filtered(*primitives: str) -> str:
    region = 'x="-50%" y="-50%" width="200%" height="200%"'
    return svg(f'<filter id="f" {region}>{"".join(primitives)}</filter>{STAR} filter="url(#f)"/>')


SHADOW = (
    '<feOffset dx="2" dy="2" in="s" result="o"/><feGaussianBlur in="o" stdDeviation="1.5" result="b"/>'
    '<feColorMatrix in="b" values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 .4 0" result="m"/>'
    '<feMerge><feMergeNode in="m"/><feMergeNode in="SourceGraphic"/></feMerge>'
)
LIGHT = '<feDistantLight azimuth="45" elevation="40"/>'
ADOBE = '<!DOCTYPE svg [<!ENTITY ns_svg "http://www.w3.org/2000/svg"><!ENTITY blue "#1d4ed8">]>'
MANY_FILTERS = "".join(
    f'<filter id="f{n}"><feGaussianBlur stdDeviation=".{n % 9 + 1}"/></filter>'
    f'<circle cx="{n}" cy="30" r="3" filter="url(#f{n})"/>'
    for n in range(60)
)
MANY_DASHES = "".join(
    f'<path d="M0 {n / 10}h60" stroke="#16a34a" stroke-width=".05" stroke-dasharray="2 {n % 7 + 1}"/>'
    for n in range(600)
)
DRAWINGS = {
    "a shadow that is spread": filtered(
        '<feMorphology in="SourceAlpha" operator="dilate" radius="1" result="s"/>', SHADOW
    ),
    "an inner shadow": filtered(
        '<feMorphology in="SourceAlpha" radius="1 2"/><feGaussianBlur stdDeviation="2"/>'
        '<feComposite in2="SourceAlpha" operator="arithmetic" k2="-1" k3="1"/>'
    ),
    "grain": filtered(
        '<feTurbulence baseFrequency=".2" numOctaves="3"/><feComposite in2="SourceGraphic" operator="in"/>'
    ),
    "ripples": filtered(
        '<feTurbulence baseFrequency=".05" result="t"/>'
        '<feDisplacementMap in="SourceGraphic" in2="t" scale="8"/>'
    ),
    "an edge": filtered('<feConvolveMatrix order="3" kernelMatrix="-1 -1 -1 -1 9 -1 -1 -1 -1"/>'),
    "diffuse light": filtered(
        f'<feDiffuseLighting in="SourceAlpha" surfaceScale="4" lighting-color="#fc0">{LIGHT}</feDiffuseLighting>'
    ),
    "a spot of light": filtered(
        '<feSpecularLighting in="SourceAlpha" specularExponent="8">'
        '<fePointLight x="10" y="10" z="30"/></feSpecularLighting>'
    ),
    "tiles": filtered(
        '<feFlood x="5" y="5" width="6" height="6" flood-color="red"/><feOffset dx="3"/><feTile/>'
    ),
    "many filters": svg(MANY_FILTERS),
    "many dashed lines": svg(MANY_DASHES),
    "a size of another shape": svg(STAR + "/>", 'viewBox="0 0 60 60" width="90" height="60"'),
    "a size it is stretched to": svg(
        STAR + "/>", 'viewBox="0 0 60 60" width="96px" height="48" preserveAspectRatio="none"'
    ),
    "a size in em": svg(STAR + "/>", 'viewBox="0 0 60 62" width="1em" height="1em"'),
    "a vocabulary by entity": ADOBE
    + svg('<rect width="30" height="30" fill="&blue;"/>').replace("http://www.w3.org/2000/svg", "&ns_svg;"),
}


@pytest.mark.parametrize("case", DRAWINGS)
@pytest.mark.parametrize("width", [60, 240])
def test_a_drawing_looks_as_the_engine_draws_it(case: str, width: int) -> None:
    markup = DRAWINGS[case]
    height = width / sanitised(markup.encode()).shape
    cleaned = work(DrawingRequest(width, height, "contain").as_bytes(markup.encode()))
    assert np.asarray(Image.open(io.BytesIO(cleaned)).convert("RGBA"))[:, :, 3].any(), "nothing is drawn"
    assert cleaned == drawn_as_it_is(markup, width, ())


def test_a_size_in_two_units_has_the_shape_of_both() -> None:
    drawing = sanitised(svg(STAR + "/>", 'viewBox="0 0 60 60" width="1in" height="48px"').encode())
    assert (drawing.shape, drawing.units) == (2, 60)


@pytest.mark.parametrize(
    "primitive",
    [
        '<feMorphology radius="40"/>',
        '<feMorphology radius="1e9"/>',
        '<filter id="g" primitiveUnits="objectBoundingBox"><feMorphology radius=".5"/></filter>',
        '<feTurbulence numOctaves="1000"/>',
        '<feTurbulence numOctaves="9e99"/>',
        f'<feConvolveMatrix order="40" kernelMatrix="{"1 " * 1600}"/>',
    ],
)
def test_filters_that_take_too_much_are_refused_before_they_are_drawn(primitive: str) -> None:
    inside = primitive if "<filter" in primitive else f'<filter id="g">{primitive}</filter>'
    markup = svg(f'{inside}<rect width="60" height="60" filter="url(#g)"/>').encode()
    with pytest.raises(UnusablePicture, match="for its size"):
        work(DrawingRequest(2000, 2000, "contain").as_bytes(markup))


@pytest.mark.parametrize(
    "entity",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;">',
        '<!ENTITY b SYSTEM "file:///etc/passwd">',
        '<!ENTITY % p "x"><!ENTITY b "y">',
        f'<!ENTITY b "{"x" * 1001}">',
        '<!ENTITY b "&#38;#60;script>">',
    ],
)
def test_entities_that_are_more_than_a_few_characters_are_refused(entity: str) -> None:
    with pytest.raises(UnusablePicture, match="defines entities"):
        sanitised(f"<!DOCTYPE svg [{entity}]>{svg('<text>&b;</text>')}".encode())


def test_an_entity_cannot_be_used_until_it_fills_the_memory() -> None:
    entity = f'<!ENTITY b "{"x" * 1000}">'
    with pytest.raises(UnusablePicture):
        sanitised(f"<!DOCTYPE svg [{entity}]>{svg('<text>' + '&b;' * 600_000 + '</text>')}".encode())


def test_what_an_entity_brings_is_cleaned_like_all_else() -> None:
    entity = '<!ENTITY b "<script>alert(1)</script>">'
    assert "script" not in sanitised(f"<!DOCTYPE svg [{entity}]>{svg('&b;' + STAR + '/>')}".encode()).markup
    outside = '<!ENTITY b "https://a.example/x.png">'
    with pytest.raises(UnusablePicture, match="outside"):
        sanitised(f"<!DOCTYPE svg [{outside}]>{svg('<image href="&b;" width="9" height="9"/>')}".encode())
