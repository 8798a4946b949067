"""Reading a web page from outside: its words, and what it shows of the brand behind it.

The page is anybody's: it may be no page, cut off, nested without end, or in another encoding than it says. Reading is
bounded in characters, elements and JSON, runs nothing and fetches nothing; addresses in the result are absolute.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urljoin

from darkroom.domain.brands.styles import Styles

MAX_BYTES: Final = 3 * 1024 * 1024
MAX_READ: Final = 512 * 1024  # characters; what a page says of itself stands at its beginning
MAX_TEXT: Final = 8_000
MAX_LINE: Final = 500
MAX_PICTURES: Final = 10
MAX_STYLESHEETS: Final = 2
_MAX_ELEMENTS: Final = 50_000
_MAX_JSON: Final = 64 * 1024
_MAX_THINGS: Final = 200  # in all of a page's JSON-LD
_MAX_NULS: Final = 2  # in the first 4 kB; a binary file has more
_PIECE: Final = 16 * 1024

_HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", ""})
_MARKUP: Final = re.compile(r"<(?:!doctype\s+html|html|head|body|title|meta|div|p|h1)\b", re.IGNORECASE)
_CHARSET: Final = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_:-]{2,40})""", re.IGNORECASE
)
_OF_HEADER: Final = re.compile(r"""charset\s*=\s*["']?\s*([a-zA-Z0-9_:-]{2,40})""", re.IGNORECASE)
# Python knows encodings that are none of the web's, and slow ones.
_ENCODINGS: Final = re.compile(
    r"utf-?8|utf-?16(?:le|be)?|us-ascii|iso-?8859-\d{1,2}|latin-?1|windows-\d{3,4}|cp125\d|shift[_-]?jis|euc-(?:jp|kr)"
    r"|gb(?:k|2312|18030)|big5|koi8-[ru]",
    re.IGNORECASE,
)
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))

_UNSEEN: Final = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "object", "select"})
_VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source"}
)
_BLOCK_NAMES = (
    "address article aside br dd div dl dt figcaption footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p "
    "section table td th tr ul"
)
_BLOCKS: Final = frozenset(_BLOCK_NAMES.split())
_SPACES: Final = re.compile(r"[^\S\n]+")
_BETWEEN: Final = re.compile(r"\s[|\u00b7\u2022\u2013\u2014:-]\s|\s*[|]\s*")
_GAPS: Final = re.compile(r"\s*\n\s*")


class UnusablePage(ValueError):
    """What was fetched is no web page. The message is safe to show."""


@dataclass(frozen=True, slots=True)
class WebPage:
    """What a page says. What it does not say is empty.

    ``names`` are what the page may call its brand, the surest first. ``audience`` and ``trade`` are said by its
    structured data. ``colors`` are hex codes and ``fonts`` families, the most frequent first. ``logos`` and
    ``pictures`` are addresses, the likeliest logo or product first.
    """

    url: str = ""
    title: str = ""
    description: str = ""
    text: str = ""
    names: tuple[str, ...] = ()
    trade: str = ""
    audience: str = ""
    colors: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()
    logos: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The page for a language model: title, description and text."""
        return "\n".join(part for part in (self.title, self.description, self.text) if part)[:MAX_TEXT]

    @property
    def summary(self) -> str:
        """The page in a line or two, for a prompt."""
        said = ". ".join(part.rstrip(". ") for part in (self.title, self.description) if part)
        return said or self.text[:MAX_LINE]


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page as far as it can be read alone: ``stylesheets`` may add to its ``styles``."""

    page: WebPage
    styles: Styles
    stylesheets: tuple[str, ...]

    def with_styles(self) -> WebPage:
        """The page with the colours and typefaces of all styles that were read by now."""
        return replace(self.page, colors=self.styles.colors, fonts=self.styles.fonts)


def read_page(data: bytes, *, url: str = "", content_type: str = "") -> ReadPage:
    """Read the page that was fetched from ``url``.

    Raises
    ------
    UnusablePage
        It is none.
    """
    mime = content_type.partition(";")[0].strip().lower()
    if mime not in _HTML_TYPES:
        raise UnusablePage("is no HTML page")
    markup = _decoded(data, content_type)
    if not _MARKUP.search(markup):
        raise UnusablePage("is no HTML page")
    reader = _Reader(url)
    # Never closed: an unfinished end is dropped, where closing would try it again from every character of it.
    for at in range(0, len(markup), _PIECE):
        if reader.elements > _MAX_ELEMENTS:
            break
        try:
            reader.feed(markup[at : at + _PIECE])
        except AssertionError:  # a declaration the library cannot make sense of; what came before it is read
            break
    return reader.result()


