"""The C source and its compiler: a strict one has nothing to say; none at all, broken ones, several processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import gradproof
from gradproof.errors import GradproofError
from gradproof.export.c import NoCompiler, compiler

pytestmark = pytest.mark.compiler
SOURCE = "int answer(void) { return 42; }\n"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "gradproof" / "c"


def test_compiled_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert compiler.load(SOURCE).answer() == 42
    (library,) = cache.iterdir()
    monkeypatch.setattr(compiler, "_compile", lambda *_: pytest.fail("compiled again"))
    assert compiler.load(SOURCE).answer() == 42
    assert [library] == list(cache.iterdir())


def test_another_source_or_compiler_is_another_library(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler.load(SOURCE)
    assert compiler.load(SOURCE.replace("42", "43")).answer() == 43
    monkeypatch.setenv("CC", f"{compiler.compiler()[0]} -DOTHER")
    compiler.load(SOURCE)
    assert len(list(cache.iterdir())) == 3


def test_no_compiler_is_said_and_the_source_is_there(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(cache))
    monkeypatch.delenv("CC", raising=False)
    code = gradproof.catalogue()["A12"].prove().export("c")
    assert "void grad_float(" in code.source
    with pytest.raises(NoCompiler, match="need a C compiler, and there is none"):
        _ = code.functions
    assert issubclass(NoCompiler, GradproofError)
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(NoCompiler, match="no-such-compiler"):
        compiler.compiler()


def test_a_compiler_that_fails_is_quoted(cache: Path) -> None:
    with pytest.raises(NoCompiler, match="does not compile the source") as caught:
        compiler.load("this is no C\n")
    assert "error" in str(caught.value)
    assert list(cache.iterdir()) == []


def test_a_directory_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(NoCompiler, match="no directory to compile in"):
        compiler.load(SOURCE)


def test_flags_that_a_compiler_does_not_know_are_left_out(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = tmp_path / "plaincc"
    real = compiler.compiler()[0]
    plain.write_text(f'#!/bin/sh\ncase "$*" in *-fopenmp*|*-march*) exit 1;; esac\nexec {real} "$@"\n')
    plain.chmod(0o755)
    monkeypatch.setenv("CC", str(plain))
    assert compiler.load(SOURCE).answer() == 42


def test_several_processes_compile_at_once(cache: Path) -> None:
    program = f"from gradproof.export.c import compiler\nassert compiler.load({SOURCE!r}).answer() == 42\n"
    running = [subprocess.Popen([sys.executable, "-c", program], env=os.environ.copy()) for _ in range(4)]
    assert [p.wait() for p in running] == [0] * 4
    assert [p.suffix for p in cache.iterdir()] == [".so"]


@pytest.mark.parametrize("entry", ["A12", "B02", "C21", "C30", "D18", "F14", "H14", "H28"])
@pytest.mark.parametrize("openmp", [True, False])
def test_a_strict_compiler_has_nothing_to_say(entry: str, openmp: bool, tmp_path: Path) -> None:
    file = tmp_path / "f.c"
    file.write_text(gradproof.catalogue()[entry].prove().export("c").source)
    command = [*compiler.compiler(), "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-O1", "-c", str(file)]
    ignored = ["-fopenmp"] if openmp else []
    done = subprocess.run([*command, *ignored, "-o", str(tmp_path / "f.o")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "alloc(" not in file.read_text()


def test_the_header_says_what_and_how_far_it_is_proved() -> None:
    source = gradproof.catalogue()["C21"].prove().export("c").source
    head = source[: source.index("*/")]
    assert head.startswith("/* C21  Cross-entropy over the tokens that count\n")
    assert "dL/dZ_rk = (m_r / M) (P_rk - delta_{k,T_r})" in head
    assert "proved for every K, N >= 1" in head
    assert "nats" in head
    assert source.count("shape (..., N, K)") >= 3
