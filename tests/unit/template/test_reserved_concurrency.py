"""What each kind of work has to itself, where the operator says so, and that nothing is reserved where not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.template.source import read, resources

FUNCTIONS = resources("AWS::Serverless::Function")
MAPPINGS = resources("AWS::Lambda::EventSourceMapping")
STAGES = read()["Parameters"]["Stage"]["AllowedValues"]
ACCOUNT = 1_000  # what an account may run at once, unless it asked for more
LEFT = 100  # which AWS has left over for functions that reserve nothing


def reserved(function: str, stage: str, **chosen: Any) -> int | None:
    """What CloudFormation makes of a function's reservation with these parameters; ``None`` for none."""
    assert "ReservedConcurrentExecutions" in FUNCTIONS[function], (
        "say what it may have to itself, as the others do"
    )
    condition, then, otherwise = FUNCTIONS[function]["ReservedConcurrentExecutions"]["Fn::If"]
    assert otherwise == {"Ref": "AWS::NoValue"}
    if not holds(read()["Conditions"][condition], chosen):
        return None
    if "Ref" in then:
        return int(parameter(then["Ref"], chosen))
    table, _, name = then["Fn::FindInMap"]
    return int(read()["Mappings"][table][stage][name])


def holds(condition: Any, chosen: dict[str, Any]) -> bool:
    if "Fn::Not" in condition:
        return not holds(condition["Fn::Not"][0], chosen)
    named, value = condition["Fn::Equals"]
    return bool(parameter(named["Ref"], chosen) == str(value))


def parameter(name: str, chosen: dict[str, Any]) -> str:
    return str(chosen.get(name, read()["Parameters"][name]["Default"]))


def woken_by_queues(function: str, stage: str) -> int:
    """How many of a function its queues may have at once; 0 for one that reads none."""
    return sum(
        read()["Mappings"]["Concurrency"][stage][
            mapping["ScalingConfig"]["MaximumConcurrency"]["Fn::FindInMap"][-1]
        ]
        for mapping in MAPPINGS.values()
        if mapping["FunctionName"]["Ref"] == function and "ScalingConfig" in mapping
    )


def woken_by_a_stream(function: str) -> bool:
    return any(
        mapping["FunctionName"]["Ref"] == function and "ScalingConfig" not in mapping
        for mapping in MAPPINGS.values()
    )


EVERYTHING = {"ReserveForWorkers": "true", "ReserveForDeliveries": "true", "ReserveForHousekeeping": "true"}


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
@pytest.mark.parametrize("stage", STAGES)
def test_nothing_is_reserved_unless_the_operator_says_so(function: str, stage: str) -> None:
    assert reserved(function, stage) is None


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
@pytest.mark.parametrize("stage", STAGES)
def test_a_function_has_what_its_queues_may_use_and_no_less(function: str, stage: str) -> None:
    """A queue that wakes more than there may be has its messages come back until they are dead letters."""
    has = reserved(function, stage, **EVERYTHING, ReservedForEachApi=50)
    if function.startswith("Api"):
        assert has == 50
    elif queues := woken_by_queues(function, stage):
        assert has is not None
        assert has > queues if woken_by_a_stream(function) else has == queues
    else:
        assert has == read()["Mappings"]["Reserved"][stage]["Streams"]


@pytest.mark.parametrize("stage", STAGES)
def test_an_account_that_is_not_new_has_room_for_it_and_for_requests(stage: str) -> None:
    every = [reserved(function, stage, **EVERYTHING) or 0 for function in FUNCTIONS]
    assert sum(every) <= (ACCOUNT - LEFT) / 2 + LEFT
    assert max(every) < ACCOUNT
