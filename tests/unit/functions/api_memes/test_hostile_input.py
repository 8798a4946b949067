"""Whatever is sent: a documented refusal, and nothing charged, stored or queued."""

from __future__ import annotations

import json
from typing import Any

import pytest

from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.accounts.workspaces import Owner
from tests.unit.functions.api_memes.client import UNKNOWN_ID, Client

PROMPT = {"prompt": "a red kite"}
REF = {"type": "ref", "source": "https://cdn.example.com/a.png"}
DEEP = "[" * 100_000 + "]" * 100_000

BODIES: dict[str, str | bytes] = {
    "nothing": "",
    "blank": " \n",
    "an array": "[]",
    "a string": '"x"',
    "a number": "1",
    "null": "null",
    "NaN": '{"prompt": "x", "controls": {"a": NaN}}',
    "infinity": '{"prompt": "x", "controls": {"a": Infinity}}',
    "a float beyond floats": '{"prompt": "x", "controls": {"a": 1e999}}',
    "a float beyond tables": '{"prompt": "x", "controls": {"a": 1e200}}',
    "a float below tables": '{"prompt": "x", "controls": {"a": 1e-200}}',
    "an integer beyond tables": '{"prompt": "x", "controls": {"a": 123456789012345678901234567890}}',
    "an integer beyond Python": '{"prompt": "x", "count": ' + "9" * 5000 + "}",
    "deep nesting": DEEP,
    "deep nesting in a member": '{"prompt": "x", "controls": {"a": ' + DEEP + "}}",
    "nesting beyond tables": '{"prompt": "x", "controls": {"a": ' + "[" * 40 + "]" * 40 + "}}",
    "a lone surrogate": '{"prompt": "\\ud800"}',
    "a lone surrogate as a name": '{"prompt": "x", "controls": {"\\udfff": 1}}',
    "a NUL": '{"prompt": "a\\u0000b"}',
    "a NUL deep inside": '{"prompt": "x", "brand_context": {"company_name": "\\u0000"}}',
    "a member without a name": '{"prompt": "x", "controls": {"": 1}}',
    "a form": "prompt=a+red+kite",
    "an open brace": "{",
    "trailing text": '{"prompt": "x"} {}',
    "bytes that are no text": b"\xff\xfe\x00\xff",
}

