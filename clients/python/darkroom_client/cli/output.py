"""What the command prints: tables for people, JSON for programs. Progress goes to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

_PIPED = 1000  # columns of what is no terminal: nothing is folded there
out = Console(width=None if sys.stdout.isatty() else _PIPED)
err = Console(stderr=True)


def emit(data: BaseModel | Sequence[BaseModel], as_json: bool, show: Callable[[], None]) -> None:
    """Print an answer as JSON, or have it shown."""
    if not as_json:
        show()
        return
    documents = (
        [one.model_dump(mode="json") for one in data]
        if isinstance(data, Sequence)
        else data.model_dump(mode="json")
    )
    emit_json(documents)


def emit_json(document: Any) -> None:
    """Print a JSON document as it is, whatever the terminal."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under their columns. What a row says is text and never markup."""
    shown = Table(box=None, pad_edge=False)
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
    out.print(shown)


def facts(told: Mapping[str, Any]) -> None:
    """Print one thing's members, a line each."""
    table(("", ""), told.items())


def progress() -> Progress:
    """A progress bar on stderr; on no terminal it shows nothing until its end."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
    )
