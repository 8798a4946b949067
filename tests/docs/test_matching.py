"""The examples' notation lets nothing through that a page does not say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.matching import Unknown, filled, mistakes_in_json, mistakes_in_text
from tests.docs.pages import BadPage, Route, read


@pytest.mark.parametrize(
    ("example", "body"),
    [
        ('{"a": 1}', '{"a":1}'),
        ('{"b": 2, "a": 1}', '{"a":1,"b":2}'),
        ('["…", "…", "…"]', '["x",1,true]'),
        ('{"url": "https://…/files/….png"}', '{"url":"https://h/files/1/2.png"}'),
        ('{"a": "<x>", "b": "job <x>"}', '{"b":"job 7","a":"7"}'),
        ('{"a": "<kept>"}', '{"a":"before"}'),
        ('{"a": 80}', '{"a":80.0}'),
        ('"…"', '"two\\nlines"'),
    ],
)
def test_what_an_example_allows(example: str, body: str) -> None:
    assert mistakes_in_json(example, body, {"kept": "before"}) == []


@pytest.mark.parametrize(
    ("example", "body"),
    [
        ('{"a": 1}', '{"a":1,"b":2}'),
        ('{"a": 1, "b": 2}', '{"a":1}'),
        ('{"a": 1}', '{"a":true}'),
        ('{"a": 0}', '{"a":false}'),
        ('{"a": "1"}', '{"a":1}'),
        ('{"a": "…"}', '{"a":null}'),
        ('{"a": "…"}', '{"a":{}}'),
        ('{"a": "1…"}', '{"a":12}'),
        ('["…"]', '["x","y"]'),
        ('{"a": "<x>", "b": "<x>"}', '{"a":"1","b":"2"}'),
        ('{"a": "<kept>"}', '{"a":"after"}'),
        ('{"a": 1', '{"a":1}'),
        ('{"a": 1}', "<html>"),
    ],
)
def test_what_an_example_does_not_allow(example: str, body: str) -> None:
    assert mistakes_in_json(example, body, {"kept": "before"})


def test_what_is_named_is_kept() -> None:
    values: dict[str, str] = {}
    assert mistakes_in_json('{"id": "<job>", "n": "<n>"}', '{"id":"j1","n":3}', values) == []
    assert mistakes_in_text("event: <event>\n…", "event: done\r\ndata: x\r\n", values) == []
    assert values == {"job": "j1", "n": "3", "event": "done"}
    assert filled("GET /jobs/<job>?n=<n>", values) == "GET /jobs/j1?n=3"
    with pytest.raises(Unknown):
        filled("<nothing>", values)


def test_a_page_is_read_with_its_lines(tmp_path: Path) -> None:
    page = read(_page(tmp_path, _EXAMPLE))
    (example,) = page.examples
    (route,) = page.endpoints()
    assert (example.line, example.after, example.response.status) == (8, ((6, "wait 5"),), 200)
    assert example.request.headers == (("Authorization", "Bearer <key>"),)
    assert (example.request.path, example.request.body) == ("/a/<id>/b", '{"x": 1}')
    assert route.serves("POST", example.request.path)
    assert page.endpoints()[route].tables[0].rows == (("`x`", "integer"),)


@pytest.mark.parametrize(
    "text",
    [
        "```http\nGET /a\n```\n",
        "```http\nGET /a\n```\nwords between\n```json 200\n{}\n```\n",
        "```http\nGET /a\n```\n```json\n{}\n```\n",
        "```http\nGET a\n```\n```json 200\n{}\n```\n",
        "```http\nGET /a\nno header\n```\n```json 200\n{}\n```\n",
        "```http\nGET /a\n",
    ],
)
def test_an_example_that_could_not_run_is_noticed(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadPage, match=r"page\.md:[14]: "):
        read(_page(tmp_path, text))


def test_a_placeholder_has_no_name() -> None:
    assert Route.of("GET", "/a/<job_id>") == Route.of("GET", "/a/{id}")
    assert not Route.of("GET", "/a/{id}").serves("GET", "/a/b/c")


_EXAMPLE = """## POST /a/{id}/b

| Parameter | Type |
|---|---|
| `x` | integer |
<!-- after: wait 5 -->

```http
POST /a/<id>/b?y=1
Authorization: Bearer <key>

{"x": 1}
```
```json 200
{}
```
"""


def _page(folder: Path, text: str) -> Path:
    path = folder / "page.md"
    path.write_text(text)
    return path
