"""Packs and automatic reloads. ``api_billing`` serves these routes when deployed, and hears of payments."""

from __future__ import annotations

import pytest

from darkroom.adapters.no_payments import NoPayments
from darkroom.domain.accounts.api_keys import Scope
from tests.unit.functions.api_moondraft.client import Client


@pytest.mark.parametrize(("pack", "credits"), [("pack_100", 100), ("pack_300", 300), ("pack_1000", 1000)])
def test_buying_a_pack_leads_to_where_it_is_paid(api: Client, pack: str, credits: int) -> None:
    reply = api.post("/credits/buy", {"pack": pack})
    assert (reply.status, reply.json) == (200, {"checkout_url": "https://checkout.test/pay/cs_1"})
    assert api.wallet.granted == 100
    api.core.handle_checkout(api.payments.outcome())
    assert api.get("/credits").json["credits"] == 100 + credits
    api.check_books()


def test_buying_takes_a_scope_of_its_own(api: Client) -> None:
    generating = api.issue(scopes=frozenset(Scope) - {Scope.BILLING, Scope.ADMIN})
    assert api.post("/credits/buy", {"pack": "pack_300"}, key=generating).status == 401
    assert (
        api.post("/credits/auto-reload", {"threshold": 5, "pack": "pack_300"}, key=generating).status == 401
    )
    assert api.ask("DELETE", "/credits/auto-reload", key=generating).status == 401
    assert api.payments.started == []
    buying = api.issue(scopes=frozenset({Scope.BILLING}))
    assert api.post("/credits/buy", {"pack": "pack_300"}, key=buying).status == 200


def test_a_stack_that_sells_nothing_says_so(api: Client) -> None:
    api.core.buy_credits = type(api.core.buy_credits)(
        NoPayments(), api.core.purchases, api.core.store, api.ids, api.clock, api.core.buy_credits.packs
    )
    reply = api.post("/credits/buy", {"pack": "pack_100"})
    assert reply.status == 503
    assert "ask its operator" in reply.error
    assert api.memory.purchases == {}


def test_a_test_key_buys_nothing_with_real_money(api: Client) -> None:
    reply = api.post(
        "/credits/buy", {"pack": "pack_100"}, key=api.issue("test", livemode=False, dialect="memes")
    )
    assert reply.status == 400
    assert "live key" in reply.error


def test_automatic_reload_is_switched_on_shown_changed_and_switched_off(api: Client) -> None:
    off = {"enabled": False, "threshold": None, "pack": None, "monthly_limit_cents": None}
    assert api.get("/credits/auto-reload").json == off
    on = {"enabled": True, "threshold": 50, "pack": "pack_1000", "monthly_limit_cents": 50_000}
    assert api.post("/credits/auto-reload", {"threshold": 50, "pack": "pack_1000"}).json == on
    assert api.get("/credits/auto-reload").json == on
    changed = {"enabled": True, "threshold": 10, "pack": "pack_100", "monthly_limit_cents": 1_800}
    body = {"threshold": 10.0, "pack": "pack_100", "monthly_limit_cents": 1_800}
    assert api.post("/credits/auto-reload", body).json == changed
    for _ in range(2):
        assert api.ask("DELETE", "/credits/auto-reload").json == off
    assert api.get("/credits/auto-reload").json == off


def test_automatic_reload_is_each_workspace_s_own(api: Client) -> None:
    api.post("/credits/auto-reload", {"threshold": 50, "pack": "pack_1000"})
    stranger = api.issue(workspace_id=api.core.open_workspace("Bob").id)
    assert api.get("/credits/auto-reload", key=stranger).json["enabled"] is False
