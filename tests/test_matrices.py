"""Inverses, determinants and definiteness as terms: built, bounded, evaluated, saved and printed."""

from __future__ import annotations

from random import Random
from typing import Any

import mpmath
import pytest

from gradproof import definiteness
from gradproof import expression as x
from gradproof.audit import sample
from gradproof.audit.arithmetic import Arithmetic, Jet, Value, from_float, from_int, parts_of, to_float
from gradproof.audit.evaluation import Evaluator
from gradproof.audit.matrices import OF_MATRIX
from gradproof.errors import BadInput
from gradproof.expression import Definition, Expr, OfMatrix, substitute
from gradproof.notation import (
    NONNEGATIVE,
    POSITIVE,
    D,
    Sum,
    define,
    delta,
    det,
    exp,
    given,
    index,
    indices,
    inverse,
    log,
    matrix,
    positive_definite,
    scalar,
    size,
    sums_to_one,
    vector,
)
from gradproof.render.formulas import latex, text
from gradproof.signs import Signs
from gradproof.storage.terms import Reader, Writer

d, N = size("d"), size("N")
i, j, k, a, b = indices("i j k a b", d)
n = index("n", N)
A, B, X = matrix("A", d, d), matrix("B", d, d), matrix("X", N, d)
z, y, w = vector("z", d), vector("y", d, POSITIVE), vector("w", N, POSITIVE)
r, s, t = scalar("r", POSITIVE), scalar("s", NONNEGATIVE), scalar("t")
PD = (positive_definite(A),)
UNKNOWN, SEMI, FULL = definiteness.UNKNOWN, definiteness.SEMIDEFINITE, definiteness.DEFINITE


def test_a_matrix_is_square() -> None:
    for base in (X, z, define("M", i, z[i])):
        with pytest.raises(ValueError, match="as many rows as columns"):
            det(base)
    with pytest.raises(ValueError, match="does not take 1 indices"):
        OfMatrix.of("inverse", A, (i,))
    with pytest.raises(ValueError, match="another range"):
        inverse(A)[i, n]


def test_an_inverse_depends_on_all_that_its_matrix_depends_on() -> None:
    G = define("G", i, j, A[i, j] + t * z[i] * z[j])
    assert {A, z, t, d, i, j} <= inverse(G)[i, j].free
    assert substitute(inverse(G)[i, j], t, r).free.isdisjoint({t})
    with pytest.raises(ValueError, match="is the size"):
        substitute(det(A), d, N)


DEFINITE: list[tuple[Expr, int]] = [
    (A[i, j], FULL),
    (A[j, i], FULL),
    (B[i, j], UNKNOWN),
    (A[i, i], UNKNOWN),
    (delta(i, j), FULL),
    (delta(i, j) * z[i], UNKNOWN),
    (delta(i, j) * y[i], FULL),
    (z[i] * z[j], SEMI),
    (-z[i] * z[j], UNKNOWN),
    (z[i] * y[j], UNKNOWN),
    (s * A[i, j], SEMI),
    (r * A[i, j], FULL),
    (t * A[i, j], UNKNOWN),
    (r, SEMI),
    (z[i] * A[i, j] * z[j], SEMI),
    (A[i, j] * A[i, j], UNKNOWN),
    (A[i, j] * A[j, i], UNKNOWN),
    (Sum(X[n, i] * X[n, j], n), SEMI),
    (Sum(w[n] * X[n, i] * X[n, j], n) + r * delta(i, j), FULL),
    (Sum(X[n, i] * X[n, j], n) - r * delta(i, j), UNKNOWN),
    (inverse(A)[i, j], FULL),
    (Sum(Sum(B[i, a] * A[a, b] * B[j, b], b), a), SEMI),
    (Sum(Sum(B[i, a] * B[a, b] * B[j, b], b), a), UNKNOWN),
    (Sum(Sum(B[i, a] * A[a, b] * B[b, j], b), a), UNKNOWN),
    (Sum(z[i], i) * z[j], UNKNOWN),  # the bound i is not the row
    (Sum(z[a], a) * z[j], UNKNOWN),
    (exp(-((z[i] - z[j]) ** 2)), UNKNOWN),
]


@pytest.mark.parametrize(("entry", "level"), DEFINITE, ids=lambda v: repr(v) if isinstance(v, Expr) else "")
def test_definiteness_by_form_is_what_the_eigenvalues_say(entry: Expr, level: int) -> None:
    M = define("M", i, j, entry)
    assert definiteness.of(M, Signs(PD)) == level
    least, rng = OfMatrix.of("least eigenvalue", M), Random(1)
    for _ in range(6):
        point = sample((least,), PD, rng, sizes=range(1, 4))
        assert point is not None
        evaluator = Evaluator()
        evaluator.begin(point)
        found = to_float(evaluator.value(least))
        assert found > 0 if level == FULL else found > -1e-30 or level == UNKNOWN


