"""The reference pages in `docs/apis` say what the code does.

An example is a block of `http` (method, path with query, headers, an empty line, the body) directly followed by a
block `json <status>` or `text <status>`. A page's examples run from top to bottom in one workspace, on the real
handlers and the in-memory fakes. In a response

* `<name>` keeps the value it stands for, or must equal what was kept before; in a request it is replaced by it,
* `…` as a whole value is any text, number or truth value (but not `null`); within a text, any part of it,
* everything else must be as it is written, with the same members, no more and no fewer.

A request can name from the start: `<key>` (every scope of a workspace), `<test_key>`, `<read_key>` (may only read),
`<admin_key>` (the operator's), `<workspace_id>`, `<picture>` (a PNG in base64), the `<signature>` and `<path>` of a
stored file and, on the platform's page, the `<job_id>` of a finished job. `https://yourcdn.example/logo.png` and
`https://example.com/cat.png` are pictures on the web, `https://dawnroasters.example` is a roastery's page, and
Moltbook knows the agent behind `an-identity-token`.

What happens between two examples is a comment on a line of its own, `<!-- after: … -->`:

    work                    the workers work off the queue
    wait 60                 so many seconds pass
    end <job> ok failed …   a job's outputs end in this order; what is not said is `ok`
    pause, resume           no worker works while a request waits, and again (moondraft and pixeldrive)
    meanwhile               the workers work while the next request waits (memes)
    mail                    the code in the newest mail is kept as `<code>` (moondraft)
    deliver 500             events go out; subscribers answer with the status, or with 200 where none is said
    spend                   no live credits are left
    upload <file>           `<picture>` is uploaded as announced for a file, and judged
    rows <manifest>         a CSV file of two rows, the second one bad, is uploaded for a manifest
    count                   what jobs used is counted (platform)
    reconcile               the books are reconciled (platform)
    turn                    the worker of manifests goes on with each of them (platform)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.harness import REFERENCES, Stage, all_routes
from tests.docs.matching import Unknown, filled, mistakes_in_json, mistakes_in_text
from tests.docs.pages import Example, Page, Route, Section, Table, names, read
from tools.paths import ROOT

FOLDER = ROOT / "docs" / "apis"
MOST_SHOWN = 4_000


def page_of(name: str) -> Page:
    return read(FOLDER / f"{name}.md")


each_page = pytest.mark.parametrize("name", REFERENCES)


def place(name: str, line: int) -> str:
    return f"docs/apis/{name}.md:{line}"


@each_page
def test_every_example_is_answered_as_written(name: str) -> None:
    page = page_of(name)
    stage = Stage(REFERENCES[name], page.path.read_text())
    mistakes = [
        f"{place(name, example.line)}: {example.request.method} {example.request.target}: {mistake}"
        for example in page.examples
        for mistake in run(stage, example)
    ]
    assert not mistakes, "\n".join(mistakes)


@each_page
def test_every_route_has_a_section_and_an_example(name: str) -> None:
    endpoints = page_of(name).endpoints()
    missing = [
        f"docs/apis/{name}.md has no section for {route}"
        for route in REFERENCES[name].routes - endpoints.keys()
    ]
    stale = [
        f"{place(name, section.line)}: {route} is not served"
        for route, section in endpoints.items()
        if route not in REFERENCES[name].routes
    ]
    bare = [
        f"{place(name, section.line)}: {route} has no example of its own"
        for route, section in endpoints.items()
        if not any(route.serves(one.request.method, one.request.path) for one in section.examples)
    ]
    assert not (mistakes := missing + stale + bare), "\n".join(mistakes)


@each_page
def test_every_parameter_is_in_the_table_of_its_endpoint(name: str) -> None:
    page, reference = page_of(name), REFERENCES[name]
    everywhere = {listed for section in page.sections for listed, _ in parameters(section)}
    mistakes: list[str] = []
    for route, section in page.endpoints().items():
        known, here = reference.parameters(route), dict(parameters(section))
        mistakes += [
            f"{place(name, section.line)}: {route} does not list `{parameter}`"
            for parameter in sorted(known)
            if parameter not in (everywhere if "." in parameter else here)
        ]
        allowed = known.keys() | section.path_names()
        mistakes += [
            f"{place(name, line)}: {route} has no parameter `{listed}`"
            for listed, line in here.items()
            if listed not in allowed and not is_header(listed)
        ]
    assert not mistakes, "\n".join(mistakes)


@each_page
def test_every_limit_choice_and_default_is_beside_its_parameter(name: str) -> None:
    mistakes: list[str] = []
    for route, section in page_of(name).endpoints().items():
        known = REFERENCES[name].parameters(route)
        for table, row in rows_of_parameters(section):
            text = " ".join(row)
            searched = text + elsewhere(name, text)
            mistakes += [
                f"{place(name, table.line)}: {route} does not say {fact} of `{listed}`"
                for listed in names(row[0])
                for fact in sorted(known.get(listed, ()))
                if not says(searched, fact)
            ]
    assert not mistakes, "\n".join(mistakes)


@each_page
def test_every_refusal_is_in_the_table_of_errors(name: str) -> None:
    table = REFERENCES[name].errors
    listed: dict[str, set[str]] = {}
    for one in page_of(name).tables:
        for row in one.rows if one.is_of("status") else ():
            listed.setdefault(row[0].strip("`"), set()).update(word for cell in row for word in names(cell))
    rows = {(str(row.status), row.code) for row in (*table.rows.values(), table.internal)}
    mistakes = [
        f"docs/apis/{name}.md: the table of errors lacks {status} {code}"
        for status, code in sorted(rows)
        if status not in listed or (code and code not in listed[status])
    ]
    assert not mistakes or not REFERENCES[name].whole, "\n".join(mistakes)


@each_page
def test_every_tool_for_agents_is_listed_with_its_route(name: str) -> None:
    server = REFERENCES[name].tools
    routes = [one.documented.route for one in server.tools] if server else []
    tools = [tool.name for tool in server.tools] if server else []
    expected = {tool: Route.of(route.method, route.path) for tool, route in zip(tools, routes, strict=True)}
    listed = {
        names(row[0])[0]: Route.of(*names(row[1])[0].split(" "))
        for table in page_of(name).tables
        if table.header[:2] == ("Tool", "Route")
        for row in table.rows
    }
    assert listed == expected


@each_page
def test_every_link_leads_somewhere(name: str) -> None:
    path = FOLDER / f"{name}.md"
    lines = enumerate(path.read_text().splitlines(), 1)
    links = [(number, target) for number, line in lines for target in re.findall(r"\]\(([^)\s]+)\)", line)]
    dead = [
        f"{place(name, number)}: nothing is at {target}"
        for number, target in links
        if "://" not in target and not leads_somewhere(path, target)
    ]
    assert not dead, "\n".join(dead)


def test_the_pages_are_about_every_route() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == REFERENCES.keys()
    described = {route for reference in REFERENCES.values() for route in reference.routes}
    assert all_routes() <= described


def run(stage: Stage, example: Example) -> Iterator[str]:
    """Do what stands before an example, and then the example; what is wrong with it."""
    values, request = stage.values, example.request
    try:
        for line, directive in example.after:
            try:
                stage.direct(filled(directive, values))
            except ValueError as error:
                yield f"the directive in line {line}: {error}"
        headers = {header: filled(value, values) for header, value in request.headers}
        answered = stage.send(
            request.method, filled(request.target, values), headers, filled(request.body, values)
        )
    except Unknown as unknown:
        yield str(unknown)
        return
    response = example.response
    if answered.status != response.status:
        yield f"the status is {answered.status}, not {response.status}\n{answered.body[:MOST_SHOWN]}"
        return
    mistakes = mistakes_in_json if response.kind == "json" else mistakes_in_text
    found = mistakes(response.body, answered.body, values)
    yield from found
    if found:
        yield f"the answer was\n{answered.body[:MOST_SHOWN]}"


def rows_of_parameters(section: Section) -> Iterator[tuple[Table, tuple[str, ...]]]:
    for table in section.tables:
        if table.is_of("parameter"):
            yield from ((table, row) for row in table.rows)


def parameters(section: Section) -> Iterator[tuple[str, int]]:
    """The parameters a section's tables list, each with its table's line."""
    for table, row in rows_of_parameters(section):
        yield from ((listed, table.line) for listed in names(row[0]))


def elsewhere(name: str, row: str) -> str:
    """What a row refers to: this page, and the one it links to."""
    if re.search(r"\b(see|as in|as for|as of|above|below)\b", row) is None:
        return ""
    linked = re.findall(r"\]\((\w+)\.md", row)
    return "".join((FOLDER / f"{page}.md").read_text() for page in (name, *linked))


def says(text: str, fact: str) -> bool:
    """Whether a number, with or without commas, or a word is in a text."""
    if not re.fullmatch(r"-?\d+", fact):
        return fact in text
    spellings = "|".join({fact, f"{int(fact):,}"})
    return re.search(rf"(?<![\d.,])({spellings})(?!\d|[.,]\d)", text) is not None


def leads_somewhere(page: Path, target: str) -> bool:
    """Whether a relative link's file is there and has the heading it names."""
    file, _, anchor = target.partition("#")
    path = (page.parent / file) if file else page
    if not path.is_file() or not anchor:
        return path.exists()
    headings = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)
    return anchor in {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_header(listed: str) -> bool:
    return "-" in listed or listed in ("Prefer", "Authorization", "Accept")
