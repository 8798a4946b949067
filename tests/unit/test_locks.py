"""Every lock pins and hashes all it installs, names no index, and agrees with the others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import bootstrap

ROOT = Path(__file__).resolve().parents[2]
INPUTS = sorted([*ROOT.glob("requirements/*.in"), *ROOT.glob("layers/*/requirements.in")])
LOCKS = sorted([*ROOT.glob("requirements/*.txt"), *ROOT.glob("layers/*/requirements.txt")])
# 64 digits for each file a package has: its source and its wheels for every platform.
HASHED = re.compile(r"(?: --hash=sha256:[0-9a-f]{64})+")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def entries(lock: Path) -> list[str]:
    """One line for each package, its continuation lines joined to it."""
    joined = re.sub(r"\s*\\\n\s*", " ", lock.read_text())
    return [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]


def pinned(lock: Path) -> Iterator[Requirement]:
    for entry in entries(lock):
        yield Requirement(entry.partition(" --hash=")[0])


def direct(source: Path) -> set[str]:
    """The packages that an `.in` file asks for, those of the files it includes too."""
    names: set[str] = set()
    for line in source.read_text().splitlines():
        wish = line.partition("#")[0].strip()
        if wish.startswith("-r "):
            names |= direct(source.parent / wish.removeprefix("-r ").strip())
        elif wish:
            names.add(canonicalize_name(Requirement(wish).name))
    return names


def test_every_input_has_its_lock() -> None:
    assert INPUTS
    assert [path.with_suffix(".txt") for path in INPUTS] == LOCKS


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_every_line_is_one_version_with_its_hashes(lock: Path) -> None:
    assert entries(lock)
    for entry in entries(lock):
        pin, _, _ = entry.partition(" --hash=")
        assert HASHED.fullmatch(entry.removeprefix(pin)), f"no hash: {pin}"
        assert [specifier.operator for specifier in Requirement(pin).specifier] == ["=="]
        assert "*" not in str(Requirement(pin).specifier)


@pytest.mark.parametrize("source", INPUTS, ids=name_of)
def test_a_lock_has_every_direct_requirement(source: Path) -> None:
    locked = {canonicalize_name(requirement.name) for requirement in pinned(source.with_suffix(".txt"))}
    assert direct(source) - locked == set()


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_no_lock_names_an_index_or_a_file(lock: Path) -> None:
    assert not re.search(r"://|--(?:extra-)?index|--find-links|^-|\s@\s", lock.read_text(), re.MULTILINE)


def test_a_package_has_one_version_in_all_locks() -> None:
    versions: dict[str, set[str]] = defaultdict(set)
    for lock in LOCKS:
        for requirement in pinned(lock):
            versions[canonicalize_name(requirement.name)].add(str(requirement.specifier))
    assert {name: pins for name, pins in versions.items() if len(pins) > 1} == {}


def make_wheel(folder: Path, name: str) -> None:
    """The smallest package pip would install."""
    metadata = f"{name}-1.0.dist-info"
    with ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{metadata}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(f"{metadata}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{metadata}/RECORD", "")


def test_setup_refuses_a_package_without_a_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_wheel(tmp_path, "unhashed")
    lock = tmp_path / "lock.txt"
    lock.write_text("unhashed==1.0\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "LOCAL", tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    environment = bootstrap.Environment(tmp_path / "venv", lock, sees_sources=False)
    with pytest.raises(bootstrap.InstallError):
        bootstrap.install(environment)
    assert "Hashes are required" in (tmp_path / "venv.log").read_text()
    assert not environment.is_current()
