"""The contract's campaign on a deployed stack: a kit, memes, the winner for Stories, a film of it, a carousel."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image
from svix.webhooks import Webhook

from local.demo_campaign import KIT, LOGO
from local.receiver import Receiver
from tests.e2e.client import Client

EVENTS = ["generation.completed", "generation.partial", "generation.failed", "generation.canceled"]


def succeeded(client: Client, generation_id: str) -> list[Any]:
    generation = client.ended(generation_id, 120)
    assert generation["status"] == "succeeded", generation["error"]
    outputs: list[Any] = generation["output"]
    return outputs


def picture(client: Client, asset: Any) -> Image.Image:
    answer = client.http.get(asset["url"])
    assert answer.headers["content-type"] == "image/png"
    image = Image.open(io.BytesIO(answer.content))
    wide, high = (int(part) for part in asset["aspect_ratio"].split(":"))
    assert abs(image.width / image.height - wide / high) < 0.05
    return image


def share_of(image: Image.Image, colour: tuple[int, int, int]) -> float:
    """How much of a picture is of a colour, or nearly."""
    pixels = np.asarray(image.convert("RGB").resize((96, 96))).astype(int)
    return float((np.abs(pixels - np.array(colour)).max(axis=2) < 24).mean())


def test_the_contracts_campaign(fresh: Callable[..., Client], hook: Receiver) -> None:
    client = fresh(credits=100)
    secret = client.post("/memes/v1/webhooks", {"url": hook.url, "events": EVENTS})["webhook"]["secret"]

    # 1 · Save the brand once, with its logo.
    kit = client.post("/memes/v1/brand-kits", KIT)["brand_kit"]["id"]
    logo = f"data:image/svg+xml;base64,{base64.b64encode(LOGO).decode()}"
    client.post(f"/memes/v1/brand-kits/{kit}/logo", {"source": logo})

    # 2, 3 · Four variants for the brand, polled until terminal.
    wish = {"prompt": "POV: cold brew the night before a deadline", "brand_kit_id": kit, "count": 4}
    queued = client.post("/memes/v1/memes", wish, Idempotency_Key="campaign")["generation"]
    memes = succeeded(client, queued["id"])
    assert len(memes) == 4
    assert max(share_of(picture(client, meme), (0x3B, 0x2A, 0x1A)) for meme in memes) > 0.005

    # 4 · The winner for Stories.
    winner = memes[0]
    body = {"image_id": winner["id"], "aspect_ratio": "9:16"}
    (story,) = succeeded(client, client.post("/memes/v1/images/reframe", body)["generation"]["id"])
    assert (story["parent_id"], story["aspect_ratio"]) == (winner["id"], "9:16")
    picture(client, story)
    lineage = client.get(f"/memes/v1/memes/{story['id']}/lineage")
    assert [one["id"] for one in lineage["data"]] == [winner["id"], story["id"]]

    # 5 · Animate it.
    body = {"image_id": story["id"]}
    animated = client.post("/memes/v1/videos/animate", body)["generation"]["id"]
    (film,) = succeeded(client, animated)
    assert (film["type"], film["aspect_ratio"], film["parent_id"]) == ("video", "9:16", story["id"])
    answer = client.http.get(film["url"], follow_redirects=True)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.content[4:8] == b"ftyp"

    # 6 · A carousel for the same brand, planned and rendered.
    brief = {"brief": "5 myths about cold brew, debunked", "slide_count": 3, "brand_kit_id": kit}
    plan = client.post("/memes/v1/carousels/plan", brief)["plan"]
    carousel = client.post("/memes/v1/carousels", {"plan_id": plan["id"]})["carousel_set"]
    for slide in carousel["slides"]:
        (asset,) = succeeded(client, slide["id"])
        assert asset["slide_index"] == slide["slide_index"]
        assert share_of(picture(client, asset), (0x3B, 0x2A, 0x1A)) > 0.005
    assert client.ended(carousel["id"])["status"] == "succeeded"
    shown = client.get(f"/memes/v1/carousels/{carousel['id']}")["carousel_set"]
    assert [slide["status"] for slide in shown["slides"]] == ["succeeded"] * 3

    # One event each, and a ledger that adds up.
    messages = hook.wait_for(4, 60)
    for message in messages:
        Webhook(secret).verify(message.body, message.headers)
    wallet = client.credits()
    assert (wallet["spent"], wallet["held"]) == (4 + 1 + 10 + 3, 0)

    # What is deleted is gone, and a film's credits come back.
    deleted = client.call("DELETE", f"/memes/v1/videos/{animated}").json()
    assert (deleted["refund"], deleted["credits_refunded"]) == ("refunded", 10)
    assert client.credits()["spent"] == 8
    assert client.call("DELETE", f"/memes/v1/carousels/{carousel['id']}").status_code == 200
    assert client.call("DELETE", f"/memes/v1/memes/{winner['id']}").status_code == 200
    assert client.call("GET", f"/memes/v1/memes/{winner['id']}").status_code == 404
    listed = {meme["id"] for meme in client.get("/memes/v1/memes")["data"]}
    assert listed == {story["id"], *(meme["id"] for meme in memes[1:])}


def test_a_storyboard_and_a_film_of_words_and_a_website(fresh: Callable[..., Client]) -> None:
    client = fresh(credits=100)
    body: dict[str, Any] = {"goal": "Cold brew saves the night", "panel_count": 4, "preset": "before-after"}
    board = client.post("/memes/v1/storyboards", body)["generation"]["id"]
    body = {"prompt": "A latte being poured in slow motion", "duration": 2, "resolution": "480p"}
    film = client.post("/memes/v1/videos", body)["generation"]["id"]
    (panels,) = succeeded(client, board)
    picture(client, panels)
    (made,) = succeeded(client, film)
    assert client.http.get(made["url"], follow_redirects=True).content[4:8] == b"ftyp"
    assert [one["id"] for one in client.get("/memes/v1/videos")["data"]] == [film]
    running = client.post("/memes/v1/videos", {"prompt": "[[slow:300]] a kite"})["generation"]["id"]
    deleted = client.call("DELETE", f"/memes/v1/videos/{running}").json()
    assert (deleted["deleted"], deleted["refund"]) == (True, "not_charged")
    assert client.credits()["spent"] == 14
