"""What the emulator's folder remembers between two runs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from local import __main__ as commands
from local.emulator.server import Server, last_port
from local.emulator.stack import aws_folder


def test_a_folder_remembers_the_port_of_its_last_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Started:
        pid = 1

    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: Started())
    monkeypatch.setattr(Server, "check_port", lambda _: None)
    monkeypatch.setattr(Server, "answers", lambda _: True)
    monkeypatch.setattr(Started, "poll", lambda _: None, raising=False)
    assert last_port(tmp_path) is None
    Server(4999, tmp_path, auth=False, home="/").start()
    assert last_port(tmp_path) == 4999


def test_the_port_is_the_one_asked_for_else_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "LOCAL", tmp_path)
    monkeypatch.delenv("DARKROOM_PORT", raising=False)
    assert commands._port() == 4566
    folder = aws_folder(tmp_path)
    folder.mkdir()
    (folder / "port").write_text("4999")
    assert commands._port() == 4999
    monkeypatch.setenv("DARKROOM_PORT", "5001")
    assert commands._port() == 5001
    monkeypatch.delenv("DARKROOM_PORT")
    (folder / "port").write_text("not a number")
    assert commands._port() == 4566
