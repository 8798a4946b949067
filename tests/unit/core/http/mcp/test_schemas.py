"""What tools say they take and give, made from what routes declare."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.mcp.schemas import input_schema, output_schema
from darkroom.http.openapi import DocumentedRoute, Operation, Parameter, ResponseSpec
from darkroom.http.request_models import Body
from darkroom.http.resource import Resource
from darkroom.http.routing import Route


class Inner(Resource):
    """One ``thing``."""

    title: str
    kind: Literal["a", "b"]


class Answer(Resource):
    """An answer."""

    thing: Inner


class Sent(Body):
    """Body of ``POST /things``."""

    size: int = Field(2, ge=1, alias="theSize")
    name: str
    note: str = ""


def handler() -> None:
    """Make a thing."""


def documented(**settings: object) -> DocumentedRoute:
    operation = Operation(handler, "Things", (ResponseSpec(200, Answer, "Made."),), **settings)  # type: ignore[arg-type]
    return DocumentedRoute(Route("POST", "/boxes/<box_id>/things", Scope.GENERATE, handler), operation)  # type: ignore[arg-type]


def test_arguments_are_of_the_path_the_query_the_body_and_the_key() -> None:
    parameters = (
        Parameter("page", {"type": "integer"}, "Which page.", required=True),
        Parameter("Prefer", {"type": "string"}, "Not an argument.", where="header"),
    )
    schema = input_schema(documented(body=Sent, parameters=parameters, idempotent=True))
    assert list(schema["properties"]) == ["box_id", "page", "theSize", "name", "note", "idempotency_key"]
    assert schema["required"] == ["box_id", "page", "name"]
    assert schema["properties"]["page"] == {"type": "integer", "description": "Which page."}
    assert schema["properties"]["theSize"] == {"type": "integer", "minimum": 1, "default": 2}
    assert schema["properties"]["note"] == {"type": "string"}
    assert "description" not in schema


def test_a_parameter_of_the_path_is_listed_once() -> None:
    own = Parameter("box_id", {"type": "string", "pattern": "^b"}, "A box.", where="path", required=True)
    schema = input_schema(documented(parameters=(own,)))
    assert schema["required"] == ["box_id"]
    assert schema["properties"] == {
        "box_id": {"type": "string", "pattern": "^b", "description": "A box."},
    }


def test_an_answer_may_grow() -> None:
    schema = output_schema(Answer)
    assert "additionalProperties" not in str(schema)
    assert schema["type"] == "object"
    assert schema["$defs"]["Inner"]["description"] == "One `thing`."


def test_a_member_may_be_called_title() -> None:
    inner = output_schema(Answer)["$defs"]["Inner"]
    assert inner["properties"]["title"] == {"type": "string"}
    assert inner["required"] == ["title", "kind"]
