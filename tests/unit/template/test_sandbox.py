"""A stack without the sandbox: what is not deployed, and what may not be asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.unit.template.source import named, read, resources

RESOURCES = read()["Resources"]
OPTIONAL = {name for name, resource in RESOURCES.items() if resource.get("Condition") == "HasSandbox"}


def unguarded(value: Any) -> Iterator[str]:
    """What a value refers to where there is no sandbox."""
    if isinstance(value, dict):
        condition, _, otherwise = value.get("Fn::If", [None, None, None])
        if condition == "HasSandbox":
            yield from unguarded(otherwise)
            return
        yield from named(
            {key: inside for key, inside in value.items() if key in ("Ref", "Fn::GetAtt", "Fn::Sub")}
        )
        for key, inside in value.items():
            if key not in ("Ref", "Fn::GetAtt", "Fn::Sub"):
                yield from unguarded(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from unguarded(inside)


def test_all_that_is_the_sandbox_s_is_optional() -> None:
    assert {
        *("WorkerSandbox", "WorkerSandboxMessages", "WorkerSandboxLogs"),
        *("WorkerSandboxFilms", "WorkerSandboxFilmsMessages", "WorkerSandboxFilmsLogs"),
        *("SandboxQueue", "SandboxDeadLetters", "VideoQueue", "VideoDeadLetters"),
        *("SandboxLayer", "AvLayer"),
    } == OPTIONAL


def test_nothing_that_stays_refers_to_what_may_be_missing() -> None:
    for name, resource in RESOURCES.items():
        if name not in OPTIONAL:
            assert set(unguarded(resource)) & OPTIONAL == set(), name
    for name, output in read()["Outputs"].items():
        assert output.get("Condition") == "HasSandbox" or not set(unguarded(output)) & OPTIONAL, name


def test_falling_back_on_a_sandbox_that_is_not_there_is_refused() -> None:
    rule = read()["Rules"]["FallingBackOnTheSandboxNeedsOne"]
    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "SandboxFallback"}, "true"]}
    (assertion,) = rule["Assertions"]
    assert assertion["Assert"] == {"Fn::Equals": [{"Ref": "Sandbox"}, "true"]}
    assert assertion["AssertDescription"]


def test_the_sandbox_is_there_unless_it_is_asked_away() -> None:
    parameter = read()["Parameters"]["Sandbox"]
    assert (parameter["Default"], parameter["AllowedValues"]) == ("true", ["true", "false"])


def test_renders_need_no_sandbox() -> None:
    renderer = resources("AWS::Serverless::Function")["WorkerRenderer"]
    assert set(named(renderer["Layers"])) & OPTIONAL == set()
