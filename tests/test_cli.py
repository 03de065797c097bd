"""The command line as its users meet it: what it prints, where, and its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gradproof import __version__
from gradproof.cli import main
from gradproof.entries import catalogue
from gradproof.render.words import PLAIN
from gradproof.storage import load
from typesetting import needs_pdflatex

SOURCE = Path(__file__).parents[1] / "src"
HEAD = '"""{title}"""\nfrom gradproof.notation import *\nfrom gradproof.statement import Statement, WorkedNumber\n\n'
SOFTMAX = """K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)
p = softmax(z)
L = let("L", log(Sum(exp(z[j]), j)))
statement = Statement(claims=(Eq(D(L, z[k]), {claim}),){more})
"""


def statement(folder: Path, claim: str = "p[k]", more: str = "") -> str:
    path = folder / "my_loss.py"
    text = HEAD.format(title="The gradient of log-sum-exp is softmax.") + SOFTMAX.format(claim=claim, more=more)
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_list_shows_the_family_and_number_name_and_title(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--family", "foundations"]) == 0
    head, blank, *lines = capsys.readouterr().out.splitlines()
    assert (head, blank) == ("Foundations (foundations)", "")
    entries = [e for e in catalogue().values() if e.family == "foundations"]
    assert len(lines) == len(entries) >= 1
    for line, entry in zip(lines, entries, strict=True):
        assert line.split()[:2] == [entry.number, entry.name]
        assert line.endswith(PLAIN.say((entry.title,)))


def test_the_whole_list_names_every_family_and_entry_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--to", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [r["number"] for r in rows] == list(catalogue())
    assert set(rows[0]) == {"family", "number", "name", "title"}
    assert main(["list"]) == 0
    text = capsys.readouterr().out
    assert main(["list", "--to", "md"]) == 0
    page = capsys.readouterr().out
    for family, entries in catalogue().families().items():
        assert family.about, f"derivations/{family.name}/README.md says nothing"
        assert f"{family.title} ({family.name})" in text
        assert f"## {family.title}\n" in page
        for e in entries:
            assert f"| {e.number} | `{e.name}` |" in page
            assert f"\n{e.number:4} {e.name} " in text


def test_a_statement_of_the_users_own_is_derived(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", statement(tmp_path)]) == 0
    page = capsys.readouterr().out
    assert "The gradient of log-sum-exp is softmax" in page
    assert "proved for every K >= 1" in page


@pytest.mark.parametrize(("form", "start"), [("tex", "\\documentclass"), ("md", "#"), ("json", "{"), ("text", "The")])
def test_every_form_is_written_to_its_file(tmp_path: Path, form: str, start: str) -> None:
    target = tmp_path / f"page.{form}"
    options = ["--style", "cases", "--detail", "full", "--to", form, "-o", str(target)]
    assert main(["derive", statement(tmp_path), *options]) == 0
    assert target.read_text(encoding="utf-8").startswith(start)


@needs_pdflatex
def test_pdf_needs_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", statement(tmp_path), "--to", "pdf"]) == 2
    assert "-o page.pdf" in capsys.readouterr().err
    assert main(["derive", statement(tmp_path), "--to", "pdf", "-o", str(tmp_path / "page.pdf")]) == 0
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_a_saved_proof_is_checked_without_searching(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = tmp_path / "proof.json"
    assert main(["derive", statement(tmp_path), "--to", "json", "-o", str(saved)]) == 0
    monkeypatch.setitem(sys.modules, "gradproof.propose", None)
    capsys.readouterr()
    assert main(["check", str(saved)]) == 0
    said = capsys.readouterr().out
    assert "proved for every K >= 1" in said
    assert "dL/dz_k = p_k" in said
    assert main(["export", str(saved), "-o", str(tmp_path / "code.py")]) == 0
    assert "def grad(z)" in (tmp_path / "code.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--stream", "K"], "def grad(z_chunks):"),
        (["--target", "torch", "--stream", "K"], "def grad(z_chunks):"),
        (["--target", "torch", "--shard", "K"], "def grad(z, group=None):"),
        (["--target", "jax", "--shard", "K"], "def grad(z, axis_name):"),
    ],
)
def test_an_axis_in_parts(options: list[str], expected: str, tmp_path: Path) -> None:
    code = tmp_path / "code.py"
    assert main(["export", statement(tmp_path), *options, "-o", str(code)]) == 0
    assert expected in code.read_text(encoding="utf-8")


def test_a_saved_proof_of_something_else_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "proof.json"
    main(["derive", statement(tmp_path), "--to", "json", "-o", str(saved)])
    data = json.loads(saved.read_text(encoding="utf-8"))
    step = next(s for t in data["derivation"]["theorems"] for s in t["steps"])
    number = next(n for n, r in enumerate(data["terms"]) if r["kind"] == "Number" and r["value"] == "-1")
    original, step["result"] = step["result"], number
    saved.write_text(json.dumps(data), encoding="utf-8")
    assert main(["check", str(saved)]) == 1
    assert "the kernel refuses a step" in capsys.readouterr().err

    step["result"] = original
    data["statement"]["claims"] = data["statement"]["claims"] * 2
    data["statement"]["claims"][1] = data["derivation"]["theorems"][0]["start"]
    data["derivation"]["theorems"][0]["role"] = "lemma"
    saved.write_text(json.dumps(data), encoding="utf-8")
    assert main(["check", str(saved)]) == 1
    assert "does not end in a claim of the statement" in capsys.readouterr().err


def test_a_saved_proof_of_nothing_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "proof.json"
    main(["derive", statement(tmp_path), "--to", "json", "-o", str(saved)])
    data = json.loads(saved.read_text(encoding="utf-8"))
    data["statement"]["claims"] = []
    saved.write_text(json.dumps(data), encoding="utf-8")
    assert main(["check", str(saved)]) == 2
    assert "claims nothing" in capsys.readouterr().err


def test_givens_may_not_be_smuggled_into_a_saved_proof(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, saved = statement(tmp_path), tmp_path / "proof.json"
    main(["derive", path, "--to", "json", "-o", str(saved)])
    data = json.loads(saved.read_text(encoding="utf-8"))
    claim = data["statement"]["claims"][0]
    data["derivation"]["givens"] = [{"relation": claim, "over": [], "apart": [], "text": ""}]
    saved.write_text(json.dumps(data), encoding="utf-8")
    assert main(["check", str(saved)]) == 1
    assert "assumes something that the statement does not give" in capsys.readouterr().err


def test_a_false_claim_is_refuted_with_a_point(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", statement(tmp_path, claim="2 * p[k]")]) == 1
    complaint = capsys.readouterr().err
    assert "the claim is false" in complaint
    assert "K = 1, k = 1" in complaint
    assert "the left side is 1, the right side is 2" in complaint


def test_what_is_not_decided_is_said_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "motzkin.py"
    motzkin = "a**4 * b**2 + a**2 * b**4 + 1 >= 3 * a**2 * b**2"
    claim = f'a, b = scalars("a b")\nstatement = Statement(claims=({motzkin},))\n'
    path.write_text(HEAD.format(title="A true bound.") + claim, encoding="utf-8")
    assert main(["derive", str(path)]) == 3
    assert "Traceback" not in capsys.readouterr().err


SHARED = ["export", "A12", "--shard", "K", "--stream", "K"]
BAD = [
    (["derive", "A999"], "no entry 'A999'"),
    (["derive", "softmax-cross-entropi"], "did you mean softmax-cross-entropy"),
    (["derive", "none.py"], "none.py"),
    (["check", "none.json"], "none.json"),
    (["list", "--family", "none"], "no family 'none'"),
    (["export", "A12", "--target", "fortran"], "fortran"),
    (["export", "A12", "--target", "numpy", "--shard", "K"], "expected: torch or jax"),
    (["export", "A12", "--target", "torch", "--shard", "N"], "no argument has an axis of length N\n  expected: K"),
    (["export", "A12", "--target", "c", "--stream", "K"], "expected: numpy or torch or jax"),
    (["export", "A12", "--stream", "N"], "no argument has an axis of length N\n  expected: K"),
    (["export", "E07", "--stream", "N"], "the axis N of A cannot be split"),
    (["derive", "A12", "-o", "/none/page.txt"], "cannot write the file"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD, ids=[" ".join(a) for a, _ in BAD])
def test_bad_input_is_named(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert "Traceback" not in said.err


def test_bad_usage_is_exit_code_two() -> None:
    for arguments in ([], ["prove"], ["derive"], ["derive", "A12", "--style", "none"], SHARED):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2


NUMBERS = """, numbers=(
    WorkedNumber(p[k], {"z": [2.1, 1.0, -0.5]}, [0.71, 0.24, 0.05], 0.005, "the softmax"),
    WorkedNumber(L, {"z": [0, 0]}, 0.693, 0.0005, "log 2"),
    WorkedNumber(p[k], {"z": [0, 0, 0, 0], "k": 2}, 0.25, 0, "a quarter"),
    %s)"""


def test_worked_numbers_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--numbers", statement(tmp_path, more=NUMBERS % "")]) == 0
    assert "3 right, 0 not right, of 3" in capsys.readouterr().out
    wrong = 'WorkedNumber(L, {"z": [0, 0]}, 0.7, 0.005, "about"),'
    assert main(["check", "--numbers", statement(tmp_path, more=NUMBERS % wrong)]) == 1
    assert 'WRONG         "about": stated 0.7, computed 0.693147' in capsys.readouterr().out
    undefined = 'WorkedNumber(log(L), {"z": [-1]}, 0, 1, "no value"),'
    assert main(["check", "--numbers", statement(tmp_path, more=NUMBERS % undefined)]) == 3
    missing = 'WorkedNumber(L, {"x": [0]}, 0, 1, "no input"),'
    assert main(["check", "--numbers", statement(tmp_path, more=NUMBERS % missing)]) == 2


def test_rules_are_printed_as_text_and_as_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    text = capsys.readouterr().out
    assert main(["rules", "--to", "md", "-o", str(tmp_path / "rules.md")]) == 0
    page = (tmp_path / "rules.md").read_text(encoding="utf-8")
    from gradproof.rules import RULES

    for name in RULES:
        assert name in text
        assert f"`{name}`" in page
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {7}


def test_a_fault_of_ours_shows_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import gradproof.api

    def fails(_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(gradproof.api, "prove", fails)
    assert main(["derive", statement(tmp_path)]) == 3
    assert "RuntimeError: boom" in capsys.readouterr().err
    monkeypatch.setenv("GRADPROOF_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        main(["derive", statement(tmp_path)])


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "gradproof", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONPATH": str(SOURCE), **environment},
    )


def test_as_a_process(tmp_path: Path) -> None:
    assert process("--version").stdout == f"gradproof {__version__}\n"
    helped = process("--help")
    assert (helped.returncode, "exit codes" in helped.stdout) == (0, True)
    done = process("derive", statement(tmp_path), "--to", "md", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.isascii()
    failed = process("derive", statement(tmp_path, claim="-p[k]"))
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith("gradproof: ")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = f'{sys.executable} -m gradproof rules; echo "code $?" >&2'
    done = subprocess.run(
        ["bash", "-c", f"( {command} ) | true"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert done.stderr == "code 0\n"


def test_json_to_the_terminal_is_the_saved_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = statement(tmp_path)
    assert main(["derive", path, "--to", "json"]) == 0
    target = tmp_path / "proof.json"
    target.write_text(capsys.readouterr().out, encoding="utf-8")
    assert load(target).derivation.claims
