"""Credits, the ledger and reloading."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

from darkroom.domain import writes
from darkroom.domain.billing.ledger import Wallet
from darkroom.domain.writes import WriteRefused
from tests.fakes.memory import Memory, as_stored
from tests.fakes.writes.registry import Effect, effect, refuse_if_there


def moved(wallet: Wallet, credits: int, **columns: Any) -> Wallet:
    """The wallet after its balance has changed by ``credits``."""
    balance = wallet.balance + credits
    return replace(wallet, available=max(balance, 0), owed=max(-balance, 0), **columns)


def _short(wallet: Wallet, credits: int) -> bool:
    return bool(credits) and wallet.balance < credits


@effect(writes.GrantCredits, row=lambda write: ("wallet", write.owner, 0))
def grant_credits(memory: Memory, write: writes.GrantCredits) -> Effect:
    wallet = memory.wallets.get(write.owner, Wallet(write.owner))
    granted = moved(wallet, write.credits, granted=wallet.granted + write.credits)
    return lambda: memory.wallets.update({write.owner: granted})


@effect(writes.HoldCredits, row=lambda write: ("wallet", write.owner, write.shard))
def hold_credits(memory: Memory, write: writes.HoldCredits) -> Effect:
    wallet = memory.wallet_row(write.owner, write.shard)
    if wallet is None:
        raise WriteRefused(write, 0)
    today = (write.feature, write.day)
    counted = wallet.used.get(today, 0) + write.units
    if wallet.shards != write.shards or _short(wallet, write.credits) or counted > write.day_ceiling:
        raise WriteRefused(write, wallet.balance)
    kept = {counter: n for counter, n in wallet.used.items() if counter not in write.stale}
    held = moved(
        wallet,
        -write.credits,
        held=wallet.held + write.credits,
        used=kept | {today: counted},
    )
    return lambda: memory.put_wallet_row(write.owner, write.shard, held)


@effect(writes.SettleCredits, row=lambda write: ("wallet", write.owner, write.shard))
def settle_credits(memory: Memory, write: writes.SettleCredits) -> Effect:
    wallet = memory.wallet_row(write.owner, write.shard)
    if wallet is None or wallet.held < write.held:
        raise WriteRefused(write, wallet.held if wallet else 0)
    refunds = dict(wallet.refunded)
    if refund := write.refund:
        refunds = {day: n for day, n in refunds.items() if day > refund.day - timedelta(days=1)}
        refunds[refund.day] = refunds.get(refund.day, 0) + refund.credits
        if refunds[refund.day] > refund.day_limit:
            raise WriteRefused(write, wallet.held)
    day = (write.feature, write.day)
    given_back = {day: wallet.used.get(day, write.returned) - write.returned} if write.returned else {}
    settled = moved(
        wallet,
        write.held - write.charged,
        held=wallet.held - write.held,
        spent=wallet.spent + write.charged,
        used={**wallet.used, **given_back},
        refunded=refunds,
    )
    return lambda: memory.put_wallet_row(write.owner, write.shard, settled)


@effect(writes.SpendCredits, row=lambda write: ("wallet", write.owner, write.shard))
def spend_credits(memory: Memory, write: writes.SpendCredits) -> Effect:
    wallet = memory.wallet_row(write.owner, write.shard)
    if wallet is None:
        raise WriteRefused(write, 0)
    today = (write.feature, write.day)
    counted = wallet.used.get(today, 0) + write.units
    if wallet.shards != write.shards or _short(wallet, write.credits) or counted > write.day_ceiling:
        raise WriteRefused(write, wallet.balance)
    spent = moved(
        wallet,
        -write.credits,
        spent=wallet.spent + write.credits,
        used={**wallet.used, today: counted},
    )
    return lambda: memory.put_wallet_row(write.owner, write.shard, spent)


@effect(writes.RefundCredits, row=lambda write: ("wallet", write.owner, write.shard))
def refund_credits(memory: Memory, write: writes.RefundCredits) -> Effect:
    wallet = memory.wallet_row(write.owner, write.shard)
    if wallet is None:
        raise WriteRefused(write, 0)
    refunds, limit = dict(wallet.refunded), write.day_limit if write.day_limit is not None else math.inf
    if write.day_limit is not None:
        refunds = {day: n for day, n in refunds.items() if day not in write.stale}
        refunds[write.day] = wallet.refunded.get(write.day, 0) + write.credits
    if wallet.spent < write.credits or refunds.get(write.day, 0) > limit:
        raise WriteRefused(write, wallet.spent)
    changed = moved(
        wallet,
        write.credits,
        spent=wallet.spent - write.credits,
        given_back=wallet.given_back + write.credits,
        refunded=refunds,
    )
    return lambda: memory.put_wallet_row(write.owner, write.shard, changed)


@effect(writes.ReverseCredits, row=lambda write: ("wallet", write.owner, 0))
def reverse_credits(memory: Memory, write: writes.ReverseCredits) -> Effect:
    wallet = memory.wallets.get(write.owner)
    if wallet is None:
        raise WriteRefused(write, 0)
    changed = moved(wallet, -write.credits, reversed=wallet.reversed + write.credits)
    return lambda: memory.wallets.update({write.owner: changed})


@effect(writes.ReinstateCredits, row=lambda write: ("wallet", write.owner, 0))
def reinstate_credits(memory: Memory, write: writes.ReinstateCredits) -> Effect:
    wallet = memory.wallets.get(write.owner)
    if wallet is None or wallet.reversed < write.credits:
        raise WriteRefused(write, wallet.reversed if wallet else 0)
    changed = moved(wallet, write.credits, reversed=wallet.reversed - write.credits)
    return lambda: memory.wallets.update({write.owner: changed})


@effect(writes.MoveCredits, row=lambda write: ("wallet", write.owner, write.shard))
def move_credits(memory: Memory, write: writes.MoveCredits) -> Effect:
    row = memory.wallet_row(write.owner, write.shard)
    wallet = row or Wallet(write.owner, watched=write.watched)
    refused = row is not None if write.new else wallet.shards != write.before
    if refused or (write.credits < 0 and wallet.balance < -write.credits):
        raise WriteRefused(write, wallet.balance)
    changed = moved(wallet, write.credits, shards=write.shards)
    return lambda: memory.put_wallet_row(write.owner, write.shard, changed)


@effect(writes.SaveSpread, row=lambda write: ("spread", write.owner))
def save_spread(memory: Memory, write: writes.SaveSpread) -> Effect:
    return lambda: memory.spread.update({write.owner: write.shards})


@effect(writes.ExpireCredits, row=lambda write: ("wallet", write.owner, 0))
def expire_credits(memory: Memory, write: writes.ExpireCredits) -> Effect:
    wallet = memory.wallets.get(write.owner)
    if wallet is None or _short(wallet, write.credits):
        raise WriteRefused(write, wallet.balance if wallet else 0)
    changed = moved(wallet, -write.credits, expired=wallet.expired + write.credits)
    return lambda: memory.wallets.update({write.owner: changed})


@effect(writes.SaveExpiringGrants, row=lambda write: ("expiring", write.grants.owner))
def save_expiring_grants(memory: Memory, write: writes.SaveExpiringGrants) -> Effect:
    grants = as_stored(write.grants)
    stored = memory.expiring.get(grants.owner)
    if (stored.version if stored else 0) != grants.version - 1:
        raise WriteRefused(write, stored)
    return lambda: memory.expiring.update({grants.owner: grants})


@effect(writes.AppendEntry, row=lambda write: ("entry", write.entry.owner, write.entry.id))
def append_entry(memory: Memory, write: writes.AppendEntry) -> Effect:
    entry = as_stored(write.entry)
    place = (entry.owner, entry.id)
    refuse_if_there(write, memory.entries.get(place))
    return lambda: memory.entries.update({place: entry})


@effect(writes.SetAutoReload, row=lambda write: ("auto-reload", write.owner))
def set_auto_reload(memory: Memory, write: writes.SetAutoReload) -> Effect:
    if write.settings is None:
        return lambda: memory.auto_reloads.pop(write.owner, None)
    settings = as_stored(write.settings)
    return lambda: memory.auto_reloads.update({write.owner: settings})


@effect(writes.SavePurchase, row=lambda write: ("purchase", write.purchase.owner, write.purchase.id))
def save_purchase(memory: Memory, write: writes.SavePurchase) -> Effect:
    purchase = as_stored(write.purchase)
    place = (purchase.owner, purchase.id)
    stored = memory.purchases.get(place)
    if (stored.version if stored else 0) != purchase.version - 1:
        raise WriteRefused(write, stored)
    return lambda: memory.purchases.update({place: purchase})


@effect(writes.SetCustomer, row=lambda write: ("customer", write.owner))
def set_customer(memory: Memory, write: writes.SetCustomer) -> Effect:
    return lambda: memory.customers.update({write.owner: write.customer_id})


@effect(writes.SaveReloadState, row=lambda write: ("reload-state", write.state.owner))
def save_reload_state(memory: Memory, write: writes.SaveReloadState) -> Effect:
    state = as_stored(write.state)
    stored = memory.reload_states.get(state.owner)
    if (stored.version if stored else 0) != state.version - 1:
        raise WriteRefused(write, stored)
    return lambda: memory.reload_states.update({state.owner: state})


@effect(writes.WatchWallet, row=lambda write: ("wallet", write.owner, write.shard))
def watch_wallet(memory: Memory, write: writes.WatchWallet) -> Effect:
    wallet = memory.wallet_row(write.owner, write.shard) or Wallet(write.owner)
    return lambda: memory.put_wallet_row(write.owner, write.shard, replace(wallet, watched=write.on))
