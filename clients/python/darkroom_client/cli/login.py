"""`darkroom login`: keep a stack's address and a key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from darkroom_client import Darkroom, DarkroomError
from darkroom_client.cli import output, profile


def login(
    base_url: Annotated[str | None, typer.Option(help="The stack's address; asked for otherwise.")] = None,
    key: Annotated[str | None, typer.Option(help="A key of yours; asked for otherwise.")] = None,
    admin_key: Annotated[str | None, typer.Option(help="The operator's key, for `darkroom admin`.")] = None,
    local: Annotated[
        Path | None, typer.Option(help="A checkout whose local stack is up: its address and keys.")
    ] = None,
    as_json: output.AsJson = False,
) -> None:
    """Keep a stack's address and a key for the other commands, once the stack knows the key."""
    if local is not None:
        base_url, key, admin_key = _local(local)
    base_url = base_url or typer.prompt("Address of the stack")
    key = key or typer.prompt("Key", hide_input=True)
    with Darkroom(base_url, key) as darkroom:
        credits = darkroom.platform.get_credits().credits
    kept = profile.save(profile.Profile(base_url, key, admin_key))
    told = {"base_url": base_url, "available": credits.available, "profile": str(kept)}
    if as_json:
        output.emit_json(told)
    else:
        output.out.print(f"Logged in at {base_url}: {credits.available} credits available. Kept in {kept}.")


def _local(checkout: Path) -> tuple[str, str, str]:
    try:
        stack = json.loads((checkout / ".local/stack.json").read_text())
    except OSError as error:
        raise DarkroomError(f"no local stack is up in {checkout}: run `make up` there") from error
    return stack["base_url"], stack["keys"]["memes_live"], stack["keys"]["admin"]
