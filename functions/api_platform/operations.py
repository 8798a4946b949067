"""What the OpenAPI document adds to the platform's routes."""

from __future__ import annotations

from api_platform import requests, resources
from api_platform.app import api
from api_platform.routes import admin, credits, documents, files, health, keys, manifests, usage
from darkroom.http import file_resources
from darkroom.http.file_requests import UploadBody
from darkroom.http.openapi import ApiDocument, Operation, Parameter, ResponseSpec, paging

_PAGING = paging("next_cursor", ids={"type": "string", "maxLength": 240})
_LAST_EVENT = Parameter(
    "Last-Event-ID",
    {"type": "string"},
    "Which event was seen last; EventSource sends it by itself.",
    "header",
)

_HEALTH = (
    Operation(
        health.get_health,
        "Health",
        (ResponseSpec(200, resources.Health, "It is."),),
    ),
    Operation(
        documents.get_openapi,
        "Health",
        (ResponseSpec(200, None, "OpenAPI 3.1."),),
    ),
)
_KEYS = (
    Operation(
        keys.create_key,
        "Keys",
        (ResponseSpec(201, resources.KeyAnswer, "The key; its secret is shown this once."),),
        description="`dialect` only decides how the key is spelled: every key works on every dialect. A key "
        "can only be given scopes its maker has, lives no longer and has no higher limit.",
        body=requests.NewKey,
        example={"name": "ci", "scopes": ["generations:read"]},
        errors=(400,),
    ),
    Operation(
        keys.list_keys,
        "Keys",
        (ResponseSpec(200, resources.KeyList, "A page, oldest first. Test keys see test keys."),),
        parameters=paging("next_cursor", order="oldest"),
        errors=(400,),
    ),
    Operation(
        keys.set_key_budget,
        "Keys",
        (ResponseSpec(200, resources.ChangedKey, "The key as it is now."),),
        description="From the next request on. What is left out has no ceiling.",
        body=requests.KeyBudget,
        example={"daily_credits": 500},
        errors=(400, 404),
    ),
    Operation(
        keys.revoke_key,
        "Keys",
        (ResponseSpec(200, resources.Revoked, "It opens nothing any more."),),
        errors=(404,),
    ),
)
_INVARIANT = "`granted + owed = available + held + spent + expired + reversed`."
_CREDITS = (
    Operation(
        credits.get_credits,
        "Credits",
        (ResponseSpec(200, resources.CreditsAnswer, _INVARIANT),),
    ),
    Operation(
        credits.list_ledger,
        "Credits",
        (ResponseSpec(200, resources.EntryList, "A page; the columns of all pages sum to the wallet."),),
        parameters=_PAGING,
        errors=(400,),
    ),
)
_DAY = {"type": "string", "format": "date", "maxLength": 10}


def _report(*dimensions: str) -> tuple[Parameter, ...]:
    """The parameters of a report that can be divided by these."""
    groups = {"type": "array", "items": {"type": "string", "enum": [*dimensions]}, "maxItems": 3}
    return (
        Parameter("from", _DAY, "The first day, UTC."),
        Parameter("to", _DAY, "The last day, UTC; at most 92 days in all."),
        Parameter("group_by", groups, "What to divide it by, with commas between."),
        *paging("next_cursor", ids={"type": "string", "maxLength": 300}, order="oldest"),
    )