def made(rng: Random, depth: int) -> Expr:
    """Entries of any kind, sums and products of them."""
    parts = [e for e, _ in DEFINITE] + [z[i], y[j], r, s, t, Sum(A[i, j], a), Sum(z[a] * A[a, j], a)]
    if depth == 0 or rng.random() < 0.2:
        return rng.choice(parts)
    left, right = made(rng, depth - 1), made(rng, depth - 1)
    return left + right if rng.random() < 0.5 else left * right


def test_no_invented_matrix_is_called_definite_that_is_not() -> None:
    rng, found = Random(7), 0
    while found < 60:
        M = define("M", i, j, made(rng, 2))
        level = definiteness.of(M, Signs(PD))
        if level == UNKNOWN:
            continue
        found += 1
        least = OfMatrix.of("least eigenvalue", M)
        point = sample((least,), PD, rng, sizes=range(1, 4))
        assert point is not None
        evaluator = Evaluator()
        evaluator.begin(point)
        value = to_float(evaluator.value(least))
        assert value > 0 or (level == SEMI and value > -1e-25), M.body


def test_what_is_defined() -> None:
    gram, ones = define("G", i, j, Sum(X[n, i] * X[n, j], n)), define("O", i, j, z[i] * z[j])
    signs = Signs(PD)
    assert signs.undefined(inverse(A)[i, j] * log(det(A))) is None
    assert "determinant must not be 0" in str(signs.undefined(inverse(B)[i, j]))
    assert "determinant must not be 0" in str(signs.undefined(inverse(gram)[i, j]))
    assert signs.nonnegative(det(ones))
    assert not signs.nonzero(det(ones))
    assert "logarithm" in str(signs.undefined(log(det(B))))
    assert signs.undefined(D(log(det(A)), A[i, j])) is None  # the definite matrices are an open set
    assert Signs((given(det(B) > 0),)).undefined(D(log(det(B)), B[i, j])) is None
    closed = Signs((given(OfMatrix.of("least eigenvalue", B) >= 0),))
    assert closed.nonnegative(det(B))
    assert not closed.under(B).nonnegative(det(B))  # near a semidefinite matrix there are others
    hidden = define("M", i, j, delta(i, j) / z[i])
    assert "must not be 0" in str(signs.undefined(det(hidden)))
    beside = define("M", i, j, 1 / delta(i, j))  # defined on the diagonal alone
    assert "must not be 0" in str(signs.undefined(inverse(beside)[i, j]))
    for letter in "ijk":
        at = index(letter, d)
        assert "must not be 0" in str(Signs((given(z[at] > 0, at),)).undefined(det(beside)))


def test_a_jump_inside_a_definition_does_not_hold_nearby() -> None:
    from gradproof.notation import let
    from gradproof.notation import sign as sign_of

    jump, low = let("S", sign_of(t)), x.Number.of(x.Fraction(-1, 2))
    signs = Signs((given(jump > low),))
    assert signs.positive(jump - low)
    assert not signs.under(t).positive(jump - low)  # sign(0) = 0, but -1 on one side


