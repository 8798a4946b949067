"""Serving bytes: validators, ranges, HEAD, and what a Lambda's answer cannot hold."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from darkroom.http import serving
from darkroom.http.serving import File

DATA = bytes(range(100))
FOUND = File(DATA, "image/png", '"abc"', "public, max-age=31536000, immutable")


def ask(method: str = "GET", **headers: str) -> dict[str, Any]:
    spelled = {name.replace("_", "-"): value for name, value in headers.items()}
    event = {"requestContext": {"http": {"method": method}}, "headers": spelled}
    return serving.serve(event, lambda: FOUND)


def body(answer: dict[str, Any]) -> bytes:
    return base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()


def test_a_file_is_served_whole_and_for_good() -> None:
    answer = ask()
    assert answer["statusCode"] == 200
    assert body(answer) == DATA
    assert answer["headers"] == {
        "Accept-Ranges": "bytes",
        "Cache-Control": "public, max-age=31536000, immutable",
        "Content-Type": "image/png",
        "ETag": '"abc"',
        "X-Content-Type-Options": "nosniff",
    }


def test_head_tells_the_length_and_sends_nothing() -> None:
    answer = ask("HEAD", range="bytes=0-1")
    assert (answer["statusCode"], body(answer)) == (200, b"")
    assert answer["headers"]["Content-Length"] == "100"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed_and_nothing_is_looked_up(method: str) -> None:
    event = {"requestContext": {"http": {"method": method}}}
    answer = serving.serve(event, lambda: pytest.fail("looked up"))
    assert (answer["statusCode"], answer["headers"]["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("condition", ['"abc"', 'W/"abc"', '"x", "abc"', '"x",W/"abc"', "*", ' "abc" '])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_the_client_has_is_not_sent_again(method: str, condition: str) -> None:
    answer = ask(method, if_none_match=condition, range="bytes=0-1")
    assert (answer["statusCode"], body(answer)) == (304, b"")
    assert answer["headers"]["ETag"] == '"abc"'
    assert "Content-Type" not in answer["headers"]


@pytest.mark.parametrize("condition", ['"ab"', "abc", 'W/"abcd"', "", '"x" *'])
def test_what_it_does_not_have_is_sent(condition: str) -> None:
    assert ask(if_none_match=condition)["statusCode"] == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_request_for_another_version_is_refused(method: str) -> None:
    for other in ('"x"', 'W/"abc"', "abc", ""):
        answer = ask(method, if_match=other, if_none_match='"abc"', range="bytes=0-1")
        assert (answer["statusCode"], body(answer)) == (412, b""), other
    for same in ('"abc"', '"x", "abc"', "*"):
        assert ask(method, if_match=same)["statusCode"] == 200, same


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=90-", 90, 100),
        ("bytes=90-500", 90, 100),
        ("bytes=-10", 90, 100),
        ("bytes=-500", 0, 100),
        ("Bytes = 1 - 2", 1, 3),
    ],
)
def test_one_range(header: str, start: int, end: int) -> None:
    answer = ask(range=header)
    assert answer["statusCode"] == 206
    assert body(answer) == DATA[start:end]
    assert answer["headers"]["Content-Range"] == f"bytes {start}-{end - 1}/100"
    assert answer["headers"]["ETag"] == '"abc"'


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_outside_is_refused_with_the_size(header: str) -> None:
    answer = ask(range=header)
    assert (answer["statusCode"], body(answer)) == (416, b"")
    assert answer["headers"]["Content-Range"] == "bytes */100"


@pytest.mark.parametrize(
    "header",
    [
        "bytes=0-1,5-6",
        "bytes=5-1",
        "bytes=-",
        "bytes=a-b",
        "items=0-1",
        "",
        "bytes=\u0660-\u0661",
        "bytes=" + "9" * 40,
    ],
)
def test_what_is_no_single_range_is_ignored(header: str) -> None:
    answer = ask(range=header)
    assert (answer["statusCode"], body(answer)) == (200, DATA)


def test_a_range_of_another_version_is_ignored() -> None:
    assert ask(range="bytes=0-1", if_range='"abc"')["statusCode"] == 206
    for other in ('"x"', 'W/"abc"', "Wed, 21 Oct 2015 07:28:00 GMT"):
        assert ask(range="bytes=0-1", if_range=other)["statusCode"] == 200


@pytest.mark.parametrize(
    ("method", "given", "status"),
    [
        ("GET", {"range": "bytes=0-1"}, 302),
        ("HEAD", {}, 200),
        ("GET", {"if-none-match": '"abc"'}, 304),
        ("GET", {"if-match": '"other"'}, 412),
    ],
)
def test_what_is_too_large_is_elsewhere_for_now(method: str, given: dict[str, str], status: int) -> None:
    event = {"requestContext": {"http": {"method": method}}, "headers": given}
    large = serving.File("https://bucket.test/x", "image/png", '"abc"', serving.FOREVER)
    answer = serving.serve(event, lambda: large)
    assert (answer["statusCode"], answer["body"]) == (status, "")
    if status == 302:
        assert answer["headers"] == {"Location": "https://bucket.test/x", "Cache-Control": "no-store"}
    if status == 200:
        assert (answer["headers"]["ETag"], answer["headers"]["Content-Type"]) == ('"abc"', "image/png")
