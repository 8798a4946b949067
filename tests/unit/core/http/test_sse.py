"""Server-sent events: one line of data each, and an end that a standard client understands."""

from __future__ import annotations

from darkroom.http import sse


def test_an_event_is_one_line_whatever_is_in_it() -> None:
    sent = sse.event("progress", "1-2", {"text": "two\nlines\r and \u2028 more", "é": 1})
    assert sent == 'event: progress\nid: 1-2\ndata: {"text":"two\\nlines\\r and \u2028 more","é":1}\n\n'


def test_an_answer_says_when_to_come_back() -> None:
    answer = sse.answer(sse.nothing_new(), retry_ms=500)
    assert (answer.status_code, answer.content_type) == (200, "text/event-stream")
    assert answer.body == "retry: 500\n\n: nothing new\n\n"


def test_the_end_is_the_one_status_nobody_comes_back_after() -> None:
    assert (sse.closed().status_code, sse.closed().body) == (204, "")