_USAGE = (
    Operation(
        usage.get_usage,
        "Usage",
        (ResponseSpec(200, resources.UsageReport, "The sums, and a page of their parts."),),
        parameters=_report("day", "key", "offer"),
        errors=(400,),
    ),
)
_FILES = (
    Operation(
        files.create_file,
        "Files",
        (
            ResponseSpec(
                201, file_resources.UploadAnswer, "The pending file, and the request that uploads it."
            ),
        ),
        description="Send `upload` as it is, with the file as its body. At most 25 MB for pictures and 50 MB for "
        "sounds. The file is checked at once and becomes `ready` or `rejected`.",
        body=UploadBody,
        example={
            "filename": "hero.png",
            "content_type": "image/png",
            "size": 70,
            "checksum_sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        },
        errors=(400, 409),
        idempotent=True,
    ),
    Operation(
        files.list_files,
        "Files",
        (ResponseSpec(200, resources.FileList, "A page of files."),),
        parameters=paging("next_cursor"),
        errors=(400,),
    ),
    Operation(
        files.get_file,
        "Files",
        (ResponseSpec(200, file_resources.FileAnswer, "The file."),),
        errors=(404,),
    ),
    Operation(
        files.delete_file,
        "Files",
        (ResponseSpec(200, file_resources.FileDeleted, "Removed, bytes and all."),),
        errors=(404,),
    ),
)
_MANIFESTS = (
    Operation(
        manifests.create_manifest,
        "Manifests",
        (
            ResponseSpec(
                201, resources.ManifestUploadAnswer, "The manifest, and the request that uploads its file."
            ),
        ),
        description="Send `upload` as it is, with the file as its body: it starts by itself. Its rows become renders "
        "of `template_id`, or outputs of `model`. Every 1,000 rows hold their price when they are begun.",
        body=requests.NewManifest,
        example={"format": "csv", "size": 2048, "model": "forge-image", "name": "spring sale"},
        errors=(400, 404, 409),
        idempotent=True,
    ),
    Operation(
        manifests.list_manifests,
        "Manifests",
        (ResponseSpec(200, resources.ManifestList, "A page of manifests."),),
        parameters=paging("next_cursor"),
        errors=(400,),
    ),
    Operation(
        manifests.get_manifest,
        "Manifests",
        (ResponseSpec(200, resources.ManifestAnswer, "The manifest."),),
        errors=(404,),
    ),
    Operation(
        manifests.stream_manifest,
        "Manifests",
        (
            ResponseSpec(
                200,
                None,
                "`progress` events, then `done` with the manifest. Each answer is a part of the stream; a standard "
                "client reconnects and sees one.",
                media="text/event-stream",
            ),
            ResponseSpec(204, None, "The stream is over.", media="text/event-stream"),
        ),
        parameters=(_LAST_EVENT,),
        errors=(404,),
    ),
    Operation(
        manifests.get_manifest_results,
        "Manifests",
        (ResponseSpec(200, resources.ManifestResults, "Where the results and the report of bad rows are."),),
        errors=(404,),
    ),
    Operation(
        manifests.cancel_manifest,
        "Manifests",
        (
            ResponseSpec(
                200, resources.ManifestAnswer, "What is made is kept; the rest is released and reported."
            ),
        ),
        errors=(404, 409),
    ),
)
_ADMIN = (
    Operation(
        admin.create_workspace,
        "Operator",
        (ResponseSpec(201, resources.WorkspaceAnswer, "The workspace and its first key."),),
        body=requests.NewWorkspace,
        example={"name": "Acme", "plan": "pro", "credits": 500},
        errors=(400,),
    ),
    Operation(
        admin.get_workspace,
        "Operator",
        (ResponseSpec(200, resources.WorkspaceState, "The live wallet, then the test wallet."),),
        errors=(404,),
    ),
    Operation(
        admin.get_all_usage,
        "Operator",
        (ResponseSpec(200, resources.CostReport, "The sums, and a page of their parts."),),
        parameters=(
            *_report("day", "offer", "vendor", "workspace"),
            Parameter("livemode", {"type": "boolean", "default": True}, "Of which mode."),
        ),
        errors=(400,),
    ),
    Operation(
        admin.get_reconciliation,
        "Operator",
        (ResponseSpec(200, resources.ReconciliationAnswer, "The last run; `null` before the first."),),
    ),
    Operation(
        admin.get_job,
        "Operator",
        (
            ResponseSpec(
                200, resources.JobAnswer, "Its routes, and each task with the facts its vendor reported."
            ),
        ),
        errors=(404,),
    ),
    Operation(
        admin.spread_wallet,
        "Operator",
        (ResponseSpec(200, resources.SpreadWallet, "Spread; nothing else of the wallet has changed."),),
        body=requests.Spread,
        example={"shards": 4},
        errors=(400, 404),
    ),
    Operation(
        admin.grant_credits,
        "Operator",
        (
            ResponseSpec(201, resources.Granted, "Granted."),
            ResponseSpec(200, resources.Granted, "The reference had granted them before."),
        ),
        body=requests.NewGrant,
        example={"credits": 1000, "reference": "invoice 2026-117"},
        errors=(400, 404, 409),
        idempotent=True,
    ),
)

DOCUMENT = ApiDocument(
    title="Darkroom platform API",
    version="1",
    description="Health, keys, credits, uploaded files, manifests and the operator's calls.",
    api=api,
    operations=_HEALTH + _KEYS + _CREDITS + _USAGE + _FILES + _MANIFESTS + _ADMIN,
    error_resource=resources.ErrorAnswer,
    common_errors=(401, 403, 429, 500, 503),
    tags={
        "Health": "Is it up, and what can it do?",
        "Keys": "A workspace's credentials.",
        "Credits": "What there is, and where it went.",
        "Usage": "What was used, by day, key and offer.",
        "Files": "Uploads, to use as inputs in every dialect.",
        "Manifests": "Files of rows that become renders or generations.",
        "Operator": "For the operator of the stack.",
    },
)
