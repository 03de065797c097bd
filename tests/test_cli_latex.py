r"""LaTeX on the command line: losses, expectations, claims and files, what they print and how they exit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gradproof
from gradproof.cli import main
from gradproof.expression import Expr
from gradproof.notation import (
    POSITIVE,
    Product,
    Sum,
    exp,
    indices,
    log,
    matrix,
    scalar,
    sigmoid,
    size,
    sqrt,
    tanh,
    vector,
)

APPENDIX = Path(__file__).parent / "claims" / "appendices" / "softmax_regression.tex"
LOSS = ["--loss", r"-\sum_{i=1}^{K} y_i \log p_i", "--let", r"p_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}"]
ONE = ["--given", r"\sum_{i=1}^{K} y_i = 1"]
GRADIENT = [*LOSS, *ONE, "--wrt", "z_k"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    return code, said.out, said.err


def data(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code, out, _ = run(capsys, *arguments, "--to", "json")
    return code, json.loads(out)


# -- derive ------------------------------------------------------------------------------------------------------------


def test_the_page_of_a_loss(capsys: pytest.CaptureFixture[str]) -> None:
    code, page, _ = run(capsys, "derive", *GRADIENT, "--expect", "p_k - y_k")
    assert code == 0
    assert "dL/dz_k = p_k - y_k" in page
    assert "proved for every K >= 1" in page


def test_the_json_of_a_loss(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = data(capsys, "derive", *GRADIENT, "--expect", "p_k - y_k")
    assert code == 0
    assert (found["status"], found["result"], found["expected"]) == ("proved", "p_k - y_k", True)
    assert found["assumptions"] == [r"\sum_{i=1}^{K} y_i = 1"]
    assert found["counterexample"] is found["suggestion"] is None
    assert {"latex", "rule", "reason", "status"} <= set(found["steps"][0])
    assert all(s["latex"] and s["rule"] and s["reason"] and s["status"] == "proved" for s in found["steps"])
    assert found["steps"][-1]["latex"] == "p_k - y_k"


def test_without_an_expectation_nothing_is_expected(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = data(capsys, "derive", *LOSS, "--wrt", "z_k")
    assert code == 0
    assert (found["result"], found["expected"], found["assumptions"]) == (r"p_k \sum_{j=1}^{K} y_j - y_k", None, [])


def test_a_wrong_expectation_is_refuted_and_corrected(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = data(capsys, "derive", *GRADIENT, "--expect", "y_k - p_k")
    assert code == 1
    assert (found["status"], found["expected"], found["result"]) == ("refuted", False, None)
    point = found["counterexample"]
    assert point["sizes"] == {"K": 2}
    assert point["left"] == pytest.approx(-point["right"])
    assert sum(point["values"]["y"]) == 1
    assert found["suggestion"]["latex"].endswith("= p_k - y_k")
    code, out, err = run(capsys, "derive", *GRADIENT, "--expect", "y_k - p_k")
    assert (code, out) == (1, "")
    assert "the expected form is false" in err
    assert "p_k - y_k is true (proved)" in err


def test_an_expectation_out_of_reach_is_not_decided(capsys: pytest.CaptureFixture[str]) -> None:
    inequality = ["--claim", r"x^4 y^2 + x^2 y^4 + 1 \ge 3 x^2 y^2"]
    assert run(capsys, "check", *inequality)[0] == 3
    code, found = data(capsys, "check", *inequality)
    assert (code, found["status"], found["counterexample"]) == (3, "not decided", None)


@pytest.mark.parametrize(
    ("form", "start"), [("tex", "\\documentclass"), ("md", "#"), ("text", "Deriv"), ("proof", "{")]
)
def test_every_form_is_written(form: str, start: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "out.json"
    assert run(capsys, "derive", *GRADIENT, "--to", form, "-o", str(path))[0] == 0
    assert path.read_text(encoding="utf-8").startswith(start)
    if form == "proof":
        assert run(capsys, "check", str(path))[0] == 0


def test_a_loss_may_begin_with_a_minus_or_look_like_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert r"\sigma(x)" in data(capsys, "derive", "--loss", r"-\log\sigma(x)", "--wrt", "x")[1]["result"]
    assert data(capsys, "derive", "--loss", "-o^2", "--wrt", "o")[1]["result"] == "-2 o"


def test_the_code_of_a_loss(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "f.py"
    assert run(capsys, "export", *GRADIENT, "--target", "numpy", "-o", str(path))[0] == 0
    names: dict[str, Any] = {}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), names)
    found = names["grad"](z=np.array([1e4, 0.0]), y=np.array([0.0, 1.0]))
    assert np.allclose(found, [1.0, -1.0])


# -- the same as through Python ----------------------------------------------------------------------------------------

K, N = size("K"), size("N")
i, j, k, c, r = (*indices("i j k", K), *indices("c r", N))
n, m = indices("n m", N)
z, y, s, W = vector("z", K), vector("y", K), vector("s", N), matrix("W", N, N)
w = vector("w", K, domain=POSITIVE)
tau, beta, a, b = scalar("tau", POSITIVE), scalar("beta", POSITIVE), scalar("a"), scalar("b")


@dataclass(frozen=True)
class Invention:
    latex: str
    wrt: str
    loss: Expr
    variable: Expr
    givens: tuple[str, ...] = ()


SHARE = exp(z[i]) / Sum(exp(z[j]), j)
INVENTIONS = {
    "cross-entropy in one": Invention(
        r"-\sum_{i=1}^{K} y_i \log \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}", "z_k", -Sum(y[i] * log(SHARE), i), z[k]
    ),
    "log-sum-exp squared": Invention(
        r"\left(\log \sum_{j=1}^{K} e^{z_j}\right)^2", "z_k", log(Sum(exp(z[j]), j)) ** 2, z[k]
    ),
    "tempered log-sum-exp": Invention(
        r"\frac{\log \sum_{j=1}^{K} e^{\beta z_j}}{\beta}",
        "z_k",
        log(Sum(exp(beta * z[j]), j)) / beta,
        z[k],
        (r"\beta > 0",),
    ),
    "temperature of each class": Invention(
        r"-\sum_{i=1}^{K} y_i \log \frac{e^{z_i / w_i}}{\sum_{j=1}^{K} e^{z_j / w_j}}",
        "w_k",
        -Sum(y[i] * log(exp(z[i] / w[i]) / Sum(exp(z[j] / w[j]), j)), i),
        w[k],
        ("0 < w_i",),
    ),
    "bilinear": Invention(
        r"\sum_{m=1}^{N} \sum_{n=1}^{N} s_n W_{nm} s_m", "s_r", Sum(Sum(s[n] * W[n, m] * s[m], n), m), s[r]
    ),
    "contrastive": Invention(
        r"-\sum_{n=1}^{N} \log \frac{e^{W_{nn} / \tau}}{\sum_{m=1}^{N} e^{W_{nm} / \tau}}",
        "W_{rc}",
        -Sum(log(exp(W[n, n] / tau) / Sum(exp(W[n, m] / tau), m)), n),
        W[r, c],
        (r"\tau > 0",),
    ),
    "binary cross-entropies": Invention(
        r"-\sum_{i=1}^{K} \left( y_i \log \sigma(z_i) + (1 - y_i) \log (1 - \sigma(z_i)) \right)",
        "z_k",
        -Sum(y[i] * log(sigmoid(z[i])) + (1 - y[i]) * log(1 - sigmoid(z[i])), i),
        z[k],
    ),
    "focal": Invention(r"-(1 - \sigma(a))^2 \log \sigma(a)", "a", -((1 - sigmoid(a)) ** 2) * log(sigmoid(a)), a),
    "preference": Invention(
        r"-\log \sigma(\beta (a - b))", r"\beta", -log(sigmoid(beta * (a - b))), beta, (r"\beta > 0",)
    ),
    "capped logits": Invention(
        r"\log \sum_{j=1}^{K} e^{30 \tanh(z_j / 30)}", "z_k", log(Sum(exp(30 * tanh(z[j] / 30)), j)), z[k]
    ),
    "a product": Invention(r"\prod_{n=1}^{N} (1 + e^{s_n})", "s_m", Product(1 + exp(s[n]), n), s[m]),
    "variance": Invention(
        r"\sum_{i=1}^{K} \left( z_i - \frac{\sum_{j=1}^{K} z_j}{K} \right)^2",
        "z_k",
        Sum((z[i] - Sum(z[j], j) / K) ** 2, i),
        z[k],
    ),
    "a norm below": Invention(
        r"\frac{\sum_{i=1}^{K} z_i y_i}{\sqrt{\sum_{i=1}^{K} w_i^2}}",
        "w_k",
        Sum(z[i] * y[i], i) / sqrt(Sum(w[i] ** 2, i)),
        w[k],
        ("0 < w_i",),
    ),
}


@pytest.mark.parametrize("name", INVENTIONS)
def test_latex_and_python_give_one_result(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    from gradproof.render.formulas import latex

    asked = INVENTIONS[name]
    givens = [part for g in asked.givens for part in ("--given", g)]
    code, found = data(capsys, "derive", "--loss", asked.latex, "--wrt", asked.wrt, *givens)
    assert code == 0
    assert found["result"] == latex(gradproof.derive(asked.loss, wrt=asked.variable).result)


# -- check -------------------------------------------------------------------------------------------------------------


def test_claims_are_checked_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    claims = ["--claim", r"\sigma(-x) = 1 - \sigma(x) = \sigma(x)", "--claim", r"\log e^x = x"]
    code, out, _ = run(capsys, "check", *claims)
    assert code == 1
    assert [line.partition(":")[0] for line in out.splitlines() if not line.startswith(" ")] == [
        "proved",
        "refuted",
        "proved",
    ]
    code, found = data(capsys, "check", *claims)
    assert code == 1
    assert found["status"] == "refuted"
    assert set(found["counterexample"]) >= {"sizes", "values", "left", "right"}
    assert [r["status"] for r in found["relations"]] == ["proved", "refuted", "proved"]


def test_the_gradient_needs_that_the_labels_sum_to_one(capsys: pytest.CaptureFixture[str]) -> None:
    lets = ["--let", r"\mathcal{L} = -\sum_{i=1}^{K} y_i \log p_i", *LOSS[2:]]
    claim = ["--claim", r"\frac{\partial \mathcal{L}}{\partial z_k} = p_k - y_k"]
    assert run(capsys, "check", *claim, *lets, *ONE)[0] == 0
    code, found = data(capsys, "check", *claim, *lets)
    assert code == 1
    assert found["counterexample"]["left"] == 0
    assert found["suggestion"]["latex"].endswith(r"= p_k \sum_{j=1}^{K} y_j - y_k")


def test_one_hot_labels_are_a_given(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [*LOSS, "--given", r"y_i = \delta_{it}", "--wrt", "z_k", "--expect", r"p_k - \delta_{kt}"]
    assert run(capsys, "derive", *arguments)[0] == 0


def test_files_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", str(APPENDIX))
    assert code == 1
    assert f"{APPENDIX}:22:3: refuted:" in out
    good = tmp_path / "notes.md"
    good.write_text("Now\n\n$$\n\\sigma(-x) = 1 - \\sigma(x)\n$$\n\n$$\n\\int x = y\n$$\n", encoding="utf-8")
    code, out, _ = run(capsys, "check", str(good))
    assert code == 0
    assert "0 refuted, 1 proved, 0 not decided, 1 not read" in out
    assert run(capsys, "check", str(good), str(APPENDIX))[0] == 1


def test_files_take_what_the_command_line_gives(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.tex"
    path.write_text(r"\[ \sum_{i=1}^{K} y_i a = b \] \[ b = a \]", encoding="utf-8")
    arguments = ["check", str(path), "--given", r"\sum_{i=1}^{K} y_i = 1", "--let", r"b = \sum_{i=1}^{K} y_i a"]
    code, out, _ = run(capsys, *arguments)
    assert code == 0
    assert "0 refuted, 2 proved" in out


def test_files_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = data(capsys, "check", str(APPENDIX))
    (file,) = found["files"]
    assert code == 1
    assert file["counts"]["refuted"] == 5
    first = next(r for r in file["relations"] if r["status"] == "refuted")
    assert (first["line"], first["column"]) == (22, 3)
    assert first["counterexample"]["sizes"] == {"K": 1}
    assert first["suggestion"]["status"] == "proved"
    assert {"latex": r"\tau > 0", "line": 56} in file["given"]


def test_files_as_sarif(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "findings.sarif"
    dpo = APPENDIX.with_name("dpo.tex")
    assert run(capsys, "check", str(APPENDIX), str(dpo), "--to", "sarif", "-o", str(path))[0] == 1
    log = json.loads(path.read_text(encoding="utf-8"))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (sarif,) = log["runs"]
    rules = [rule["id"] for rule in sarif["tool"]["driver"]["rules"]]
    errors = [r for r in sarif["results"] if r["level"] == "error"]
    assert len(errors) == 10
    for result in sarif["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["kind"] == "fail" or result["level"] == "none"
        (location,) = result["locations"]
        region = location["physicalLocation"]["region"]
        assert (region["endLine"], region["endColumn"]) > (region["startLine"], region["startColumn"]) >= (1, 1)
        assert result["message"]["text"]
    notes = sarif["invocations"][0]["toolExecutionNotifications"]
    assert len(notes) == 1
    assert "Not read" in notes[0]["message"]["text"]


# -- bad input ---------------------------------------------------------------------------------------------------------

BAD = [
    (["derive", "--loss", r"\frac{a}{", "--wrt", "a"], "a"),
    (["derive", "--loss", r"\foo x", "--wrt", "x"], r"unknown command \foo"),
    (["derive", "--loss", r"-\sum_{i=1}^{K} y_i \log p_i", "--wrt", "z_k"], "does not depend on"),
    (["derive", "--loss", "x^2 = y", "--wrt", "x"], "a relation where a term is needed"),
    (["derive", "--loss", "x^2", "--wrt", "x", "--to", "pdf"], "-o page.pdf"),
    (["check", "--claim", "x^2"], "nothing is claimed"),
    (["check", "--claim", "x = "], "a formula is expected"),
    (["check", "--claim", "а = b"], "CYRILLIC"),
    (["check", "--claim", r"\input{/etc/passwd} = 1"], r"\input"),
    (["check", "none.tex"], "cannot read the file"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD, ids=[" ".join(a) for a, _ in BAD])
def test_bad_latex_is_named(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in err


USAGE = [
    ["derive", "A12", "--loss", "x"],
    ["derive", "--wrt", "x"],
    ["derive", "--loss", "--wrt", "x"],
    ["derive", "A12", "--let", "x = 1"],
    ["check", "A12", "--claim", "x = x"],
    ["check", "A12", "a.tex"],
    ["check", "--let", "x = 1"],
    ["check", "A12", "--to", "json"],
    ["check", "--claim", "x = x", "--to", "sarif"],
]


@pytest.mark.parametrize("arguments", USAGE, ids=[" ".join(a) for a in USAGE])
def test_bad_usage_is_exit_code_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "Traceback" not in capsys.readouterr().err
