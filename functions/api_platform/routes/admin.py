"""What only the operator may do."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_platform import presenters
from api_platform.requests import NewGrant, NewWorkspace
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.accounts.workspaces import Feature, Owner
from darkroom.domain.errors import NotFound
from darkroom.http.api import json_response, new_router, request_context
from darkroom.http.request_models import parse
from darkroom.services.accounts.api_keys import KeyRequest
from darkroom.wiring import container

router = new_router()


@router.post("/admin/workspaces")
def create_workspace() -> Response[str]:
    """Open a workspace and mint its first key."""
    current = request_context(router)
    current.sender(Scope.ADMIN)
    body = parse(NewWorkspace, current.json_object())
    core = container()
    allowances = {
        Feature(name): limit for name, limit in body.allowances.model_dump(exclude_none=True).items()
    }
    workspace = core.open_workspace(
        body.name, plan=body.plan, credits=body.credits, allowances=allowances, email=body.email
    )
    key, secret = core.issue_key(workspace.id, KeyRequest(name="first key", dialect=body.key_dialect))
    answer = {"workspace": presenters.workspace(workspace), "key": presenters.key(key, secret)}
    return json_response(201, answer)


@router.get("/admin/workspaces/<workspace_id>")
def show_workspace(workspace_id: str) -> Response[str]:
    """A workspace with both of its wallets."""
    request_context(router).sender(Scope.ADMIN)
    accounts = container().accounts
    workspace = accounts.workspace(workspace_id)
    if workspace is None:
        raise NotFound("No such workspace.")
    wallets = [accounts.wallet(Owner(workspace_id, livemode)) for livemode in (True, False)]
    shown = {"workspace": presenters.workspace(workspace), "credits": [presenters.wallet(w) for w in wallets]}
    return json_response(200, shown)


@router.get("/admin/workspaces/<workspace_id>/jobs/<job_id>")
def show_job(workspace_id: str, job_id: str) -> Response[str]:
    """How a job went, with what its vendors told: for whoever pays them, not for whoever ordered it."""
    request_context(router).sender(Scope.ADMIN)
    jobs = container().jobs
    found = (jobs.get(Owner(workspace_id, livemode), job_id) for livemode in (True, False))
    job = next((one for one in found if one is not None), None)
    if job is None:
        raise NotFound("No such job.")
    return json_response(200, {"job": presenters.job(job)})


@router.post("/admin/workspaces/<workspace_id>/credits")
def grant_credits(workspace_id: str) -> Response[str]:
    """Add credits; an ``Idempotency-Key`` or a ``reference`` makes it happen once."""
    current = request_context(router)
    current.sender(Scope.ADMIN)
    body = parse(NewGrant, current.json_object())
    core = container()
    granted = core.grant_credits_by_hand(
        workspace_id,
        body.credits,
        livemode=body.livemode,
        note=body.note,
        cause=body.reference or current.idempotency_key() or "",
    )
    wallet = core.accounts.wallet(Owner(workspace_id, body.livemode))
    return json_response(201 if granted else 200, {"granted": granted, "credits": presenters.wallet(wallet)})
