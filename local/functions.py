"""One function of the running local stack at a time: run it on an event, follow what it logs."""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from local.emulator.clients import Clients
from tools.errors import LocalError

_LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Invocation:
    """What came of running a function: its answer as JSON text, the end of its log, and whether it raised."""

    answer: str
    log: str
    failed: bool


def invoke(clients: Clients, name: str, event: str) -> Invocation:
    """Run the function of ``functions/<name>`` on an event, with its role and its layers. Raises LocalError."""
    answer = clients.functions.invoke(FunctionName=_deployed_as(clients, name), Payload=event, LogType="Tail")
    log = base64.b64decode(answer.get("LogResult", "")).decode(errors="replace")
    return Invocation(answer["Payload"].read().decode(), log, "FunctionError" in answer)


def follow(clients: Clients, name: str) -> Iterator[str]:
    """Yield what a function has logged and goes on to log, until the caller stops. Raises LocalError."""
    configuration = clients.functions.get_function(FunctionName=_deployed_as(clients, name))["Configuration"]
    group = configuration["LoggingConfig"]["LogGroup"]
    since, shown_then = 0, 0  # the time of the last lines that were shown, and how many have that time
    while True:
        lines = _logged(clients, group, since)
        fresh = lines[shown_then:]
        for time_of_line, line in fresh:
            yield line
            shown_then = shown_then + 1 if time_of_line == since else 1
            since = time_of_line
        if not fresh:
            time.sleep(_LOOK_SECONDS)


def _logged(clients: Clients, group: str, since: int) -> list[tuple[int, str]]:
    """Lines with their times from ``since`` on, oldest first, those of one time in the order they came."""
    pages = clients.logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since)
    lines = [
        (event["timestamp"], event["message"].rstrip("\n")) for page in pages for event in page["events"]
    ]
    return sorted(lines, key=lambda line: line[0])


def shown(answer: str) -> str:
    """An answer for a person to read: indented, and a JSON body inside it too."""
    try:
        document = json.loads(answer)
    except ValueError:
        return answer
    if isinstance(document, dict) and isinstance(document.get("body"), str):
        with suppress(ValueError):  # a body that is no JSON is shown as it is
            document["body"] = json.loads(document["body"])
    return json.dumps(document, indent=2, ensure_ascii=False)


def _deployed_as(clients: Clients, name: str) -> str:
    handler = f"{name}.app.handler"
    deployed: dict[str, str] = {}
    for page in clients.functions.get_paginator("list_functions").paginate():
        deployed.update(
            {one["Handler"]: one["FunctionName"] for one in page["Functions"] if "Handler" in one}
        )
    if handler not in deployed:
        known = ", ".join(sorted(one.split(".")[0] for one in deployed if one.endswith(".app.handler")))
        raise LocalError(f"there is no function {name}; there are {known}")
    return deployed[handler]
