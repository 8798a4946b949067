"""Reads a reference page: its headings, tables and examples, each with the line it starts on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

METHODS = "GET|POST|PUT|PATCH|DELETE|HEAD"
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_ROUTE = re.compile(rf"({METHODS}) (/\S*)")
_DIRECTIVE = re.compile(r"<!-- after: (.*?) -->")
_RULE = re.compile(r":?-+:?")
_NAME = re.compile(r"`([^`]+)`")
_PLACEHOLDER = re.compile(r"<\w+>|\{\w+\}")


class BadPage(Exception):
    """A page is not written as the tests can read it. Says where."""


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path, whose placeholders (`{id}` on a page, `<id>` in a router) have no name."""

    method: str
    path: str

    @classmethod
    def of(cls, method: str, path: str) -> Route:
        return cls(method, _PLACEHOLDER.sub("{}", path))

    def serves(self, method: str, path: str) -> bool:
        """Whether a request for ``path`` is this route's."""
        pattern = re.escape(self.path).replace(r"\{\}", "[^/]+")
        return method == self.method and re.fullmatch(pattern, path) is not None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table's first line, header and rows, cells stripped."""

    line: int
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def is_of(self, *titles: str) -> bool:
        return self.header[0].lower() in titles


@dataclass(frozen=True, slots=True)
class Request:
    """An example's request as the page spells it. ``target`` is the path with its query."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: str

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Response:
    """An example's response. ``kind`` is json or text."""

    line: int
    kind: str
    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Example:
    """A request and its response; ``after`` are the directives between the example before and this one."""

    line: int
    after: tuple[tuple[int, str], ...]
    request: Request
    response: Response


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it, up to the next heading that is not below it."""

    line: int
    level: int
    title: str
    tables: tuple[Table, ...]
    examples: tuple[Example, ...]

    @property
    def route(self) -> Route | None:
        """The endpoint the section is about, if its heading is one."""
        found = _ROUTE.fullmatch(self.title.replace("`", ""))
        return Route.of(found[1], found[2]) if found else None

    def path_names(self) -> frozenset[str]:
        """The names in the braces of the heading's path."""
        return frozenset(re.findall(r"\{(\w+)\}", self.title))


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was read."""

    path: Path
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    examples: tuple[Example, ...]

    def endpoints(self) -> dict[Route, Section]:
        """The sections about endpoints."""
        return {route: section for section in self.sections if (route := section.route)}


@dataclass(frozen=True, slots=True)
class _Fence:
    line: int
    end: int
    info: tuple[str, ...]
    text: str


def read(path: Path) -> Page:
    """Read a page.

    Raises
    ------
    BadPage
    """
    lines = path.read_text().splitlines()
    fences = list(_fences(path, lines))
    hidden = {number for fence in fences for number in range(fence.line, fence.end + 1)}
    open_lines = [(n, line) for n, line in enumerate(lines, 1) if n not in hidden]
    examples = tuple(_examples(path, fences, open_lines, lines))
    tables = tuple(_tables(open_lines))
    return Page(path, tuple(_sections(open_lines, tables, examples)), tables, examples)


def names(cell: str) -> list[str]:
    """What a cell has between backticks."""
    return _NAME.findall(cell)


def _fences(path: Path, lines: Sequence[str]) -> Iterator[_Fence]:
    start = None
    for number, line in enumerate(lines, 1):
        if not line.startswith("```"):
            continue
        if start is None:
            start = number
            continue
        info = tuple(lines[start - 1][3:].split())
        yield _Fence(start, number, info, "\n".join(lines[start : number - 1]))
        start = None
    if start is not None:
        raise BadPage(f"{path.name}:{start}: the block is never closed")


def _examples(
    path: Path, fences: Sequence[_Fence], open_lines: Sequence[tuple[int, str]], lines: Sequence[str]
) -> Iterator[Example]:
    directives = [(n, found[1]) for n, line in open_lines if (found := _DIRECTIVE.fullmatch(line.strip()))]
    pairs = zip(fences, (*fences[1:], None), strict=True)
    last = 0
    for fence, following in pairs:
        if fence.info[:1] != ("http",):
            continue
        if following is None or any(line.strip() for line in lines[fence.end : following.line - 1]):
            raise BadPage(f"{path.name}:{fence.line}: a request without its response")
        after = tuple((n, text) for n, text in directives if last < n < fence.line)
        yield Example(fence.line, after, _request(path, fence), _response(path, following))
        last = following.end


def _request(path: Path, fence: _Fence) -> Request:
    head, _, body = fence.text.partition("\n\n")
    first, *rest = head.splitlines() or [""]
    found = re.fullmatch(rf"({METHODS}) (/\S*)", first)
    headers = tuple(
        (name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in rest)
    )
    if found is None or not all(name and value for name, value in headers):
        raise BadPage(f"{path.name}:{fence.line}: a request is METHOD /path, then headers, then a body")
    return Request(found[1], found[2], headers, body)


def _response(path: Path, fence: _Fence) -> Response:
    kind, status = (*fence.info, "", "")[:2]
    if kind not in ("json", "text") or not status.isdigit():
        raise BadPage(f"{path.name}:{fence.line}: a response is a block of json or text with its status")
    return Response(fence.line, kind, int(status), fence.text)


def _tables(open_lines: Sequence[tuple[int, str]]) -> Iterator[Table]:
    rows: list[tuple[str, ...]] = []
    start, last = 0, -1
    for number, line in (*open_lines, (10**9, "")):
        is_row = line.startswith("|")
        if rows and (not is_row or number != last + 1):
            yield Table(start, rows[0], tuple(row for row in rows[1:] if not all(map(_RULE.fullmatch, row))))
            rows = []
        if is_row:
            start = start if rows else number
            rows.append(tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))))
            last = number


def _sections(
    open_lines: Sequence[tuple[int, str]], tables: Sequence[Table], examples: Sequence[Example]
) -> Iterator[Section]:
    heads = [(n, len(found[1]), found[2]) for n, line in open_lines if (found := _HEADING.fullmatch(line))]
    for index, (line, level, title) in enumerate(heads):
        end = next((n for n, other, _ in heads[index + 1 :] if other <= level), 10**9)
        yield Section(
            line,
            level,
            title,
            tuple(table for table in tables if line < table.line < end),
            tuple(example for example in examples if line < example.line < end),
        )
