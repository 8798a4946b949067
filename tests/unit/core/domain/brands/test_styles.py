from __future__ import annotations

from darkroom.domain.brands.styles import MAX_READ, Styles


def styles(css: str) -> Styles:
    read = Styles()
    read.read(css)
    return read


def test_colours_come_by_frequency_and_greys_last() -> None:
    css = (
        "a{color:#333}b{color:#333}c{color:#333}d{color:#E8C39E}e{color:#3b2a1a}f{border:1px solid #3B2A1AFF}"
    )
    assert styles(css).colors == ("#3B2A1A", "#E8C39E", "#333333")


def test_short_codes_functions_and_transparent_ones() -> None:
    css = "a{color:#F00}b{color:rgb(255 0 0 / 50%)}c{color:rgba(1,2,300,1)}d{color:rgba(0,128,0,0)}e{color:#00ff0000}"
    assert styles(css).colors == ("#FF0000",)


def test_a_theme_colour_weighs_more() -> None:
    read = styles("a{color:#00f}" * 5)
    read.emphasise("#0a0")
    read.emphasise("tomato")
    assert read.colors == ("#00AA00", "#0000FF")


def test_names_that_are_no_colours_are_none() -> None:
    assert styles("#header{} #facade{} url(#abcdef-clip) #12 #1234567").colors in ((), ("#FACADE",))


def test_families_are_the_first_of_each_list_and_of_the_brand() -> None:
    read = styles(
        "a{font-family:'Söhne',serif}b{font-family:Inter}c{font-family: Inter !important}d{font-family:arial}"
    )
    read.read("e{font-family:FontAwesome}f{font-family:var(--x)}g{font-family:-apple-system}")
    read.read_address("https://fonts.example/css2?family=Zilla+Slab:wght@400&family=Inter")
    assert read.fonts == ("Inter", "Zilla Slab")


def test_reading_ends() -> None:
    read = Styles()
    for _ in range(5):
        read.read("a{color:#123456}" * (MAX_READ // 16))
    read.read("b{color:#ff0000}")
    assert read.colors == ("#123456",)