def page_of(data: bytes) -> WebPage | None:
    """What a page's bytes alone say; ``None`` if they are no page."""
    try:
        return read_page(data).page
    except UnusablePage:
        return None


def _decoded(data: bytes, content_type: str) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")[:MAX_READ]
    if data[:4096].count(0) > _MAX_NULS:
        raise UnusablePage("is no text")
    data = data.replace(b"\0", b" ")
    declared = _declared(data, content_type)
    if _ENCODINGS.fullmatch(declared):
        return _by_name(data, declared)
    try:
        return data.decode()[:MAX_READ]
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")[:MAX_READ]


def _declared(data: bytes, content_type: str) -> str:
    """The encoding that the server or the page names. A page that can be read to here is not in UTF-16."""
    of_header, of_page = _OF_HEADER.search(content_type), _CHARSET.search(data[:2048])
    if of_header:
        return of_header[1]
    named = of_page[1].decode() if of_page else ""
    return "utf-8" if named.lower().startswith("utf-16") else named


def _by_name(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "replace")[:MAX_READ]
    except LookupError:
        return data.decode("utf-8", "replace")[:MAX_READ]


class _Reader(HTMLParser):
    """Collects what matters while the markup streams by; it keeps no tree."""

    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements = 0
        self._url = url
        self._hidden: list[str] = []  # the outermost unseen element, and those of its name within
        self._titles: list[str] = []
        self._in_title = False
        self._words: list[str] = []
        self._length = 0
        self._meta: dict[str, str] = {}
        self._json: list[str] | None = None
        self._things: list[Mapping[str, Any]] = []
        self._logos: list[tuple[int, str]] = []
        self._shown: list[tuple[int, str]] = []
        self._sheets: list[str] = []
        self._styles = Styles()
        self._in_style = False

    # ------------------------------------------------------------------ events

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements += 1
        given = {name: (value or "")[:4096] for name, value in reversed(attrs)}
        self._note(tag, given)
        if self._hidden:
            self._hidden += [tag] * (tag == self._hidden[0])
        elif tag in _UNSEEN and tag not in _VOID:
            self._hidden = [tag]
        if tag in _BLOCKS and not self._hidden:
            self._words.append("\n")
        self._in_title = tag == "title" and not self._hidden and not self._titles

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag == self._hidden[0]:
            self._hidden.pop()
        if tag == "script" and self._json is not None:
            self._read_json("".join(self._json))
            self._json = None
        if tag == "title":
            self._in_title = False
        if tag == "style":
            self._in_style = False
        if tag in _BLOCKS and not self._hidden:
            self._words.append("\n")

    def handle_data(self, data: str) -> None:
        if self._json is not None:
            self._json.append(data)
        elif self._in_style:
            self._styles.read(data)
        elif self._in_title:
            self._titles.append(data)
        elif not self._hidden and self._length < 2 * MAX_TEXT:
            self._words.append(data)
            self._length += len(data.strip())

    # ------------------------------------------------------------------- notes

    def _note(self, tag: str, given: Mapping[str, str]) -> None:
        if "style" in given:
            self._styles.read(given["style"])
        match tag:
            case "meta":
                name = (given.get("property") or given.get("name") or given.get("itemprop") or "").lower()
                if name and given.get("content", "").strip():
                    self._meta.setdefault(name, given["content"])
            case "link":
                self._note_link(given)
            case "img":
                self._note_picture(given)
            case "style":
                self._in_style = True
            case "script" if given.get("type", "").strip().lower() == "application/ld+json":
                self._json = []

    def _note_link(self, given: Mapping[str, str]) -> None:
        kinds, address = given.get("rel", "").lower().split(), given.get("href", "")
        if "stylesheet" in kinds:
            self._styles.read_address(address)
            self._sheets.append(address)
        if "apple-touch-icon" in kinds:
            self._logos.append((2, address))
        elif "icon" in kinds or "mask-icon" in kinds:
            self._logos.append((3, address))

    def _note_picture(self, given: Mapping[str, str]) -> None:
        address = given.get("src") or given.get("data-src") or ""
        about = " ".join(given.get(name, "") for name in ("class", "id", "alt", "src")).lower()
        if "logo" in about:
            self._logos.append((1, address))
        elif "product" in about:
            self._shown.append((2, address))

    def _read_json(self, text: str) -> None:
        """Take what structured data says. It may be broken or nested without end: then it says nothing."""
        if len(text) > _MAX_JSON:
            return
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            return
        self._things += [thing for thing, _ in zip(_things(document), range(_MAX_THINGS), strict=False)]

    # ------------------------------------------------------------------ result

    def result(self) -> ReadPage:
        meta, things = self._meta, _Things(self._things[:_MAX_THINGS])
        title = _line("".join(self._titles)) or _line(meta.get("og:title", ""))
        self._styles.emphasise(meta.get("theme-color", ""))
        logos = [(0, one) for one in things.addresses("logo", "Organization")] + self._logos
        pictures = [(0, one) for one in things.addresses("image", "Product")]
        pictures += [(1, meta[name]) for name in ("og:image", "twitter:image") if name in meta] + self._shown
        page = WebPage(
            url=self._url,
            title=title,
            description=_line(meta.get("description") or meta.get("og:description") or ""),
            text=_GAPS.sub("\n", _SPACES.sub(" ", "".join(self._words))).strip()[:MAX_TEXT],
            names=self._names(things, title),
            trade=things.trade,
            audience=things.audience,
            colors=self._styles.colors,
            fonts=self._styles.fonts,
            logos=self._addresses(logos),
            pictures=self._addresses(pictures),
        )
        sheets = self._addresses([(0, one) for one in self._sheets])
        return ReadPage(page, self._styles, sheets[:MAX_STYLESHEETS])

    def _names(self, things: _Things, title: str) -> tuple[str, ...]:
        told = [*things.names, *(self._meta.get(one, "") for one in ("og:site_name", "application-name"))]
        parts = [part.strip() for part in _BETWEEN.split(title)]
        host = re.sub(r"[^a-z0-9]", "", self._url.partition("//")[2].partition("/")[0].lower())
        # In a title, the part that is also in the address is the name.
        told += [
            part
            for part in parts
            if part and (plain := re.sub(r"[^a-z0-9]", "", part.lower())) and plain in host
        ]
        return tuple(dict.fromkeys(name for one in told if (name := _line(one)[:120])))

    def _addresses(self, found: list[tuple[int, str]]) -> tuple[str, ...]:
        """The addresses, the surest kind first, as https addresses."""
        ordered = sorted(found, key=lambda one: one[0])[:50]
        whole = [address for _, one in ordered if (address := self._absolute(one))]
        return tuple(dict.fromkeys(whole))[:MAX_PICTURES]

    def _absolute(self, address: str) -> str:
        try:
            whole = urljoin(self._url, address.strip())
        except ValueError:
            return ""
        return whole if whole.startswith(("https://", "http://")) and len(whole) <= 2048 else ""


