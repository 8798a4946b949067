"""`darkroom generate`: pictures from words, saved as they arrive."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Annotated, Literal, cast

import httpx
import typer

from darkroom_client import DarkroomError
from darkroom_client.cli import output, profile
from darkroom_client.memes import answers

Ratio = Literal["auto", "1:1", "2:1", "3:1", "2:3", "3:2", "3:4", "4:5", "4:3", "16:9", "9:16", "21:9"]
Quality = Literal["fast", "standard", "premium"]


def generate(
    prompt: Annotated[str, typer.Argument(help="What to make.")],
    aspect_ratio: Annotated[str, typer.Option("--aspect-ratio", "-a")] = "1:1",
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=4)] = 1,
    quality: Annotated[str, typer.Option("--quality", "-q", help="fast, standard or premium")] = "standard",
    to: Annotated[Path, typer.Option("--out", "-o", help="Where the pictures are saved.")] = Path(),
    open_: Annotated[bool, typer.Option("--open", help="Show the pictures when they are there.")] = False,
    seconds: Annotated[float, typer.Option("--timeout", help="For how long to wait.")] = 300.0,
    as_json: output.AsJson = False,
) -> None:
    """Make pictures from words, wait for them and save them."""
    with profile.load().client() as darkroom:
        submitted = darkroom.memes.create_image(
            prompt=prompt,
            aspect_ratio=cast("Ratio", aspect_ratio),
            count=count,
            quality=cast("Quality", quality),
        )
        with output.progress() as bar:
            task = bar.add_task("generating", total=count)
            generation = darkroom.memes.wait(
                submitted, seconds, lambda now: bar.update(task, completed=now.completed_count)
            )
        saved = [_save(asset, to) for asset in generation.output]
    output.emit(generation, as_json, lambda: typer.echo("\n".join(map(str, saved))))
    for path in saved if open_ else ():
        typer.launch(str(path))
    if generation.error is not None:
        raise DarkroomError(f"{generation.error.code}: {generation.error.message}")


def _save(asset: answers.Asset, folder: Path) -> Path:
    """The asset's bytes in a file named by its id."""
    folder.mkdir(parents=True, exist_ok=True)
    with httpx.stream("GET", asset.url, follow_redirects=True, timeout=60) as response:
        response.raise_for_status()
        mime = response.headers.get("content-type", "").partition(";")[0]
        path = folder / f"{asset.id}{mimetypes.guess_extension(mime) or ''}"
        with path.open("wb") as file:
            for part in response.iter_bytes():
                file.write(part)
    return path
