"""Writes: which refusal explains the others."""

from __future__ import annotations

from darkroom.domain.billing.ledger import hold_entry
from darkroom.domain.writes import (
    AdvanceJob,
    AppendEntry,
    GrantCredits,
    IdempotencyRecord,
    SaveIdempotencyRecord,
    StoredResponse,
    Write,
    WriteRefused,
)
from tests.contract.examples import NOW, OWNER, job

RECORD = IdempotencyRecord(OWNER, "k", "f", StoredResponse(202, "{}"), NOW)


def test_an_earlier_answer_explains_a_job_that_moved_on_which_explains_its_entries() -> None:
    writes: list[Write] = [
        GrantCredits(OWNER, 1),
        AppendEntry(hold_entry(OWNER, "j", 1, NOW)),
        AdvanceJob(job(), job()),
        SaveIdempotencyRecord(RECORD, NOW),
    ]
    assert sorted(writes, key=lambda write: write.precedence) == writes[::-1]


def test_a_refusal_names_the_write_and_what_stands_in_its_place() -> None:
    refused = WriteRefused(GrantCredits(OWNER, 1), 7)
    assert (str(refused), refused.current) == ("GrantCredits", 7)
