"""Attacks on parts of the kernel together: a rule of one topic, a node of another. Each of them was accepted once.

Where an attack differs from a correct use in one point only, the correct use stands beside it and is accepted.
"""

from __future__ import annotations

from typing import Any

import pytest

from gradproof import expression as x
from gradproof.derivation import Derivation, Given, Inference, Step, Theorem
from gradproof.expression import Expr, Index, Number
from gradproof.kernel import Refused, check
from gradproof.notation import (
    NONNEGATIVE,
    POSITIVE,
    D,
    Eq,
    ForAll,
    Limit,
    Ne,
    Product,
    Sum,
    argsort,
    at_most,
    define,
    det,
    exp,
    index,
    indices,
    inverse,
    let,
    matrix,
    positive_definite,
    relu,
    root,
    scalar,
    sign,
    size,
    sqrt,
    step,
    symmetric,
    vector,
)
from gradproof.rules import RULES
from gradproof.signs import Signs

K, N = size("K"), size("N")
i, j, k, m = indices("i j k m", K)
z, w, a = vector("z", K), vector("w", K), vector("a", K, POSITIVE)
u, v, t = scalar("u"), scalar("v", POSITIVE), scalar("t", NONNEGATIVE)
longer = vector("y", N + 1)
n, row = index("n", N), index("r", N + 1)
A = matrix("A", K, K)
DISTINCT = Given(Ne(z[i], z[j]), (i, j), ((i, j),))


def rewritten(first: Expr, rule: str, result: Expr | int, relation: str = "=", **bindings: Any) -> Theorem:
    """One step at the root, which proves the theorem "main"."""
    line = x.coerce(result)
    return Theorem(
        "main", x.Relation.of(first, relation, line), first, (Step(rule, bindings, line, relation=relation),)
    )


def lemma(name: str, first: Expr, *steps: Step) -> Theorem:
    return Theorem(name, Eq(first, steps[-1].result), first, steps)


def concluded(rule: str, statement: Expr, *premises: str, **bindings: Any) -> Theorem:
    return Theorem("main", statement, by=Inference(rule, bindings, premises))


def accepted(*theorems: Theorem, givens: tuple[Given, ...] = ()) -> bool:
    check(Derivation("attack", givens, theorems), RULES)
    return True


def refused(message: str, *theorems: Theorem, givens: tuple[Given, ...] = ()) -> None:
    with pytest.raises(Refused, match=message):
        accepted(*theorems, givens=givens)


def test_an_inverse_is_not_the_matrix_that_defines_it() -> None:
    B = define("B", i, j, a[i] * x.Delta((i, j)))
    there = inverse(B)[j, k]
    refused("no rule", rewritten(there, "definition", a[j] * x.Delta((j, k)), entry=there))
    assert accepted(rewritten(B[j, k], "definition", a[j] * x.Delta((j, k)), entry=B[j, k]))


def test_supports_of_two_roots_need_not_meet() -> None:
    first = let("s", root(Eq(Sum(relu(z[j] - u), j), 1), u))
    second = let("r", root(Eq(Sum(relu(w[j] - u), j), 1), u))
    assert Signs().positive(Sum(step(z[j] - first), j))
    assert not Signs().positive(Sum(step(z[j] - first) * step(w[j] - second), j))


def test_a_part_of_the_range_is_not_in_sorted_order() -> None:
    for index_, holds in ((row, True), (n, False)):
        family = x.Vector.over(row, longer[row])
        start = Sum(longer[argsort(longer[row], row, index_)], index_)
        theorem = rewritten(start, "sum in sorted order", Sum(longer[index_], index_),
                            kind="argsort", family=family, body=longer[index_], index=index_)  # fmt: skip
        if holds:
            assert accepted(theorem)
        else:
            refused("range", theorem)


def test_a_telescoping_sum_starts_in_its_range() -> None:
    f = vector("f", N + 5)
    far = index("q", N + 5)
    for start, holds in ((n, True), (N + 1, True), (N + 3, False)):
        run = Index.of("r", N)
        line = Sum(at_most(start, run) * (f[run + 1] - f[run]), run)
        theorem = rewritten(line, "telescoping", f[N + 1] - f[start], body=f[far], m=far, index=run, start=start)
        if holds:
            assert accepted(theorem)
        else:
            refused("in_range", theorem)


def test_lhopital_for_a_function_that_is_its_own_derivative() -> None:
    f, zero, one = exp(v), Number.of(0), Number.of(1)
    there = {"x": v, "point": zero, "side": "+"}
    place, i_ = x.Array("p", (one,)), index("i", 1)
    families = {"inner": (x.Vector.over(i_, v),), "values": (x.Vector.over(i_, zero),)}
    tends = lemma(
        "tends", Limit(f, v, 0, "+"),
        Step("continuity", {"whole": exp(place[1]), "places": (place,), **families, **there}, exp(zero)),
        Step("algebra", {"to": one}, one),
    )  # fmt: skip
    slope = lemma(
        "slope", D(f, v),
        Step("chain rule for exp", {"u": v, "x": v}, f * D(v, v)),
        Step("derivative of the variable", {"x": v}, f, (1,)),
    )  # fmt: skip
    wrong = concluded("L'Hopital's rule for a power", Eq(Limit(f / v, v, 0, "+"), 1), "tends", "slope",
                      f=f, derivatives=(f,), value=Number.of(1), **there)  # fmt: skip
    assert accepted(tends, slope)
    refused("premise", tends, slope, wrong)


