"""`darkroom credits`, `darkroom jobs`, `darkroom keys`: what the workspace has, makes and may."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Literal, cast

import typer

from darkroom_client.cli import output, profile

keys = typer.Typer(help="The workspace's keys.", no_args_is_help=True)

Scope = Literal[
    "generations:write",
    "generations:read",
    "webhooks:manage",
    "account:read",
    "keys:manage",
    "billing:manage",
    "admin",
]
Status = Literal["queued", "processing", "succeeded", "partial", "failed", "canceled"]


def credits(as_json: output.AsJson = False) -> None:
    """Say how many credits there are."""
    with profile.load().client() as darkroom:
        wallet = darkroom.platform.get_credits().credits
    output.emit(wallet, as_json, lambda: output.facts(wallet.model_dump()))


def jobs(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many, the newest first.")] = 20,
    status: Annotated[list[str] | None, typer.Option(help="Only of this status; can be repeated.")] = None,
    as_json: output.AsJson = False,
) -> None:
    """List the newest generations."""
    wanted = cast("list[Status] | None", status or None)
    with profile.load().client() as darkroom:
        found = darkroom.memes.iterate_generations(limit=min(limit, 100), status=wanted)
        generations = list(islice(found, limit))
    columns = ("id", "type", "status", "outputs", "created", "error")
    output.emit(
        generations,
        as_json,
        lambda: output.table(
            columns,
            (
                (
                    one.id,
                    one.type,
                    one.status,
                    f"{one.completed_count}/{one.requested_count}",
                    one.created_at.isoformat(),
                    one.error.message if one.error else None,
                )
                for one in generations
            ),
        ),
    )


@keys.command("list")
def list_keys(as_json: output.AsJson = False) -> None:
    """List the keys, without their secrets."""
    with profile.load().client() as darkroom:
        found = list(darkroom.platform.iterate_keys())
    columns = ("id", "name", "prefix", "mode", "scopes")
    output.emit(
        found,
        as_json,
        lambda: output.table(
            columns,
            (
                (one.id, one.name, one.prefix, "live" if one.livemode else "test", " ".join(one.scopes))
                for one in found
            ),
        ),
    )


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    scopes: Annotated[list[str] | None, typer.Option("--scope", help="Can be repeated.")] = None,
    test: Annotated[bool, typer.Option("--test", help="A key of test mode.")] = False,
    as_json: output.AsJson = False,
) -> None:
    """Make a key; its secret is shown this once."""
    with profile.load().client() as darkroom:
        made = darkroom.platform.create_key(
            name=name, livemode=not test, scopes=cast("list[Scope] | None", scopes or None)
        ).key
    output.emit(made, as_json, lambda: typer.echo(made.secret))


@keys.command("revoke")
def revoke_key(
    key_id: Annotated[str, typer.Argument(help="The key's id.")], as_json: output.AsJson = False
) -> None:
    """Revoke a key and all that were made with it."""
    with profile.load().client() as darkroom:
        revoked = darkroom.platform.revoke_key(key_id)
    output.emit(revoked, as_json, lambda: typer.echo(f"{key_id} is revoked"))
