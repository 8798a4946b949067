"""What is read from pages, honest and hostile ones."""

from __future__ import annotations

import json
from random import Random

import pytest

from darkroom.domain.brands.web_page import MAX_TEXT, UnusablePage, WebPage, page_of, read_page
from darkroom.domain.serialization import from_document, to_document

URL = "https://dawnroasters.example/"
ORGANISATION = {
    "@context": "https://schema.org",
    "@graph": [
        {
            "@type": "CafeOrCoffeeShop",
            "name": "Dawn Roasters",
            "logo": {"@type": "ImageObject", "url": "/logo.svg"},
            "audience": {"@type": "Audience", "audienceType": "remote workers"},
        },
        {"@type": ["Product"], "name": "Starter kit", "image": ["https://cdn.example/kit.jpg"]},
    ],
}
PAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Small-batch coffee | Dawn Roasters</title>
<meta name="description" content="Coffee, roasted   at dawn.">
<meta property="og:image" content="/cover.jpg"><meta name="theme-color" content="#3b2a1a">
<link rel="stylesheet" href="/site.css"><link rel="icon" href="/favicon.ico">
<link rel="stylesheet" href="https://fonts.example/css?family=Zilla+Slab:400">
<style>body {{ font-family: "Inter Tight", sans-serif; color: #3B2A1A; background: #fff }}
a {{ color: #e8c39e }}</style>
<script type="application/ld+json">{json.dumps(ORGANISATION)}</script>
<script>var hidden = "<p>not said</p> #ff0000";</script></head>
<body><nav><a href="/">Home</a></nav><h1>Good &amp; early</h1><p style="color:#E8C39E">Made for<br>mornings.</p>
<svg><text>drawn</text></svg><noscript>no</noscript>
<img class="header-logo" src="img/logo.png"><img src="/p/1.jpg" class="product-card"></body></html>"""


def read(markup: str, url: str = URL) -> WebPage:
    return read_page(markup.encode(), url=url).page


def test_a_page_says_what_it_is_and_whose() -> None:
    page = read(PAGE)
    assert (page.title, page.description) == (
        "Small-batch coffee | Dawn Roasters",
        "Coffee, roasted at dawn.",
    )
    assert page.text == "Home\nGood & early\nMade for\nmornings."
    assert page.names == ("Dawn Roasters",)
    assert (page.trade, page.audience) == ("cafe or coffee shop", "remote workers")
    assert page.colors[:2] == ("#3B2A1A", "#E8C39E")
    assert "#FF0000" not in page.colors
    assert page.fonts == ("Zilla Slab", "Inter Tight")
    assert page.logos == (f"{URL}logo.svg", f"{URL}img/logo.png", f"{URL}favicon.ico")
    assert page.pictures == ("https://cdn.example/kit.jpg", f"{URL}cover.jpg", f"{URL}p/1.jpg")


def test_style_sheets_are_named_and_add_to_the_colours() -> None:
    found = read_page(PAGE.encode(), url=URL)
    assert found.stylesheets == (f"{URL}site.css", "https://fonts.example/css?family=Zilla+Slab:400")
    found.styles.read(".a{color:rgb(10, 120, 200)}" * 30)
    assert found.with_styles().colors[0] == "#0A78C8"


def test_a_page_survives_being_stored() -> None:
    page = read(PAGE)
    assert from_document(WebPage, json.loads(json.dumps(to_document(page)))) == page


def test_what_a_page_does_not_say_is_empty() -> None:
    page = read("<title>Hello</title><p>words")
    assert page == WebPage(url=URL, title="Hello", text="words") or page.text in ("", "words")
    assert (page.names, page.colors, page.logos, page.trade) == ((), (), (), "")


@pytest.mark.parametrize(
    ("data", "content_type", "title"),
    [
        ("<title>Röster</title><p>x</p>".encode(), "text/html; charset=utf-8", "Röster"),
        ("<title>Röster</title><p>x</p>".encode("latin-1"), "text/html", "Röster"),
        ("<title>Röster</title><p>x</p>".encode("latin-1"), "text/html; charset=ISO-8859-1", "Röster"),
        ('<meta charset="shift_jis"><title>珈琲</title><p>'.encode("shift_jis"), "text/html", "珈琲"),
        (b"\xef\xbb\xbf<title>a</title><p>", "", "a"),
        (b"\xff\xfe" + "<title>珈琲</title><p>".encode("utf-16-le"), "", "珈琲"),
        (b'<meta charset="utf-16"><title>ok</title><p>', "text/html", "ok"),
        (b"<title>o\0k</title><p>", "text/html", "o k"),
        (b"<title>ok</title><p>", "text/html; charset=zip", "ok"),
        (b'<meta charset="punycode"><title>ok</title><p>', "text/html; charset=idna", "ok"),
        (b"<title>\xff\xfe ok</title><p>", "text/html; charset=utf-8", "\ufffd\ufffd ok"),
    ],
)
def test_encodings_are_those_declared_or_the_likeliest(data: bytes, content_type: str, title: str) -> None:
    assert read_page(data, content_type=content_type).page.title == title


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"", "text/html"),
        (b"just words", "text/html"),
        (b"\x89PNG\r\n\x1a\n\0\0\0<html>", ""),
        (b"<html><title>a</title>", "application/pdf"),
        (b'{"title": "a"}', ""),
        (b"\0" * 5000 + b"<html>", "text/html"),
    ],
)
def test_what_is_no_page_is_refused(data: bytes, content_type: str) -> None:
    with pytest.raises(UnusablePage):
        read_page(data, content_type=content_type)
    assert content_type or page_of(data) is None


HOSTILE = {
    "deep": "<div>" * 120_000 + "<p>x",
    "unclosed comments": "<p>x</p>" + "<!--" * 130_000,
    "unclosed tags": "<p>x</p>" + "<a " * 170_000,
    "one endless tag": "<p>x</p><a " + "b='c' " * 90_000,
    "end tags": "<p>x</p>" + "</" * 260_000,
    "declarations": "<p>x</p>" + "<![" * 170_000,
    "references": "<p>x</p>" + "&" * 500_000,
    "one long word": "<p>" + "x" * 600_000,
    "scripts": "<p>x</p>" + "<script></" * 50_000,
    "json nested": '<p>x</p><script type="application/ld+json">' + "[" * 60_000 + "</script>",
    "json wide": '<p>x</p><script type="application/ld+json">'
    + json.dumps([{"@type": "Thing"}] * 2500)
    + "</script>",
    "colours": "<p>x</p><style>" + "#abc " * 100_000 + "</style>",
    "css unclosed": "<p>x</p><style>" + "font-family:" * 40_000,
    "rgb": "<p>x</p><style>" + "rgb(1" + " " * 400_000,
    "title never ends": "<p>x</p><title>" + "y" * 500_000,
}


@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE)
def test_hostile_pages_end_soon_and_stay_small(markup: str) -> None:
    page = read(markup)
    assert len(json.dumps(to_document(page))) < 40_000
    assert len(page.text) <= MAX_TEXT


SHREDS = (
    *(
        "<!doctype html>",
        "<title>",
        "</title>",
        "<meta charset=",
        '"utf-8">',
        '<meta name="description" content="',
        '">',
    ),
    *(
        '<script type="application/ld+json">',
        "</script>",
        '{"@type":"Product","image":[',
        '"http://[::1',
        '"]}',
    ),
    *(
        "<style>",
        "</style>",
        "font-family:",
        "#abc",
        "rgb(1,2,3)",
        '<img src="',
        "logo",
        "product",
        "<noscript>",
    ),
    *(
        '<link rel="stylesheet icon" href="',
        '<a style="color:#123456">',
        "&#xD800;",
        "&amp",
        "&",
        "<!--",
        "-->",
    ),
    *(
        "<![CDATA[",
        "]]>",
        "<?php",
        "<!",
        "</",
        "<p>",
        "</p>",
        "\0",
        "é",
        "\x85",
        "<svg>",
        "</svg>",
        '{"a":',
        "[",
        "]",
    ),
)


@pytest.mark.parametrize("seed", range(60))
def test_whatever_shreds_of_pages_are_put_together_is_read_or_refused(seed: int) -> None:
    chance = Random(seed)
    for _ in range(10):
        data = "".join(chance.choices(SHREDS, k=chance.randint(1, 300))).encode()
        data = bytes(byte if chance.random() > 0.01 else chance.randrange(256) for byte in data)
        declared = chance.choice(["", "text/html", "text/html; charset=utf-16", "text/html; charset=big5"])
        try:
            page = read_page(data, url=URL, content_type=declared).with_styles()
        except UnusablePage:
            continue
        assert from_document(WebPage, json.loads(json.dumps(to_document(page)))) == page
        json.dumps(to_document(page), ensure_ascii=False).encode()
        assert all(one.startswith(("https://", "http://")) for one in (*page.logos, *page.pictures))


def test_addresses_that_are_none_are_left_out() -> None:
    page = read(
        '<p>x</p><img src="javascript:logo()"><img src="data:image/png;base64,logo"><img src="http://[logo">'
        '<img src="//cdn.example/logo.png">'
    )
    assert page.logos == ("https://cdn.example/logo.png",)


def test_lone_surrogates_and_nul_do_not_get_through() -> None:
    page = read('<p>x</p><title>a&#xD800;b&#0;c</title><meta name="description" content="d&#xDFFF;e">')
    json.dumps(to_document(page), ensure_ascii=False).encode()
