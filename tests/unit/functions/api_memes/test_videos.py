"""Videos: what makes them, by which model, and what becomes of them and their credits when they are deleted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from api_memes.app import POLICY
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import NotFound
from darkroom.domain.jobs.job import FailureCode, Job, JobStatus
from darkroom.domain.jobs.messages import TaskStep
from darkroom.domain.jobs.spec import FilmSpec
from tests.unit.functions.api_memes.client import UNKNOWN_ID, Client, ClientResponse

PROMPT = {"prompt": "A latte being poured in slow motion"}
GONE = (404, "not_found_error", "resource_not_found")


def create(api: Client, path: str = "/videos", **body: Any) -> str:
    reply = api.post(path, body or PROMPT)
    assert reply.status == 202, reply.body
    job_id: str = reply.json["generation"]["id"]
    return job_id


def film(api: Client) -> FilmSpec:
    return api.last_job.spec_as(FilmSpec)


def picture(api: Client, path: str = "/images") -> str:
    asset = api.end(api.create(path)).tasks[0].asset
    assert asset is not None
    return asset.id


def delete(api: Client, video_id: str, **options: Any) -> ClientResponse:
    return api.ask("DELETE", f"/videos/{video_id}", **options)


# ------------------------------------------------------------------------------ creating


def test_the_documents_example(api: Client) -> None:
    body = {
        "prompt": "A latte being poured in slow motion, steam rising, warm morning light",
        "aspect_ratio": "9:16",
        "duration": 6,
    }
    reply = api.post("/videos", body)
    assert (reply.status, reply.json["generation"]["type"]) == (202, "video")
    assert reply.json["generation"]["model"] == "forge-video"
    assert (film(api).aspect_ratio, film(api).seconds, film(api).resolution) == ("9:16", 6, "720p")
    assert api.wallet.held == 10


def test_the_defaults(api: Client) -> None:
    create(api)
    assert (film(api).aspect_ratio, film(api).seconds, film(api).resolution) == ("16:9", 5, "720p")
    assert film(api).inputs == ()


@pytest.mark.parametrize(
    "body",
    [
        {"prompt": "x"},
        {"business_url": "https://dawnroasters.example"},
        {"brand_context": {"company_name": "Dawn Roasters"}},
    ],
)
def test_any_one_of_the_group_is_enough(api: Client, body: dict[str, Any]) -> None:
    assert api.post("/videos", body).status == 202


@pytest.mark.parametrize(
    "body",
    [{}, {"prompt": "  "}, {"brand_context": {}}, {"reference_images": [], "duration": 4}],
)
def test_none_of_the_group_is_too_little(api: Client, body: dict[str, Any]) -> None:
    reply = api.post("/videos", body)
    assert reply.refusal == (400, "invalid_request_error", "missing_required_param")
    assert reply.error["message"] == "Either prompt, brand_context, or business_url is required."
    assert reply.error["param"] == "prompt"


def test_a_website_goes_along_to_be_read(api: Client) -> None:
    create(api, business_url="https://dawnroasters.example/about")
    (page,) = film(api).inputs
    assert (page.role, page.location, page.stored) == ("page", "https://dawnroasters.example/about", False)
    assert api.last_job.model == "forge-video"


@pytest.mark.parametrize("url", ["http://dawn.example", "dawn.example", "https://127.0.0.1/", "data:,x", ""])
def test_a_website_that_could_never_be_read_is_refused(api: Client, url: str) -> None:
    reply = api.post("/videos", {"business_url": url, "prompt": "x"})
    assert (reply.status, reply.error["code"], reply.error["param"]) == (400, "invalid_param", "business_url")


def references(api: Client, *kinds: str) -> list[dict[str, str]]:
    return [{"type": kind, "source": picture(api)} for kind in kinds]


@pytest.mark.parametrize(
    ("kinds", "roles", "model"),
    [
        (("ref",), ["source"], "forge-motion"),
        (("logo",), ["logo"], "forge-video"),
        (("template",), ["template"], "forge-video"),
        (("ref", "ref"), ["ref", "ref"], "forge-video"),
        (("ref", "logo", "template", "ref"), ["ref", "logo", "template", "ref"], "forge-video"),
    ],
)
def test_the_inputs_choose_the_model(
    api: Client, kinds: tuple[str, ...], roles: list[str], model: str
) -> None:
    reply = api.post("/videos", {**PROMPT, "reference_images": references(api, *kinds)})
    assert reply.json["generation"]["model"] == model
    assert [one.role for one in film(api).inputs] == roles


def test_a_model_cannot_be_chosen(api: Client) -> None:
    reply = api.post("/videos", {**PROMPT, "model": "forge-motion"})
    assert reply.json["generation"]["model"] == "forge-video"


@pytest.mark.parametrize("ratio", ["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3"])
@pytest.mark.parametrize("resolution", ["480p", "720p"])
def test_every_documented_shape_is_taken(api: Client, ratio: str, resolution: str) -> None:
    create(api, **PROMPT, aspect_ratio=ratio, resolution=resolution)
    assert (film(api).aspect_ratio, film(api).resolution) == (ratio, resolution)


@pytest.mark.parametrize("duration", [1, 15])
def test_the_shortest_and_the_longest(api: Client, duration: int) -> None:
    create(api, **PROMPT, duration=duration)
    assert film(api).seconds == duration


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"duration": 0}, "invalid_param", "duration"),
        ({"duration": 16}, "invalid_param", "duration"),
        ({"duration": 5.5}, "invalid_param", "duration"),
        ({"duration": "5"}, "invalid_param", "duration"),
        ({"duration": True}, "invalid_param", "duration"),
        ({"resolution": "1080p"}, "invalid_param", "resolution"),
        ({"aspect_ratio": "21:9"}, "invalid_aspect_ratio", "aspect_ratio"),
        ({"aspect_ratio": "auto"}, "invalid_aspect_ratio", "aspect_ratio"),
        ({"prompt": "x" * 10_001}, "invalid_param", "prompt"),
        ({"prompt": 5}, "invalid_param", "prompt"),
        ({"business_url": 5}, "invalid_param", "business_url"),
        ({"brand_context": "Dawn"}, "invalid_param", "brand_context"),
        (
            {"reference_images": [{"type": "ref", "source": "https://a.example/a.png"}] * 5},
            "invalid_param",
            "reference_images",
        ),
        (
            {"reference_images": [{"type": "style", "source": "x"}]},
            "invalid_param",
            "reference_images.0.type",
        ),
    ],
)
def test_what_is_not_documented_is_refused_by_name(
    api: Client, changes: dict[str, Any], code: str, param: str
) -> None:
    before = api.untouched()
    reply = api.post("/videos", {**PROMPT, **changes})
    assert (reply.status, reply.error["code"], reply.error["param"]) == (400, code, param)
    assert api.untouched() == before


def test_an_unknown_reference_is_a_404(api: Client) -> None:
    reply = api.post("/videos", {**PROMPT, "reference_images": [{"type": "ref", "source": UNKNOWN_ID}]})
    assert (reply.status, reply.error["param"]) == (404, "reference_images.0.source")


def test_a_repeated_request_makes_one_video(api: Client) -> None:
    headers = {"idempotency-key": "k"}
    first, second = (api.post("/videos", PROMPT, headers=headers) for _ in range(2))
    assert first.body == second.body
    assert second.headers["Idempotent-Replayed"] == "true"
    assert api.wallet.held == 10
    assert api.post("/videos", {"prompt": "y"}, headers=headers).refusal[2] == "idempotency_conflict"


# ------------------------------------------------------------------------------ animating


@pytest.mark.parametrize("path", ["/images", "/memes"])
def test_a_picture_is_animated_in_its_own_ratio(api: Client, path: str) -> None:
    source = picture(api, path)
    reply = api.post("/videos/animate", {"image_id": source})
    assert (reply.status, reply.json["generation"]["type"]) == (202, "video")
    assert reply.json["generation"]["model"] == "forge-motion"
    assert (film(api).seconds, film(api).resolution, film(api).aspect_ratio) == (5, "720p", "auto")
    assert [(one.role, one.asset_id) for one in film(api).inputs] == [("source", source)]
    assert api.wallet.held == 10


def test_an_address_is_animated_too(api: Client) -> None:
    assert api.post("/videos/animate", {"image_id": "https://cdn.example/a.png"}).status == 202


@pytest.mark.parametrize(
    ("image_id", "status", "code"),
    [
        (None, 400, "missing_required_param"),
        (5, 400, "invalid_param"),
        ("http://cdn.example/a.png", 400, "invalid_param"),
        (UNKNOWN_ID, 404, "resource_not_found"),
    ],
)
def test_only_a_picture_is_animated(api: Client, image_id: Any, status: int, code: str) -> None:
    reply = api.post("/videos/animate", {"image_id": image_id})
    assert (reply.status, reply.error["code"], reply.error["param"]) == (status, code, "image_id")


def test_a_repeated_animation_is_one(api: Client) -> None:
    body, headers = {"image_id": picture(api)}, {"idempotency-key": "k"}
    assert (
        api.post("/videos/animate", body, headers=headers).body
        == api.post("/videos/animate", body, headers=headers).body
    )
    assert api.wallet.held == 10


# ------------------------------------------------------------------------------ reading


def test_videos_are_listed_as_jobs_and_fetched_by_their_ids(api: Client) -> None:
    first, second = create(api), create(api)
    api.create("/memes")
    page = api.get("/videos", query={"limit": "1"}).json
    assert ([job["id"] for job in page["data"]], page["has_more"]) == ([second], True)
    rest = api.get("/videos", query={"starting_after": page["next_cursor"]}).json
    assert [job["id"] for job in rest["data"]] == [first]
    oldest = api.get("/videos", query={"order": "oldest"}).json
    assert [job["id"] for job in oldest["data"]] == [first, second]

    fetched = api.get(f"/videos/{first}").json["generation"]
    assert fetched == api.get(f"/generations/{first}").json["generation"]


def test_films_of_other_dialects_are_generations_but_no_videos(api: Client) -> None:
    job_id = create(api)
    place = (api.owner, job_id)
    api.memory.jobs[place] = replace(api.memory.jobs[place], dialect="agent")
    assert api.get("/videos").json["data"] == []
    assert api.get(f"/videos/{job_id}").refusal == GONE
    assert delete(api, job_id).refusal == GONE
    assert api.get(f"/generations/{job_id}").status == 200


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_only_the_workspaces_own_videos_are_found(api: Client, method: str) -> None:
    video, meme = create(api), api.create("/memes")
    stranger = api.core.open_workspace("Other", plan="pro", credits=5)
    _, theirs = api.issued(workspace_id=stranger.id)
    for unknown in (UNKNOWN_ID, meme, "nonsense"):
        assert api.ask(method, f"/videos/{unknown}").refusal == GONE
    for key in (theirs, "test"):
        assert api.ask(method, f"/videos/{video}", key=key).refusal == GONE
    assert api.get(f"/videos/{video}").status == 200


# ------------------------------------------------------------------------------ deleting


def test_a_video_under_way_is_canceled_and_gone(api: Client) -> None:
    video = create(api, prompt="[[slow:60]] a kite")
    message = api.queues.tasks.pop(0).message
    api.worker(message)
    api.queues.tasks.clear()
    reply = delete(api, video)
    assert reply.status == 200
    assert {name: reply.json[name] for name in ("deleted", "id", "credits_refunded", "refund")} == {
        "deleted": True,
        "id": video,
        "credits_refunded": 0,
        "refund": "not_charged",
    }
    assert reply.json["usage"]["credits_remaining"] == 480
    assert api.memory.jobs[api.owner, video].status is JobStatus.CANCELED
    assert [sent.message.step for sent in api.queues.tasks] == [TaskStep.CANCEL]
    for path in (f"/videos/{video}", f"/generations/{video}"):
        assert api.get(path).refusal == GONE
    assert api.get("/generations").json["data"] == api.get("/videos").json["data"] == []
    assert api.post(f"/generations/{video}/cancel").refusal == GONE
    assert api.wallet.available == 480
    api.check_books()


def delivered(api: Client, **body: Any) -> str:
    video = create(api, **body)
    api.end(video)
    return video


def test_a_delivered_video_is_refunded_by_an_entry_of_its_own(api: Client) -> None:
    video = delivered(api)
    assert api.wallet.spent == 10
    reply = delete(api, video)
    assert (reply.json["credits_refunded"], reply.json["refund"]) == (10, "refunded")
    assert reply.json["usage"]["credits_remaining"] == 480
    entry = api.memory.entries[api.owner, f"{video}#refund"]
    assert (entry.available, entry.spent, entry.held, entry.granted) == (10, -10, 0, 0)
    assert (api.wallet.available, api.wallet.spent) == (480, 0)
    api.check_books()

    asset = api.memory.jobs[api.owner, video].tasks[0].asset
    assert asset is not None
    assert api.memory.assets[api.owner, asset.id].deleted_at is not None
    assert api.post("/images/edits", {"image_id": asset.id, "instruction": "x"}).status == 404
    assert api.get(f"/videos/{video}").refusal == GONE


def test_a_video_is_deleted_once(api: Client) -> None:
    video = delivered(api)
    delete(api, video)
    before = api.untouched()
    assert delete(api, video).refusal == GONE
    assert api.untouched() == before


def test_of_deletions_at_once_one_refunds(api: Client) -> None:
    video = delivered(api)
    job = api.memory.jobs[api.owner, video]
    callers = [api.core.authenticate(api.key, POLICY) for _ in range(8)]

    def attempt(number: int) -> int:
        try:
            return api.core.delete_job(callers[number], job, refundable=True).credits
        except NotFound:
            return 0

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(attempt, range(8))) == [0] * 7 + [10]
    assert (api.wallet.available, api.wallet.spent) == (480, 0)
    api.check_books()


def test_beyond_the_days_limit_a_deletion_works_and_refunds_nothing(api: Client) -> None:
    api.core.settings = replace(api.core.settings, refunds_per_day="15")
    first, second, third = (delivered(api) for _ in range(3))
    assert delete(api, first).json["refund"] == "refunded"
    reply = delete(api, second).json
    assert (reply["deleted"], reply["credits_refunded"], reply["refund"]) == (True, 0, "limit_reached")
    assert reply["usage"]["credits_remaining"] == 460
    assert api.get(f"/videos/{second}").refusal == GONE
    assert (api.wallet.available, api.wallet.spent) == (460, 20)
    api.clock.advance(86_400)
    assert delete(api, third).json["refund"] == "refunded"
    assert list(api.wallet.refunded.values()) == [10]
    api.check_books()


def test_the_limit_is_the_workspaces_in_each_mode(api: Client) -> None:
    api.core.settings = replace(api.core.settings, refunds_per_day="10")
    live = delivered(api)
    reply = api.post("/videos", PROMPT, key="test")
    api.end(reply.json["generation"]["id"])
    assert delete(api, live).json["refund"] == "refunded"
    tested = delete(api, reply.json["generation"]["id"], key="test")
    assert tested.json["refund"] == "refunded"
    assert api.memory.wallets[Owner(api.workspace.id, False)].refunded


def test_an_operator_can_refund_nothing(api: Client) -> None:
    api.core.settings = replace(api.core.settings, refunds_per_day="0")
    assert delete(api, delivered(api)).json["refund"] == "limit_reached"
    api.check_books()


def test_a_failed_video_has_nothing_to_refund(api: Client) -> None:
    video = create(api)
    api.end(video, FailureCode.FAILED)
    reply = delete(api, video)
    assert (reply.status, reply.json["refund"], reply.json["credits_refunded"]) == (200, "not_charged", 0)
    api.check_books()


def test_a_video_that_is_delivered_while_it_is_deleted_is_refunded(api: Client) -> None:
    video = create(api)
    stale: Job = api.memory.jobs[api.owner, video]
    api.end(video)
    caller = api.core.authenticate(api.key, POLICY)
    assert api.core.delete_job(caller, stale, refundable=True).credits == 10
    api.check_books()


def test_the_allowance_is_not_given_back(api: Client) -> None:
    delete(api, delivered(api))
    assert api.get("/account/usage").json["intervals"]["video"]["used"] == 1


def test_deleting_needs_the_right_to_write(api: Client) -> None:
    video = create(api)
    reader = api.issue("reader", scopes=frozenset({Scope.READ}))
    assert delete(api, video, key=reader).refusal[2] == "insufficient_scope"


def test_a_plans_videos_are_counted_apart_from_its_pictures(api: Client) -> None:
    api.change_workspace(allowances={"video": 1})
    create(api)
    assert api.post("/videos", PROMPT).refusal == (429, "quota_error", "feature_quota_exceeded")
    assert api.post("/videos/animate", {"image_id": picture(api)}).refusal[2] == "feature_quota_exceeded"
    assert api.post("/memes", PROMPT).status == 202


def test_credits_must_cover_ten() -> None:
    api = Client(credits=9)
    assert api.post("/videos", PROMPT).refusal == (429, "quota_error", "quota_exceeded")