def moving(rng: Random, size: int) -> list[list[Value]]:
    c = Arithmetic(150)
    return [
        [Jet({0: c.real(rng.uniform(-2, 2)), 1: c.real(rng.uniform(-1, 1))}) for _ in range(size)] for _ in range(size)
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_the_audit_calculates_as_mpmath_does(size: int) -> None:
    rng, c = Random(size), Arithmetic(150)
    rows = moving(rng, size)
    with mpmath.workprec(200):
        at, along = (mpmath.matrix([[mpmath.make_mpf(parts_of(v)[p]) for v in row] for row in rows]) for p in (0, 1))
        wanted = at**-1
        slope = -wanted * along * wanted
        for m in range(size):
            for q in range(size):
                parts = parts_of(OF_MATRIX["inverse"](c, rows, m, q))
                assert mpmath.almosteq(mpmath.make_mpf(parts[0]), wanted[m, q], 1e-35)
                assert mpmath.almosteq(mpmath.make_mpf(parts[1]), slope[m, q], 1e-35)
        parts = parts_of(OF_MATRIX["det"](c, rows))
        trace = sum((wanted * along)[m, m] for m in range(size))
        assert mpmath.almosteq(mpmath.make_mpf(parts[0]), mpmath.det(at), 1e-35)
        assert mpmath.almosteq(mpmath.make_mpf(parts[1]), mpmath.det(at) * trace, 1e-33)


def test_a_determinant_moves_through_0_by_its_cofactors() -> None:
    c = Arithmetic(150)
    one, zero = from_int(1), from_int(0)
    rows: list[list[Value]] = [[Jet({0: zero, 1: one}), zero], [zero, from_float(3.0)]]
    assert to_float(parts_of(OF_MATRIX["det"](c, rows))[1]) == 3.0


def test_samples_are_definite_and_symmetric_where_that_is_given() -> None:
    from gradproof.notation import symmetric

    for seed, givens in enumerate([(*PD, symmetric(A)), (symmetric(A), *PD)]):
        point = sample((det(A),), givens, Random(seed), sizes=(3,))
        assert point is not None
        table = point.values[A]
        assert all(table[p, q] == table[q, p] for p in (1, 2, 3) for q in (1, 2, 3))


def test_a_covariance_needs_more_points_than_dimensions() -> None:
    """Where the sizes leave no room, no point is drawn, and that soon."""
    p, u, C = vector("p", N, POSITIVE), matrix("u", N, d), matrix("C", d, d)
    moments = (
        sums_to_one(p),
        given(x.Relation.of(Sum(p[n] * u[n, i], n), "=", x.Number.of(0)), i),
        given(x.Relation.of(Sum(p[n] * u[n, i] * u[n, j], n), "=", C[i, j]), i, j),
        positive_definite(C),
    )
    found = [sample((det(C),), moments, Random(seed), sizes=(2, 3)) for seed in range(6)]
    sizes = [{q.name: v for q, v in f.sizes.items()} for f in found if f is not None]
    assert sizes
    assert all(f["N"] > f["d"] for f in sizes)


TERMS = [
    (inverse(A)[i, j], r"(A^{-1})_{ij}", "(A^-1)_ij"),
    (log(det(A)), r"\log \det A", "log det A"),
    (det(A) * r, r"\left(\det A\right) r", "(det A) r"),
    (inverse(matrix("Lam", d, d))[i, i] ** 2, r"(\Lambda^{-1})_{ii}", "(Lam^-1)_ii"),
    (OfMatrix.of("least eigenvalue", A) > 0, r"A \succ 0", "A positive definite"),
    (OfMatrix.of("least eigenvalue", A) >= 0, r"A \succeq 0", "A positive semidefinite"),
    (OfMatrix.of("least eigenvalue", A) > 1, r"\lambda_{\min}(A) > 1", "lambda_min(A) > 1"),
    (Sum(inverse(A)[i, i], i), r"\sum_{i=1}^{\mathit{d}} (A^{-1})_{ii}", "sum_i (A^-1)_ii"),
]


@pytest.mark.parametrize(("term", "tex", "plain"), TERMS, ids=repr)
def test_the_page_writes_matrices(term: Expr, tex: str, plain: str) -> None:
    assert tex.replace(r"\left", "").replace(r"\right", "") in latex(term).replace(r"\left", "").replace(r"\right", "")
    assert plain in text(term)


def table(*terms: Expr) -> tuple[list[dict[str, object]], list[int]]:
    writer = Writer()
    numbers = [writer.number(e) for e in terms]
    return writer.rows, numbers  # type: ignore[return-value]


def test_saved_and_read_again() -> None:
    G: Definition = define("G", i, j, A[i, j] + t * delta(i, j))
    terms = [inverse(A)[i, j], det(G), OfMatrix.of("least eigenvalue", A) > 0, Sum(inverse(G)[i, i], i)]
    rows, numbers = table(*terms)
    reader = Reader(rows)  # type: ignore[arg-type]
    assert [reader.node(m, "") for m in numbers] == terms


@pytest.mark.parametrize("change", [{"form": "adjoint"}, {"args": []}, {"form": "det"}, {"base": 0}, {"kind": "Entry"}])
def test_a_row_that_is_no_matrix_is_refused(change: dict[str, object]) -> None:
    rows, (number,) = table(inverse(A)[i, j])
    rows[number] = {**rows[number], **change}
    with pytest.raises(BadInput):
        Reader(rows)  # type: ignore[arg-type]


def test_sympy_has_no_word_for_it() -> None:
    from gradproof.sympy_bridge import to_sympy

    with pytest.raises(BadInput):
        to_sympy(inverse(A)[i, j])


def test_part_of_the_rows_says_nothing_of_the_whole_matrix() -> None:
    """An index over fewer rows than the matrix has is no licence for it."""
    from gradproof.conditions import Conditions
    from gradproof.notation import symmetric
    from gradproof.rule import Condition
    from gradproof.rules import RULES

    M, fewer = matrix("M", d + 1, d + 1), indices("i j", d)
    part = given(x.Relation.of(x.Entry(fewer, (M,)), "=", x.Entry(fewer[::-1], (M,))), *fewer)
    whole = symmetric(M)
    entry = M[whole.over]
    for hypothesis, holds in ((part, False), (whole, True)):
        conditions = Conditions((hypothesis,), lambda number, signs: None)
        assert conditions.satisfied(Condition("symmetric", (entry,)), Signs()) is holds
    with pytest.raises(ValueError, match="over all rows"):
        RULES["right inverse"].premises(m=M, value=delta(i, k), i=i, k=k)
    small = define("H", *fewer, r * x.Entry(fewer, (M,)))  # a corner of M
    parted: tuple[tuple[str, dict[str, Any]], ...]
    parted = (("multiple", {"c": r, "a": M}), ("product", {"a": M, "b": M}), ("inverse", {"a": M}))
    for rule, parts in parted:
        name = f"determinant of a{'n' if rule == 'inverse' else ''} {rule}"
        with pytest.raises(ValueError, match="as many rows and columns"):
            RULES[name].equation(m=small, **parts)
