"""What a key asked for, page by page, with honest totals."""

from __future__ import annotations

import pytest

from darkroom.domain.jobs.job import FailureCode
from tests.harness.pictures import png
from tests.unit.functions.api_gencraft.client import GARDEN, Client, refusal


def prompts(shown: object) -> list[str]:
    assert isinstance(shown, dict)
    return [item["prompt"] for item in shown["items"]]


def test_a_new_key_has_no_history(api: Client) -> None:
    assert api.history() == {"items": [], "total": 0, "page": 1, "limit": 20, "total_pages": 0}


def test_pages_go_from_the_most_recent_to_the_oldest(api: Client) -> None:
    for number in range(7):
        api.generate(prompt=str(number))
    pages = [api.history(page=page, limit=3) for page in (1, 2, 3, 4, 1000)]
    assert [prompts(page) for page in pages] == [["6", "5", "4"], ["3", "2", "1"], ["0"], [], []]
    assert {(page["total"], page["limit"], page["total_pages"]) for page in pages} == {(7, 3, 3)}
    assert [page["page"] for page in pages] == [1, 2, 3, 4, 1000]


@pytest.mark.parametrize(("count", "pages"), [(0, 0), (1, 1), (2, 1), (3, 2), (4, 2), (5, 3)])
def test_total_pages_hold_everything_and_no_more(api: Client, count: int, pages: int) -> None:
    for _ in range(count):
        api.generate()
    shown = api.history(limit=2)
    assert (shown["total"], shown["total_pages"]) == (count, pages)


def test_twenty_are_a_page_and_fifty_at_most(api: Client) -> None:
    for _ in range(55):
        api.generate(model="flash")
    assert len(api.history()["items"]) == 20
    shown = api.history(limit=50)
    assert (len(shown["items"]), shown["total"], shown["total_pages"]) == (50, 55, 2)
    assert len(api.history(limit=50, page=2)["items"]) == 5


@pytest.mark.parametrize("name", ["page", "limit"])
@pytest.mark.parametrize("value", ["0", "-1", "51.5", "x", "", " ", "1e1", "٣", "9" * 12, "1,2", "+1"])
def test_odd_numbers_are_refused(api: Client, name: str, value: str) -> None:
    reply = api.get("/history", query={name: value})
    assert refusal(reply) == (400, "invalid_request")
    assert name in reply.error["message"]


def test_more_than_fifty_are_refused(api: Client) -> None:
    reply = api.get("/history", query={"limit": "51"})
    assert refusal(reply) == (400, "invalid_request")
    assert "50" in reply.error["message"]


def test_history_is_the_keys_own(api: Client) -> None:
    second = api.issue("second")
    api.generate(prompt="mine")
    api.post("/generate", {**GARDEN, "prompt": "second's"}, key=second)
    api.post("/generate", {**GARDEN, "prompt": "test's"}, key="test")
    assert prompts(api.history()) == ["mine"]
    assert prompts(api.get("/history", key=second).json) == ["second's"]
    assert prompts(api.get("/history", key="test").json) == ["test's"]


def test_an_edit_shows_its_references_and_every_picture(api: Client) -> None:
    api.fetcher.pages["https://cdn.example.com/a.png"] = png()
    uploaded = api.post("/upload", {"source_url": "https://cdn.example.com/a.png"}).json["url"]
    refs = [uploaded, "https://cdn.example.com/a.png"]
    ids = api.generate(
        prompt="a kite [[fail:1]]", mode="edit", imageUrls=refs, count=3, model="flash2", imageSize="4K"
    )
    api.work()
    (item,) = api.history()["items"]
    assert (item["mode"], item["model"], item["imageSize"]) == ("edit", "flash2", "4K")
    assert item["refs"] == refs
    assert item["imageCount"] == 3
    assert item["images"] == [api.poll(task)["imageUrl"] for task in (ids[0], ids[2])]
    assert api.poll(item["id"])["task_id"] == ids[0]


def test_what_failed_or_is_not_done_is_history_too(api: Client) -> None:
    api.generate(prompt="failed")
    api.end(api.last_job.id, FailureCode.FAILED)
    api.generate(prompt="queued")
    shown = api.history()
    assert [(item["prompt"], item["images"]) for item in shown["items"]] == [("queued", []), ("failed", [])]


def test_a_page_is_three_calls(api: Client) -> None:
    api.generate()
    api.calls.made.clear()
    api.history()
    assert api.calls.made == ["accounts.admit", "store.commit", "jobs.page_by_key"]
