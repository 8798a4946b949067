"""What is asked of models that write, and what counts as an answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from darkroom.domain.jobs.engine import TaskRequest
from darkroom.domain.prompts.rewriting import MAX_LENGTH
from darkroom.domain.vendors.texts import WRITINGS, UnusableAnswer, answer_of, request_of
from local.doubles import samples
from tests.harness.vendor_adapters import make_task_request


def asked_of(kind: str = "refine", **settings: Any) -> TaskRequest:
    return make_task_request("gpt-6-luna", "sneakers on marble", kind=kind, ratio="auto", **settings)


def strict(schema: Any) -> bool:
    """Whether every object in a schema has its properties required and no others, and nothing is referred to."""
    if schema["type"] == "object":
        closed = schema["additionalProperties"] is False
        return (
            closed
            and schema["required"] == [*schema["properties"]]
            and all(map(strict, schema["properties"].values()))
        )
    return bool(schema["type"] != "array" or strict(schema["items"]))


@pytest.mark.parametrize("kind", WRITINGS)
def test_every_kind_has_a_strict_schema_that_its_answers_fit(kind: str) -> None:
    asked = request_of(asked_of(kind))
    Draft202012Validator.check_schema(asked.schema)
    assert strict(asked.schema)
    assert asked.instructions
    answer = samples.fitting(asked.schema)
    Draft202012Validator(asked.schema).validate(answer)
    kept = json.loads(answer_of(asked_of(kind), json.dumps(answer)))
    assert kept == answer


def test_a_refined_prompt_is_never_longer_than_promised() -> None:
    kept = json.loads(answer_of(asked_of(), json.dumps({"prompt": "word " * 2000})))
    assert len(kept["prompt"]) <= MAX_LENGTH


def test_a_plan_has_as_many_slides_as_were_asked_for() -> None:
    slides = samples.fitting(request_of(asked_of("plan")).schema, 5)
    assert len(json.loads(answer_of(asked_of("plan", slide_count=5), json.dumps(slides)))["slides"]) == 5
    with pytest.raises(UnusableAnswer):
        answer_of(asked_of("plan", slide_count=7), json.dumps(slides))


def test_what_a_page_does_not_tell_may_be_left_out_of_a_profile() -> None:
    schema = request_of(asked_of("profile")).schema
    assert schema["properties"]["industry"]["type"] == ["string", "null"]
    answer = {**samples.fitting(schema), "industry": None}
    assert json.loads(answer_of(asked_of("profile"), json.dumps(answer)))["industry"] is None


def test_an_empty_text_is_no_answer_and_says_nothing_of_what_was_written() -> None:
    with pytest.raises(UnusableAnswer) as refused:
        answer_of(asked_of(), json.dumps({"prompt": "  ", "secret": "hunter2"}))
    assert "hunter2" not in str(refused.value)
