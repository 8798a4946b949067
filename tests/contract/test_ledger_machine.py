"""Credits in any order: granted, held, settled, refunded, expired, reversed, given back, once or again and again."""

from __future__ import annotations

import uuid
from functools import partial
from typing import cast

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from darkroom.domain.accounts.workspaces import Feature, Owner
from darkroom.domain.billing.ledger import (
    LedgerEntry,
    expiry_entry,
    grant_entry,
    hold_entry,
    late_entry,
    refund_entry,
    reinstatement_entry,
    reversal_entry,
    reversal_id,
    settle_entry,
)
from darkroom.domain.paging import PageRequest
from darkroom.domain.writes import (
    AppendEntry,
    ExpireCredits,
    GrantCredits,
    HoldCredits,
    RefundCredits,
    ReinstateCredits,
    ReverseCredits,
    SettleCredits,
    SpendCredits,
    Write,
    WriteRefused,
)
from tests.contract.conftest import Ports
from tests.contract.examples import NOW

TODAY = NOW.date()
ENOUGH = 1_000_000
CAUSES = st.integers(0, 5)  # few, so that most come again
AMOUNTS = st.integers(1, 40)


class Books(RuleBasedStateMachine):
    """A wallet beside a model of plain numbers, in which owing is a balance below nothing."""

    def __init__(self, ports: Ports) -> None:
        super().__init__()
        self.ports = ports
        self.owner = Owner(str(uuid.uuid4()), livemode=True)
        self.model = dict.fromkeys(("granted", "balance", "held", "spent", "expired", "reversed"), 0)
        self.entries: dict[str, LedgerEntry] = {}

    def commit(self, write: Write, entry: LedgerEntry, *, allowed: bool) -> None:
        """Commit a movement and move the model, if the model says that it is to be accepted."""
        expected = allowed and bool(self.entries or entry.granted) and entry.id not in self.entries
        try:
            self.ports.store.commit(write, AppendEntry(entry))
        except WriteRefused:
            assert not expected, entry
            return
        assert expected, entry
        self.entries[entry.id] = entry
        for column in self.model:
            self.model[column] += getattr(entry, "available" if column == "balance" else column)

    @rule(cause=CAUSES, credits=AMOUNTS)
    def grant(self, cause: int, credits: int) -> None:
        entry = grant_entry(self.owner, f"g{cause}", credits, NOW)
        self.commit(GrantCredits(self.owner, credits), entry, allowed=True)

    @rule(job=CAUSES, credits=st.integers(0, 40))
    def hold(self, job: int, credits: int) -> None:
        covered = not credits or self.model["balance"] >= credits
        write = HoldCredits(self.owner, credits, Feature.IMAGES, 1, TODAY, ENOUGH)
        self.commit(write, hold_entry(self.owner, f"j{job}", credits, NOW), allowed=covered)

    @rule(job=CAUSES, delivered=st.floats(0, 1))
    def settle(self, job: int, delivered: float) -> None:
        hold = self.entries.get(f"j{job}#hold")
        if hold is None:
            return
        charged = round(hold.held * delivered)
        write = SettleCredits(self.owner, hold.held, charged, Feature.IMAGES, TODAY, 0)
        entry = settle_entry(self.owner, f"j{job}", held=hold.held, charged=charged, at=NOW)
        self.commit(write, entry, allowed=True)

    @rule(job=CAUSES, credits=AMOUNTS)
    def refund(self, job: int, credits: int) -> None:
        write = RefundCredits(self.owner, credits, TODAY, ENOUGH)
        entry = refund_entry(self.owner, f"j{job}", credits, NOW)
        self.commit(write, entry, allowed=self.model["spent"] >= credits)

    @rule(job=CAUSES, credits=AMOUNTS)
    def charge_late(self, job: int, credits: int) -> None:
        write = SpendCredits(self.owner, credits, Feature.IMAGES, 1, TODAY, ENOUGH)
        entry = late_entry(self.owner, f"j{job}", credits, NOW)
        self.commit(write, entry, allowed=self.model["balance"] >= credits)

    @rule(cause=CAUSES, credits=AMOUNTS)
    def reverse(self, cause: int, credits: int) -> None:
        entry = reversal_entry(self.owner, f"r{cause}", credits, NOW)
        self.commit(ReverseCredits(self.owner, credits), entry, allowed=True)

    @rule(cause=CAUSES, credits=AMOUNTS)
    def expire(self, cause: int, credits: int) -> None:
        entry = expiry_entry(self.owner, f"g{cause}", credits, NOW)
        self.commit(ExpireCredits(self.owner, credits), entry, allowed=self.model["balance"] >= credits)

    @rule(cause=CAUSES)
    def reinstate(self, cause: int) -> None:
        reversal = self.ports.accounts.entry(self.owner, reversal_id(f"r{cause}"))
        assert reversal == self.entries.get(reversal_id(f"r{cause}"))
        if reversal is not None:
            entry = reinstatement_entry(reversal, f"r{cause}", NOW)
            self.commit(ReinstateCredits(self.owner, reversal.reversed), entry, allowed=True)

    @invariant()
    def the_wallet_is_the_model_s(self) -> None:
        wallet = self.ports.accounts.wallet(self.owner)
        assert wallet.granted + wallet.owed == (
            wallet.available + wallet.held + wallet.spent + wallet.expired + wallet.reversed
        )
        assert wallet.balances
        assert min(wallet.available, wallet.owed) == 0
        assert min(wallet.available, wallet.owed, wallet.held, wallet.spent, wallet.reversed) >= 0
        assert {column: getattr(wallet, column) for column in self.model} == self.model

    def teardown(self) -> None:
        stored = self.ports.accounts.entries(self.owner, PageRequest(limit=100)).items
        assert {entry.id: entry for entry in stored} == self.entries


def test_granted_and_owed_is_where_it_went_whatever_happens(ports: Ports) -> None:
    run_state_machine_as_test(
        cast("type[Books]", partial(Books, ports)),
        settings=settings(max_examples=30, stateful_step_count=30, deadline=None, database=None),
    )
