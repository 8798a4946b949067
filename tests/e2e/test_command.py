"""The command `darkroom` against the deployed stack."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from svix.webhooks import Webhook

from darkroom_client.cli.__main__ import main
from local.emulator.info import StackInfo
from local.receiver import Receiver


@dataclass(frozen=True)
class Done:
    """What a command printed."""

    stdout: str
    stderr: str


type Run = Callable[..., Done]


@pytest.fixture
def darkroom(
    stack_info: StackInfo,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs the command in a folder of its own, logged in by the environment."""
    environment = {
        "DARKROOM_CONFIG": str(tmp_path / "config/profile.json"),
        "DARKROOM_BASE_URL": stack_info.base_url,
        "DARKROOM_KEY": stack_info.keys["memes_live"],
        "DARKROOM_ADMIN_KEY": stack_info.keys["admin"],
    }
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, code: int = 0, **changed: str | None) -> Done:
        with monkeypatch.context() as patch:
            for name, value in {**environment, **changed}.items():
                patch.delenv(name, raising=False)
                if value is not None:
                    patch.setenv(name, value)
            ended = main(list(arguments))
        printed = capsys.readouterr()
        assert ended == code, printed.err
        return Done(printed.out, printed.err)

    return run


def said(done: Done) -> Any:
    return json.loads(done.stdout)


def test_logging_in_keeps_the_key_where_only_the_user_reads_it(
    darkroom: Run, stack_info: StackInfo, tmp_path: Path
) -> None:
    nobody = {"DARKROOM_BASE_URL": None, "DARKROOM_KEY": None}
    assert "darkroom login" in darkroom("credits", code=3, **nobody).stderr
    key = stack_info.keys["memes_test"]
    told = darkroom("login", "--base-url", stack_info.base_url, "--key", key, "--json", **nobody)
    assert key not in told.stdout
    kept = Path(said(told)["profile"])
    assert kept.stat().st_mode & 0o777 == 0o600
    assert said(darkroom("credits", "--json", **nobody))["livemode"] is False
    assert darkroom("login", "--base-url", stack_info.base_url, "--key", "sk_live_x", code=3).stderr


def test_pictures_are_made_and_saved(darkroom: Run, tmp_path: Path) -> None:
    done = darkroom(
        "generate", "a lighthouse at dusk", "-n", "2", "-q", "fast", "-a", "16:9", "-o", "pictures"
    )
    saved = [tmp_path / line for line in done.stdout.split()]
    assert len(saved) == 2
    for path in saved:
        with Image.open(path) as picture:
            assert picture.size == (1344, 768)
    assert "generation_failed" in darkroom("generate", "x [[fail]]", code=1).stderr
    newest = said(darkroom("jobs", "--json", "-n", "2"))
    assert [one["status"] for one in newest] == ["failed", "succeeded"]


def test_the_api_s_refusals_have_a_code_of_their_own(darkroom: Run) -> None:
    assert "aspect_ratio" in darkroom("generate", "x", "-a", "7:7", code=4).stderr
    assert darkroom("generate", "x", "-n", "9", code=2).stderr
    assert darkroom("credits", code=5, DARKROOM_BASE_URL="http://127.0.0.1:9").stderr


def test_rows_are_rendered_and_failed_ones_come_back(
    darkroom: Run, stack_info: StackInfo, tmp_path: Path
) -> None:
    (tmp_path / "rows.csv").write_text("_sku,headline.text\na1,One\na2,Two,too many cells\na3,Three\n")
    template = stack_info.templates["social-card"]
    done = darkroom("render", template, "--csv", "rows.csv", "-o", "out", code=1)
    assert "1 of 3 rows were not made" in done.stderr
    with (tmp_path / "out/results.csv").open() as file:
        assert [row["_status"] for row in csv.DictReader(file)] == ["succeeded", "invalid", "succeeded"]
    with (tmp_path / "out/failed.csv").open() as file:
        (row,) = csv.DictReader(file)
        assert row["_error"]
    one = darkroom("render", template, "headline.text=From a shell", "--json")
    assert said(one)["url"].startswith(stack_info.base_url)


def test_templates_are_pulled_changed_and_pushed(
    darkroom: Run, stack_info: StackInfo, tmp_path: Path
) -> None:
    template = stack_info.templates["testimonial"]
    (pulled,) = said(darkroom("templates", "pull", template, "--json"))
    path = tmp_path / pulled["file"]
    document = json.loads(path.read_text())
    path.write_text(json.dumps({**document, "name": "Renamed here"}))
    (pushed,) = said(darkroom("templates", "push", pulled["file"], "--json"))
    assert (pushed["id"], pushed["version"]) == (template, pulled["version"] + 1)
    assert "Renamed here" in darkroom("templates", "list").stdout
    del document["id"]
    path.write_text(json.dumps(document))
    (new,) = said(darkroom("templates", "push", pulled["file"], "--json"))
    assert new["id"] != template
    assert json.loads(path.read_text())["id"] == new["id"]


def test_keys_are_made_listed_and_revoked(darkroom: Run) -> None:
    made = said(darkroom("keys", "create", "ci", "--scope", "generations:read", "--test", "--json"))
    assert made["secret"].startswith("sk_test_")
    assert "403" in darkroom("keys", "list", DARKROOM_KEY=made["secret"], code=4).stderr
    listed = darkroom("keys", "list").stdout
    assert made["id"] in listed
    assert made["secret"] not in listed
    assert darkroom("keys", "revoke", made["id"]).stdout
    assert darkroom("keys", "list", DARKROOM_KEY=made["secret"], code=3).stderr


def test_the_operator_opens_workspaces_and_grants(darkroom: Run) -> None:
    made = said(darkroom("admin", "open", "Acme [bold]", "--credits", "5", "--json"))
    workspace = made["workspace"]["id"]
    assert darkroom("admin", "grant", workspace, "7", "--reference", "inv-1").stdout.endswith(
        "12 available\n"
    )
    assert "before" in darkroom("admin", "grant", workspace, "7", "--reference", "inv-1").stdout
    assert "Acme [bold]" in darkroom("admin", "workspace", workspace).stdout
    assert "operator" in darkroom("admin", "workspace", workspace, code=3, DARKROOM_ADMIN_KEY=None).stderr


def test_deliveries_are_forwarded_once_and_again_when_asked(
    darkroom: Run, hook: Receiver, tmp_path: Path
) -> None:
    listen = ("listen", "--forward-to", hook.url)
    started = darkroom(*listen, "--once")
    secret = started.stderr.split()[-1]
    generation = said(darkroom("trigger", "generation.completed", "--json"))["id"]
    until = time.monotonic() + 60
    while not hook.received and time.monotonic() < until:
        darkroom(*listen, "--once")
    (message,) = hook.received
    Webhook(secret).verify(message.body, message.headers)
    assert json.loads(message.body)["data"]["generation"]["id"] == generation
    forwarded = darkroom(*listen, "--once", "--json").stdout
    assert forwarded == ""
    listener = next(iter(json.loads((tmp_path / "config/listeners.json").read_text()).values()))
    again = darkroom(*listen, "--resend", listener["forwarded"][-1], "--json")
    assert said(again)["outcome"] == "200"
    assert len(hook.received) == 2
