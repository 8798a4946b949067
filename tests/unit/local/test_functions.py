"""A function's log, line by line as it grows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from types import SimpleNamespace
from typing import Any, cast

from local.emulator.clients import Clients
from local.functions import follow, shown


def aws(log: list[tuple[int, str]]) -> Clients:
    """Lambda with one function, and its log, which grows by a line at each look."""
    looks = iter(range(1, len(log) + 1))

    def lines(startTime: int, **_: Any) -> Iterator[dict[str, Any]]:  # noqa: N803 - AWS's name
        there = log[: next(looks)]
        yield {"events": [{"timestamp": at, "message": text} for at, text in there if at >= startTime]}

    def functions(**_: Any) -> Iterator[dict[str, Any]]:
        yield {"Functions": [{"Handler": "api_memes.app.handler", "FunctionName": "f"}]}

    def paging(pages: Any) -> Any:
        return lambda _: SimpleNamespace(paginate=pages)

    configuration = {"Configuration": {"LoggingConfig": {"LogGroup": "g"}}}
    return cast(
        "Clients",
        SimpleNamespace(
            functions=SimpleNamespace(
                get_paginator=paging(functions), get_function=lambda **_: configuration
            ),
            logs=SimpleNamespace(get_paginator=paging(lines)),
        ),
    )


def test_each_line_is_shown_once_those_of_one_moment_too() -> None:
    log = [(1, "a"), (1, "a"), (1, "b"), (2, "a"), (2, "c")]
    assert list(islice(follow(aws(log), "api_memes"), len(log))) == ["a", "a", "b", "a", "c"]


def test_an_answer_is_shown_with_the_json_in_it() -> None:
    assert shown('{"statusCode": 200, "body": "{\\"a\\": 1}"}') == (
        '{\n  "statusCode": 200,\n  "body": {\n    "a": 1\n  }\n}'
    )
    assert shown('{"body": "plain"}') == '{\n  "body": "plain"\n}'
    assert shown("no JSON") == "no JSON"
