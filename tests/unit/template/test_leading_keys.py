"""Which rows and files a function may touch: those that decode strangers' files cannot forge a key."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import pytest

from darkroom.adapters.dynamodb.keys import Tables
from darkroom.adapters.dynamodb.store import part_of
from darkroom.domain.writes import Write
from tests.contract.test_dynamodb_rows import EVERY_WRITE
from tests.unit.template.source import Block, named, resources, statements

TABLES = Tables("accounts", "jobs", "assets", "webhooks", "usage")
WORKERS = [
    "WorkerVendors",
    "WorkerRenderer",
    "WorkerSandbox",
    "WorkerSandboxFilms",
    "WorkerManifests",
    "Housekeeping",
]
# What workers write to the accounts. What grants, reverses and expires is of the same rows, which no condition tells
# apart.
THEIRS = {
    *("AppendEntry", "ExpireCredits", "GrantCredits", "HoldCredits", "MoveCredits", "RefundCredits"),
    *(
        "ReinstateCredits",
        "ReleaseVendorSlots",
        "ReverseCredits",
        "SettleCredits",
        "CountSpending",
        "ReturnSpending",
        "SpendCredits",
        "TakeSlots",
        "WatchWallet",
    ),
}
FUNCTIONS = resources("AWS::Serverless::Function")
VERBS = {"Put": "dynamodb:PutItem", "Update": "dynamodb:UpdateItem", "Delete": "dynamodb:DeleteItem"}


def call(write: Write) -> tuple[str, str, str]:
    """The table, the action and the leading key of the call that a write becomes."""
    part = part_of(write, TABLES)
    row: Any = part.request.get("Key") or part.request.get("Item")
    return part.request["TableName"], VERBS.get(part.verb, part.verb), row["pk"]["S"]


def may(function: str, action: str, leading_key: str) -> bool:
    """Whether a function's role allows an action on a row of the accounts with that partition key."""
    return effects(function, action, leading_key) == {"Allow"}


def effects(function: str, action: str, leading_key: str) -> set[str]:
    """What its role's statements say of such an action; one that denies it outdoes all that allow it."""
    every = statements(FUNCTIONS[function]["Policies"])
    return {one["Effect"] for one in every if _is_about(one, action, leading_key)}


def _is_about(statement: Block, action: str, leading_key: str) -> bool:
    actions = statement["Action"]
    if action not in ([actions] if isinstance(actions, str) else actions):
        return False
    if "AccountsTable" not in set(named(statement["Resource"])):
        return False
    # What is allowed is so where all of a call's keys are these, what is denied where any is.
    operator = "ForAllValues:StringLike" if statement["Effect"] == "Allow" else "ForAnyValue:StringLike"
    patterns = statement.get("Condition", {}).get(operator, {}).get("dynamodb:LeadingKeys", ["*"])
    return any(fnmatchcase(leading_key, pattern) for pattern in patterns)


ACCOUNTS = [write for write in EVERY_WRITE if call(write)[0] == "accounts"]


@pytest.mark.parametrize("function", WORKERS)
@pytest.mark.parametrize("write", ACCOUNTS, ids=lambda write: type(write).__name__)
def test_a_worker_settles_and_writes_nothing_else_of_the_accounts(function: str, write: Write) -> None:
    _, action, key = call(write)
    theirs = THEIRS | {"SaveExpiringGrants"} if function == "Housekeeping" else THEIRS
    assert may(function, action, key) == (type(write).__name__ in theirs)


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_only_functions_that_mint_keys_may_write_them(function: str) -> None:
    minting = {"ApiAgent", "ApiMoondraft", "ApiPlatform"}
    for action in ("dynamodb:PutItem", "dynamodb:UpdateItem"):
        assert may(function, action, "W#any") == (function in minting)
        assert may(function, action, "IDENTITY#any") == (function in minting)


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_no_function_may_touch_every_file(function: str) -> None:
    """What clients upload is judged by one function, and what the operator puts into the bucket is read by one."""
    folders = [
        text.removeprefix("${MediaBucket.Arn}/")
        for statement in statements(FUNCTIONS[function]["Policies"])
        if str(statement["Action"]).find("Object") >= 0
        for text in _texts(statement["Resource"])
    ]
    assert all(len(folder) > 2 and folder[0] != "*" for folder in folders), folders


def _texts(resource: Any) -> list[str]:
    if isinstance(resource, list):
        return [text for one in resource for text in _texts(one)]
    return [resource["Fn::Sub"]] if isinstance(resource, dict) and "Fn::Sub" in resource else []
