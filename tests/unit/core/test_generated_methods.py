"""What the build recorded of ``dataclasses`` is what each process would have compiled itself."""

from __future__ import annotations

import dataclasses
import marshal
from pathlib import Path

import pytest

from darkroom import generated_methods
from tools.paths import ROOT


@pytest.fixture
def using(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of the core's own, in which a record may lie; `dataclasses` is put back afterwards."""
    monkeypatch.setattr(generated_methods, "__file__", str(tmp_path / "generated_methods.py"))
    monkeypatch.setitem(vars(dataclasses), "exec", exec)
    return tmp_path / generated_methods.FILE


def test_a_record_is_read_as_it_was_written() -> None:
    codes = {"def f(): return 1": marshal.dumps(compile("def f(): return 1", "<string>", "exec"))}
    assert generated_methods.unpacked(generated_methods.packed(codes)) == codes


def test_the_record_of_another_python_is_not_used() -> None:
    assert generated_methods.unpacked(b"\x00\x00\r\n" + marshal.dumps({"text": b"code"})) == {}


def test_without_a_record_everything_is_compiled(using: Path) -> None:
    generated_methods.use()
    assert vars(dataclasses)["exec"] is exec


def test_what_was_recorded_is_not_compiled_again(using: Path) -> None:
    text = "made = 'here'"
    using.write_bytes(
        generated_methods.packed({text: marshal.dumps(compile("made = 'before'", "<string>", "exec"))})
    )
    generated_methods.use()
    namespace: dict[str, object] = {}
    vars(dataclasses)["exec"](text, {}, namespace)
    assert namespace == {"made": "before"}


def test_what_was_not_recorded_is_compiled(using: Path) -> None:
    using.write_bytes(generated_methods.packed({"other": marshal.dumps(compile("1", "<string>", "exec"))}))
    generated_methods.use()

    @dataclasses.dataclass(frozen=True, slots=True)
    class Point:
        x: int

    assert (Point(3), hash(Point(3))) == (Point(3), hash(Point(3)))


def test_a_checkout_has_no_record() -> None:
    """So that a class that was changed is never given the methods it had before."""
    assert not (ROOT / "layers/core/darkroom" / generated_methods.FILE).exists()
