"""A role allows no write of a table that its function cannot come to make."""

from __future__ import annotations

import re

import pytest

from tests.contract.test_dynamodb_rows import EVERY_WRITE
from tests.unit.template.reaching import called, committed, mentions
from tests.unit.template.source import named, resources, statements
from tests.unit.template.test_leading_keys import call, effects

FUNCTIONS = resources("AWS::Serverless::Function")
TABLES = {
    "AccountsTable": "accounts",
    "JobsTable": "jobs",
    "AssetsTable": "assets",
    "WebhooksTable": "webhooks",
    "UsageTable": "usage",
}
WRITING = frozenset({"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"})
# Changes of one row that ports make themselves, by the names of their methods.
BY_PORTS = {
    ("jobs", "dynamodb:UpdateItem"): {
        *("claim", "claim_all", "claim_poll", "park", "keep", "expedite", "adopt", "requeue", "postpone"),
        "set_aside",
    },
    ("webhooks", "dynamodb:UpdateItem"): {"set_aside"},
}


def source_of(function: str) -> str:
    """The folder of a function: ``ApiMemes`` is in ``api_memes``."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", function).lower()


def allowed(function: str) -> set[tuple[str, str]]:
    """The writes its role allows, as tables and actions."""
    found: set[tuple[str, str]] = set()
    for statement in statements(FUNCTIONS[function]["Policies"]):
        if statement["Effect"] == "Deny":
            continue
        actions = statement["Action"]
        tables = {TABLES[name] for name in named(statement["Resource"]) if name in TABLES}
        listed = {actions} if isinstance(actions, str) else set(actions)
        found |= {(table, action) for table in tables for action in listed & WRITING}
    return found


def made(function: str) -> set[tuple[str, str]]:
    """The writes its source can come to make."""
    source = source_of(function)
    writes = {call(write)[:2] for write in EVERY_WRITE if type(write).__name__ in committed(source)}
    return writes | {where for where, methods in BY_PORTS.items() if methods & called(source)}


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_a_role_allows_no_write_that_its_function_cannot_make(function: str) -> None:
    assert allowed(function) - made(function) == set()


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_a_role_denies_nothing_that_its_function_makes(function: str) -> None:
    source = source_of(function)
    made = [call(write) for write in EVERY_WRITE if type(write).__name__ in committed(source)]
    rows = [(action, key) for table, action, key in made if table == "accounts"]
    assert [row for row in rows if "Deny" in effects(function, *row)] == []


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_only_a_function_that_deletes_files_may(function: str) -> None:
    policies = FUNCTIONS[function]["Policies"]
    may = any("s3:DeleteObject" in str(statement["Action"]) for statement in statements(policies))
    assert may == mentions(source_of(function), "blobs.delete(")


def test_what_is_looked_for_is_found() -> None:
    assert ("accounts", "dynamodb:DeleteItem") in made("ApiAgent") & allowed("ApiAgent")
    assert ("accounts", "dynamodb:DeleteItem") not in made("ApiGencraft")
    assert made("EventsRelay") == set()
