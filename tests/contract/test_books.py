"""Everything there is, page by page: owners, entries, open jobs; and the last result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.ledger import LedgerEntry, grant_entry
from darkroom.domain.jobs import transitions
from darkroom.domain.reconcile.books import Difference, Discrepancy, Reconciliation
from darkroom.domain.writes import AdvanceJob, AppendEntry, CreateJob, GrantCredits, SaveReconciliation
from tests.contract.conftest import Ports
from tests.contract.examples import MINUTE, NOW, OWNER, STRANGER, TEST_OWNER, job, object_id


def everything[T](page: Callable[[str | None], tuple[Sequence[T], str | None]]) -> list[T]:
    found, cursor = page(None)
    all_found = [*found]
    while cursor is not None:
        found, cursor = page(cursor)
        all_found += found
    return all_found


def entries(ports: Ports, count: int, owner: Owner = OWNER) -> list[LedgerEntry]:
    made = [grant_entry(owner, object_id(number), 1, NOW + number * MINUTE) for number in range(count)]
    for entry in made:
        ports.store.commit(AppendEntry(entry))
    return made


def test_all_owners_with_a_wallet_are_found_and_nothing_else(ports: Ports) -> None:
    owners = [OWNER, TEST_OWNER, STRANGER, *(Owner(object_id(number), True) for number in range(5))]
    for owner in owners:
        ports.store.commit(GrantCredits(owner, 1))
    entries(ports, 3)
    assert sorted(everything(ports.books.owners), key=lambda owner: owner.key) == sorted(
        owners, key=lambda owner: owner.key
    )


def test_an_owners_entries_come_by_id_from_any_place_on(ports: Ports) -> None:
    made = entries(ports, 5)
    entries(ports, 2, TEST_OWNER)
    assert ports.books.entries(OWNER, "", 2) == made[:2]
    assert ports.books.entries(OWNER, made[1].id, 2) == made[2:4]
    assert ports.books.entries(OWNER, made[3].id, 2) == made[4:]
    assert ports.books.entries(STRANGER, "", 2) == []


def test_the_latest_entries_come_by_time(ports: Ports) -> None:
    made = entries(ports, 4)
    assert ports.books.entries_since(OWNER, made[2].at) == made[2:]
    assert ports.books.entries_since(TEST_OWNER, NOW) == []


def test_open_jobs_are_found_whosever_they_are(ports: Ports) -> None:
    jobs = [job(number, owner=owner) for number in range(6) for owner in (OWNER, STRANGER)]
    for one in jobs:
        ports.store.commit(CreateJob(one))
    ended = job(99)
    ports.store.commit(CreateJob(ended))
    ports.store.commit(AdvanceJob(ended, transitions.canceled(ended, NOW)))
    found = {(one.owner, one.id) for one in everything(ports.books.open_jobs)}
    assert found == {(one.owner, one.id) for one in jobs}


def test_the_last_result_is_kept_whole(ports: Ports) -> None:
    assert ports.books.last() is None
    result = Reconciliation("r", NOW, NOW, owners=3, entries=9).plus(
        [Difference(Discrepancy.HOLD, OWNER, "held", 3, 0, ("a", "b"))]
    )
    ports.store.commit(SaveReconciliation(result))
    assert ports.books.last() == result
    later = replace(result, id="s", finished_at=NOW, differences=(), found=0)
    ports.store.commit(SaveReconciliation(later))
    assert ports.books.last() == later
