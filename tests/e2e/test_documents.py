"""Requests made from the served documents: whatever they allow or forbid, the answer is one that they name.

`make soak` asks a hundred times as often.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from local.emulator.info import StackInfo
from tests.e2e.client import Client

DOCUMENTS = ("agent", "gencraft/api/v1", "memes/v1", "moondraft/v1", "pixeldrive/v1", "platform/v1")


def no_fault_of_ours(_context: Any, response: Any, _case: Any) -> None:
    """A 503 is a documented answer; no other 5xx is."""
    assert response.status_code < 500 or response.status_code == 503, response.text


CHECKS = [
    no_fault_of_ours,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
# The gateway's own answer, where a path parameter makes another path; without its spaces.
NO_ROUTE = '{"message":"NotFound"}'
EXAMPLES = 6  # of each mode for each operation
MANY = 100
KEYS = 24  # each of which may ask so often in a minute
CREDITS = 12  # of each, so that some requests are carried out and most are not


@dataclass(frozen=True)
class Caller:
    """Asks with one key after the other, so that no rate limit answers for the function."""

    base_url: str
    keys: Iterator[str]
    http: httpx.Client

    def ask(self, case: Any) -> Any:
        headers = {"Authorization": f"Bearer {next(self.keys)}"}
        return case.call(base_url=self.base_url, headers=headers, timeout=40)


@pytest.fixture(scope="module")
def keys(live: Client, stack_info: StackInfo) -> list[str]:
    admin = live.with_key(stack_info.keys["admin"])
    body = {"name": "documents", "plan": "pro", "credits": CREDITS}
    return [admin.post("/platform/v1/admin/workspaces", body)["key"]["secret"] for _ in range(KEYS)]


def operations(document: dict[str, Any]) -> Iterator[Any]:
    for result in schemathesis.openapi.from_dict(document).get_all_operations():
        assert isinstance(result, Ok), result
        yield result.ok()


def asked(caller: Caller, operation: Any, mode: Any, examples: int) -> None:
    """Ask so many requests of one operation; raises what a check found."""

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        response = caller.ask(case)
        if response.text.replace(" ", "") != NO_ROUTE:
            case.validate_response(response, checks=CHECKS)

    ask()


def faults(stack_info: StackInfo, name: str, keys: list[str], examples: int) -> list[str]:
    with httpx.Client(timeout=40) as http:
        document = http.get(f"{stack_info.base_url}/{name}/openapi.json").json()
        caller = Caller(document["servers"][0]["url"], cycle(keys), http)
        found = []
        for operation in operations(document):
            for mode in MODES:
                try:
                    asked(caller, operation, mode, examples)
                except Unsatisfiable:
                    continue  # there is nothing in it that could be wrong
                except (AssertionError, BaseExceptionGroup) as fault:
                    found.append(f"{operation.label} ({mode.value}): {_reasons(fault)}")
        return found


def _reasons(fault: BaseException) -> str:
    parts = fault.exceptions if isinstance(fault, BaseExceptionGroup) else (fault,)
    return "; ".join(str(part) for part in parts)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_answer_is_one_that_the_document_names(
    name: str, stack_info: StackInfo, keys: list[str]
) -> None:
    assert faults(stack_info, name, keys, EXAMPLES) == []


@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_one_of_many_answers_is_one_that_the_document_names(
    name: str, stack_info: StackInfo, keys: list[str]
) -> None:
    assert faults(stack_info, name, keys, MANY) == []
