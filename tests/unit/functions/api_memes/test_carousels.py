"""Carousels: planned for nothing, rendered slide by slide, read as a set and one by one, deleted as a whole."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from api_memes.app import FREE
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.jobs.engine import Finished, Output, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import Blocked, EngineError, RouteFailed
from darkroom.domain.jobs.job import Job, JobStatus
from darkroom.domain.jobs.spec import CarouselSpec, TextSpec
from darkroom.domain.webhooks.events import job_ended
from darkroom.ports.jobs import Engine
from darkroom.services.webhooks.announce import Change, event_of
from tests.unit.functions.api_memes.client import UNKNOWN_ID, Client, ClientResponse

BRIEF = {"brief": "5 myths about cold brew, debunked, for first-time buyers"}
EXAMPLE = {**BRIEF, "goal": "leads", "platform": "ig-portrait", "slide_count": 5}
SITE = "https://dawnroasters.example"
GONE = (404, "not_found_error", "resource_not_found")
WRITTEN = {
    "concept_title": "Cold Brew Myths, Busted",
    "viral_mechanic": "myth/fact reveal",
    "audience": "first-time cold brew buyers",
    "cta": "Try the starter kit",
    "slides": [
        {"role": "hook", "on_image_text": f"Slide {number}", "visual_direction": "a tall glass"}
        for number in range(5)
    ],
}


def inline(count: int = 3, **changes: Any) -> dict[str, Any]:
    slides = [
        {"role": "step", "on_image_text": f"Words {number}", "visual_direction": f"a glass {number}"}
        for number in range(count)
    ]
    return {"plan": {"concept_title": "Myths", "slides": slides, **changes}}


class Planner:
    """A vendor that plans, or fails in the ways it is told to, one by one."""

    name, resubmit_safe = "openai", False

    def __init__(self) -> None:
        self.requests, self.failures = list[TaskRequest](), list[EngineError]()

    def start(self, request: TaskRequest) -> Finished | Pending:
        self.requests.append(request)
        if self.failures:
            raise self.failures.pop(0)
        return Finished(Output(json.dumps(WRITTEN).encode(), "application/json", ""))

    def poll(self, request: TaskRequest, handle: str) -> Finished | Pending:
        raise RouteFailed("nothing to look up")

    def cancel(self, handle: str) -> None:
        raise AssertionError("nothing to cancel")


class PlanningClient(Client):
    """A client of a stack with a vendor that plans."""

    def __init__(self) -> None:
        super().__init__()
        self.planner = Planner()
        self.core.submit_job = replace(self.core.submit_job, engines=frozenset({"openai"}))

    @property
    def engines(self) -> dict[str, Engine]:
        return {**super().engines, "openai": self.planner}

    def pass_time(self, seconds: float) -> None:
        super().pass_time(seconds)
        self.work()


@pytest.fixture
def planning() -> PlanningClient:
    return PlanningClient()


def planned(api: Client, **body: Any) -> dict[str, Any]:
    reply = api.post("/carousels/plan", {**BRIEF, **body})
    assert reply.status == 200, reply.body
    plan: dict[str, Any] = reply.json["plan"]
    return plan


def rendered(api: Client, **body: Any) -> dict[str, Any]:
    reply = api.post("/carousels", body or inline())
    assert reply.status == 202, reply.body
    carousel: dict[str, Any] = reply.json["carousel_set"]
    return carousel


def job_of(api: Client, carousel: dict[str, Any]) -> Job:
    return api.memory.jobs[api.owner, carousel["id"]]


def fetched(api: Client, carousel: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = api.get(f"/carousels/{carousel['id']}").json["carousel_set"]
    return shown


# ------------------------------------------------------------------------------ planning


def test_the_documents_example_by_rule(api: Client) -> None:
    before = api.wallet
    reply = api.post("/carousels/plan", EXAMPLE)
    assert (reply.status, reply.json["model"]) == (200, "forge-plan")
    plan = reply.json["plan"]
    assert plan["viral_mechanic"] == "myth/fact reveal"
    assert plan["audience"] == "first-time buyers"
    assert [slide["slide_index"] for slide in plan["slides"]] == [0, 1, 2, 3, 4]
    assert [slide["role"] for slide in plan["slides"]] == ["hook", "myth", "myth", "myth", "cta"]
    assert plan["aspect_ratio"] == "4:5"
    assert api.wallet == before
    assert not api.memory.jobs


def test_a_vendors_model_plans_from_all_that_is_given_for_nothing(planning: PlanningClient) -> None:
    planning.fetcher.pages[SITE] = b"<title>Dawn</title><p>Roasted in small batches."
    before = planning.wallet
    plan = planned(
        planning,
        goal="sales",
        platform="tiktok",
        business_website=SITE,
        brand_context={"company_name": "Dawn Roasters"},
    )
    assert {name: plan[name] for name in ("concept_title", "viral_mechanic", "audience", "cta")} == {
        name: WRITTEN[name] for name in ("concept_title", "viral_mechanic", "audience", "cta")
    }
    assert planning.wallet == before
    (request,) = planning.planner.requests
    spec = request.job.spec_as(TextSpec)
    assert (request.job.kind, request.job.model) == ("plan", "forge-plan")
    assert (spec.goal, spec.platform, spec.slide_count, spec.aspect_ratio) == ("sales", "tiktok", 5, "9:16")
    assert spec.brand.company_name == "Dawn Roasters"
    assert spec.website == "Dawn\nRoasted in small batches."
    planning.check_books()


def test_a_vendor_that_fails_is_not_in_the_way_and_a_refused_brief_is_refused(
    planning: PlanningClient,
) -> None:
    planning.planner.failures = [RouteFailed("no")]
    assert planned(planning)["viral_mechanic"] == "myth/fact reveal"
    planning.planner.failures = [Blocked("no")]
    assert planning.post("/carousels/plan", BRIEF).refusal == (422, "generation_error", "content_blocked")
    planning.check_books()


def test_a_website_is_read_and_one_that_cannot_be_is_left_out(api: Client) -> None:
    api.fetcher.pages[SITE] = b"<title>Dawn</title>"
    assert planned(api, business_website=SITE)["slides"]
    assert planned(api, business_website="https://gone.example")["slides"]
    assert {job.kind for job in api.memory.jobs.values()} == {"page"}


@pytest.mark.parametrize(
    ("platform", "ratio"),
    [("ig-portrait", "4:5"), ("ig-square", "1:1"), ("linkedin", "4:5"), ("tiktok", "9:16"), (None, "4:5")],
)
def test_a_platform_has_a_ratio_unless_one_is_asked_for(
    api: Client, platform: str | None, ratio: str
) -> None:
    plan = planned(api, platform=platform)
    assert (plan["platform"], plan["aspect_ratio"]) == (platform, ratio)
    assert planned(api, platform=platform, aspect_ratio="16:9")["aspect_ratio"] == "16:9"


@pytest.mark.parametrize("goal", ["awareness", "leads", "sales", "followers", "engagement"])
def test_every_goal_is_taken(api: Client, goal: str) -> None:
    assert planned(api, goal=goal)["goal"] == goal


@pytest.mark.parametrize("count", range(3, 11))
def test_every_count_is_taken(api: Client, count: int) -> None:
    assert len(planned(api, slide_count=count)["slides"]) == count


def test_the_defaults_of_a_plan(api: Client) -> None:
    plan = planned(api)
    assert (plan["goal"], plan["platform"], len(plan["slides"])) == ("leads", None, 5)
    assert plan["expires_at"] == "2026-06-25T17:04:22Z"


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"brief": None}, "missing_required_param", "brief"),
        ({"brief": " "}, "invalid_param", "brief"),
        ({"brief": "x" * 2501}, "invalid_param", "brief"),
        ({"goal": "fame"}, "invalid_param", "goal"),
        ({"platform": "myspace"}, "invalid_param", "platform"),
        ({"aspect_ratio": "auto"}, "invalid_aspect_ratio", "aspect_ratio"),
        ({"slide_count": 2}, "invalid_param", "slide_count"),
        ({"slide_count": 11}, "invalid_param", "slide_count"),
        ({"slide_count": 5.5}, "invalid_param", "slide_count"),
        ({"business_website": "http://dawn.example"}, "invalid_param", "business_website"),
        ({"brand_context": []}, "invalid_param", "brand_context"),
    ],
)
def test_a_brief_that_is_not_documented_is_refused_by_name(
    api: Client, changes: dict[str, Any], code: str, param: str
) -> None:
    before = api.untouched()
    reply = api.post("/carousels/plan", {**BRIEF, **changes})
    assert (reply.status, reply.error["code"], reply.error["param"]) == (400, code, param)
    assert api.untouched() == before
    assert not api.memory.plans


def test_an_unknown_kit_is_a_404(api: Client) -> None:
    for path, body in (("/carousels/plan", BRIEF), ("/carousels", inline())):
        reply = api.post(path, {**body, "brand_kit_id": UNKNOWN_ID})
        assert (reply.status, reply.error["param"]) == (404, "brand_kit_id")


def test_a_repeated_brief_is_planned_once(planning: PlanningClient) -> None:
    replies = [planning.post("/carousels/plan", BRIEF, headers={"idempotency-key": "k"}) for _ in range(2)]
    assert replies[0].body == replies[1].body
    assert len(planning.planner.requests) == len(planning.memory.plans) == 1
    other = planning.post("/carousels/plan", EXAMPLE, headers={"idempotency-key": "k"})
    assert other.refusal[2] == "idempotency_conflict"


def test_plans_are_free_and_therefore_limited(api: Client) -> None:
    for _ in range(FREE.limit):
        planned(api)
    assert api.post("/carousels/plan", BRIEF).refusal[2] == "rate_limited"


# ------------------------------------------------------------------------------ rendering


def test_a_plan_is_rendered_a_task_a_slide(api: Client) -> None:
    plan = planned(api, brand_context={"company_name": "Dawn Roasters"}, aspect_ratio="1:1")
    reply = api.post("/carousels", {"plan_id": plan["id"]})
    carousel = reply.json["carousel_set"]
    assert (reply.status, carousel["object"], carousel["status"]) == (202, "carousel_set", "queued")
    assert reply.headers["Location"].endswith(f"/memes/v1/carousels/{carousel['id']}")
    assert (carousel["plan_id"], carousel["slide_count"], carousel["aspect_ratio"]) == (plan["id"], 5, "1:1")
    shown = [
        {name: slide[name] for name in ("slide_index", "role", "on_image_text", "visual_direction")}
        for slide in carousel["slides"]
    ]
    assert shown == plan["slides"]
    assert api.wallet.held == 5
    spec = job_of(api, carousel).spec_as(CarouselSpec)
    assert spec.brand.company_name == "Dawn Roasters"
    assert [sent.message.index for sent in api.queues.tasks] == [0, 1, 2, 3, 4]
    assert {sent.queue for sent in api.queues.tasks} == {Queue.SANDBOX}


def test_a_kit_grounds_a_plan_and_its_rendering_even_when_it_is_gone(api: Client) -> None:
    kit = {"name": "Dawn", "company_name": "Dawn Roasters", "brand_colors": ["#3B2A1A"]}
    kit_id = api.post("/brand-kits", kit).json["brand_kit"]["id"]
    plan = planned(api, brand_kit_id=kit_id)
    assert "Dawn Roasters" in plan["slides"][0]["visual_direction"]
    inline_one = rendered(api, **inline(), brand_kit_id=kit_id)
    assert api.ask("DELETE", f"/brand-kits/{kit_id}").status == 200
    for carousel in (inline_one, rendered(api, plan_id=plan["id"])):
        brand = job_of(api, carousel).spec.brand
        assert (brand.company_name, brand.brand_colors) == ("Dawn Roasters", ("#3B2A1A",))
    own = rendered(api, plan_id=plan["id"], brand_context={"company_name": "Noon"})
    assert job_of(api, own).spec.brand.company_name == "Noon", "the rendering's own brand wins"


def test_an_answered_plan_is_as_good_inline(api: Client) -> None:
    plan = planned(api)
    carousel = rendered(api, plan=plan)
    assert carousel["plan_id"] is None
    assert [slide["on_image_text"] for slide in carousel["slides"]] == [
        slide["on_image_text"] for slide in plan["slides"]
    ]


def test_a_plans_members_may_stand_in_the_body_itself(api: Client) -> None:
    members = inline(3, cta="Buy")["plan"]
    carousel = rendered(api, **members, aspect_ratio="1:1")
    assert (carousel["slide_count"], carousel["cta"], carousel["aspect_ratio"]) == (3, "Buy", "1:1")
    assert carousel["concept_title"] == "Myths"
    refused = api.post("/carousels", {"slides": members["slides"][:2]})
    assert (refused.status, refused.error["param"]) == (400, "plan.slides")
    twice = api.post("/carousels", {"plan_id": planned(api)["id"], "slides": members["slides"]})
    assert (twice.status, twice.error["param"]) == (400, "plan")


def test_every_parameter_of_a_rendering_arrives(api: Client) -> None:
    references = [{"type": "logo", "source": "https://cdn.example/l.png"}]
    carousel = rendered(
        api,
        **inline(4, aspect_ratio="9:16", audience="everybody", cta="Buy", viral_mechanic="countdown"),
        quality="premium",
        controls={"risk_level": 2},
        reference_images=references,
        brand_context={"industry": "coffee"},
    )
    spec = job_of(api, carousel).spec_as(CarouselSpec)
    assert (spec.quality, dict(spec.controls), spec.aspect_ratio) == ("premium", {"risk_level": 2}, "9:16")
    assert [one.role for one in spec.inputs] == ["logo"]
    assert (spec.brand.industry, spec.cta, spec.audience) == ("coffee", "Buy", "everybody")
    assert spec.viral_mechanic == "countdown"
    assert rendered(api, **inline(), aspect_ratio="16:9")["aspect_ratio"] == "16:9"
    assert rendered(api, **inline())["aspect_ratio"] == "4:5"


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({}, "missing_required_param", "plan_id"),
        ({"plan": {}}, "missing_required_param", "plan.slides"),
        (inline(2), "invalid_param", "plan.slides"),
        (inline(11), "invalid_param", "plan.slides"),
        ({"plan": {"slides": [{"role": "hook"}] * 3}}, "missing_required_param", "plan.slides.0"),
        ({"plan": {"slides": [{"on_image_text": 5}] * 3}}, "invalid_param", "plan.slides.0.on_image_text"),
        ({**inline(), "quality": "best"}, "invalid_param", "quality"),
        ({**inline(), "controls": []}, "invalid_param", "controls"),
        ({**inline(), "aspect_ratio": "5:7"}, "invalid_aspect_ratio", "aspect_ratio"),
        (
            {**inline(), "reference_images": [{"type": "ref", "source": "http://x"}]},
            "invalid_param",
            "reference_images.0.source",
        ),
    ],
)
def test_what_cannot_be_rendered_is_refused_by_name(
    api: Client, body: dict[str, Any], code: str, param: str
) -> None:
    before = api.untouched()
    reply = api.post("/carousels", body)
    assert (reply.status, reply.error["code"], reply.error["param"]) == (400, code, param)
    assert api.untouched() == before
    assert not api.memory.slides


def test_a_stored_and_an_inline_plan_are_one_too_many(api: Client) -> None:
    reply = api.post("/carousels", {**inline(), "plan_id": planned(api)["id"]})
    assert (reply.status, reply.error["param"]) == (400, "plan")


def test_only_the_workspaces_own_plans_are_rendered_until_they_expire(api: Client) -> None:
    plan_id = planned(api)["id"]
    stranger = api.core.open_workspace("Other", plan="pro", credits=50)
    _, theirs = api.issued(workspace_id=stranger.id)
    for unknown, key in ((UNKNOWN_ID, "live"), ("nonsense", "live"), (plan_id, theirs), (plan_id, "test")):
        reply = api.post("/carousels", {"plan_id": unknown}, key=key)
        assert (reply.status, reply.error["param"]) == (404, "plan_id")
    rendered(api, plan_id=plan_id)
    api.clock.advance(7 * 86_400)
    assert api.post("/carousels", {"plan_id": plan_id}).status == 404


def test_a_repeated_rendering_is_one_set(api: Client) -> None:
    replies = [api.post("/carousels", inline(), headers={"idempotency-key": "k"}) for _ in range(2)]
    assert replies[0].body == replies[1].body
    assert (api.wallet.held, len(api.memory.slides)) == (3, 3)


def test_slides_are_paid_and_counted_one_by_one() -> None:
    api = Client(credits=4)
    assert api.post("/carousels", inline(5)).refusal == (429, "quota_error", "quota_exceeded")
    api.change_workspace(allowances={"images": 2})
    assert api.post("/carousels", inline(3)).refusal[2] == "feature_quota_exceeded"


def test_premium_needs_a_plan_that_has_it() -> None:
    reply = Client(plan="trial").post("/carousels", {**inline(), "quality": "premium"})
    assert reply.refusal == (403, "permission_error", "plan_feature_unavailable")


# ------------------------------------------------------------------------------ reading


def test_each_slide_fills_in_and_can_be_polled_by_its_own_id(api: Client) -> None:
    carousel = rendered(api)
    first, second, third = (slide["id"] for slide in carousel["slides"])
    for slide_id in (first, second, third):
        queued = api.get(f"/generations/{slide_id}").json["generation"]
        assert (queued["id"], queued["type"], queued["status"]) == (slide_id, "carousel", "queued")
        assert (queued["requested_count"], queued["output"]) == (1, [])
    api.worker(api.queues.tasks.pop(1).message)

    shown = fetched(api, carousel)
    assert [slide["status"] for slide in shown["slides"]] == ["queued", "succeeded", "queued"]
    assert (shown["status"], shown["completed_count"]) == ("processing", 1)
    asset = shown["slides"][1]["asset"]
    assert (asset["type"], asset["slide_index"], asset["id"]) == ("carousel_slide", 1, second)
    polled = api.get(f"/generations/{second}").json
    assert polled["generation"]["output"] == [asset]
    assert polled["usage"]["credits_used"] == 0

    api.work()
    shown = fetched(api, carousel)
    assert (shown["status"], [slide["asset"]["slide_index"] for slide in shown["slides"]]) == (
        "succeeded",
        [0, 1, 2],
    )
    assert api.get(f"/generations/{second}").json["usage"]["credits_used"] == 1
    assert api.get(f"/carousels/{carousel['id']}").json["usage"]["credits_used"] == 3
    whole = api.get(f"/generations/{carousel['id']}").json["generation"]
    assert (whole["type"], len(whole["output"])) == ("carousel", 3)
    api.check_books()


def test_messages_that_come_twice_make_no_slide_twice(api: Client) -> None:
    carousel = rendered(api)
    api.queues.tasks.extend(list(api.queues.tasks))
    api.work()
    assert fetched(api, carousel)["completed_count"] == 3
    assert api.wallet.spent == 3
    assert len(api.memory.assets) == 3
    api.check_books()


def test_a_slide_that_fails_says_so_and_is_not_charged(api: Client) -> None:
    carousel = rendered(api, **inline(concept_title="[[fail:1]] Myths"))
    api.work()
    shown = fetched(api, carousel)
    assert (shown["status"], shown["completed_count"], shown["failed_count"]) == ("partial", 2, 1)
    failed = shown["slides"][1]
    assert (failed["status"], failed["asset"]) == ("failed", None)
    assert failed["error"]["code"] == "generation_failed"
    polled = api.get(f"/generations/{failed['id']}").json["generation"]
    assert (polled["status"], polled["error"], polled["failed_count"]) == ("failed", failed["error"], 1)
    assert api.wallet.spent == 2
    api.check_books()


def test_one_event_is_of_the_whole_set(api: Client) -> None:
    before = job_of(api, carousel := rendered(api))
    api.work()
    ended = job_of(api, carousel)
    event = event_of(Change("1", before, ended))
    assert event == job_ended(ended)
    assert (event.type, event.data["kind"]) == ("generation.completed", "carousel")


def test_sets_are_listed_with_their_slides(api: Client) -> None:
    first, second = rendered(api), rendered(api)
    api.create("/memes")
    page = api.get("/carousels", query={"limit": "1"}).json
    assert ([one["id"] for one in page["data"]], page["has_more"]) == ([second["id"]], True)
    assert len(page["data"][0]["slides"]) == 3
    rest = api.get("/carousels", query={"starting_after": page["next_cursor"]}).json["data"]
    assert [one["id"] for one in rest] == [first["id"]]
    listed = api.get("/generations", query={"type": "carousel"}).json["data"]
    assert [one["id"] for one in listed] == [second["id"], first["id"]]


def test_slides_are_memes_unless_they_are_left_out(api: Client) -> None:
    carousel = rendered(api)
    meme = api.create("/memes")
    api.work()
    own = api.memory.jobs[api.owner, meme].tasks[0].id
    slides = {slide["id"] for slide in carousel["slides"]}
    assert {one["id"] for one in api.get("/memes").json["data"]} == {own, *slides}
    without = api.get("/memes", query={"exclude_carousel": "true"}).json["data"]
    assert [one["id"] for one in without] == [own]
    slide = min(slides)
    assert api.get(f"/memes/{slide}").json["meme"]["type"] == "carousel_slide"
    assert api.post("/images/edits", {"image_id": slide, "instruction": "x"}).status == 202
    api.work()
    assert len(api.get(f"/memes/{slide}/lineage").json["data"]) == 2
    assert len(api.get("/memes").json["data"]) == 5
    without = api.get("/memes", query={"exclude_carousel": "true"}).json["data"]
    assert [one["id"] for one in without] == [own], "nor what was made from a slide"


def test_a_slide_is_canceled_with_its_set_only(api: Client) -> None:
    carousel = rendered(api)
    slide = carousel["slides"][0]["id"]
    assert api.post(f"/generations/{slide}/cancel").refusal == GONE
    assert api.post(f"/generations/{carousel['id']}/cancel").json["generation"]["status"] == "canceled"
    assert {one["status"] for one in fetched(api, carousel)["slides"]} == {"canceled"}
    assert api.get(f"/generations/{slide}").json["generation"]["status"] == "canceled"
    api.check_books()


def test_only_the_workspaces_own_sets_and_slides_are_found(api: Client) -> None:
    carousel, meme = rendered(api), api.create("/memes")
    slide = carousel["slides"][0]["id"]
    stranger = api.core.open_workspace("Other", plan="pro", credits=5)
    _, theirs = api.issued(workspace_id=stranger.id)
    for method in ("GET", "DELETE"):
        for unknown in (UNKNOWN_ID, meme, slide, "nonsense"):
            assert api.ask(method, f"/carousels/{unknown}").refusal == GONE
        for key in (theirs, "test"):
            assert api.ask(method, f"/carousels/{carousel['id']}", key=key).refusal == GONE
    for key in (theirs, "test"):
        assert api.get(f"/generations/{slide}", key=key).refusal == GONE


# ------------------------------------------------------------------------------ deleting


def deleted(api: Client, carousel: dict[str, Any]) -> ClientResponse:
    return api.ask("DELETE", f"/carousels/{carousel['id']}")


def test_a_deleted_set_is_gone_with_its_slides_and_stays_paid(api: Client) -> None:
    carousel = rendered(api)
    api.work()
    reply = deleted(api, carousel)
    assert (reply.status, reply.json["deleted"], reply.json["id"]) == (200, True, carousel["id"])
    assert reply.json["usage"]["credits_remaining"] == 477
    slide = carousel["slides"][0]["id"]
    for path in (f"/carousels/{carousel['id']}", f"/generations/{carousel['id']}", f"/generations/{slide}"):
        assert api.get(path).refusal == GONE
    assert api.get(f"/memes/{slide}").refusal == GONE
    assert api.get("/carousels").json["data"] == api.get("/memes").json["data"] == []
    assert deleted(api, carousel).refusal == GONE
    assert api.wallet.spent == 3
    api.check_books()


def test_a_set_under_way_is_canceled_when_it_is_deleted(api: Client) -> None:
    carousel = rendered(api)
    api.worker(api.queues.tasks.pop(0).message)
    reply = deleted(api, carousel)
    assert reply.json["usage"]["credits_remaining"] == 479
    assert job_of(api, carousel).status is JobStatus.CANCELED
    api.work()
    assert (api.wallet.available, api.wallet.spent) == (479, 1)
    assert api.get("/memes").json["data"] == []
    api.check_books()


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/carousels"), ("POST", "/carousels/plan"), ("DELETE", "/carousels/{}")],
)
def test_a_reader_changes_nothing(api: Client, method: str, path: str) -> None:
    carousel = rendered(api)
    reader = api.issue("reader", scopes=frozenset({Scope.READ}))
    body = {**inline(), **BRIEF} if method == "POST" else None
    reply = api.ask(method, path.format(carousel["id"]), body, key=reader)
    assert reply.refusal[2] == "insufficient_scope"
    assert api.get(f"/carousels/{carousel['id']}", key=reader).status == 200
