"""``POST /render``: what is answered, what is charged, and what is refused before anything is."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.renders.warnings import missing_glyphs
from tests.fakes.renders import UNDRAWABLE
from tests.unit.functions.api_pixeldrive.client import CARD, FILLED, IMAGES, PICTURE, Client, unknown_id


def test_a_render_is_answered_as_documented_and_charged_once(api: Client) -> None:
    template = api.template()
    reply = api.render(template)
    assert reply.status == 200
    shown = reply.json
    assert shown["url"] == f"{IMAGES}/t/{template}/{shown['fieldsHash']}.png"
    assert shown["fromCache"] is False
    assert shown["creditsRemaining"] == 99 == api.wallet.available
    assert shown["uploadBytes"] == len(api.open(shown["url"])["data"])
    api.check_books()


def test_the_same_again_is_free_and_makes_no_job(api: Client) -> None:
    template = api.template()
    first = api.render(template).json
    jobs = len(api.memory.jobs)
    api.calls.made.clear()
    again = api.render(template, dict(reversed(FILLED.items()))).json
    assert again == {**first, "fromCache": "db"}
    assert len(api.memory.jobs) == jobs
    assert api.calls.made == ["accounts.admit", "store.commit"]


WARNING = missing_glyphs("headline", "\U00012000")
WARNED = [
    {
        "element": "headline",
        "code": "missing_glyphs",
        "message": "No font has a glyph for U+12000.",
        "characters": "\U00012000",
    }
]


@pytest.mark.parametrize("preview", [False, True])
def test_what_no_font_has_is_a_warning_beside_the_picture(api: Client, preview: bool) -> None:
    template = api.template()
    assert "warnings" not in api.render(template).json
    api.renderer.warnings = (WARNING,)
    headers = {"Idempotency-Key": "one"}
    filled = {"headline": {"text": "\U00012000"}}
    first = api.render(template, filled, preview=preview, headers=headers)
    assert (first.status, first.json["warnings"]) == (200, WARNED)
    assert api.render(template, filled, preview=preview, headers=headers).json["warnings"] == WARNED
    api.renderer.warnings = ()
    again = api.render(template, filled).json  # after the first: what was remembered of it
    assert again.get("warnings") == (None if preview else WARNED)


def test_another_payload_ratio_or_version_is_another_render(api: Client) -> None:
    template = api.template()
    hashes = {
        api.render(template).json["fieldsHash"],
        api.render(template, {**FILLED, "stars": {"value": 4}}).json["fieldsHash"],
        api.render(template, pixelRatio=2).json["fieldsHash"],
    }
    api.ask("PATCH", f"/templates/{template}", {"name": "Card 2", "document": CARD})
    hashes.add(api.render(template).json["fieldsHash"])
    assert len(hashes) == 4
    assert api.wallet.spent == 4


@pytest.mark.parametrize(
    ("runs", "spelled_otherwise"),
    [
        ([{"text": "Ada", "fontSize": 20}], [{"fontSize": 20.0, "text": "Ada", "color": None}]),
        ({"who": "Ada", "what": "poet"}, {"what": "poet", "who": "Ada"}),
    ],
)  # fmt: skip
def test_runs_are_rendered_and_the_same_runs_are_the_same_render(
    api: Client, runs: object, spelled_otherwise: object
) -> None:
    said = {"id": "said", "type": "text", "x": 0, "y": 0, "width": 90, "height": 20}
    parts = [{"id": "who", "text": "?"}, {"id": "what", "text": "?", "fontWeight": 800}]
    template = api.template({**CARD, "elements": [{**said, "runs": parts}]})
    first = api.render(template, {"said": {"runs": runs}})
    assert (first.status, first.json["fromCache"]) == (200, False)
    again = api.render(template, {"said": {"runs": spelled_otherwise}})
    assert again.json == {**first.json, "fromCache": "db"}
    assert api.wallet.spent == 1


def test_a_test_key_renders_with_a_watermark_and_other_credits(api: Client) -> None:
    template = api.template(key="test")
    api.core.grant_credits_by_hand(api.workspace.id, 10, livemode=False)
    shown = api.render(template, key="test")
    assert shown.status == 200, shown.body
    assert api.renderer.drawn[-1].endswith("true]")
    assert api.wallet.spent == 0


def test_a_preview_is_free_signed_and_gone_in_an_hour(api: Client) -> None:
    template = api.template()
    shown = api.render(template, preview=True).json
    assert (shown["creditsRemaining"], api.wallet.available) == (100, 100)
    assert shown["url"].startswith(f"{IMAGES}/s/")
    assert api.open(shown["url"])["status"] == 200
    assert api.render(template).json["fromCache"] is False
    api.clock.advance(3601)
    assert api.open(shown["url"])["status"] == 403


def test_the_sixty_first_preview_in_a_minute_is_refused_for_the_whole_workspace(api: Client) -> None:
    template = api.template()
    second = api.issue("second")
    api.clock.advance(7)  # to where a minute begins
    for turn in range(60):
        assert api.render(template, preview=True, key=second if turn % 2 else "live").status == 200
    refused = api.render(template, preview=True, key=api.issue("third"))
    assert refused.refusal == (429, "rate_limited")
    assert int(refused.headers["Retry-After"]) >= 1
    assert refused.headers["RateLimit-Limit"] == "60"
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert api.render(template).status == 200
    stranger = api.another_workspace()
    assert api.render(api.template(key=stranger), preview=True, key=stranger).status == 200


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"templateId": None}, "templateId"),
        ({"templateId": "x"}, "templateId"),
        ({"templateId": 7}, "templateId"),
        ({"payload": None}, "payload"),
        ({"payload": []}, "payload"),
        ({"payload": "x"}, "payload"),
        ({"payload": {"nobody": {"text": "x"}}}, "payload.nobody"),
        ({"payload": {"headline": "x"}}, "payload.headline"),
        ({"payload": {"headline": {"src": PICTURE}}}, "payload.headline.src"),
        ({"payload": {"headline": {"text": 7}}}, "payload.headline.text"),
        ({"payload": {"headline": {"text": "x" * 10_001}}}, "payload.headline.text"),
        ({"payload": {"avatar": {"src": "file:///etc/passwd"}}}, "payload.avatar.src"),
        ({"payload": {"avatar": {"src": "javascript:alert(1)"}}}, "payload.avatar.src"),
        ({"payload": {"stars": {"value": "5"}}}, "payload.stars.value"),
        ({"payload": {"stars": {"value": True}}}, "payload.stars.value"),
        ({"payload": {"stars": {"value": 6}}}, "payload.stars.value"),
        ({"pixelRatio": 0.5}, "pixelRatio"),
        ({"pixelRatio": 3.01}, "pixelRatio"),
        ({"pixelRatio": 1.005}, "pixelRatio"),
        ({"pixelRatio": "2"}, "pixelRatio"),
        ({"pixelRatio": True}, "pixelRatio"),
        ({"preview": "yes"}, "preview"),
        ({"preview": 1}, "preview"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_charged(api: Client, body: dict[str, Any], path: str) -> None:
    template = api.template()
    before = api.untouched()
    reply = api.post("/render", {"templateId": template, "payload": FILLED, **body})
    assert reply.status == 400
    assert [found for found, _ in reply.details] == [path]
    assert reply.json["error"].startswith(path)
    assert api.untouched() == before


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "null",
        "[]",
        '"x"',
        "{",
        '{"templateId": NaN}',
        '{"payload": {"headline": {"text": "\\ud800"}}}',
        '{"payload": {"headline": {"text": "\\u0000"}}}',
        '{"payload": {"stars": {"value": 1e999}}}',
        '{"payload": ' + '{"a":' * 40 + "1" + "}" * 41,
        b"\xff\xfe",
    ],
)
def test_a_body_nobody_could_mean_is_a_400(api: Client, raw: str | bytes) -> None:
    before = api.untouched()
    assert api.post("/render", raw=raw).refusal == (400, "invalid_body")
    assert api.untouched() == before


def test_a_picture_of_too_many_pixels_is_refused_with_the_limit(api: Client) -> None:
    template = api.template({**CARD, "canvas": {"width": 4096, "height": 4096}})
    reply = api.render(template, pixelRatio=3)
    assert reply.status == 400
    assert reply.details[0][0] == "pixelRatio"
    assert "megapixels" in reply.json["error"]


@pytest.mark.parametrize("picture", [None, UNDRAWABLE])
def test_a_picture_that_cannot_be_used_is_named_and_refunded(api: Client, picture: bytes | None) -> None:
    template = api.template()
    api.fetcher.pages.clear()
    if picture is not None:
        api.fetcher.pages[PICTURE] = picture
    reply = api.render(template)
    assert reply.status == 400
    assert reply.details[0][0] == "payload.avatar.src"
    assert (api.wallet.available, api.wallet.held) == (100, 0)


def test_too_few_credits_is_a_402(api: Client) -> None:
    poor = api.another_workspace(credits=0)
    template = api.template(key=poor)
    assert api.render(template, key=poor).refusal == (402, "no_credits")
    assert api.render(template, key=poor, preview=True).status == 200


def test_a_template_that_is_not_there_or_not_ours_is_a_404(api: Client) -> None:
    theirs = api.template(key=api.another_workspace())
    test_mode = api.template(key="test")
    gone = api.template()
    api.ask("DELETE", f"/templates/{gone}")
    for template in (unknown_id(), theirs, test_mode, gone):
        assert api.render(template).refusal == (404, "not_found")


def test_a_render_nobody_makes_in_time_is_given_up_and_refunded(api: Client) -> None:
    template = api.template()
    api.working = False
    assert api.render(template).refusal == (503, "render_timed_out")
    assert (api.wallet.available, api.wallet.held) == (100, 0)
    api.work()
    assert (api.wallet.available, api.wallet.spent) == (100, 0)
    api.check_books()


def test_a_render_that_fails_is_refunded(api: Client) -> None:
    template = api.template()
    api.renderer.fails["500K followers"] = 100
    assert api.render(template).refusal == (500, "render_failed")
    assert api.wallet.available == 100


def test_an_idempotency_key_renders_once(api: Client) -> None:
    template = api.template()
    first = api.render(template, headers={"idempotency-key": "k"})
    again = api.render(template, headers={"idempotency-key": "k"})
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == first.json
    assert api.wallet.spent == 1
    other = api.render(template, {}, headers={"idempotency-key": "k"})
    assert other.refusal == (409, "idempotency_conflict")


def test_a_repeated_request_waits_for_the_first_ones_render(api: Client) -> None:
    template = api.template()
    api.working = False
    replies = []

    def again() -> None:
        api.working = True
        replies.append(api.render(template, headers={"idempotency-key": "k"}))

    api.meanwhile.append(again)
    first = api.render(template, headers={"idempotency-key": "k"})
    assert first.json == replies[0].json
    assert first.json["creditsRemaining"] == 99
    assert api.wallet.spent == 1


@pytest.mark.parametrize("key", [None, "pdrv_nonsense", "garbage"])
def test_without_a_usable_key_nothing_is_told(api: Client, key: str | None) -> None:
    template = api.template()
    for reply in (api.render(template, key=key), api.post("/render", raw="{", key=key)):
        assert reply.refusal == (401, "unauthorized")


def test_revoked_expired_and_narrow_keys_are_refused(api: Client) -> None:
    template = api.template()
    assert api.render(template, key=api.revoked_key()).refusal == (401, "unauthorized")
    assert api.render(template, key=api.expired_key()).refusal == (401, "unauthorized")
    reader = api.issue("reader", scopes=frozenset({Scope.READ}))
    assert api.render(template, key=reader).refusal == (403, "insufficient_scope")


def test_a_body_that_is_too_large_is_a_413(api: Client) -> None:
    reply = api.post("/render", {"templateId": api.template(), "payload": {"x": "y" * 7_000_000}})
    assert reply.refusal == (413, "payload_too_large")


def test_an_uppercase_template_id_is_the_same_template(api: Client) -> None:
    assert api.render(api.template().upper()).status == 200


def test_where_too_many_requests_of_the_workspace_wait_one_more_is_refused_and_begins_nothing(
    api: Client,
) -> None:
    template = api.template()
    made = api.render(template)
    api.have_others_wait()
    jobs = len(api.memory.jobs)
    for preview in (False, True):
        reply = api.render(template, {**FILLED, "stars": {"value": 4}}, preview=preview)
        assert reply.refusal == (429, "rate_limited")
        assert reply.headers["Retry-After"] == "2"
    assert (len(api.memory.jobs), api.wallet.available, api.wallet.held) == (jobs, 99, 0)
    again = api.render(template)  # was made before: nothing to wait for
    assert (again.status, again.json["url"]) == (200, made.json["url"])


FORMATS = [
    ("png", "png", "image/png"),
    ("jpeg", "jpg", "image/jpeg"),
    ("webp", "webp", "image/webp"),
    ("pdf", "pdf", "application/pdf"),
]


@pytest.mark.parametrize(("format", "ending", "media"), FORMATS)
def test_what_is_written_is_named_stored_and_served_as_what_it_is(
    api: Client, format: str, ending: str, media: str
) -> None:
    template = api.template()
    shown = api.render(template, format=format).json
    assert shown["url"] == f"{IMAGES}/t/{template}/{shown['fieldsHash']}.{ending}"
    served = api.open(shown["url"])
    assert (served["status"], served["headers"]["Content-Type"]) == (200, media)
    assert api.blobs.objects[f"img/t/{template}/{shown['fieldsHash']}.{ending}"][1] == media
    signed = api.post("/sign", {"url": shown["url"]})
    assert api.open(signed.json["url"])["headers"]["Content-Type"] == media
    preview = api.render(template, format=format, preview=True).json["url"]
    assert preview.endswith(f".{ending}")
    assert api.open(preview)["headers"]["Content-Type"] == media


def test_another_format_or_quality_is_another_render(api: Client) -> None:
    template = api.template()
    written: list[dict[str, Any]] = [{"format": name} for name in ("png", "jpeg", "webp", "pdf")]
    written += [{"format": "jpeg", "quality": 40}, {"format": "pdf", "quality": 85}]
    hashes = [api.render(template, **each).json["fieldsHash"] for each in written]
    assert len(set(hashes)) == len(written) == 100 - api.wallet.available
    written += [{}, {"format": "png"}, {"format": "jpeg", "quality": 85}]
    for same in written:
        again = api.render(template, **same).json
        assert again["fromCache"] == "db"
        assert again["fieldsHash"] in hashes
    api.check_books()


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"format": "gif"}, "format"),
        ({"format": 3}, "format"),
        ({"quality": 80}, "quality"),
        ({"format": "png", "quality": 80}, "quality"),
        ({"format": "jpeg", "quality": 0}, "quality"),
        ({"format": "jpeg", "quality": 101}, "quality"),
        ({"format": "jpeg", "quality": "80"}, "quality"),
        ({"format": "jpeg", "quality": True}, "quality"),
        ({"format": "jpeg", "quality": 80.5}, "quality"),
    ],
)
def test_a_format_or_quality_there_is_not_is_named(api: Client, fields: dict[str, Any], path: str) -> None:
    template = api.template()
    for reply in (api.render(template, **fields), api.batch(template, FILLED, **fields)):
        assert reply.refusal == (400, "invalid_param")
        assert reply.details[0][0] == path
    assert api.wallet.available == 100
