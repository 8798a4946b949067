"""The platform's routes as its OpenAPI document tells of them."""

from __future__ import annotations

from api_platform import requests, resources
from api_platform.app import PREFIX
from api_platform.errors import TABLE
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.openapi import ApiDocument, Operation, ResponseSpec, paging

_PAGING = paging("next_cursor", ids={"type": "string", "maxLength": 240})

_HEALTH = (
    Operation(
        "GET",
        "/health",
        "getHealth",
        "Health",
        "Is the API up?",
        (ResponseSpec(200, resources.Health, "It is."),),
        None,
    ),
    Operation(
        "GET",
        "/openapi.json",
        "getOpenapi",
        "Health",
        "This document",
        (ResponseSpec(200, None, "OpenAPI 3.1."),),
        None,
    ),
)
_KEYS = (
    Operation(
        "POST",
        "/keys",
        "createKey",
        "Keys",
        "Mint a key",
        (ResponseSpec(201, resources.KeyAnswer, "The key; its secret is shown this once."),),
        Scope.KEYS,
        description="`dialect` only decides how the key is spelled: every key works on every dialect. A key "
        "can only be given scopes its maker has.",
        body=requests.NewKey,
        example={"name": "ci", "scopes": ["generations:read"]},
        errors=(400,),
    ),
    Operation(
        "GET",
        "/keys",
        "listKeys",
        "Keys",
        "List keys",
        (ResponseSpec(200, resources.KeyList, "All keys."),),
        Scope.KEYS,
    ),
    Operation(
        "DELETE",
        "/keys/<key_id>",
        "revokeKey",
        "Keys",
        "Revoke a key, at once",
        (ResponseSpec(200, resources.Revoked, "It opens nothing any more."),),
        Scope.KEYS,
        errors=(404,),
    ),
)
_CREDITS = (
    Operation(
        "GET",
        "/credits",
        "getCredits",
        "Credits",
        "The wallet of the key's mode",
        (ResponseSpec(200, resources.CreditsAnswer, "`granted = available + held + spent`."),),
        Scope.ACCOUNT,
    ),
    Operation(
        "GET",
        "/ledger",
        "listLedger",
        "Credits",
        "Every movement of credits",
        (ResponseSpec(200, resources.EntryList, "A page; the columns of all pages sum to the wallet."),),
        Scope.ACCOUNT,
        parameters=_PAGING,
        errors=(400,),
    ),
)
_ADMIN = (
    Operation(
        "POST",
        "/admin/workspaces",
        "createWorkspace",
        "Operator",
        "Open a workspace",
        (ResponseSpec(201, resources.WorkspaceAnswer, "The workspace and its first key."),),
        Scope.ADMIN,
        body=requests.NewWorkspace,
        example={"name": "Acme", "plan": "pro", "credits": 500},
        errors=(400,),
    ),
    Operation(
        "GET",
        "/admin/workspaces/<workspace_id>",
        "getWorkspace",
        "Operator",
        "A workspace and its wallets",
        (ResponseSpec(200, resources.WorkspaceState, "The live wallet, then the test wallet."),),
        Scope.ADMIN,
        errors=(404,),
    ),
    Operation(
        "GET",
        "/admin/workspaces/<workspace_id>/jobs/<job_id>",
        "getJob",
        "Operator",
        "How a job went, and at which vendor",
        (
            ResponseSpec(
                200, resources.JobAnswer, "Its routes, and each task with the facts its vendor told."
            ),
        ),
        Scope.ADMIN,
        errors=(404,),
    ),
    Operation(
        "POST",
        "/admin/workspaces/<workspace_id>/credits",
        "grantCredits",
        "Operator",
        "Grant credits, once per reference",
        (
            ResponseSpec(201, resources.Granted, "Granted."),
            ResponseSpec(200, resources.Granted, "The reference had granted them before."),
        ),
        Scope.ADMIN,
        body=requests.NewGrant,
        example={"credits": 1000, "reference": "invoice 2026-117"},
        errors=(400, 404),
    ),
)

DOCUMENT = ApiDocument(
    title="Darkroom platform API",
    version="1",
    description="Health, keys, credits and the operator's calls.",
    prefix=PREFIX,
    operations=_HEALTH + _KEYS + _CREDITS + _ADMIN,
    error_model=resources.ErrorAnswer,
    errors=TABLE,
    common_errors=(401, 403, 429, 500, 503),
    tags={
        "Health": "Is it up, and what can it do?",
        "Keys": "A workspace's credentials.",
        "Credits": "What there is, and where it went.",
        "Operator": "For whoever runs the stack.",
    },
)
