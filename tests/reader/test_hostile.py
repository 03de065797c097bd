"""Hostile input: one clear line, quickly, in little memory, and never a traceback."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hostile import COMMANDS, DEEP, HOSTILE, SIGNS

from gradproof.errors import GradproofError
from gradproof.reader import Environment, ReadError, read

HERE = Path(__file__).parent
READER = HERE.parents[1] / "src" / "gradproof" / "reader"


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 200


def attempt(text: str) -> GradproofError | None:
    """What the reader says of a text; None if it reads it."""
    try:
        read(text)
    except GradproofError as why:
        return why
    return None


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_input_ends_soon_and_with_one_clear_line(name: str) -> None:
    start = time.perf_counter()
    said = attempt(HOSTILE[name])
    assert time.perf_counter() - start < 2
    if said is not None:
        assert 0 < len(said.args[0]) <= 160
        assert len(str(said)) < 1000
        assert said.args[0].isprintable()
        assert all(line.isprintable() for line in str(said).split("\n"))


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_of_tex_is_carried_out(name: str) -> None:
    with pytest.raises(GradproofError):
        read(COMMANDS[name])


@pytest.mark.parametrize("name", sorted(set(SIGNS) - {"a percent sign"}))
def test_no_sign_from_outside_is_taken_for_another(name: str) -> None:
    with pytest.raises(ReadError):
        read(SIGNS[name])


@pytest.mark.parametrize("name", DEEP)
def test_depth_is_bounded_wherever_the_reader_stands(name: str) -> None:
    def deeper(levels: int) -> None:
        if levels:
            deeper(levels - 1)
        else:
            test_a_hostile_input_ends_soon_and_with_one_clear_line(f"deep: {name}")

    deeper(300)


def test_macros_that_grow_without_bound_are_stopped() -> None:
    doubling = "".join(
        rf"\newcommand{{\{a}}}{{\{b}\{b}}}" for a, b in zip("abcdefghijklm", "bcdefghijklmn", strict=True)
    )
    e = Environment().macros(doubling.replace(r"\n\n", "xx"))
    start = time.perf_counter()
    with pytest.raises(ReadError, match="expand without end"):
        read(r"\a \a \a", e)
    assert time.perf_counter() - start < 2


def test_time_and_memory_of_all_of_them_in_one_process() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(READER.parents[1]), str(HERE)])}
    command = [sys.executable, "-W", "error", str(HERE / "hostile.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found = json.loads(done.stdout)
    assert found["slowest"] < 2
    assert found["megabytes"] < 300


@pytest.mark.parametrize("path", sorted(READER.rglob("*.py")), ids=lambda p: str(p.relative_to(READER)))
def test_the_reader_evaluates_nothing_and_opens_nothing(path: Path) -> None:
    called = {
        n.func.id
        for n in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }
    assert not called & {"eval", "exec", "compile", "open", "__import__", "input"}


ALLOWED = {"expression", "derivation", "errors", "notation", "render"}


@pytest.mark.parametrize("path", sorted(READER.rglob("*.py")), ids=lambda p: str(p.relative_to(READER)))
def test_the_reader_rests_on_terms_and_names_only(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            imported |= {node.module} if node.module != "gradproof" else {f"gradproof.{a.name}" for a in node.names}
        elif isinstance(node, ast.Import):
            imported |= {a.name for a in node.names}
    outside = {
        m for m in imported if m.partition(".")[0] not in sys.stdlib_module_names and not m.startswith("gradproof")
    }
    assert not outside
    assert {m.split(".")[1] for m in imported if m.startswith("gradproof.")} <= {*ALLOWED, "reader"}
