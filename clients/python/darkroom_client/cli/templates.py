"""`darkroom templates`: pull templates into files, push files as templates."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated, Any

import typer

from darkroom_client import DarkroomError
from darkroom_client.cli import output, profile

app = typer.Typer(help="Templates, as files.", no_args_is_help=True)


@app.command("list")
def list_templates(as_json: output.AsJson = False) -> None:
    """List the templates."""
    with profile.load().client() as darkroom:
        templates = list(darkroom.pixeldrive.iterate_templates())
    columns = ("id", "name", "version", "size", "changed")
    output.emit(
        templates,
        as_json,
        lambda: output.table(
            columns,
            (
                (one.id, one.name, one.version, f"{one.width}x{one.height}", one.updatedAt.isoformat())
                for one in templates
            ),
        ),
    )


@app.command()
def pull(
    ids: Annotated[list[str] | None, typer.Argument(help="Which; all of them otherwise.")] = None,
    to: Annotated[Path, typer.Option("--out", "-o", help="The folder to write into.")] = Path("templates"),
    as_json: output.AsJson = False,
) -> None:
    """Write templates into files that `push` takes again."""
    with profile.load().client() as darkroom:
        wanted = ids or [one.id for one in darkroom.pixeldrive.iterate_templates()]
        to.mkdir(parents=True, exist_ok=True)
        written: list[dict[str, Any]] = []
        for template_id in wanted:
            template = darkroom.pixeldrive.get_template(template_id)
            path = to / f"{_slug(template.name)}-{template.id[:8]}.json"
            kept = {"id": template.id, "name": template.name, "document": template.document}
            path.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
            written.append({"id": template.id, "version": template.version, "file": str(path)})
    _show(written, as_json=as_json)


@app.command()
def push(
    files: Annotated[
        list[Path], typer.Argument(help="Files as `pull` writes them; without an id, a new one.")
    ],
    as_json: output.AsJson = False,
) -> None:
    """Store files as templates: a new version of the one of their id, or a new template."""
    pushed: list[dict[str, Any]] = []
    with profile.load().client() as darkroom:
        for path in files:
            told = _read(path)
            if template_id := told.get("id"):
                template = darkroom.pixeldrive.replace_template(
                    template_id, name=told["name"], document=told["document"]
                )
            else:
                template = darkroom.pixeldrive.create_template(name=told["name"], document=told["document"])
                path.write_text(
                    json.dumps({"id": template.id, **told}, indent=2, ensure_ascii=False) + "\n",
                    encoding="utf-8",
                )
            pushed.append({"id": template.id, "version": template.version, "file": str(path)})
    _show(pushed, as_json=as_json)


def _read(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DarkroomError(f"{path} cannot be read: {error}") from error
    if not isinstance(told, dict) or not {"name", "document"} <= told.keys():
        raise DarkroomError(f"{path} has no name and document")
    return told


def _show(templates: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        output.emit_json(templates)
    else:
        output.table(("id", "version", "file"), [list(one.values()) for one in templates])


def _slug(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower()).strip("-") or "template"
