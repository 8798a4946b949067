"""Functions run by hand on the local stack: every event of `events/`, and a function's log as it grows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from local import sam_template
from local.emulator.stack import Stack
from local.functions import follow, invoke, shown
from local.sample_events import read_event
from tests.e2e.client import Client
from tools.errors import LocalError
from tools.paths import ROOT

EVENTS = sorted(ROOT.glob("events/*/*.json"))
MISSING = {"batch_stream", "image"}  # they are about what this stack has not
REFUSED = {"fal", "stripe_unproven"}  # what nothing proves


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_function_takes_its_events(stack: Stack, live: Client, path: Path) -> None:
    done = invoke(stack.clients, path.parent.name, read_event(path, stack.info()))
    assert not done.failed, done
    answer = json.loads(done.answer)
    if path.parent.name.startswith("api_"):
        wanted = (
            {404} if path.stem in MISSING else {400, 401, 403, 404} if path.stem in REFUSED else {200, 202}
        )
        assert answer["statusCode"] in wanted, shown(done.answer)
        assert isinstance(json.loads(shown(done.answer))["body"], dict | str)


def test_a_function_s_log_is_followed(stack: Stack, live: Client) -> None:
    live.get("/memes/v1/account")
    assert next(line for line in follow(stack.clients, "api_memes") if '"service":"api_memes"' in line)


def test_a_function_that_is_not_there_is_named(stack: Stack) -> None:
    with pytest.raises(LocalError, match="there is no function api_nothing; there are api_agent"):
        invoke(stack.clients, "api_nothing", "{}")


def test_sam_gets_a_template_with_the_stack_s_names(stack: Stack) -> None:
    template = yaml.safe_load(sam_template.write(stack.clients).read_text())
    variables = template["Resources"]["ApiMemes"]["Properties"]["Environment"]["Variables"]
    assert variables["TABLE_JOBS"] == stack.outputs()["TableJobs"]
    assert variables["AWS_ENDPOINT_URL"] == stack.server.endpoint
    assert all(isinstance(value, str) for value in variables.values())
