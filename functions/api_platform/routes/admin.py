"""What only the operator may do."""

from __future__ import annotations

from functools import partial

from aws_lambda_powertools.event_handler import Response

from api_platform import presenters, submissions
from api_platform.requests import NewGrant, NewWorkspace, Spread
from darkroom.domain.accounts.api_keys import WORKSPACE_SCOPES, Scope
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import NotFound
from darkroom.http.params import flag
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.api_keys import KeyRequest
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()


@routes.post("/admin/workspaces", Scope.ADMIN)
def create_workspace(request: RequestContext, _caller: Caller) -> Response[str]:
    """Open a workspace."""
    body = request.parse(NewWorkspace)
    core = container()
    workspace = core.open_workspace(
        body.name,
        plan=body.plan,
        credits=body.credits,
        allowances=submissions.allowances(body.allowances),
        email=body.email,
    )
    first = KeyRequest(name="first key", dialect=body.key_dialect, scopes=WORKSPACE_SCOPES)
    key, secret = core.issue_key(workspace.id, first)
    return json_response(201, presenters.workspace_answer(workspace, key, secret))


@routes.get("/admin/workspaces/<workspace_id>", Scope.ADMIN)
def get_workspace(_request: RequestContext, _caller: Caller, workspace_id: str) -> Response[str]:
    """A workspace and its wallets."""
    accounts = container().accounts
    workspace = accounts.workspace(workspace_id)
    if workspace is None:
        raise NotFound("No such workspace.")
    owners = [Owner(workspace_id, livemode) for livemode in (True, False)]
    wallets = [(accounts.wallet(owner), accounts.expiring_grants(owner)) for owner in owners]
    return json_response(200, presenters.workspace_state(workspace, wallets))


@routes.get("/admin/usage", Scope.ADMIN)
def get_all_usage(request: RequestContext, _caller: Caller) -> Response[str]:
    """What all workspaces used, what it earned and what it cost."""
    query, core = request.query(), container()
    livemode = flag(query, "livemode", default=True)
    days = submissions.days(query, core.clock.now().date())
    page = submissions.usage_page(query)
    report = core.read_usage.of_all(days, submissions.dimensions(query), page, livemode=livemode)
    margin = partial(core.read_usage.margin, livemode=livemode)
    return json_response(200, presenters.cost_report(report, margin, livemode=livemode))


@routes.get("/admin/reconcile", Scope.ADMIN)
def get_reconciliation(_request: RequestContext, _caller: Caller) -> Response[str]:
    """The last reconciliation, and what it found."""
    return json_response(200, presenters.reconciliation_answer(container().book_reader.last()))


@routes.get("/admin/workspaces/<workspace_id>/jobs/<job_id>", Scope.ADMIN)
def get_job(_request: RequestContext, _caller: Caller, workspace_id: str, job_id: str) -> Response[str]:
    """How a job went, and at which vendor."""
    jobs = container().jobs
    candidates = (jobs.get(Owner(workspace_id, livemode), job_id) for livemode in (True, False))
    job = next((candidate for candidate in candidates if candidate is not None), None)
    if job is None:
        raise NotFound("No such job.")
    return json_response(200, presenters.job_answer(job))


@routes.post("/admin/workspaces/<workspace_id>/credits", Scope.ADMIN)
def grant_credits(request: RequestContext, _caller: Caller, workspace_id: str) -> Response[str]:
    """Grant credits, once per reference."""
    body = request.parse(NewGrant)
    core, key = container(), request.idempotency_key()
    granted = core.grant_credits_by_hand(
        workspace_id,
        body.credits,
        livemode=body.livemode,
        note=body.note,
        cause=body.reference or key or "",
        expires_at=submissions.end_of_grant(body, core.clock.now()),
    )
    owner = Owner(workspace_id, body.livemode)
    wallet, expiring = core.accounts.wallet(owner), core.accounts.expiring_grants(owner)
    return json_response(201 if granted else 200, presenters.granted(wallet, expiring, granted=granted))


@routes.post("/admin/workspaces/<workspace_id>/shards", Scope.ADMIN)
def spread_wallet(request: RequestContext, _caller: Caller, workspace_id: str) -> Response[str]:
    """Spread a busy workspace's wallet over several rows."""
    body = request.parse(Spread)
    core, owner = container(), Owner(workspace_id, body.livemode)
    if core.accounts.workspace(workspace_id) is None:
        raise NotFound("No such workspace.")
    wallet = core.spread_wallet(owner, body.shards)
    return json_response(200, presenters.spread(wallet, core.accounts.expiring_grants(owner)))
