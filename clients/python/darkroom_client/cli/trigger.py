"""`darkroom trigger`: make something happen that is announced."""

from __future__ import annotations

from typing import Annotated

import typer

from darkroom_client.cli import output, profile

# The sandbox engine does what markers in a prompt say; test keys always run on it.
PROMPTS = {
    "generation.completed": "a red kite over the sea",
    "generation.failed": "a red kite [[fail]]",
}
TEST = "webhook.test"


def trigger(
    event: Annotated[str, typer.Argument(help=f"{TEST}, {' or '.join(PROMPTS)}.")] = TEST,
    endpoint: Annotated[
        str | None, typer.Option(help=f"For {TEST}: which endpoint; all of them otherwise.")
    ] = None,
    as_json: output.AsJson = False,
) -> None:
    """Make something happen that webhooks are told of. `generation.failed` needs a test key, or a local stack."""
    if event not in {TEST, *PROMPTS}:
        raise typer.BadParameter(f"use one of {', '.join([TEST, *PROMPTS])}", param_hint="event")
    with profile.load().client() as darkroom:
        if event == TEST:
            endpoints = [endpoint] if endpoint else [one.id for one in darkroom.memes.iterate_webhooks()]
            sent = [darkroom.memes.test_webhook(one).delivery for one in endpoints]
            output.emit(
                sent,
                as_json,
                lambda: output.table(("delivery", "endpoint"), [(d.id, d.webhook_id) for d in sent]),
            )
            return
        made = darkroom.memes.create_image(prompt=PROMPTS[event], quality="fast").generation
        output.emit(made, as_json, lambda: typer.echo(f"generation {made.id} is under way; {event} follows"))