class _Things:
    """A page's structured data."""

    _NO_TRADE: Final = frozenset(
        "Organization Corporation LocalBusiness OnlineBusiness OnlineStore Store Brand NGO Person".split()  # noqa: SIM905
    )
    _ORGANISATIONS: Final = re.compile(
        r"Organization|Corporation|Business|Store|Shop|Restaurant|Brand|Hotel|Service|Agency|Bakery|Brewery|Winery|Club"
    )

    def __init__(self, things: list[Mapping[str, Any]]) -> None:
        self._things = things

    @property
    def names(self) -> list[str]:
        return [_text(thing.get("name")) for thing in self._organisations()]

    @property
    def trade(self) -> str:
        """What kind of business it says it is, in words."""
        kinds = [kind for thing in self._organisations() for kind in _kinds(thing)]
        kind = next((one for one in kinds if one not in self._NO_TRADE), "")
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()[:80]

    @property
    def audience(self) -> str:
        told = (thing.get("audience") for thing in self._things)
        return next((text for one in told if (text := _text(one, "audienceType"))), "")

    def addresses(self, member: str, kind: str) -> list[str]:
        """The addresses that things of a kind have in a member; an organisation of any sort is one."""
        of_kind = self._organisations() if kind == "Organization" else self._of(kind)
        found = [thing.get(member) for thing in of_kind]
        each = [one for many in found for one in (many if isinstance(many, list) else [many])]
        return [address for one in each[:20] if (address := _text(one, "url") or _text(one, "contentUrl"))]

    def _of(self, kind: str) -> list[Mapping[str, Any]]:
        return [thing for thing in self._things if kind in _kinds(thing)]

    def _organisations(self) -> list[Mapping[str, Any]]:
        return [thing for thing in self._things if any(map(self._ORGANISATIONS.search, _kinds(thing)))]


def _things(document: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of a JSON document that have a type, outer ones first."""
    waiting = [document]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, dict):
            if _kinds(one):
                yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        if len(waiting) > 10 * _MAX_THINGS:
            return


def _kinds(thing: Mapping[str, Any]) -> list[str]:
    kinds = thing.get("@type")
    return [kind[:80] for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _text(value: Any, member: str = "") -> str:
    if isinstance(value, dict) and member:
        value = value.get(member)
    return _line(value) if isinstance(value, str) else ""


def _line(text: str) -> str:
    """Text in one line, without what cannot be stored."""
    plain = text.encode("utf-8", "ignore").decode().replace("\0", " ")
    return " ".join(plain[: 4 * MAX_LINE].split())[:MAX_LINE]