FIELDS: dict[str, tuple[dict[str, Any], str, str]] = {
    "prompt of a number": ({"prompt": 1}, "invalid_param", "prompt"),
    "prompt of a list": ({"prompt": ["x"]}, "invalid_param", "prompt"),
    "prompt too long": ({"prompt": "x" * 10_001}, "invalid_param", "prompt"),
    "prompt blank": ({"prompt": " \n\t"}, "missing_required_param", "prompt"),
    "prompt null": ({"prompt": None}, "missing_required_param", "prompt"),
    "nothing said in the brand": (
        {"brand_context": {"x": 1, "industry": ""}},
        "missing_required_param",
        "prompt",
    ),
    "no references": ({"reference_images": []}, "missing_required_param", "prompt"),
    "count zero": ({**PROMPT, "count": 0}, "count_out_of_range", "count"),
    "count five": ({**PROMPT, "count": 5}, "count_out_of_range", "count"),
    "count negative": ({**PROMPT, "count": -1}, "count_out_of_range", "count"),
    "count of a fraction": ({**PROMPT, "count": 1.5}, "count_out_of_range", "count"),
    "count of a float": ({**PROMPT, "count": 2.5}, "count_out_of_range", "count"),
    "count of a truth": ({**PROMPT, "count": True}, "count_out_of_range", "count"),
    "count of a text": ({**PROMPT, "count": "2"}, "count_out_of_range", "count"),
    "aspect ratio unknown": ({**PROMPT, "aspect_ratio": "5:7"}, "invalid_aspect_ratio", "aspect_ratio"),
    "aspect ratio of a number": ({**PROMPT, "aspect_ratio": 1}, "invalid_aspect_ratio", "aspect_ratio"),
    "quality unknown": ({**PROMPT, "quality": "PREMIUM"}, "invalid_param", "quality"),
    "model unknown": ({**PROMPT, "model": "forge-video"}, "invalid_param", "model"),
    "controls of a list": ({**PROMPT, "controls": []}, "invalid_param", "controls"),
    "controls too large": ({**PROMPT, "controls": {"a": "x" * 4096}}, "invalid_param", "controls"),
    "brand of a text": ({"brand_context": "Dawn"}, "invalid_param", "brand_context"),
    "brand too large": ({"brand_context": {"x": "é" * 4096}}, "invalid_param", "brand_context"),
    "colour in words": (
        {"brand_context": {"brand_colors": ["brown"]}},
        "invalid_param",
        "brand_context.brand_colors.0",
    ),
    "colour with a newline": (
        {"brand_context": {"brand_colors": ["#fff\n"]}},
        "invalid_param",
        "brand_context.brand_colors.0",
    ),
    "five references": ({"reference_images": [REF] * 5}, "invalid_param", "reference_images"),
    "references of an object": ({"reference_images": REF}, "invalid_param", "reference_images"),
    "reference of a text": ({"reference_images": ["x"]}, "invalid_param", "reference_images.0"),
    "reference without a type": (
        {"reference_images": [{"source": "https://a.example/b"}]},
        "missing_required_param",
        "reference_images.0.type",
    ),
    "reference of another type": (
        {"reference_images": [REF, {**REF, "type": "mask"}]},
        "invalid_param",
        "reference_images.1.type",
    ),
    "reference without a source": (
        {"reference_images": [{"type": "ref", "source": ""}]},
        "invalid_param",
        "reference_images.0.source",
    ),
}

SOURCES = {
    "http://cdn.example.com/a.png": 400,
    "https://user:pw@cdn.example.com/a.png": 400,
    "https://169.254.169.254/latest/meta-data": 400,
    "https://localhost/a.png": 400,
    "https://[::1]/a.png": 400,
    "ftp://cdn.example.com/a": 400,
    "file:///etc/passwd": 400,
    UNKNOWN_ID: 404,
    "asset_5Tk8wQ": 400,
    "../../etc/passwd": 400,
    "data:image/png;base64,AAAA": 400,
}


SLIDES = [{"on_image_text": str(number)} for number in range(3)]
MAKING: dict[str, dict[str, Any]] = {
    "/videos": PROMPT,
    "/videos/animate": {"image_id": "https://cdn.example.com/a.png"},
    "/storyboards": {"goal": "fly"},
    "/carousels": {"plan": {"slides": SLIDES}},
}


@pytest.mark.parametrize("case", BODIES)
@pytest.mark.parametrize("path", ["/images", "/memes", *MAKING, "/carousels/plan", "/webhooks"])
def test_a_body_nobody_could_mean_is_refused(api: Client, case: str, path: str) -> None:
    before = api.untouched()
    reply = api.post(path, raw=BODIES[case], headers={"idempotency-key": "k"})
    assert reply.refusal == (400, "invalid_request_error", "invalid_body")
    assert api.untouched() == before


@pytest.mark.parametrize("case", FIELDS)
def test_a_field_of_the_wrong_kind_is_named(api: Client, case: str) -> None:
    body, code, param = FIELDS[case]
    before = api.untouched()
    reply = api.post("/images", body, headers={"idempotency-key": "k"})
    assert (reply.status, reply.error["code"], reply.error["param"]) == (400, code, param)
    assert api.untouched() == before


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"prompt": "x", "enhance": "yes"}, "enhance"),
        ({"prompt": "x", "enhance": 1}, "enhance"),
        ({"template_prompt": 3}, "template_prompt"),
        ({"reference_images": [REF]}, "prompt"),
    ],
)
def test_a_meme_has_rules_of_its_own(api: Client, body: dict[str, Any], param: str) -> None:
    before = api.untouched()
    reply = api.post("/memes", body)
    assert (reply.status, reply.error["param"]) == (400, param)
    assert api.untouched() == before


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_that_cannot_be_used_is_refused_before_anything_is_charged(api: Client, source: str) -> None:
    before = api.untouched()
    reply = api.post("/images", {"reference_images": [REF, {"type": "logo", "source": source}]})
    assert (reply.status, reply.error["param"]) == (SOURCES[source], "reference_images.1.source")
    assert api.untouched() == before


