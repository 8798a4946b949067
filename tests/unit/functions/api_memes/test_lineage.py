"""A meme's family and its removal, over HTTP and through the worker that makes edits."""

from __future__ import annotations

import pytest

from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.jobs.job import Job
from tests.unit.functions.api_memes.client import UNKNOWN_ID, Client, ClientResponse


def made(api: Client, path: str = "/memes", **body: object) -> str:
    """The id of a picture that the worker made."""
    reply = api.post(path, {"prompt": "a red kite", **body})
    assert reply.status == 202
    api.work()
    job: Job = api.memory.jobs[api.owner, reply.json["generation"]["id"]]
    assert job.tasks[0].asset is not None
    api.clock.advance(1)
    return job.tasks[0].asset.id


def edited(api: Client, parent: str) -> str:
    return made(api, "/images/edits", image_id=parent, instruction="make it autumn")


def family(api: Client, meme_id: str) -> list[str]:
    reply = api.get(f"/memes/{meme_id}/lineage")
    assert reply.status == 200
    return [member["id"] for member in reply.json["data"]]


def test_the_family_tree_is_the_root_and_all_descendants_in_order(api: Client) -> None:
    root = made(api)
    first, second = edited(api, root), edited(api, root)
    grandchild = edited(api, first)
    tall = made(api, "/images/reframe", image_id=grandchild, aspect_ratio="9:16")
    stranger = made(api)
    everybody = [root, first, second, grandchild, tall]
    for meme_id in everybody:
        assert family(api, meme_id) == everybody
    assert family(api, stranger) == [stranger]

    reply = api.get(f"/memes/{tall}/lineage").json
    assert (reply["root_id"], reply["has_more"]) == (root, False)
    assert [member["parent_id"] for member in reply["data"]] == [None, root, root, first, grandchild]
    assert reply["data"][0]["model"] == "forge-image"
    assert reply["data"][4]["model"] == "forge-edit"
    assert reply["data"][4]["aspect_ratio"] == "9:16"


def test_a_message_that_comes_twice_adds_nobody(api: Client) -> None:
    root = made(api)
    reply = api.post("/images/edits", {"image_id": root, "instruction": "x"})
    assert reply.status == 202
    api.queues.tasks.extend(list(api.queues.tasks))
    api.work()
    assert len(family(api, root)) == 2


def test_a_deleted_meme_is_gone_and_its_descendants_keep_it_as_an_ancestor(api: Client) -> None:
    root = made(api)
    child = edited(api, root)
    reply = api.ask("DELETE", f"/memes/{root}")
    assert (reply.status, reply.json["deleted"], reply.json["id"]) == (200, True, root)

    listed = api.get("/memes").json["data"]
    assert [meme["id"] for meme in listed] == [child]
    for gone in (f"/memes/{root}", f"/memes/{root}/lineage"):
        assert api.get(gone).refusal == (404, "not_found_error", "resource_not_found")
    assert api.ask("DELETE", f"/memes/{root}").status == 404

    relatives = api.get(f"/memes/{child}/lineage").json["data"]
    assert [(one["id"], one["deleted"]) for one in relatives] == [(root, True), (child, False)]
    assert relatives[0]["url"] is None
    assert relatives[1]["url"].startswith("https://")


def test_a_deleted_meme_is_no_input_any_more(api: Client) -> None:
    root = made(api)
    api.ask("DELETE", f"/memes/{root}")
    reply = api.post("/images/edits", {"image_id": root, "instruction": "x"})
    assert (reply.status, reply.error["param"]) == (404, "image_id")


def test_deleting_costs_and_returns_nothing(api: Client) -> None:
    root = made(api)
    before = api.wallet
    api.ask("DELETE", f"/memes/{root}")
    assert api.wallet == before
    api.check_books()


@pytest.mark.parametrize(("method", "path"), [("GET", "/memes/{}/lineage"), ("DELETE", "/memes/{}")])
def test_only_the_workspaces_own_memes_are_found(api: Client, method: str, path: str) -> None:
    meme, image = made(api), made(api, "/images")
    stranger = api.core.open_workspace("Other", plan="pro", credits=5)
    _, theirs = api.issued(workspace_id=stranger.id)

    def refused(object_id: str, key: str = "live") -> ClientResponse:
        reply = api.ask(method, path.format(object_id), key=key)
        assert reply.refusal == (404, "not_found_error", "resource_not_found")
        return reply

    for unknown in (UNKNOWN_ID, image, "nonsense", "..%2F"):
        refused(unknown)
    refused(meme, key=theirs)
    refused(meme, key="test")
    assert api.get(f"/memes/{meme}").status == 200


def test_deleting_needs_the_right_to_write(api: Client) -> None:
    meme = made(api)
    reader = api.issue("reader", scopes=frozenset({Scope.READ}))
    assert api.ask("DELETE", f"/memes/{meme}", key=reader).refusal[2] == "insufficient_scope"
    assert api.get(f"/memes/{meme}/lineage", key=reader).status == 200
