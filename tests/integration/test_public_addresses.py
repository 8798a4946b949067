"""Behind a path prefix: every address in an answer begins with the public base URL, however long its path is."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from darkroom.domain.billing.purchases import Buyer
from darkroom.http.links import IMAGES_PATH, ImageLinks, Links
from darkroom_payments.stripe_payments import StripePayments
from local.doubles.stripe import KEY, StripeDouble
from tests.contract.examples import purchase
from tests.harness.api_client import ApiClient
from tests.harness.dialects import CLIENTS
from tests.unit.functions.api_agent.client import Client as AgentClient
from tests.unit.functions.api_gencraft.client import Client as GencraftClient
from tests.unit.functions.api_memes.client import Client as MemesClient
from tests.unit.functions.api_moondraft.client import Client as MoondraftClient
from tests.unit.functions.api_pixeldrive.client import Client as PixeldriveClient

BASE = "http://localhost:4566/_aws/execute-api/a1b2c3d4"


def behind_a_prefix[C: ApiClient[Any]](client: C) -> C:
    core = client.core
    core.settings = replace(core.settings, public_base_url=BASE)
    core.links = Links(BASE, core.master_secret, core.clock.now)
    core.image_links = ImageLinks(BASE + IMAGES_PATH, BASE + IMAGES_PATH, core.master_secret)
    return client


def addresses(answer: object) -> list[str]:
    return re.findall(r"https?://[^\s\"\\>]+", json.dumps(answer))


@pytest.mark.parametrize("name", CLIENTS)
def test_a_document_names_servers_that_can_be_reached(name: str) -> None:
    client = behind_a_prefix(CLIENTS[name]())
    servers = [server["url"] for server in client.get("/openapi.json", key=None).json["servers"]]
    assert servers[0] == BASE + client.prefix
    assert all(server.startswith(f"{BASE}/{name}") for server in servers)


def test_a_document_is_served_below_both_of_gencrafts_prefixes() -> None:
    client = behind_a_prefix(GencraftClient())
    first, second = (
        client.ask("GET", "/openapi.json", key=None, prefix=prefix).json
        for prefix in ("/gencraft/api/v1", "/gencraft/v1")
    )
    assert first == second
    assert [server["url"] for server in first["servers"]] == [
        f"{BASE}/gencraft/api/v1",
        f"{BASE}/gencraft/v1",
    ]


def test_memes_point_to_the_generation() -> None:
    client = behind_a_prefix(MemesClient())
    reply = client.post("/memes", {"prompt": "a red kite"})
    location = reply.headers["Location"]
    assert location == f"{BASE}/memes/v1/generations/{reply.json['generation']['id']}"
    assert client.get(location.removeprefix(f"{BASE}/memes/v1")).status == 200
    client.end(reply.json["generation"]["id"])
    finished = client.get(f"/generations/{reply.json['generation']['id']}").json
    assert finished["generation"]["output"][0]["url"].startswith(f"{BASE}/files/")


def test_moondraft_points_to_the_job() -> None:
    client = behind_a_prefix(MoondraftClient())
    reply = client.post("/generate", {"prompt": "a red kite"}, headers={"prefer": "respond-async"})
    location = reply.headers["Location"]
    assert location == f"{BASE}/moondraft/v1/jobs/{reply.json['id']}"
    assert client.get(location.removeprefix(f"{BASE}/moondraft/v1")).status == 200


def test_a_buyer_comes_back_to_this_stack() -> None:
    with StripeDouble() as double:
        payments = StripePayments(lambda _: KEY, BASE, double.url)
        checkout = payments.checkout(purchase(), Buyer())
        asked = double.objects[checkout.session_id]["asked"]
    assert asked["success_url"] == f"{BASE}/platform/v1/billing/paid"
    assert asked["cancel_url"] == f"{BASE}/platform/v1/billing/canceled"


def test_the_agents_api_links_to_its_models() -> None:
    client = behind_a_prefix(AgentClient())
    models = client.get("/v1/models/list").json["data"]["models"]
    ending = next(model["id"] for model in models if model["status"] != "active")
    links = addresses(client.estimate(model=ending).headers["Link"])
    assert links
    assert all(link.startswith(f"{BASE}/agent/v1/models/list") for link in links)


def test_agents_outputs_are_on_this_stack() -> None:
    client = behind_a_prefix(AgentClient())
    task_id = client.generate().data["task_id"]
    client.end(task_id)
    assert all(url.startswith(f"{BASE}/files/") for url in client.task(task_id)["outputs"])


def test_gencrafts_images_are_on_this_stack_and_known_as_ours() -> None:
    client = behind_a_prefix(GencraftClient())
    (task_id,) = client.generate()
    client.end(client.last_job.id)
    url = client.poll(task_id)["imageUrl"]
    assert url.startswith(f"{BASE}/files/")
    client.generate(mode="edit", imageUrls=[url])
    assert client.last_job.spec.inputs[0].stored
    assert client.dns == []


def test_pixeldrives_images_are_on_this_stack_however_they_are_asked_for() -> None:
    client = behind_a_prefix(PixeldriveClient())
    template = client.template()
    url = client.render(template).json["url"]
    preview = client.render(template, preview=True).json["url"]
    signed = client.post("/sign", {"url": url}).json["url"]
    batch = client.batch(template, {"headline": {"text": "a"}}, {"headline": {"text": "b"}}).json
    client.work()
    status = client.get(f"/batches/{batch['batchId']}").json
    stream = client.get(f"/batches/{batch['batchId']}/stream").events
    found = addresses([url, preview, signed, status, stream])
    assert len(found) == 3 + 2 + 2
    assert all(address.startswith(f"{BASE}/pixeldrive/img/") for address in found)