@pytest.mark.parametrize("path", ["/videos", "/storyboards", "/carousels"])
@pytest.mark.parametrize("source", SOURCES)
def test_no_route_takes_a_source_that_cannot_be_used(api: Client, path: str, source: str) -> None:
    before = api.untouched()
    reply = api.post(path, {**MAKING[path], "reference_images": [REF, {"type": "logo", "source": source}]})
    assert (reply.status, reply.error["param"]) == (SOURCES[source], "reference_images.1.source")
    assert api.untouched() == before


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_is_animated_that_cannot_be_used(api: Client, source: str) -> None:
    before = api.untouched()
    reply = api.post("/videos/animate", {"image_id": source})
    assert (reply.status, reply.error["param"]) == (SOURCES[source], "image_id")
    assert api.untouched() == before


def test_a_brand_kit_cannot_exist_yet(api: Client) -> None:
    before = api.untouched()
    reply = api.post("/memes", {**PROMPT, "brand_kit_id": "bk_dawn_roasters"})
    assert (reply.status, reply.error["param"]) == (404, "brand_kit_id")
    assert api.untouched() == before


@pytest.mark.parametrize("padding", [0, 1])
def test_a_body_of_a_megabyte_is_the_largest(api: Client, padding: int) -> None:
    text = json.dumps({**PROMPT, "unknown": ""})
    room = 2**20 - len(text) + padding
    reply = api.post("/memes", raw=json.dumps({**PROMPT, "unknown": "x" * room}))
    assert reply.status == (400 if padding else 202)


def test_one_workspace_never_sees_anothers(api: Client) -> None:
    theirs = Client()
    foreign = theirs.create()
    asset = theirs.end(foreign).tasks[0].asset
    assert asset is not None
    somebody = Owner("01950000-0000-7000-8000-eeeeeeeeeeee", True)
    api.memory.jobs[somebody, foreign] = theirs.memory.jobs[theirs.owner, foreign]
    api.memory.assets[somebody, asset.id] = asset
    before = api.untouched()
    assert api.get(f"/generations/{foreign}").status == 404
    assert api.post(f"/generations/{foreign}/cancel").status == 404
    assert api.get(f"/memes/{asset.id}").status == 404
    assert api.post("/images", {"reference_images": [{"type": "ref", "source": asset.id}]}).status == 404
    assert api.get("/generations").json["data"] == []
    assert api.untouched() == before


@pytest.mark.parametrize(
    "malformed",
    ["x", "gen_8f3k1m2p7q", "0", "%00", UNKNOWN_ID.upper(), UNKNOWN_ID + "0", "'", "{" + UNKNOWN_ID + "}"],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/generations/{}"),
        ("POST", "/generations/{}/cancel"),
        ("GET", "/images/{}"),
        ("GET", "/memes/{}"),
        ("GET", "/memes/{}/lineage"),
        ("DELETE", "/memes/{}"),
        ("GET", "/videos/{}"),
        ("DELETE", "/videos/{}"),
        ("GET", "/storyboards/{}"),
        ("GET", "/carousels/{}"),
        ("DELETE", "/carousels/{}"),
        ("GET", "/webhooks/{}"),
        ("DELETE", "/webhooks/{}"),
        ("POST", "/webhooks/{}/test"),
        ("GET", "/webhooks/{}/deliveries"),
        ("GET", "/webhooks/" + UNKNOWN_ID + "/deliveries/{}"),
        ("POST", "/webhooks/" + UNKNOWN_ID + "/deliveries/{}/replay"),
    ],
)
def test_a_malformed_id_is_nobodys(api: Client, method: str, path: str, malformed: str) -> None:
    assert api.ask(method, path.format(malformed)).status == 404


