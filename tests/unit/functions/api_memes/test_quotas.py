"""Credits, allowances and plans on every route that makes something, taken from the routes themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api_memes import resources
from api_memes.operations import DOCUMENT
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.accounts.workspaces import UNLIMITED
from darkroom.http.openapi import DocumentedRoute
from tests.unit.functions.api_memes.client import Client, ClientResponse

MAKING = [
    documented
    for documented in DOCUMENT.routes()
    if any(
        answer.status == 202 and answer.resource in (resources.GenerationAnswer, resources.CarouselAnswer)
        for answer in documented.operation.responses
    )
]
# What a request of the document's example costs, and what it counts against which allowance.
COSTS: dict[str, tuple[int, str, int]] = {
    "/images": (3, "images", 3),
    "/images/edits": (1, "images", 1),
    "/images/reframe": (1, "images", 1),
    "/memes": (2, "images", 2),
    "/videos": (10, "video", 1),
    "/videos/animate": (10, "video", 1),
    "/storyboards": (4, "images", 1),
    "/carousels": (3, "images", 3),
}
each = pytest.mark.parametrize("documented", MAKING, ids=lambda one: one.route.path)


def ask(api: Client, documented: DocumentedRoute, key: str = "live") -> ClientResponse:
    """The document's example, about a picture of the workspace's own and without addresses to fetch."""
    body: dict[str, Any] = {**(documented.operation.example or {})}
    body.pop("reference_images", None)
    if "image_id" in body:
        body["image_id"] = picture(api)
    return api.post(documented.route.path, body, key=key)


def picture(api: Client) -> str:
    found = [asset.id for (owner, _), asset in api.memory.assets.items() if owner == api.owner]
    return found[0]


@pytest.fixture
def api() -> Client:
    """A workspace that has spent nothing but on one picture."""
    made = Client(credits=1)
    made.end(made.create("/images"))
    return made


def grant(api: Client, credits: int) -> None:
    api.core.grant_credits_by_hand(api.workspace.id, credits)


def test_the_table_is_of_all_that_is_made() -> None:
    assert COSTS.keys() == {documented.route.path for documented in MAKING}


@each
def test_credits_one_short_are_refused_and_just_enough_are_held(
    api: Client, documented: DocumentedRoute
) -> None:
    price, _, _ = COSTS[documented.route.path]
    grant(api, price - 1) if price > 1 else None
    before = api.untouched()
    reply = ask(api, documented)
    assert reply.refusal == (429, "quota_error", "quota_exceeded")
    assert f"You need {price} credit" in reply.error["message"]
    assert api.untouched() == before
    grant(api, 1)
    assert ask(api, documented).status == 202
    assert (api.wallet.held, api.wallet.available) == (price, 0)


@each
def test_an_allowance_that_is_used_up_refuses_until_its_interval_has_passed(
    api: Client, documented: DocumentedRoute
) -> None:
    price, feature, units = COSTS[documented.route.path]
    used = api.get("/account/usage").json["intervals"][feature]["used"]
    grant(api, 4 * price)
    api.change_workspace(allowances={feature: used + units})
    assert ask(api, documented).status == 202
    shown = api.get("/account/usage").json["intervals"][feature]
    assert (shown["limit"], shown["used"], shown["remaining"]) == (used + units, used + units, 0)
    assert shown["interval"] == "rolling_30_days"

    before = api.untouched()
    refused = ask(api, documented)
    assert refused.refusal == (429, "quota_error", "feature_quota_exceeded")
    assert "Retry-After" not in refused.headers
    assert api.untouched() == before
    other = {"images": "video", "video": "images"}[feature]
    assert api.get("/account/usage").json["intervals"][other]["remaining"] > 0
    api.clock.advance(29 * 86_400)
    assert ask(api, documented).refusal[2] == "feature_quota_exceeded"
    api.clock.advance(86_400)
    assert ask(api, documented).status == 202


@each
def test_a_feature_that_the_plan_does_not_have_is_a_403(api: Client, documented: DocumentedRoute) -> None:
    price, feature, _ = COSTS[documented.route.path]
    grant(api, price)
    api.change_workspace(allowances={feature: 0})
    before = api.untouched()
    reply = ask(api, documented)
    assert reply.refusal == (403, "permission_error", "plan_feature_unavailable")
    assert reply.error["message"] == f"The standard plan does not include {feature}."
    assert api.untouched() == before


@each
def test_what_fails_is_given_back_to_credits_and_allowance(api: Client, documented: DocumentedRoute) -> None:
    price, feature, _ = COSTS[documented.route.path]
    used = api.get("/account/usage").json["intervals"][feature]["used"]
    grant(api, price)
    ask(api, documented)
    api.post(f"/generations/{api.last_job.id}/cancel")
    assert (api.wallet.available, api.wallet.held) == (price, 0)
    assert api.get("/account/usage").json["intervals"][feature]["used"] == used
    api.check_books()


@each
def test_a_key_that_may_only_read_makes_nothing(api: Client, documented: DocumentedRoute) -> None:
    grant(api, 50)
    reader = api.issue("reader", scopes=frozenset(Scope) - {Scope.GENERATE, Scope.ADMIN})
    before = api.untouched()
    assert ask(api, documented, reader).refusal == (403, "permission_error", "insufficient_scope")
    assert api.untouched() == before


@pytest.mark.parametrize("path", ["/images", "/carousels"])
@pytest.mark.parametrize(
    ("plan", "refused"), [("trial", True), ("starter", False), ("standard", False), ("pro", False)]
)
def test_premium_is_of_the_plans_that_have_it(path: str, plan: str, refused: bool) -> None:
    api = Client(plan=plan)
    example: Callable[[str], dict[str, Any]] = lambda wanted: next(  # noqa: E731
        {**(one.operation.example or {})} for one in MAKING if one.route.path == wanted
    )
    body = {**example(path), "quality": "premium", "reference_images": []}
    reply = api.post(path, body)
    if refused:
        assert reply.refusal == (403, "permission_error", "plan_feature_unavailable")
        assert reply.error["param"] == "quality"
    else:
        assert reply.status == 202


def test_a_plan_that_pays_by_the_credit_has_no_allowance_to_use_up() -> None:
    api = Client(plan="metered")
    shown = api.get("/account/usage").json["intervals"]
    assert shown["images"]["limit"] == shown["video"]["limit"] == UNLIMITED
