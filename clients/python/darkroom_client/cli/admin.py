"""`darkroom admin`: the operator's calls."""

from __future__ import annotations

from typing import Annotated, Literal, cast

import typer

from darkroom_client.cli import output, profile

app = typer.Typer(help="What only the operator does, with the operator's key.", no_args_is_help=True)

Plan = Literal["trial", "starter", "standard", "pro", "metered"]


@app.command("workspace")
def workspace(
    workspace_id: Annotated[str, typer.Argument(help="The workspace's id.")], as_json: output.AsJson = False
) -> None:
    """Show a workspace and its credits."""
    with profile.load().admin_client() as darkroom:
        state = darkroom.platform.get_workspace(workspace_id)
    output.emit(
        state,
        as_json,
        lambda: output.facts(
            {
                **state.workspace.model_dump(mode="json"),
                **{"live" if one.livemode else "test": f"{one.available} available" for one in state.credits},
            }
        ),
    )


@app.command("open")
def open_workspace(
    name: Annotated[str, typer.Argument(help="Whose it is.")],
    credits: Annotated[int, typer.Option(min=0, help="Its first live credits.")] = 0,
    plan: Annotated[str, typer.Option(help="trial, starter, standard, pro or metered")] = "standard",
    as_json: output.AsJson = False,
) -> None:
    """Open a workspace; prints its first key, which is shown this once."""
    with profile.load().admin_client() as darkroom:
        made = darkroom.platform.create_workspace(name=name, credits=credits, plan=cast("Plan", plan))
    output.emit(made, as_json, lambda: output.facts({"id": made.workspace.id, "key": made.key.secret}))


@app.command()
def grant(
    workspace_id: Annotated[str, typer.Argument(help="The workspace's id.")],
    credits: Annotated[int, typer.Argument(min=1, help="How many.")],
    reference: Annotated[str | None, typer.Option(help="The same reference grants once.")] = None,
    note: Annotated[str, typer.Option(help="For the ledger.")] = "",
    as_json: output.AsJson = False,
) -> None:
    """Grant credits."""
    with profile.load().admin_client() as darkroom:
        granted = darkroom.platform.grant_credits(
            workspace_id, credits=credits, reference=reference, note=note
        )
    words = "granted" if granted.granted else "had been granted before"
    output.emit(
        granted,
        as_json,
        lambda: typer.echo(f"{credits} credits {words}; {granted.credits.available} available"),
    )


@app.command()
def job(
    workspace_id: Annotated[str, typer.Argument(help="The workspace's id.")],
    job_id: Annotated[str, typer.Argument(help="The job's id.")],
) -> None:
    """Show all that is known of a job, as JSON."""
    with profile.load().admin_client() as darkroom:
        found = darkroom.platform.get_job(workspace_id, job_id)
    output.emit_json(found.model_dump(mode="json"))
