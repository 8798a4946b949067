"""`darkroom render`: a template drawn once from values, or for each row of a CSV file."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import httpx
import typer

from darkroom_client import Darkroom, DarkroomError
from darkroom_client.cli import output, profile
from darkroom_client.platform import answers

MADE = "succeeded"


def render(
    template: Annotated[str, typer.Argument(help="The template's id.")],
    values: Annotated[
        list[str] | None, typer.Argument(help='What to fill in, such as headline.text="500K followers".')
    ] = None,
    rows: Annotated[Path | None, typer.Option("--csv", help="A CSV file, a row for each picture.")] = None,
    to: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where results.csv and failed.csv go.")
    ] = None,
    seconds: Annotated[float, typer.Option("--timeout", help="For how long to wait.")] = 3600.0,
    as_json: output.AsJson = False,
) -> None:
    """Draw a template: once from values, or for each row of a CSV file, whose failed rows come back as CSV."""
    with profile.load().client() as darkroom:
        if rows is not None:
            _render_rows(darkroom, template, rows, to or Path(), seconds, as_json=as_json)
            return
        made = darkroom.pixeldrive.render(templateId=template, payload=_payload(values or []))
    output.emit(made, as_json, lambda: typer.echo(made.url))


def _payload(values: list[str]) -> dict[str, dict[str, str]]:
    payload: dict[str, dict[str, str]] = {}
    for value in values:
        path, equals, text = value.partition("=")
        element, dot, field = path.partition(".")
        if not equals or not dot:
            raise typer.BadParameter(f"{value!r} is not element.field=value")
        payload.setdefault(element, {})[field] = text
    return payload


def _render_rows(
    darkroom: Darkroom, template: str, rows: Path, to: Path, seconds: float, *, as_json: bool
) -> None:
    data = rows.read_bytes()
    announced = darkroom.platform.create_manifest(
        format="csv", size=len(data), template_id=template, name=rows.name[:200]
    )
    upload = announced.upload
    httpx.request(
        upload.method, upload.url, headers=upload.headers, content=data, timeout=600
    ).raise_for_status()
    total = max(data.count(b"\n"), 1)
    with output.progress() as bar:
        task = bar.add_task("rendering", total=total)

        def told(now: answers.Manifest) -> None:
            counts = now.counts
            ended = counts.succeeded + counts.failed + counts.invalid + counts.skipped
            bar.update(task, total=counts.read if now.expanded else max(total, counts.read), completed=ended)
            if now.reason is not None:
                bar.update(task, description=f"{now.status}: {now.reason.message}")

        manifest = darkroom.platform.wait(announced.manifest.id, seconds, told)
    failed = _keep_results(darkroom, manifest, to)
    output.emit(manifest, as_json, lambda: _show(manifest, to, failed))
    if failed or manifest.status != "completed":
        reason = f": {manifest.reason.message}" if manifest.reason else ""
        raise DarkroomError(f"{failed} of {manifest.counts.read} rows were not made{reason}")


def _keep_results(darkroom: Darkroom, manifest: answers.Manifest, to: Path) -> int:
    """Write ``results.csv``, and ``failed.csv`` with the rows that were not made; returns how many those are."""
    results = darkroom.platform.get_manifest_results(manifest.id).results
    if results is None:
        return 0
    to.mkdir(parents=True, exist_ok=True)
    answer = httpx.get(results.url, timeout=600, follow_redirects=True).raise_for_status()
    (to / "results.csv").write_bytes(answer.content)
    rows = csv.DictReader(answer.content.decode("utf-8-sig").splitlines(keepends=True))
    failed = [row for row in rows if row["_status"] != MADE]
    if failed:
        with (to / "failed.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows.fieldnames or ()))
            writer.writeheader()
            writer.writerows(failed)
    else:
        (to / "failed.csv").unlink(missing_ok=True)
    return len(failed)


def _show(manifest: answers.Manifest, to: Path, failed: int) -> None:
    counts = manifest.counts
    output.out.print(
        f"{counts.succeeded} of {counts.read} rows made, {manifest.credits_charged} credits charged"
    )
    output.out.print(f"results: {to / 'results.csv'}")
    if failed:
        output.out.print(f"not made, to be mended and sent again: {to / 'failed.csv'}")
