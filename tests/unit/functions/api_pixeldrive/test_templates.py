"""``/templates``: kept, versioned, listed, and nobody else's."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from tests.unit.functions.api_pixeldrive.client import CARD, Client, unknown_id


def test_a_template_is_kept_and_versioned(api: Client) -> None:
    made = api.post("/templates", {"name": "Card", "document": CARD})
    assert made.status == 201
    template = made.json["id"]
    assert (made.json["version"], made.json["width"], made.json["height"]) == (1, 1200, 630)
    assert api.get(f"/templates/{template}").json == made.json

    renamed = api.ask("PATCH", f"/templates/{template}", {"name": "Other"}).json
    assert (renamed["name"], renamed["version"]) == ("Other", 2)
    assert renamed["document"] == made.json["document"]
    replaced = api.ask(
        "PUT", f"/templates/{template}", {"name": "Third", "document": {"canvas": CARD["canvas"]}}
    )
    assert (replaced.json["version"], replaced.json["document"]["elements"]) == (3, [])

    assert api.get(f"/templates/{template}/versions/1").json["name"] == "Card"
    assert api.get(f"/templates/{template}/versions/3").json == replaced.json
    for version in ("0", "4", "x", "-1", "1.0", "9" * 30):
        assert api.get(f"/templates/{template}/versions/{version}").status == 404


def test_a_deleted_template_is_gone(api: Client) -> None:
    template = api.template()
    assert api.ask("DELETE", f"/templates/{template}").json == {"id": template, "deleted": True}
    for method, body in (("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)):
        assert api.ask(method, f"/templates/{template}", body).refusal == (404, "not_found")


def test_templates_are_listed_in_pages(api: Client) -> None:
    ids = [api.template() for _ in range(3)]
    first = api.get("/templates", query={"limit": "2"}).json
    assert [one["id"] for one in first["data"]] == ids[:0:-1]
    assert (first["hasMore"], first["nextCursor"]) == (True, ids[1])
    rest = api.get("/templates", query={"limit": "2", "starting_after": ids[1]}).json
    assert ([one["id"] for one in rest["data"]], rest["nextCursor"]) == ([ids[0]], None)
    assert "document" not in rest["data"][0]
    assert api.get("/templates", query={"limit": "0"}).refusal == (400, "invalid_param")


def test_an_id_may_be_spelled_in_capitals(api: Client) -> None:
    template = api.template()
    spelled = f"/templates/{template.upper()}"
    assert api.get(spelled).json["id"] == template
    assert api.get(f"{spelled}/versions/1").status == 200
    assert api.ask("PATCH", spelled, {"name": "x"}).json["version"] == 2
    assert api.ask("DELETE", spelled).json == {"id": template, "deleted": True}


def test_nobody_elses_template_exists(api: Client) -> None:
    template = api.template()
    for key in (api.another_workspace(), "test"):
        asked: list[tuple[str, Any]] = [
            ("GET", None), ("PATCH", {"name": "x"}), ("PUT", {"name": "x", "document": CARD}), ("DELETE", None),
        ]  # fmt: skip
        for method, body in asked:
            assert api.ask(method, f"/templates/{template}", body, key=key).refusal == (404, "not_found")
        assert api.get(f"/templates/{template}/versions/1", key=key).status == 404
        assert api.get("/templates", key=key).json["data"] == []
    assert api.get(f"/templates/{template}").status == 200


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"document": CARD}, "name"),
        ({"name": "", "document": CARD}, "name"),
        ({"name": "x" * 201, "document": CARD}, "name"),
        ({"name": "x"}, "document"),
        ({"name": "x", "document": []}, "document"),
        ({"name": "x", "document": {"canvas": {"width": 0, "height": 1}}}, "canvas.width"),
        (
            {"name": "x", "document": {**CARD, "elements": [{**CARD["elements"][0], "fontSize": "big"}]}},
            "elements.headline.fontSize",
        ),
    ],
)
def test_what_is_wrong_with_a_template_is_named(api: Client, body: dict[str, Any], path: str) -> None:
    before = api.untouched()
    reply = api.post("/templates", body)
    assert reply.status == 400
    assert reply.details[0][0].removeprefix("document.") == path
    assert api.untouched() == before


def test_a_change_must_change_something(api: Client) -> None:
    template = api.template()
    assert api.ask("PATCH", f"/templates/{template}", {}).status == 400
    assert api.ask("PATCH", f"/templates/{unknown_id()}", {"name": "x"}).status == 404


def test_an_idempotency_key_makes_one_template(api: Client) -> None:
    body = {"name": "Card", "document": CARD}
    first = api.post("/templates", body, headers={"idempotency-key": "k"})
    again = api.post("/templates", body, headers={"idempotency-key": "k"})
    assert again.json == first.json
    assert len(api.get("/templates").json["data"]) == 1


def test_the_schema_is_public_and_fits_what_is_taken(api: Client) -> None:
    reply = api.get("/templates/schema", key=None)
    assert reply.headers["Cache-Control"] == "public, max-age=300"
    jsonschema.Draft202012Validator.check_schema(reply.json)
    jsonschema.validate(CARD, reply.json)
