"""How a tenant comes to each thing that a route can name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.conformance.dialects import Tenant
from tests.harness.pictures import png
from tests.unit.functions.api_agent.client import MINIMAL
from tests.unit.functions.api_gencraft.client import GARDEN
from tests.unit.functions.api_pixeldrive.client import CARD

type Ids = Mapping[str, str]
type Maker = Callable[[Tenant, Ids], str]

PROMPT = {"prompt": "a red kite"}


def _generation(path: str, member: str = "", body: Mapping[str, Any] = PROMPT) -> Maker:
    def make(tenant: Tenant, _: Ids) -> str:
        generation = tenant.made(path, body)["generation"]
        if not member:
            return str(generation["id"])
        tenant.client.work()
        done = tenant.ask("GET", f"/generations/{generation['id']}").json["generation"]
        return str(done["output"][0]["id"])

    return make


def _carousel(tenant: Tenant, _: Ids) -> str:
    slides = [{"on_image_text": str(number)} for number in range(3)]
    return str(tenant.made("/carousels", {"plan": {"slides": slides}})["carousel_set"]["id"])


def _webhook(tenant: Tenant, _: Ids) -> str:
    return str(tenant.made("/webhooks", {"url": "https://hooks.test/in"})["webhook"]["id"])


def _delivery(tenant: Tenant, ids: Ids) -> str:
    return str(tenant.made(f"/webhooks/{ids['webhook_id']}/test")["delivery"]["id"])


def _agent_task(tenant: Tenant, _: Ids) -> str:
    return str(tenant.made("/v1/generate", MINIMAL)["data"]["task_id"])


def _gencraft_task(tenant: Tenant, _: Ids) -> str:
    return str(tenant.made("/generate", GARDEN)["task_ids"][0])


def _moondraft_job(tenant: Tenant, _: Ids) -> str:
    return str(tenant.made("/generate", PROMPT, headers={"prefer": "respond-async"})["id"])


def _template(tenant: Tenant, _: Ids) -> str:
    return str(tenant.made("/templates", {"name": "Card", "document": CARD})["id"])


def _batch_of_one(tenant: Tenant) -> Any:
    body = {"templateId": _template(tenant, {}), "payloads": [{"headline": {"text": "one"}}]}
    return tenant.made("/render/batch", body)


def _batch(tenant: Tenant, _: Ids) -> str:
    return str(_batch_of_one(tenant)["batchId"])


def _row(tenant: Tenant, _: Ids) -> str:
    return str(_batch_of_one(tenant)["jobIds"][0])


def _key(tenant: Tenant, _: Ids) -> str:
    return str(tenant.made("/keys", {"name": "ci", "scopes": ["generations:read"]})["key"]["id"])


def _file(tenant: Tenant, _: Ids) -> str:
    body = {"content_type": "image/png", "size": 68, "checksum_sha256": "0" * 64}
    return str(tenant.made("/files", body)["file"]["id"])


def _font(tenant: Tenant, _: Ids) -> str:
    body = {"contentType": "font/ttf", "size": 68, "checksumSha256": "0" * 64}
    return str(tenant.made("/fonts", body)["font"]["id"])


def _kit(tenant: Tenant, _: Ids) -> str:
    return str(tenant.made("/brand-kits", {"name": "Dawn Roasters"})["brand_kit"]["id"])


def _product(tenant: Tenant, ids: Ids) -> str:
    source = "https://yourcdn.example/tin.png"
    tenant.client.fetcher.pages[source] = png()
    kit = tenant.made(f"/brand-kits/{ids['kit_id']}/product-references", {"source": source})["brand_kit"]
    return str(kit["product_references"][0]["id"])


def _manifest(tenant: Tenant, _: Ids) -> str:
    return str(tenant.made("/manifests", {"format": "csv", "size": 9, "model": "meme"})["manifest"]["id"])


# Dialect and the name of the path's parameter → what makes one. Those of a path are made in their order, each with
# the ids of those before it.
MAKERS: Mapping[tuple[str, str], Maker] = {
    ("agent", "task_id"): _agent_task,
    ("gencraft", "task_id"): _gencraft_task,
    ("memes", "image_id"): _generation("/images", "output"),
    ("memes", "meme_id"): _generation("/memes", "output"),
    ("memes", "generation_id"): _generation("/memes"),
    ("memes", "carousel_id"): _carousel,
    ("memes", "video_id"): _generation("/videos"),
    ("memes", "storyboard_id"): _generation("/storyboards", body={"goal": "a red kite"}),
    ("memes", "kit_id"): _kit,
    ("memes", "reference_id"): _product,
    ("memes", "file_id"): _file,
    ("memes", "webhook_id"): _webhook,
    ("memes", "delivery_id"): _delivery,
    ("moondraft", "job_id"): _moondraft_job,
    ("pixeldrive", "template_id"): _template,
    ("pixeldrive", "version"): lambda *_: "1",
    ("pixeldrive", "font_id"): _font,
    ("pixeldrive", "batch_id"): _batch,
    ("pixeldrive", "job_id"): _row,
    ("platform", "file_id"): _file,
    ("platform", "key_id"): _key,
    ("platform", "manifest_id"): _manifest,
}


def make(dialect: str, names: Iterable[str], tenant: Tenant) -> dict[str, str]:
    """What a path's parameters name, made by a tenant."""
    ids: dict[str, str] = {}
    for name in names:
        ids[name] = MAKERS[dialect, name](tenant, ids)
    return ids


def unknown(made: str) -> str:
    """An id spelled like one that was made, of nothing."""
    *_, last = re.finditer(r"[0-9a-f]{8,}", made)
    return made[: last.end() - 8] + "ffffffff" + made[last.end() :]


def body_of(reply: Any, ids: Ids) -> str:
    """An answer's body without what differs from request to request."""
    text = re.sub(r"req_[\w-]+", "req_", reply.body)
    for given in ids.values():
        text = text.replace(given, "<id>")
    return text
