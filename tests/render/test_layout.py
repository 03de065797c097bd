"""Long lines: where they break, that nothing is lost, and that the estimate of their width holds."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import specimens as s
from gradproof.document import Chain, Document, Line, Section
from gradproof.expression import Expr, Relation
from gradproof.notation import D, Sum, exp, index, log, scalars, size, vector
from gradproof.render.breaking import rows
from gradproof.render.formulas import LATEX, TEXT
from gradproof.render.layout import Ruler
from gradproof.render.measure import width
from typesetting import needs_pdflatex

K = size("K")
i, j, k = (index(c, K) for c in "ijk")
z, y = vector("z", K), vector("y", K)
a, b, c, d = scalars("a b c d")
LONG = a * b + b * c - c * d + a * d - b * d + a * c


def broken(e: Expr, limit: float) -> list[str]:
    return rows(TEXT, e, (), limit, lambda text: float(len(text)))


def test_a_formula_that_fits_stays_whole() -> None:
    assert broken(LONG, 80) == [TEXT.formula(LONG)]


@pytest.mark.parametrize("limit", [10, 15, 22, 30])
def test_rows_are_narrow_and_read_on_as_the_formula(limit: int) -> None:
    found = broken(LONG, limit)
    assert len(found) > 1
    assert all(len(row) <= limit for row in found)
    assert all(row[0] in "+-" for row in found[1:])
    assert " ".join(found) == TEXT.formula(LONG)


def test_a_sum_over_a_long_bracket_breaks_inside_it() -> None:
    e = 2 * a * Sum(y[i] * (z[i] - a + b - c), i)
    found = broken(e, 28)
    assert found == ["2 a sum_i y_i (z_i - a + b", "- c)"]
    assert " ".join(found) == TEXT.formula(e)


def test_a_wide_fraction_is_turned_so_that_it_can_be_broken() -> None:
    e = (LONG + z[i]) / (a * b) ** 2
    assert broken(e, 80) == ["(a b + b c - c d + a d - b d + a c + z_i) / (a b)^2"]
    found = broken(e, 30)
    assert found == ["(1/(a b)^2) (a b + b c - c d", "+ a d - b d + a c + z_i)"]
    assert all(len(row) <= 30 for row in broken(a - e, 30))
    assert broken(a * b / Sum(exp(z[j]) + exp(y[j]), j), 12) == ["a b / (sum_j (e^{z_j} + e^{y_j}))"]


def test_a_bracket_opens_on_a_row_of_its_own_where_its_first_term_has_no_room() -> None:
    e = exp(a + b + c + d) * y[i] * (exp(a * b * c * d) * z[i] + a)
    assert broken(e, 80) == ["e^{a + b + c + d} y_i (e^{a b c d} z_i + a)"]
    assert broken(e, 32) == ["e^{a + b + c + d} y_i (", "e^{a b c d} z_i + a)"]


def test_where_all_lines_stand_under_each_other_the_widest_left_side_narrows_them() -> None:
    short, long = Chain(a, (Line("=", LONG),)), Chain(D(exp(a * b) + c, a), (Line("=", b),))
    sections = tuple(Section("Proof", (), (part,)) for part in (short, long))
    document = Document("", "", (), (), (), sections, ())
    line = len(TEXT.formula(LONG)) + 6.0
    ruler = Ruler(TEXT, line, 30.0, lambda text: float(len(text)))
    assert len(ruler.page(document)[id(short)]) == 1
    aligned = ruler.aligned(document)
    assert aligned.indent == len(TEXT.formula(long.start))
    assert len(aligned.page(document)[id(short)]) == 2


def test_a_broken_bracket_has_one_size_in_latex() -> None:
    e = D(Sum(exp(z[i]) + log(z[i]) + y[i] + a + b, i), z[k])
    found = rows(LATEX, e, (), 8.0, width)
    text = " ".join(found)
    assert text.count(r"\biggl(") == text.count(r"\biggr)") == 1
    assert r"\biggl(" in found[0]
    assert found[-1].endswith(r"\biggr)")


def test_a_relation_breaks_before_its_sign() -> None:
    assert broken(Relation.of(LONG, "<=", a), 36) == [TEXT.formula(LONG), "<= a"]


def test_a_long_left_side_gets_a_row_of_its_own() -> None:
    ruler = Ruler(TEXT, 60.0, 10.0, lambda text: float(len(text)))
    chain = Chain(LONG, (Line("=", a, (("cancel",),)),))
    found = ruler.chain(chain, frozenset())
    assert [(r.depth, r.left, r.relation, r.formula) for r in found] == [
        (0, "", "", TEXT.formula(LONG)),
        (1, "", "=", "a"),
    ]
    assert found[1].reasons == (("cancel",),)


def test_the_reason_stands_at_the_last_row_of_its_line() -> None:
    ruler = Ruler(TEXT, 24.0, 10.0, lambda text: float(len(text)))
    found = ruler.chain(Chain(a, (Line("=", LONG, (("why",),)),)), frozenset())
    assert len(found) > 1
    assert [bool(r.reasons) for r in found] == [False] * (len(found) - 1) + [True]


def all_formulas() -> list[str]:
    theorems = [t for make in s.ALL.values() for t in make().theorems]
    terms = [e for t in theorems for e in (t.statement, *(step.result for step in t.steps))]
    return sorted({LATEX.formula(e) for e in terms})


FORMULAS = all_formulas()


@needs_pdflatex
def test_the_estimated_width_is_that_of_tex_or_a_little_more(tmp_path: Path) -> None:
    boxes = "".join(rf"\setbox0\hbox{{$\displaystyle {f}$}}\typeout{{WIDTH \the\wd0}}" + "\n" for f in FORMULAS)
    source = rf"\documentclass{{article}}\usepackage{{amsmath}}\begin{{document}}{boxes}\end{{document}}"
    (tmp_path / "w.tex").write_text(source)
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "w.tex"], cwd=tmp_path, capture_output=True, check=False
    )
    true = [float(w) / 10.0 for w in re.findall(r"WIDTH ([\d.]+)pt", done.stdout.decode())]
    assert len(true) == len(FORMULAS) > 20
    for formula, em in zip(FORMULAS, true, strict=True):
        assert em <= width(formula) <= 1.3 * em + 1, formula
