"""The demo workspaces and their keys, made by the project's own services against the local tables."""

from typing import TypedDict

from darkroom.catalog_data.starters import starters
from darkroom.domain.accounts.api_keys import WORKSPACE_SCOPES, Scope
from darkroom.domain.accounts.workspaces import Feature, Owner
from darkroom.domain.writes import SaveTemplate
from darkroom.services.accounts.api_keys import KeyRequest
from darkroom.settings import Settings
from darkroom.wiring import Container

DEMO_CREDITS = 100_000
ALLOWANCES = {Feature.IMAGES: 1_000_000, Feature.VIDEO: 100_000}  # a local stack is there to be tried hard

KEYS = {
    "moondraft": KeyRequest("moondraft demo", "moondraft", scopes=WORKSPACE_SCOPES),
    "pixeldrive": KeyRequest("pixeldrive demo", "pixeldrive"),
    "agent": KeyRequest("agent demo", "agent"),
    "gencraft": KeyRequest("gencraft demo", "gencraft"),
    "memes_live": KeyRequest("memes demo", scopes=WORKSPACE_SCOPES),
    "memes_test": KeyRequest("memes test mode", livemode=False, scopes=WORKSPACE_SCOPES),
    "admin": KeyRequest("operator", "admin", scopes=frozenset(Scope)),
}


class Seeded(TypedDict):
    """What `.local/stack.json` says beside the base URL."""

    workspace_id: str
    keys: dict[str, str]
    templates: dict[str, str]


def seed() -> Seeded:
    """Make the demo workspace (100,000 credits, a key per dialect, templates, an admin key) and a second one.

    Runs inside `environ.functions_environment`, so the container sees what a function would see. It is
    called once for the life of the tables; the secrets are kept only in the stack's own record.
    """
    core = Container(Settings.from_environment())
    demo = core.open_workspace(
        "Demo", plan="pro", credits=DEMO_CREDITS, allowances=ALLOWANCES, email="demo@example.com"
    )
    other = core.open_workspace("Another tenant", plan="pro", credits=DEMO_CREDITS)
    keys = {name: core.issue_key(demo.id, key_request)[1] for name, key_request in KEYS.items()}
    keys["other"] = core.issue_key(other.id, KeyRequest("another tenant's"))[1]
    return {"workspace_id": demo.id, "keys": keys, "templates": _templates(core, demo.id)}


def _templates(core: Container, workspace_id: str) -> dict[str, str]:
    """The starters as templates of a workspace in both modes; the live ones' ids by name."""
    now = core.clock.now()
    owners = (Owner(workspace_id, True), Owner(workspace_id, False))
    core.store.commit(*(SaveTemplate(one.template(owner, now)) for owner in owners for one in starters()))
    return {one.slug: one.template(owners[0], now).id for one in starters()}