KEYS = {
    "none": None,
    "garbage": "x",
    "prefix only": "sk_live_",
    "of the right shape": "sk_live_" + "A" * 65,
    "beyond a workspace": "sk_live_" + "z" * 65,
    "not ascii": "sk_live_" + "ä" * 65,
    "surrogates": "sk_live_\ud800",
}


@pytest.mark.parametrize("case", KEYS)
def test_a_key_that_is_none_opens_nothing(api: Client, case: str) -> None:
    before = api.untouched()
    reply = api.post("/memes", PROMPT, key=KEYS[case], headers={"idempotency-key": ""})
    assert reply.refusal == (401, "authentication_error", "invalid_api_key")
    assert api.untouched() == before


def test_an_altered_key_opens_nothing(api: Client) -> None:
    last = "A" if api.key[-1] != "A" else "B"
    for altered in (api.key[:-1] + last, api.key.replace("sk_live_", "sk_test_"), api.key + "0"):
        assert api.get("/account", key=altered).refusal[2] == "invalid_api_key"


@pytest.mark.parametrize("header", ["Basic abc", "Bearer", "Bearer ", "", "bearer\tx", "Bearer a b"])
def test_an_authorization_of_another_kind_is_refused(api: Client, header: str) -> None:
    reply = api.get("/account", key=None, headers={"authorization": header})
    assert reply.refusal == (401, "authentication_error", "invalid_api_key")


def test_the_scheme_is_read_in_any_case(api: Client) -> None:
    headers = {"Authorization": f"bearer  {api.key} "}
    assert api.get("/account", key=None, headers=headers).status == 200


SCOPES = {
    ("POST", "/images"): Scope.GENERATE,
    ("POST", "/memes"): Scope.GENERATE,
    ("POST", f"/generations/{UNKNOWN_ID}/cancel"): Scope.GENERATE,
    ("GET", "/images"): Scope.READ,
    ("GET", f"/images/{UNKNOWN_ID}"): Scope.READ,
    ("GET", "/memes"): Scope.READ,
    ("GET", f"/memes/{UNKNOWN_ID}"): Scope.READ,
    ("GET", f"/memes/{UNKNOWN_ID}/lineage"): Scope.READ,
    ("DELETE", f"/memes/{UNKNOWN_ID}"): Scope.GENERATE,
    ("POST", "/videos"): Scope.GENERATE,
    ("POST", "/videos/animate"): Scope.GENERATE,
    ("GET", "/videos"): Scope.READ,
    ("GET", f"/videos/{UNKNOWN_ID}"): Scope.READ,
    ("DELETE", f"/videos/{UNKNOWN_ID}"): Scope.GENERATE,
    ("POST", "/storyboards"): Scope.GENERATE,
    ("GET", f"/storyboards/{UNKNOWN_ID}"): Scope.READ,
    ("POST", "/carousels/plan"): Scope.GENERATE,
    ("POST", "/carousels"): Scope.GENERATE,
    ("GET", "/carousels"): Scope.READ,
    ("GET", f"/carousels/{UNKNOWN_ID}"): Scope.READ,
    ("DELETE", f"/carousels/{UNKNOWN_ID}"): Scope.GENERATE,
    ("GET", "/generations"): Scope.READ,
    ("GET", f"/generations/{UNKNOWN_ID}"): Scope.READ,
    ("GET", "/webhooks"): Scope.WEBHOOKS,
    ("POST", "/webhooks"): Scope.WEBHOOKS,
    ("GET", f"/webhooks/{UNKNOWN_ID}"): Scope.WEBHOOKS,
    ("PATCH", f"/webhooks/{UNKNOWN_ID}"): Scope.WEBHOOKS,
    ("DELETE", f"/webhooks/{UNKNOWN_ID}"): Scope.WEBHOOKS,
    ("POST", f"/webhooks/{UNKNOWN_ID}/test"): Scope.WEBHOOKS,
    ("POST", f"/webhooks/{UNKNOWN_ID}/rotate-secret"): Scope.WEBHOOKS,
    ("POST", f"/webhooks/{UNKNOWN_ID}/recover"): Scope.WEBHOOKS,
    ("GET", f"/webhooks/{UNKNOWN_ID}/deliveries"): Scope.WEBHOOKS,
    ("GET", f"/webhooks/{UNKNOWN_ID}/deliveries/{UNKNOWN_ID}"): Scope.WEBHOOKS,
    ("POST", f"/webhooks/{UNKNOWN_ID}/deliveries/{UNKNOWN_ID}/replay"): Scope.WEBHOOKS,
    ("GET", "/account"): Scope.ACCOUNT,
    ("GET", "/account/usage"): Scope.ACCOUNT,
}


