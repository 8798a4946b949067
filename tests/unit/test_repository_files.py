"""What a stranger meets first: licence, policies, workflow, forms, hooks, editor and container settings."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
MAKE_TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def project() -> dict[str, Any]:
    metadata: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return metadata


def steps(workflow: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            yield job, step


def make_targets(workflow: dict[str, Any]) -> set[str]:
    """The targets a workflow runs, those of a matrix too."""
    targets: set[str] = set()
    for job, step in steps(workflow):
        command = step.get("run", "")
        if command == "make ${{ matrix.target }}":
            targets.update(job["strategy"]["matrix"]["target"])
        elif command.startswith("make "):
            targets.add(command.removeprefix("make "))
    return targets


def test_the_licence_is_apache_2_and_names_no_owner() -> None:
    lines = [line.strip() for line in (ROOT / "LICENSE").read_text().splitlines() if line.strip()]
    assert lines[:2] == ["Apache License", "Version 2.0, January 2004"]
    assert "END OF TERMS AND CONDITIONS" in lines
    notices = [line for line in lines if re.match(r"copyright\s+(\[|\(c\)|©|\d)", line, re.IGNORECASE)]
    assert notices == ["Copyright [yyyy] [name of copyright owner]"]
    assert project()["license"] == "Apache-2.0"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
@pytest.mark.parametrize("target", ["LICENSE", "SECURITY.md", "CHANGELOG.md"])
def test_readers_are_led_to_the_policies(name: str, target: str) -> None:
    assert f"]({target})" in (ROOT / name).read_text()


def test_vulnerabilities_are_reported_privately_and_to_nobody_invented() -> None:
    policy = (ROOT / "SECURITY.md").read_text()
    assert "Report a vulnerability" in policy
    assert not re.search(r"\S+@\S+\.\S+", policy)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
def test_relative_links_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", (ROOT / name).read_text())
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_changelog_tells_of_what_is_unreleased_and_of_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert changelog.startswith("# Changelog\n")
    assert "keepachangelog.com" in changelog
    assert "\n## [Unreleased]\n" in changelog
    assert project()["version"] in changelog


def test_check_and_test_run_on_every_change() -> None:
    (workflow,) = [load(path) for path in WORKFLOWS]
    triggers = workflow[True]  # YAML 1.1 reads `on` as a boolean
    assert {"push", "pull_request"} <= set(triggers)
    assert make_targets(workflow) == {"check", "test"}
    assert make_targets(workflow) <= MAKE_TARGETS
    assert "concurrency" in workflow
    assert {job["runs-on"] for job in workflow["jobs"].values()} == {"ubuntu-latest"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_only_read(path: Path) -> None:
    workflow = load(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert not [job for job in workflow["jobs"].values() if "permissions" in job]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_to_a_major_version(path: Path) -> None:
    used = [step["uses"] for _, step in steps(load(path)) if "uses" in step]
    assert used
    assert [action for action in used if not re.fullmatch(r"[\w.-]+/[\w./-]+@v\d+", action)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_cached_environments_follow_the_interpreter_and_every_lock(path: Path) -> None:
    by_action = {
        step["uses"].partition("@")[0]: step["with"] for _, step in steps(load(path)) if "uses" in step
    }
    assert by_action["actions/setup-python"]["python-version"] == "3.13"
    key = by_action["actions/cache"]["key"]
    assert "python-version" in key
    hashed = {file for pattern in re.findall(r"'([^']+)'", key) for file in ROOT.glob(pattern)}
    assert hashed == {*ROOT.glob("requirements/*.txt"), *ROOT.glob("layers/*/requirements.txt")}


def test_dependency_updates_reach_every_folder_of_requirements_and_the_workflows() -> None:
    dependabot = load(GITHUB / "dependabot.yml")
    assert dependabot["version"] == 2
    updates = {update["package-ecosystem"]: update for update in dependabot["updates"]}
    assert set(updates) == {"pip", "github-actions"}
    covered = {
        folder for pattern in updates["pip"]["directories"] for folder in ROOT.glob(pattern.removeprefix("/"))
    }
    wanting = {path.parent for pattern in ("*/*.in", "layers/*/*.in") for path in ROOT.glob(pattern)}
    assert wanting
    assert wanting <= covered
    assert updates["github-actions"]["directory"] == "/"


def test_there_are_forms_for_bugs_and_features() -> None:
    assert {path.stem for path in FORMS} == {"bug", "feature"}
    assert load(GITHUB / "ISSUE_TEMPLATE" / "config.yml") == {"blank_issues_enabled": False}
    assert (GITHUB / "pull_request_template.md").read_text().strip()


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_is_one_github_accepts(path: Path) -> None:
    form = load(path)
    assert form["name"]
    assert form["description"]
    inputs = [element for element in form["body"] if element["type"] != "markdown"]
    assert {element["type"] for element in inputs} <= {"checkboxes", "dropdown", "input", "textarea"}
    ids = [element["id"] for element in inputs]
    assert len(ids) == len(set(ids))
    labels = [element["attributes"]["label"] for element in inputs]
    assert len(labels) == len(set(labels))
    assert any(element.get("validations", {}).get("required") for element in inputs)


def test_hooks_are_the_projects_own_tools() -> None:
    repositories = load(ROOT / ".pre-commit-config.yaml")["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    entries = {hook["id"]: hook["entry"] for hook in repositories[0]["hooks"]}
    assert {"ruff-format", "ruff-check", "mypy"} <= set(entries)
    for entry in entries.values():
        program, argument, *_ = entry.split()
        assert program in {".local/venv/bin/python", "make", "git"}
        assert program != "make" or argument in MAKE_TARGETS


def test_the_dev_container_sets_the_project_up() -> None:
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    assert container["image"].rpartition(":")[2].startswith("3.13")
    assert container["postCreateCommand"] == "make setup"
    assert container["forwardPorts"] == [4566]


def test_editors_wrap_where_the_formatter_does() -> None:
    settings = (ROOT / ".editorconfig").read_text()
    line_length = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["line-length"]
    assert settings.startswith("root = true\n")
    assert f"max_line_length = {line_length}\n" in settings


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """`.ci/run` beside a `make` that only notes its target, and fails where the file `fail` says."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    make = tmp_path / "bin" / "make"
    make.parent.mkdir()
    make.write_text('#!/bin/sh\ncat\necho "$1" >> gates\n[ "$1" != "$(cat fail)" ]\n')
    make.chmod(0o755)
    return tmp_path


def run_gates(checkout: Path, *, failing: str = "") -> subprocess.CompletedProcess[str]:
    (checkout / "fail").write_text(failing)
    environment = {"PATH": f"{checkout / 'bin'}:/usr/bin:/bin", "CI": "true"}
    command = [str(checkout / ".ci" / "run")]
    return subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, timeout=30)


def test_cheap_gates_come_before_the_tests(checkout: Path) -> None:
    assert run_gates(checkout).returncode == 0
    gates = (checkout / "gates").read_text().split()
    assert gates == ["setup", "format-check", "lint", "types", "template", "test"]
    assert set(gates) <= MAKE_TARGETS


def test_the_first_failure_ends_the_run_and_is_named_in_one_line(checkout: Path) -> None:
    result = run_gates(checkout, failing="lint")
    assert result.returncode == 1
    assert (checkout / "gates").read_text().split()[-1] == "lint"
    assert result.stderr.splitlines() == ["ci: failed at 'lint'; `make lint` repeats it"]
