r"""Displays found in .tex and .md files, taken apart as papers write them, and judged in their context."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from gradproof.claims.files import review, review_text
from gradproof.claims.findings import DEFINITION, GIVEN, NOT_READ, Review
from gradproof.claims.pages import take_apart
from gradproof.claims.report import files as report
from gradproof.claims.rows import Chain, chains
from gradproof.claims.verdict import PROVED, REFUTED, UNDECIDED
from gradproof.errors import BadInput

SOFTMAX = r"p_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}"


def found(text: str, markdown: bool = False) -> list[Chain]:
    page = take_apart(text, markdown)
    rows: list[Chain] = []
    for display in page.displays:
        rows += chains(display, rows[-1] if rows else None)
    return rows


def sides(text: str, markdown: bool = False) -> list[list[str]]:
    return [
        [" ".join(re.sub(r"\\q?quad", "", c.side(n)).split()) for n in range(len(c.sides))]
        for c in found(text, markdown)
    ]


def statuses(text: str, path: str = "a.tex") -> list[str]:
    return [f.status for f in review_text(text, path).findings]


DISPLAYS = [
    (r"\begin{equation} a = b \end{equation}", [["a", "b"]]),
    (r"\begin{equation*} a = b, \label{x} \end{equation*}", [["a", "b"]]),
    (r"\[ a = b. \]", [["a", "b"]]),
    ("$$ a = b $$", [["a", "b"]]),
    (r"\begin{displaymath} a \le b \end{displaymath}", [["a", "b"]]),
    (r"\begin{align} a &= b \\ &= c \\[10pt] &\le d \end{align}", [["a", "b", "c", "d"]]),
    (r"\begin{align} a =& b \\ =& c \end{align}", [["a", "b", "c"]]),
    (r"\begin{align} a &= b \\ c &= d \end{align}", [["a", "b"], ["c", "d"]]),
    (r"\begin{align} a &= b & c &= d \end{align}", [["a", "b"], ["c", "d"]]),
    (r"\begin{align} a &= b \\ &\quad + c \\ &\qquad - d \end{align}", [["a", "b + c - d"]]),
    (r"\begin{align} a &= b \\ -c &= d \end{align}", [["a", "b"], ["-c", "d"]]),
    (r"\begin{align} a &= b && \text{(chain rule)} \\ &= c & \text{by algebra} \end{align}", [["a", "b", "c"]]),
    (r"\begin{align} a &= b \tag{3} \\ &= c \nonumber \end{align}", [["a", "b", "c"]]),
    (r"\begin{eqnarray} a & = & b \\ & = & c \end{eqnarray}", [["a", "b", "c"]]),
    (r"\begin{gather} a = b \\ c = d \end{gather}", [["a", "b"], ["c", "d"]]),
    (r"\begin{multline} a = b \\ - c = d \end{multline}", [["a", "b - c", "d"]]),
    (r"\begin{equation} \begin{split} a &= b \\ &= c \end{split} \end{equation}", [["a", "b", "c"]]),
    (r"\begin{alignat}{2} a &= b \\ &= c \end{alignat}", [["a", "b", "c"]]),
    (r"\[ \begin{aligned}[t] a &= b \\ &= c \end{aligned} \]", [["a", "b", "c"]]),
    (r"\[ a = b, \qquad c = d \]", [["a", "b"], ["c", "d"]]),
    (r"\[ a = b \quad \text{and} \quad c = d \]", [["a", "b"], ["c", "d"]]),
    (r"\[ a = b, \quad \text{where} \quad c = d \]", [["a", "b"], ["c", "d"]]),
    (r"\[ a \quad = \quad b \]", [["a", "b"]]),
    (r"\[ \boxed{a = b} \]", [["a", "b"]]),
    (r"\[ a = \boxed{b + c} \]", [["a", "b + c"]]),
    (r"\[ a = \underbrace{b + c}_{= d} \]", [["a", "{b + c}"]]),
    (r"\[ a = b \] so \[ = c \]", [["a", "b"], ["b", "c"]]),
    (r"\[ a = b \quad (2) \]", [["a", "b"]]),
    (r"\[ a \; = b \; , \]", [["a", "b"]]),
    (r"\begin{align} a &\overset{(a)}{=} b \\ &\stackrel{\text{def}}{=} c \end{align}", [["a", "b", "c"]]),
    (r"\[ \left\{ \begin{aligned} a &= b \\ c &= d \end{aligned} \right. \]", [["a", "b"], ["c", "d"]]),
    (r"\[ f(x = 1) = b \]", [["f(x = 1)", "b"]]),
    (r"\begin{align} a &= \left( b \right. \\ &\quad \left. + c \right) \\ d &= e \end{align}", None),
    (r"\[ a = \begin{cases} b & i = k \\ c & \text{otherwise} \end{cases} \]", None),
    (r"\[ a = b \quad \text{for } i \ne k \]", [["a", r"b \text{for } i", "k"]]),
]


@pytest.mark.parametrize(("text", "wanted"), DISPLAYS, ids=[d[0] for d in DISPLAYS])
def test_displays_become_chains(text: str, wanted: list[list[str]] | None) -> None:
    parts = sides(text)
    if wanted is None:
        assert all(len(p) == 2 for p in parts)
        assert parts[0][0] == "a"
    else:
        assert parts == wanted


def test_positions_are_those_of_the_file() -> None:
    text = "intro\n\\begin{align}\n  a &= b \\\\\n    &= c + % remark\n  d\n\\end{align}\n"
    page = take_apart(text, markdown=False)
    (chain,) = chains(page.displays[0])
    assert [page.place(chain.at(start)) for start, _ in chain.signs] == [(3, 6), (4, 6)]
    assert page.place(chain.at(chain.sides[2][0])) == (4, 7)
    assert "remark" not in chain.text


def test_comments_code_and_escaped_signs_are_no_formulas() -> None:
    tex = "50\\% and \\$5 \\\\[2pt]\n% \\[ a = b \\]\n\\begin{verbatim}\n\\[ a = b \\]\n\\end{verbatim}\n\\[ c = d \\]"
    assert sides(tex) == [["c", "d"]]
    markdown = "`$$ a = b $$`\n```\n$$ a = b $$\n```\n<!-- $$ a = b $$ -->\n\n$$ c = d $$\n"
    assert sides(markdown, markdown=True) == [["c", "d"]]


def test_in_markdown_dollars_on_a_line_of_text_are_inline() -> None:
    text = "where $$p = q$$ is known and $x > 0$.\n\n$$\na = b\n$$\n\n\\\\[ c = d \\\\]\n"
    page = take_apart(text, markdown=True)
    assert [f.text for f in page.inlines] == ["p = q", "x > 0"]
    assert sides(text, markdown=True) == [["a", "b"], ["c", "d"]]


def test_in_markdown_a_label_may_stand_behind_a_display() -> None:
    text = "$$\na = b\n$$ {#eq:1}\n\n$$ c = d $$ (2)\n\n  $$\n  e = f\n  $$ where\n"
    assert sides(text, markdown=True) == [["a", "b"], ["c", "d"], ["e", "f"]]


def test_script_tags_hold_displays() -> None:
    text = '<script type="math/tex; mode=display">a = b</script> and <script type="math/tex">c = d</script>'
    assert sides(text, markdown=True) == [["a", "b"]]


# -- in context --------------------------------------------------------------------------------------------------------


def test_a_definition_may_stand_after_its_use() -> None:
    text = rf"\[ \frac{{\partial p_i}}{{\partial z_k}} = p_i (\delta_{{ik}} - p_k) \] where ${SOFTMAX}$."
    assert statuses(text) == [PROVED]


def test_the_second_equation_of_a_name_is_a_claim() -> None:
    assert statuses(r"\[ a = b^2 \] \[ a = b \cdot b \] \[ a = 2 b \]") == [DEFINITION, PROVED, REFUTED]
    assert statuses(r"\[ a = b^2 = b \cdot b = b \]") == [DEFINITION, PROVED, REFUTED]


def test_pragmas_state_what_the_text_leaves_unsaid() -> None:
    claim = r"\[ \sum_{i=1}^{K} y_i (1 + a) = 1 + a \]"
    assert statuses(claim) == [REFUTED]
    assert statuses(f"% gradproof: given \\sum_{{i=1}}^{{K}} y_i = 1\n{claim}") == [PROVED]
    assert statuses(f"<!-- gradproof: given \\sum_{{i=1}}^{{K}} y_i = 1 -->\n\n{claim}", "a.md") == [PROVED]
    assert statuses("% gradproof: let b = a^2\n\\[ b = a \\cdot a \\]") == [PROVED]
    assert statuses("% gradproof: size K\n\\[ \\sum_i a_i + \\sum_i b_i = \\sum_i (a_i + b_i) \\]") == [PROVED]
    found = review_text("% gradproof: function f\n% gradproof: nonsense\n\\[ f(x) = 3 \\]", "a.tex")
    assert [f.status for f in found.findings] != [REFUTED]
    assert found.notes == (("unknown pragma: nonsense", 2),)


def test_fresh_forgets_and_ignore_leaves_out() -> None:
    text = "\\[ a = b \\]\n% gradproof: fresh\n\\[ a = 2 c \\]\n% gradproof: ignore\n\\[ a = 3 \\]\n\\[ a = 4 c \\]"
    assert statuses(text) == [DEFINITION, DEFINITION, REFUTED]


def test_what_the_text_assumes_is_used_and_listed() -> None:
    text = r"Let $\tau > 0$. If $x < 0$ nothing changes. \[ \log \tau^2 = 2 \log \tau \]"
    found = review_text(text, "a.tex")
    assert [f.status for f in found.findings] == [PROVED]
    assert found.assumed == ((r"\tau > 0", 1),)


def test_macros_of_the_file_are_expanded_and_unknown_ones_named() -> None:
    text = r"\newcommand{\half}[1]{\frac{#1}{2}} \[ \half{a} + \half{a} = a \] \[ \foo{a} = a \]"
    first, second = review_text(text, "a.tex").findings
    assert first.status == PROVED
    assert (second.status, r"\foo" in second.reason) == (NOT_READ, True)


def test_what_rests_on_a_definition_that_is_not_read_is_not_judged() -> None:
    text = r"\[ L = \int_0^1 f(x) \, dx \] \[ L = 2 \]"
    first, second = review_text(text, "a.tex").findings
    assert first.status == second.status == NOT_READ
    assert "line 1" in second.reason


def test_nothing_is_invented_about_unknown_functions() -> None:
    text = "% gradproof: function p\n\\[ p(x, z) = p(z) \\, p(x \\mid z) \\]\n\\[ p(x) \\ge 0 \\]"
    assert REFUTED not in statuses(text)


def test_a_derivative_in_a_defined_name_leaves_the_name_free() -> None:
    claim = r"\[ \frac{\partial p_i}{\partial z_k} = p_i (\delta_{ik} - p_k) \]"
    text = rf"\[ z_k = a_k b + c_k \] \[ {SOFTMAX} \] {claim}"
    assert statuses(text)[-1] == PROVED
    text = text.replace(r"(\delta_{ik} - p_k)", r"(\delta_{ik} - p_i)")
    assert statuses(text)[-1] == REFUTED


def test_one_bad_relation_does_not_spoil_its_chain() -> None:
    first = r"\[ (a + b)^2 = a^2 + 2 a b + b^2 \approx a^2 \]"
    second = r"\begin{align} 2 a &= a + a \\ &= \bar\foo \\ 3 a &= a \end{align}"
    assert statuses(first + second) == [PROVED, NOT_READ, PROVED, NOT_READ, REFUTED]


def test_conditions_are_not_dropped() -> None:
    for condition in (
        r"\quad \text{if } x > 0",
        r"\quad (x > 0)",
        r"\quad \text{when $x > 0$}",
        r"& \text{for } x > 0",
    ):
        assert REFUTED not in statuses(rf"\begin{{align}} |x| &= x {condition} \end{{align}}")


def test_displays_that_are_not_closed_are_listed() -> None:
    (only,) = review_text("\\begin{align} a = b \n\n text", "a.tex").findings
    assert (only.status, only.line, only.reason) == (NOT_READ, 1, "this display is not closed")


def test_the_report_says_all_of_it() -> None:
    found = review_text(r"\[ a = b^2 \] \[ a = b^3 \] \[ \int a = b \]", "a.tex")
    text = report([found])
    assert "a.tex:1:18: refuted: a = b^3" in text
    assert "at b = 2: the left side is 4, the right side is 8" in text
    assert "true instead: a = b^2 (proved)" in text
    assert "1 refuted, 0 proved, 0 not decided, 1 not read, 1 definition" in text


HOSTILE = {
    "many dollars": "$" * 200_000,
    "many openings": r"\begin{align}" * 50_000,
    "many macros": r"\newcommand{\a}{" * 50_000,
    "many braces": r"\[ " + "{" * 100_000 + r" = b \]",
    "many rows": r"\begin{align} " + r"a &= a \\ " * 2_000 + r"\end{align}",
    "many cells": r"\[ " + "&" * 15_000 + r"a = b \]",
    "a long display": r"\[ a = " + "b + " * 300_000 + r"c \]",
    "comments": "%" * 400_000,
    "expanding macros": r"\newcommand{\a}{\a\a} \[ \a = 1 \]",
    "no text": "",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_take_no_time(name: str) -> None:
    start = time.perf_counter()
    found: Review = review_text(HOSTILE[name], "a.tex")
    assert time.perf_counter() - start < 4
    assert not any(f.status == REFUTED for f in found.findings)
    json.dumps(report([found]))


def test_files_that_are_no_text_are_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "a.tex"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="cannot read the file"):
        review(path)
    with pytest.raises(BadInput, match="cannot read the file"):
        review(tmp_path / "none.tex")


def test_what_is_not_decided_is_said_to_be() -> None:
    (only,) = review_text(r"\[ x^4 y^2 + x^2 y^4 + 1 \ge 3 x^2 y^2 \]", "a.tex").findings
    assert (only.status, bool(only.reason)) == (UNDECIDED, True)


# -- what is true under something that is not understood ---------------------------------------------------------------

RESTRICTED = [
    (rf"\[ {SOFTMAX} \] When $i = k$ we find \[ \frac{{\partial p_i}}{{\partial z_k}} = p_k (1 - p_k) \]", UNDECIDED),
    (rf"\[ {SOFTMAX} \] In general \[ \frac{{\partial p_i}}{{\partial z_k}} = p_k (1 - p_k) \]", REFUTED),
    (r"\[ f = (a - b)^2 \] \[ \frac{\partial f}{\partial a} = 0 \]", UNDECIDED),
    (
        r"\[ f = (a - b)^2 \] \[ \frac{\partial f}{\partial a} = 2 (a - b) = 0 \quad \Rightarrow \quad f = 0 \]",
        UNDECIDED,
    ),
    (r"\[ f = (a - b)^2 \] Setting the derivative to zero gives \[ f + b = b \]", UNDECIDED),
    (r"\[ f = (a - b)^2 \] Therefore \[ f + b = b \]", REFUTED),
    (r"\[ \log a^2 = 2 \log a \]", UNDECIDED),
    (r"\[ \log a^2 = 3 \log a \]", REFUTED),
    (r"\[ a = 1 \iff a - 1 = 0 \]", PROVED),
    (r"\[ f = (a - b)^2 \] With $a = b$ this is \[ f + b = b \]", UNDECIDED),
    (r"\[ f = (a - b)^2 \] At the solution \[ f = 0 \]", UNDECIDED),
    (r"For $a > 0$ \[ |a| = a \] For $a < 0$ \[ |a| = -a \]", UNDECIDED),
    (r"If $a > b$ it is flat. \[ |a - b| = a - b \]", REFUTED),
    (r"For $a > b$ it is flat. \[ |a - b| = a - b \]", REFUTED),
    (r"\begin{align} \sum_{i=1}^{K} y_i a &= a && \text{since $\sum_i y_i = 1$} \end{align}", UNDECIDED),
    (r"\begin{align} \sum_{i=1}^{K} y_i a &= a && \text{(y is one-hot)} \end{align}", UNDECIDED),
    (r"\begin{align} \sum_{i=1}^{K} y_i a &= a && \text{(by linearity)} \end{align}", REFUTED),
    (r"\begin{align} a &= b^2 \\ \mathrm{KL} \\ &= c \end{align}", UNDECIDED),
    (r"\[ P(a = b) \]", NOT_READ),
    (r"Let $a > 2$ and let $a < 1$. \[ |a - 1| = a - 1 \]", UNDECIDED),
]


@pytest.mark.parametrize(("text", "status"), RESTRICTED, ids=[r[0] for r in RESTRICTED])
def test_what_may_be_true_under_a_condition_is_not_refuted(text: str, status: str) -> None:
    assert statuses(text)[-1] == status


IN_THE_TEXT = [
    (r"The policy is $p = a^2$. \[ p = a \cdot a \]", PROVED),
    (r"For the entropy $h = a^2 + a$ \[ h = a^2 - a \]", REFUTED),
    (r"We have the loss $C = a^2$ and $D = C + b$. \[ \frac{\partial D}{\partial a} = 2 a \]", PROVED),
    (r"Let $c > 0$. With $c = 0$ nothing is left. \[ c^2 = 0 \cdot c \]", REFUTED),
    (r"The minimum is at $a = b + 1$. \[ a = b + 1 + c \]", DEFINITION),
    (r"The loss is $L = \int_0^1 f(x) \, dx$. \[ L + 1 = 2 \]", NOT_READ),
]


@pytest.mark.parametrize(("text", "status"), IN_THE_TEXT, ids=[r[0] for r in IN_THE_TEXT])
def test_an_equation_in_the_text_defines_unless_it_is_a_case(text: str, status: str) -> None:
    assert statuses(text) == [status]


def test_what_the_text_defines_is_listed() -> None:
    found = review_text("The policy is $p = a^2$.\n\\[ p = a \\cdot a \\]", "a.tex")
    assert found.assumed == (("p = a^2", 1),)


def test_an_assumption_is_read_with_what_stands_below_and_else_named() -> None:
    text = r"Let $\sum_i y_i = 1$ and $f \in C^1$. \[ C = \sum_{i=1}^{K} y_i a \] \[ C = a \]"
    found = review_text(text, "a.tex")
    assert [f.status for f in found.findings] == [DEFINITION, PROVED]
    assert found.assumed == ((r"\sum_i y_i = 1", 1),)
    assert found.notes == ((r"not read, so not taken as given: f \in C^1", 1),)


def test_a_hypothesis_of_the_command_line_that_is_not_read_is_bad_input() -> None:
    with pytest.raises(BadInput, match="--given y<: not read"):
        review_text(r"\[ a = b \]", "a.tex", givens=["y<"])


def test_a_defined_name_that_a_derivative_moves_keeps_its_shape() -> None:
    text = (
        "% gradproof: array Q N D\n% gradproof: array R M D\n"
        r"\[ S_{ij} = \sum_{c=1}^{D} Q_{ic} R_{jc}, \quad P_{ij} = \frac{e^{S_{ij}}}{\sum_{l=1}^{M} e^{S_{il}}} \]"
        r"\[ \frac{\partial P_{ij}}{\partial S_{lk}} = \delta_{il} P_{ij} (\delta_{jk} - P_{lk}) \]"
    )
    assert statuses(text) == [DEFINITION, DEFINITION, PROVED]


def test_a_refuted_relation_fails_where_both_sides_are_defined() -> None:
    found = review_text(r"\[ \log(1 + a^2) = \log a^2 \]", "a.tex").findings[0].decision
    assert found is not None
    assert found.counterexample is not None
    assert None not in (found.counterexample.left, found.counterexample.right)


def test_what_is_not_read_says_what_to_do() -> None:
    (only,) = review_text(r"\[ \foo{a} = a \]", "a.tex").findings
    assert r"\foo" in only.reason
    assert "what to do" in only.reason


def test_a_range_in_a_display_is_given() -> None:
    found = review_text(r"\[ 0 < a < 1 \] \[ \log (a (1 - a)) = \log a + \log (1 - a) \]", "a.tex")
    assert [f.status for f in found.findings] == [GIVEN, GIVEN, PROVED]
    assert found.assumed == (("0 < a < 1", 1),)
