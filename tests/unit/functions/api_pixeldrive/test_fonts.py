"""``/fonts``: announced, uploaded, judged, used by a template, and deleted when no template has them."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from darkroom.domain.files.uploads import upload_key
from tests.fakes import FakeFontInspector, FakeInspector
from tests.unit.functions.api_pixeldrive.client import CARD, Client, unknown_id

DATA = b"a font"
BODY: dict[str, Any] = {
    "contentType": "font/woff2",
    "size": len(DATA),
    "checksumSha256": hashlib.sha256(DATA).hexdigest(),
    "family": "Acme Sans",
}
TEXT = {**CARD, "elements": [{**CARD["elements"][0], "fontFamily": ["Acme Sans", "Inter"]}]}


def announced(api: Client, **body: Any) -> dict[str, Any]:
    reply = api.post("/fonts", BODY | body)
    assert reply.status == 201, reply.body
    assert reply.headers["Content-Type"] == "application/json"
    font: dict[str, Any] = reply.json["font"]
    return font


def ready(api: Client, **body: Any) -> dict[str, Any]:
    font_id = announced(api, **body)["id"]
    file = next(file for (_, known), file in api.memory.files.items() if known == font_id)
    api.blobs.put(upload_key(file), DATA, file.mime)
    api.core.ingest_upload(FakeInspector(), FakeFontInspector())(upload_key(file))
    shown: dict[str, Any] = api.ask("GET", f"/fonts/{font_id}").json
    return shown


def test_a_font_is_announced_and_says_how_to_upload_it(api: Client) -> None:
    reply = api.post("/fonts", BODY)
    font, upload = reply.json["font"], reply.json["upload"]
    assert (font["status"], font["family"], font["version"]) == ("pending", "Acme Sans", None)
    assert (upload["method"], upload["expiresAt"]) == ("PUT", font["uploadUntil"])
    assert api.ask("GET", f"/fonts/{font['id']}").json == font
    assert api.ask("GET", "/fonts").json == {"data": []}


def test_a_font_that_is_ready_is_listed_and_used(api: Client) -> None:
    font = ready(api)
    assert (font["status"], font["version"], font["minWeight"], font["style"]) == ("ready", 1, 400, "normal")
    assert api.ask("GET", "/fonts").json == {"data": [font]}
    made = api.post("/templates", {"name": "Card", "document": TEXT})
    assert made.json["fonts"] == [{"id": font["id"], "family": "Acme Sans", "version": 1}]
    used = api.ask("GET", f"/fonts/{font['id']}").json
    assert used == {**font, "usedBy": [made.json["id"]]}
    assert api.render(made.json["id"], {}).status == 200


def test_a_font_in_use_is_a_409_that_names_the_template(api: Client) -> None:
    font = ready(api)
    template = api.template(TEXT)
    refused = api.ask("DELETE", f"/fonts/{font['id']}")
    assert refused.refusal == (409, "in_use")
    assert template in refused.json["error"]
    api.ask("DELETE", f"/templates/{template}")
    assert api.ask("DELETE", f"/fonts/{font['id']}").json == {"id": font["id"], "deleted": True}
    assert api.ask("GET", f"/fonts/{font['id']}").refusal == (404, "not_found")


def test_a_template_keeps_its_version_until_it_is_saved_again(api: Client) -> None:
    old = ready(api)
    template = api.template(TEXT)
    new = ready(api)
    assert new["version"] == 2
    assert [it["id"] for it in api.ask("GET", f"/templates/{template}").json["fonts"]] == [old["id"]]
    saved = api.ask("PATCH", f"/templates/{template}", {"document": TEXT}).json
    assert [(it["id"], it["version"]) for it in saved["fonts"]] == [(new["id"], 2)]
    assert api.ask("DELETE", f"/fonts/{old['id']}").status == 200


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"contentType": "font/woff"}, "contentType"),
        ({"contentType": "image/png"}, "contentType"),
        ({"size": 0}, "size"),
        ({"size": 20 * 1024 * 1024 + 1}, "size"),
        ({"checksumSha256": "x" * 64}, "checksumSha256"),
        ({"family": ""}, "family"),
        ({"family": "Inter"}, "family"),
        ({"family": "x" * 65}, "family"),
    ],
)
def test_what_is_wrong_is_named(api: Client, body: dict[str, Any], param: str) -> None:
    refused = api.post("/fonts", BODY | body)
    assert (refused.status, [path for path, _ in refused.details]) == (400, [param])


def test_a_family_nobody_uploaded_is_refused_by_its_element(api: Client) -> None:
    announced(api)
    refused = api.post("/templates", {"name": "Card", "document": TEXT})
    assert refused.details[0][0] == "elements.headline.fontFamily"
    assert "'Inter'" in refused.details[0][1]


def test_nobody_elses_font_exists(api: Client) -> None:
    font_id, stranger = ready(api)["id"], api.another_workspace()
    for method in ("GET", "DELETE"):
        assert api.ask(method, f"/fonts/{font_id}", key=stranger).refusal == (404, "not_found")
        assert api.ask(method, f"/fonts/{unknown_id()}").refusal == (404, "not_found")
    assert api.ask("GET", "/fonts", key=stranger).json == {"data": []}
    refused = api.post("/templates", {"name": "Card", "document": TEXT}, key=stranger)
    assert refused.details[0][0] == "elements.headline.fontFamily"


def test_an_idempotency_key_announces_one_font(api: Client) -> None:
    headers = {"idempotency-key": "font-1"}
    first, again = (api.post("/fonts", BODY, headers=headers) for _ in range(2))
    assert first.json == again.json
    assert len(api.memory.files) == 1