def test_a_quadratic_form_has_one_range() -> None:
    B = matrix("B", N + 1, N + 1)
    for first, holds in ((Index.of("l", N + 1), True), (n, False)):
        line = Sum(Sum(longer[first] * B[first, row] * longer[row], row), first)
        theorem = rewritten(line, "quadratic form", 0, ">=", entry=B[first, row], i=first, j=row, v=longer[first])
        if holds:
            assert accepted(theorem, givens=(positive_definite(B),))
        else:
            refused("range", theorem, givens=(positive_definite(B),))


def test_what_is_given_of_one_index_is_not_used_for_all() -> None:
    M = define("M", i, j, x.Delta((i, j)) + step(z[i]))
    theorem = rewritten(det(M), "determinant of a diagonal matrix", Product(M[i, i], i), m=M)
    assert accepted(theorem, givens=(Given(z[i] <= 0, (i,)),))
    refused("identity", theorem, givens=(Given(z[i] <= 0),))


def test_an_index_that_a_given_fixes_is_not_bound() -> None:
    above = rewritten(Sum(z[i], i), "one term of a sum", z[k], ">=", body=z[i], index=i, at=k)
    everywhere = rewritten(Eq(Sum(z[i], i), 0), "sum of nonnegative terms", ForAll(Eq(z[i], 0), i), "<=>",
                           body=z[i], index=i)  # fmt: skip
    for theorem in (above, everywhere):
        assert accepted(theorem, givens=(Given(z[i] >= 0, (i,)),))
        refused("nonnegative", theorem, givens=(Given(z[i] >= 0),))


def test_a_given_for_a_pair_of_the_same_index_says_nothing() -> None:
    refused("twice", rewritten(inverse(A)[i, j], "inverse of a symmetric matrix", inverse(A)[j, i], m=A, i=i, j=j),
            givens=(positive_definite(A), Given(Eq(A[k, k], A[k, k]), (k, k))))  # fmt: skip
    assert accepted(rewritten(inverse(A)[i, j], "inverse of a symmetric matrix", inverse(A)[j, i], m=A, i=i, j=j),
                    givens=(positive_definite(A), symmetric(A)))  # fmt: skip
    place = argsort(z[j], j, k)
    theorem = rewritten(D(w[place], z[m]), "order without ties", 0, c=w[place], x=z[m])
    refused("twice", theorem, givens=(Given(Ne(z[i], z[i]), (i, i), ((i, i),)),))
    assert accepted(theorem, givens=(DISTINCT,))


@pytest.mark.parametrize(("function", "rule"), [(step, "derivative of a step"), (sign, "derivative of a sign")])
def test_a_step_of_what_jumps_jumps(function: Any, rule: str) -> None:
    for argument, given, holds in (
        (2 * argsort(z[j], j, k) - 3, Ne(2 * argsort(z[j], j, k) - 3, 0), False),
        (2 * step(z[k]) - 1, Ne(2 * step(z[k]) - 1, 0), False),
        (z[k], Ne(z[k], 0), True),
    ):
        theorem = rewritten(D(function(argument), z[m]), rule, 0, u=argument, x=z[m])
        if holds:
            assert accepted(theorem, givens=(Given(given),))
        else:
            refused("continuous", theorem, givens=(Given(given),))


def test_the_variable_itself_is_one_entry() -> None:
    at = z[argsort(z[j], j, k)]
    with pytest.raises(ValueError, match="may not depend"):
        D(at, at)
    moved = x.Derivative((at, at))
    refused("may not depend", rewritten(moved, "derivative of the variable", 1, x=at), givens=(DISTINCT,))
    assert accepted(rewritten(D(z[k], z[k]), "derivative of the variable", 1, x=z[k]))


def test_partial_fractions_do_not_divide_by_a_step() -> None:
    s = step(u)
    wrong = 1 / (v * (v + s)) - s / (v * (v + 1))  # 1/v^2 where the step is 0
    nothing = Sum(a[i] / (a[i] + v), i) + v * Sum(1 / (a[i] + v), i) - K
    theorem = rewritten(nothing, "algebra", 0, to=Number.of(0))
    assert accepted(theorem)
    refused("algebra", rewritten(wrong + nothing, "algebra", 0, to=Number.of(0)))


def test_a_lemma_does_not_hold_beyond_a_closed_end() -> None:
    known = lemma("known", sqrt(t**2), Step("algebra", {"to": t}, t))
    used = lemma("main", D(sqrt(t**2), t), Step("lemma", {"name": "known"}, D(t, t), (0,)))
    assert accepted(known)
    refused("closed end", known, used)


def test_what_is_not_known_to_be_continuous_is_not() -> None:
    smooth = (exp(z[k]), det(A), inverse(A)[i, j], relu(u), let("s", root(Eq(Sum(relu(z[j] - u), j), 1), u)))
    rough = (
        x.Function((u,), ("floor",)), x.Optimum((u, v), ("min", u)), z[argsort(z[j], j, k)], sign(u),
        let("H", step(u)), Limit(u, v, 0, "+"), D(exp(u), u),
    )  # fmt: skip
    assert all(map(x.continuous, smooth))
    assert not any(map(x.continuous, rough))
