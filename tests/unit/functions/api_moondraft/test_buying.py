"""Packs, the sandbox's page, and automatic reloads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.functions.api_moondraft.client import Client


def checkout(api: Client, pack: str = "pack_300") -> str:
    reply = api.post("/credits/buy", {"pack": pack})
    assert reply.status == 200
    assert set(reply.json) == {"checkout_url"}
    url: str = reply.json["checkout_url"]
    return url


@pytest.mark.parametrize(("pack", "credits"), [("pack_100", 100), ("pack_300", 300), ("pack_1000", 1000)])
def test_a_pack_is_bought_on_the_page_it_leads_to(api: Client, pack: str, credits: int) -> None:
    url = checkout(api, pack)
    assert api.wallet.granted == 100
    page = api.visit(url)
    assert (page["statusCode"], page["headers"]["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert f"{credits} credits" in page["body"]
    assert '<form method="post">' in page["body"]
    assert api.wallet.granted == 100
    assert api.visit(url, "POST")["statusCode"] == 200
    assert api.get("/credits").json["credits"] == 100 + credits
    api.check_books()


def test_pressing_the_button_twice_grants_once(api: Client) -> None:
    url = checkout(api)
    for _ in range(3):
        assert api.visit(url, "POST")["statusCode"] == 200
    assert api.wallet.granted == 400


def test_two_purchases_are_two(api: Client) -> None:
    for _ in range(2):
        api.visit(checkout(api), "POST")
    assert api.wallet.granted == 700


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_checkout_nobody_started_grants_nothing(api: Client, method: str) -> None:
    url = checkout(api)
    base, _, token = url.partition("=")
    payload, _, signature = token.partition(".")
    forged = [
        base.partition("?")[0],
        f"{base}=",
        f"{base}={payload}",
        f"{base}={payload}.",
        f"{base}={payload}x.{signature}",
        f"{base}={payload}.{signature[:-1]}0",
        f"{base}=é.{signature}",
        f"{base}=....",
    ]
    for attempt in forged:
        if attempt != url:
            assert api.visit(attempt, method)["statusCode"] == 404
    assert api.wallet.granted == 100


def test_a_checkout_s_time_runs_out(api: Client) -> None:
    url = checkout(api)
    api.clock.advance(timedelta(hours=24))
    assert api.visit(url, "POST")["statusCode"] == 404


def test_the_page_does_nothing_else(api: Client) -> None:
    assert api.visit(checkout(api), "DELETE")["statusCode"] == 405


@pytest.mark.parametrize("stage", ["production", "staging", ""])
def test_a_stack_that_is_not_local_mints_no_credits(api: Client, stage: str) -> None:
    url = checkout(api)  # rightly signed, with the same master secret
    real = Client(stage=stage)
    assert real.post("/credits/buy", {"pack": "pack_100"}).status == 503
    for method in ("GET", "POST"):
        assert real.visit(url, method)["statusCode"] == 404
    assert real.wallet.granted == 100


def test_automatic_reload_is_switched_on_shown_changed_and_switched_off(api: Client) -> None:
    off = {"enabled": False, "threshold": None, "pack": None}
    assert api.get("/credits/auto-reload").json == off
    on = {"enabled": True, "threshold": 50, "pack": "pack_1000"}
    assert api.post("/credits/auto-reload", {"threshold": 50, "pack": "pack_1000"}).json == on
    assert api.get("/credits/auto-reload").json == on
    changed = {"enabled": True, "threshold": 10, "pack": "pack_100"}
    assert api.post("/credits/auto-reload", {"threshold": 10.0, "pack": "pack_100"}).json == changed
    for _ in range(2):
        assert api.ask("DELETE", "/credits/auto-reload").json == off
    assert api.get("/credits/auto-reload").json == off


def test_automatic_reload_is_each_workspace_s_own(api: Client) -> None:
    api.post("/credits/auto-reload", {"threshold": 50, "pack": "pack_1000"})
    stranger = api.issue(workspace_id=api.core.open_workspace("Bob").id)
    assert api.get("/credits/auto-reload", key=stranger).json["enabled"] is False