@pytest.mark.parametrize(("method", "path"), SCOPES, ids=str)
def test_a_route_wants_its_scope_and_no_other(api: Client, method: str, path: str) -> None:
    needed = SCOPES[method, path]
    others = frozenset(Scope) - {needed, Scope.ADMIN}
    other = api.issue("other", scopes=others)
    before = api.untouched()
    assert api.ask(method, path, key=other).refusal[2] == "insufficient_scope"
    assert api.untouched() == before
    assert api.ask(method, path, key=api.issue("fit", scopes=frozenset({needed}))).status != 403


QUERIES = {
    "limit": ["0", "101", "-1", "1.5", "abc", "", "٣", "1" * 30, "1,2"],
    "starting_after": ["", "x", "asset_a2", UNKNOWN_ID.upper(), "\x00"],
    "order": ["", "asc", "NEWEST", "newest,oldest"],
    "q": ["x" * 201, "\x00", "\ud800"],
    "exclude_carousel": ["", "1", "TRUE"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in QUERIES for value in QUERIES[name]])
def test_a_list_refuses_what_it_cannot_read(api: Client, name: str, value: str) -> None:
    reply = api.get("/memes", query={name: value})
    assert (reply.status, reply.error["code"], reply.error["param"]) == (400, "invalid_param", name)


@pytest.mark.parametrize(
    ("name", "value"),
    [("type", "render"), ("type", ""), ("type", "meme,"), ("status", "done"), ("status", "SUCCEEDED")],
)
def test_generations_refuse_filters_that_are_not_documented(api: Client, name: str, value: str) -> None:
    reply = api.get("/generations", query={name: value})
    assert (reply.status, reply.error["param"]) == (400, name)


@pytest.mark.parametrize("key", ["", "  ", "x" * 256, "x" * 300, "a\nb", "\x00", "\ud800"])
def test_an_idempotency_key_that_cannot_be_kept_is_refused(api: Client, key: str) -> None:
    before = api.untouched()
    reply = api.post("/memes", PROMPT, headers={"idempotency-key": key})
    assert (reply.status, reply.error["code"]) == (400, "invalid_param")
    assert reply.error["param"] == "Idempotency-Key"
    assert api.untouched() == before


@pytest.mark.parametrize("version", ["", "latest", "2026-06-17", "2026-06-18 ", "2026-06-18, 2026-06-18"])
def test_a_version_that_does_not_exist_is_refused(api: Client, version: str) -> None:
    before = api.untouched()
    reply = api.post("/memes", PROMPT, headers={"memes-version": version})
    assert reply.refusal == (400, "invalid_request_error", "unsupported_version")
    assert reply.error["param"] == "Memes-Version"
    assert api.untouched() == before


@pytest.mark.parametrize(
    "prefer", ["", "wait", "wait=", "wait=-1", "wait=x", "wait=0", "respond-async", "a=1"]
)
def test_a_preference_that_cannot_be_read_is_none(api: Client, prefer: str) -> None:
    reply = api.post("/memes", PROMPT, headers={"prefer": prefer})
    assert reply.status == 202
    assert "Preference-Applied" not in reply.headers
    assert "jobs.get" not in api.calls.made
