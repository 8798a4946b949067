"""Runs: the parts of a text with a look of their own, and how a payload fills them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from darkroom.domain.errors import InvalidParam
from darkroom.domain.templates.elements import MAX_RUNS, MAX_TEXT_CHARS, TextElement, TextRun, TextRuns
from darkroom.domain.templates.parts import Part
from darkroom.domain.templates.problems import is_text, refusal, shown

type Fills = Mapping[str, str]


class _Runs(Part):
    runs: TextRuns


def runs_problem(runs: Sequence[TextRun]) -> tuple[str, str] | None:
    """What is wrong with runs beyond what one field tells: where, from the runs on, and why."""
    seen: set[str] = set()
    for index, run in enumerate(runs):
        if run.id in seen:
            return f"{index}.id", f"{run.id} is used twice"
        if run.id is not None:
            seen.add(run.id)
    if sum(len(run.text) for run in runs) > MAX_TEXT_CHARS:
        return "", f"may have at most {MAX_TEXT_CHARS} characters together"
    return None


def parse_runs(data: object, path: str) -> tuple[TextRun, ...]:
    """The runs that a payload puts in the place of a text.

    Raises
    ------
    InvalidParam
        Its param begins with ``path``.
    """
    if isinstance(data, list) and len(data) > MAX_RUNS:  # before each is read
        raise InvalidParam(f"{path}: may have at most {MAX_RUNS} entries.", param=path)
    members = {"runs": data}
    try:
        runs = _Runs.model_validate(members, by_alias=True, by_name=False).runs
    except ValidationError as error:
        raise refusal(error, members, within=path.removesuffix("runs")) from error
    if problem := runs_problem(runs):
        raise _wrong(".".join(filter(None, (path, problem[0]))), problem[1])
    return runs


def parse_fills(element: TextElement, data: Mapping[Any, Any], path: str) -> Fills:
    """The texts that a payload puts into a text's runs, by their ids.

    Raises
    ------
    InvalidParam
        Its param begins with ``path``.
    """
    fillable = {run.id for run in element.runs or () if run.id is not None}
    for run_id, text in data.items():
        place = f"{path}.{shown(run_id)}"
        if run_id not in fillable:
            raise _wrong(place, "the template has no such run")
        if not isinstance(text, str):
            raise _wrong(place, "must be a string")
        if not is_text(text):
            raise _wrong(place, "must be valid Unicode text")
    if sum(len(run.text) for run in filled(element.runs or (), data)) > MAX_TEXT_CHARS:
        raise _wrong(path, f"the text may have at most {MAX_TEXT_CHARS} characters")
    return dict(data)


def filled(runs: Sequence[TextRun], fills: Fills) -> tuple[TextRun, ...]:
    """The runs with the texts that a payload gives for some of them."""
    return tuple(
        run if (text := fills.get(run.id or "")) is None else run.model_copy(update={"text": text})
        for run in runs
    )


def runs_json(runs: Sequence[TextRun]) -> list[dict[str, Any]]:
    """Runs as a payload says them: nothing is added to what was given."""
    return [run.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True) for run in runs]


def _wrong(path: str, reason: str) -> InvalidParam:
    return InvalidParam(f"{path}: {reason}.", param=path)
