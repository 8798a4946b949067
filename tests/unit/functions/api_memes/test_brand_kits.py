"""Brand kits: kept, changed, listed, the default one; and what they ground."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.brands.brand_kit import KitPicture
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.spec import BrandProfile, Input
from darkroom.domain.writes import SaveBrandKit
from tests.unit.functions.api_memes.client import NOW, UNKNOWN_ID, Client, ClientResponse

FULL: dict[str, Any] = {
    "name": "Dawn Roasters",
    "company_name": "Dawn Roasters",
    "website_url": "https://dawnroasters.example",
    "website_context": "roasts at dawn",
    "brand_colors": ["#3B2A1A", "#E8C39E"],
    "tone_of_voice": "warm, witty",
    "target_audience": "remote workers",
    "industry": "coffee",
    "auto_attach_product_references": False,
}


@pytest.fixture
def api() -> Client:
    return Client()


def create(api: Client, key: str = "live", **body: Any) -> dict[str, Any]:
    reply = api.post("/brand-kits", {"name": "n", **body}, key=key)
    assert reply.status == 201, reply.body
    kit: dict[str, Any] = reply.json["brand_kit"]
    return kit


def patch(api: Client, kit_id: str, body: Any, key: str = "live") -> ClientResponse:
    return api.ask("PATCH", f"/brand-kits/{kit_id}", body, key=key)


def give_pictures(api: Client, kit_id: str) -> None:
    kit = api.memory.brand_kits[api.owner, kit_id]
    logo = KitPicture("l", "logo-asset", "media/logo.png", NOW, "2:1")
    product = KitPicture("p", "product-asset", "media/product.png", NOW, "1:1")
    api.store.commit(SaveBrandKit(kit.changed(NOW, logo=logo, products=(product,))))


# ---------------------------------------------------------------------- keeping


def test_a_kit_is_created_with_everything_it_was_given(api: Client) -> None:
    reply = api.post("/brand-kits", FULL)
    kit = reply.json["brand_kit"]
    assert (reply.status, kit["object"], kit["is_default"]) == (201, "brand_kit", False)
    assert {name: kit[name] for name in FULL} == FULL
    assert (kit["logo"], kit["logo_url"], kit["product_references"]) == (None, None, [])
    assert kit["created_at"] == kit["updated_at"] == "2026-06-18T17:04:22Z"
    assert reply.headers["Location"].endswith(f"/memes/v1/brand-kits/{kit['id']}")
    assert api.get(f"/brand-kits/{kit['id']}").json["brand_kit"] == kit
    assert reply.json["usage"]["credits_remaining"] == 480, "kits are free"


def test_only_a_name_is_needed_and_products_are_attached_by_default(api: Client) -> None:
    kit = create(api)
    assert kit["auto_attach_product_references"] is True
    assert {kit[name] for name in ("company_name", "industry", "website_url", "tone_of_voice")} == {None}
    assert kit["brand_colors"] == []


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({}, "missing_required_param", "name"),
        ({"name": None}, "missing_required_param", "name"),
        ({"name": " "}, "invalid_param", "name"),
        ({"name": ""}, "invalid_param", "name"),
        ({"name": "x" * 201}, "invalid_param", "name"),
        ({"name": 7}, "invalid_param", "name"),
        ({"name": "n", "company_name": "x" * 501}, "invalid_param", "company_name"),
        ({"name": "n", "industry": ["x"]}, "invalid_param", "industry"),
        ({"name": "n", "tone_of_voice": "x" * 501}, "invalid_param", "tone_of_voice"),
        ({"name": "n", "target_audience": "x" * 4001}, "invalid_param", "target_audience"),
        ({"name": "n", "website_context": "x" * 4001}, "invalid_param", "website_context"),
        ({"name": "n", "website_url": "dawn"}, "invalid_param", "website_url"),
        ({"name": "n", "website_url": "javascript:alert(1)"}, "invalid_param", "website_url"),
        ({"name": "n", "website_url": "https://" + "x" * 2048}, "invalid_param", "website_url"),
        ({"name": "n", "brand_colors": "#fff"}, "invalid_param", "brand_colors"),
        ({"name": "n", "brand_colors": ["#fff", "red"]}, "invalid_param", "brand_colors.1"),
        ({"name": "n", "brand_colors": ["#ffff"]}, "invalid_param", "brand_colors.0"),
        ({"name": "n", "brand_colors": ["#fff"] * 25}, "invalid_param", "brand_colors"),
        (
            {"name": "n", "auto_attach_product_references": "yes"},
            "invalid_param",
            "auto_attach_product_references",
        ),
    ],
)
def test_what_a_kit_cannot_be_is_refused_by_name(
    api: Client, body: dict[str, Any], code: str, param: str
) -> None:
    reply = api.post("/brand-kits", body)
    assert (*reply.refusal, reply.error["param"]) == (400, "invalid_request_error", code, param)
    assert api.memory.brand_kits == {}


def test_a_repeated_creation_makes_one_kit(api: Client) -> None:
    headers = {"Idempotency-Key": "kit-1"}
    first, again = (api.post("/brand-kits", {"name": "n"}, headers=headers) for _ in range(2))
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(api.memory.brand_kits) == 1
    other = api.post("/brand-kits", {"name": "m"}, headers=headers)
    assert other.refusal == (409, "conflict_error", "idempotency_conflict")


# --------------------------------------------------------------------- changing


def test_a_change_changes_what_was_sent_and_null_clears(api: Client) -> None:
    kit = create(api, **FULL)
    api.clock.advance(60)
    changed = patch(api, kit["id"], {"tone_of_voice": "dry", "industry": None, "brand_colors": None}).json[
        "brand_kit"
    ]
    expected = {**kit, "tone_of_voice": "dry", "industry": None, "brand_colors": []}
    assert changed == {**expected, "updated_at": "2026-06-18T17:05:22Z"}
    assert api.get(f"/brand-kits/{kit['id']}").json["brand_kit"] == changed
    again = patch(api, kit["id"], {"auto_attach_product_references": None, "name": "New", "website_url": ""})
    renamed = again.json["brand_kit"]
    assert (renamed["name"], renamed["website_url"]) == ("New", None)
    assert renamed["auto_attach_product_references"] is True, "its default"


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({}, "missing_required_param", None),
        ({"unknown": 1}, "missing_required_param", None),
        ({"name": None}, "missing_required_param", "name"),
        ({"name": ""}, "invalid_param", "name"),
        ({"brand_colors": ["x"]}, "invalid_param", "brand_colors.0"),
        ({"website_url": "ftp://x"}, "invalid_param", "website_url"),
    ],
)
def test_a_change_that_cannot_be_changes_nothing(
    api: Client, body: Any, code: str, param: str | None
) -> None:
    kit = create(api, **FULL)
    reply = patch(api, kit["id"], body)
    assert (*reply.refusal, reply.error["param"]) == (400, "invalid_request_error", code, param)
    assert api.get(f"/brand-kits/{kit['id']}").json["brand_kit"] == kit


def test_a_change_that_meets_another_is_made_on_top_of_it(api: Client) -> None:
    kit = create(api)
    place = (api.owner, kit["id"])
    get, races = api.brand_kits.get, [1, 1]

    def interrupted(owner: Any, kit_id: str) -> Any:
        found = get(owner, kit_id)
        if races:
            races.pop()
            api.store.commit(SaveBrandKit(api.memory.brand_kits[place].changed(NOW, industry="coffee")))
        return found

    api.brand_kits.get = interrupted  # type: ignore[method-assign]
    assert patch(api, kit["id"], {"tone_of_voice": "dry"}).status == 200
    stored = api.memory.brand_kits[place]
    assert (stored.industry, stored.tone_of_voice, stored.version) == ("coffee", "dry", 4)
    races[:] = [1] * 9
    assert patch(api, kit["id"], {"tone_of_voice": "wet"}).status == 503


def test_a_deleted_kit_is_gone(api: Client) -> None:
    kit = create(api)
    reply = api.ask("DELETE", f"/brand-kits/{kit['id']}")
    assert (reply.status, reply.json["deleted"], reply.json["id"]) == (200, True, kit["id"])
    assert api.get(f"/brand-kits/{kit['id']}").status == 404
    assert api.get("/brand-kits").json["data"] == []
    assert api.ask("DELETE", f"/brand-kits/{kit['id']}").status == 404


# ---------------------------------------------------------------------- listing


def test_kits_are_listed_in_pages_by_time(api: Client) -> None:
    ids = []
    for number in range(5):
        ids.append(create(api, name=f"kit {number}")["id"])
        api.clock.advance(1)
    seen: list[str] = []
    query: dict[str, str] = {"limit": "2"}
    while True:
        page = api.get("/brand-kits", query=query).json
        seen += [kit["id"] for kit in page["data"]]
        if not page["has_more"]:
            assert page["next_cursor"] is None
            break
        assert page["next_cursor"] == seen[-1]
        query["starting_after"] = page["next_cursor"]
    assert seen == ids[::-1]
    oldest = api.get("/brand-kits", query={"order": "oldest", "limit": "3"}).json
    assert [kit["id"] for kit in oldest["data"]] == ids[:3]


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"order": "best"}, "order"),
        ({"starting_after": "x"}, "starting_after"),
        ({"starting_after": UNKNOWN_ID}, "starting_after"),
    ],
)
def test_a_page_that_cannot_be_is_refused(api: Client, query: dict[str, str], param: str) -> None:
    reply = api.get("/brand-kits", query=query)
    assert (reply.status, reply.error["param"]) == (400, param)


def test_one_kit_is_the_default(api: Client) -> None:
    one, two = create(api), create(api)
    for chosen, other in ((one, two), (two, one), (two, one)):
        reply = api.post(f"/brand-kits/{chosen['id']}/set-default")
        assert (reply.status, reply.json["brand_kit"]["is_default"]) == (200, True)
        assert api.get(f"/brand-kits/{other['id']}").json["brand_kit"]["is_default"] is False
    assert {kit["id"]: kit["is_default"] for kit in api.get("/brand-kits").json["data"]} == {
        one["id"]: False,
        two["id"]: True,
    }
    assert patch(api, two["id"], {"name": "still"}).json["brand_kit"]["is_default"] is True
    job_id = api.create("/memes")
    assert api.memory.jobs[api.owner, job_id].spec.brand == BrandProfile(), "who names no kit gets none"


# -------------------------------------------------------------------- strangers

CALLS = [
    ("GET", "", None),
    ("PATCH", "", {"name": "mine"}),
    ("DELETE", "", None),
    ("POST", "/set-default", None),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_a_kit_of_somebody_else_is_not_there(api: Client, method: str, path: str, body: Any) -> None:
    kit = create(api, key="test")
    for kit_id in (kit["id"], UNKNOWN_ID, "bk_dawn_roasters"):
        reply = api.ask(method, f"/brand-kits/{kit_id}{path}", body)
        assert reply.refusal == (404, "not_found_error", "resource_not_found")
    assert api.get(f"/brand-kits/{kit['id']}", key="test").json["brand_kit"] == kit
    assert api.get("/brand-kits").json["data"] == []


@pytest.mark.parametrize(
    ("method", "path", "body"), [("GET", "s", None), *CALLS, ("POST", "s", {"name": "n"})]
)
def test_calls_need_their_scope(api: Client, method: str, path: str, body: Any) -> None:
    from darkroom.domain.accounts.api_keys import Scope  # noqa: PLC0415

    needed = Scope.READ if method == "GET" else Scope.GENERATE
    others = api.issue("o", scopes=frozenset(Scope) - {needed, Scope.ADMIN})
    where = "/brand-kits" if path == "s" else f"/brand-kits/{UNKNOWN_ID}{path}"
    assert api.ask(method, where, body, key=others).refusal == (403, "permission_error", "insufficient_scope")


def test_a_store_that_is_busy_is_told(api: Client) -> None:
    def busy(*_: Any) -> None:
        raise Unavailable("The store is busy.", retry_after=7)

    api.store.commit = busy  # type: ignore[method-assign]
    assert api.post("/brand-kits", {"name": "n"}).status == 503


# -------------------------------------------------------------------- grounding


@pytest.mark.parametrize("path", ["/memes", "/images", "/storyboards"])
def test_a_kit_grounds_in_words_colours_and_pictures(api: Client, path: str) -> None:
    kit = create(api, **FULL)
    give_pictures(api, kit["id"])
    reply = api.post(
        path,
        {
            "brand_kit_id": kit["id"],
            "brand_context": {"tone_of_voice": "dry"},
            "reference_images": [{"type": "ref", "source": "https://yourcdn.example/a.png"}],
        },
    )
    assert reply.status == 202, reply.body
    spec = api.last_job.spec
    assert spec.brand == BrandProfile(
        company_name="Dawn Roasters",
        industry="coffee",
        tone_of_voice="dry",
        brand_colors=("#3B2A1A", "#E8C39E"),
        target_audience="remote workers",
        website_url="https://dawnroasters.example",
        website_context="roasts at dawn",
    )
    assert spec.inputs == (
        Input("ref", "https://yourcdn.example/a.png"),
        Input("logo", "media/logo.png", stored=True, asset_id="logo-asset"),
        Input("product", "media/product.png", stored=True, asset_id="product-asset"),
    )


def test_a_logo_of_the_requests_own_replaces_the_kits(api: Client) -> None:
    kit = create(api)
    give_pictures(api, kit["id"])
    logo = {"type": "logo", "source": "https://yourcdn.example/l.png"}
    api.create(brand_kit_id=kit["id"], reference_images=[logo])
    assert [(one.role, one.location) for one in api.last_job.spec.inputs] == [
        ("logo", "https://yourcdn.example/l.png"),
        ("product", "media/product.png"),
    ]


@pytest.mark.parametrize("path", ["/memes", "/images", "/storyboards", "/videos"])
def test_a_kit_that_is_not_the_callers_is_a_404_that_names_it(api: Client, path: str) -> None:
    foreign = create(api, key="test")["id"]
    deleted = create(api)["id"]
    api.ask("DELETE", f"/brand-kits/{deleted}")
    before = api.untouched()
    for kit_id in (foreign, deleted, UNKNOWN_ID, "bk_dawn_roasters"):
        reply = api.post(path, {"prompt": "p", "brand_kit_id": kit_id})
        assert (*reply.refusal, reply.error["param"]) == (
            404,
            "not_found_error",
            "resource_not_found",
            "brand_kit_id",
        )
    assert api.post(path, {"prompt": "p", "brand_kit_id": 7}).error["param"] == "brand_kit_id"
    assert api.untouched() == before


def test_the_kit_is_read_together_with_the_sender(api: Client) -> None:
    kit = create(api, **FULL)
    api.calls.made.clear()
    api.create(brand_kit_id=kit["id"])
    assert [name for name in api.calls.made if name.startswith("brand_kits")] == []


@pytest.mark.parametrize(
    ("references", "roles"),
    [
        ([], []),
        (["ref"], ["source"]),
        (["ref", "ref"], ["ref", "ref", "logo", "product"]),
        (["logo"], ["logo", "product"]),
    ],
)
def test_a_kit_does_not_decide_which_model_makes_a_film(
    api: Client, references: list[str], roles: list[str]
) -> None:
    kit = create(api, **FULL)
    give_pictures(api, kit["id"])
    pictures = [
        {"type": kind, "source": f"https://yourcdn.example/{n}.png"} for n, kind in enumerate(references)
    ]
    reply = api.post("/videos", {"brand_kit_id": kit["id"], "reference_images": pictures})
    assert reply.status == 202, reply.body
    assert [one.role for one in api.last_job.spec.inputs] == roles
    assert api.last_job.spec.brand.company_name == "Dawn Roasters"


def test_a_job_keeps_what_it_was_grounded_in_when_its_kit_changes(api: Client) -> None:
    kit = create(api, **FULL)
    job_id = api.create(brand_kit_id=kit["id"])
    patch(api, kit["id"], {"company_name": "Dusk"})
    api.ask("DELETE", f"/brand-kits/{kit['id']}")
    assert api.memory.jobs[api.owner, job_id].spec.brand.company_name == "Dawn Roasters"
