"""Attacks on the kernel: every fact about binders, moving variables and directions, refused with its reason.

Where an attack differs from a correct use in one point only, the correct use stands beside it and is accepted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from gradproof import expression as x
from gradproof.derivation import Derivation, Given, Inference, Step, Theorem, compose
from gradproof.expression import Expr, Index, Number, Vector
from gradproof.kernel import Refused, check
from gradproof.notation import (
    NONNEGATIVE,
    POSITIVE,
    UNIT,
    D,
    Eq,
    ForAll,
    Iff,
    Interval,
    Limit,
    Ne,
    Product,
    Sum,
    argmin,
    define,
    delta,
    distribution,
    exp,
    given,
    index,
    indices,
    infinity,
    let,
    log,
    matrix,
    scalar,
    size,
    sqrt,
    sums_to_one,
    vector,
)
from gradproof.rules import RULES

K, N = size("K"), size("N")
i, j, k, m = indices("i j k m", K)
n = index("n", N)
z, w = vector("z", K), vector("w", K)
y = distribution("y", K)
W = matrix("W", N, K)
u, v = scalar("u"), scalar("v")
a, b = scalar("a", POSITIVE), scalar("b", POSITIVE)
s, tau = scalar("s", NONNEGATIVE), scalar("tau", POSITIVE)
S = let("S", Sum(exp(z[j]), j))
p = define("p", i, exp(z[i]) / S)
zero, one = Number.of(0), Number.of(1)
ONE_SUM = sums_to_one(y, i)


def step(rule: str, result: Expr | int, at: tuple[int, ...] = (), opened: tuple[str, ...] = (), relation: str = "=",
         backwards: bool = False, **bindings: Any) -> Step:  # fmt: skip
    return Step(rule, bindings, x.coerce(result), at, opened, relation, backwards)


def algebra(to: Expr | int, at: tuple[int, ...] = (), opened: tuple[str, ...] = (), **bindings: Any) -> Step:
    """A step whose result is the term put in at `at`; only for the root, where the result is the term itself."""
    return step("algebra", to, at, opened, to=x.coerce(to), **bindings)


def chain(
    start: Expr | int, *steps: Step, claim: Expr | None = None, name: str = "main", over: tuple[Index, ...] = ()
) -> Theorem:
    first = x.coerce(start)
    relation = "="
    for s_ in steps:
        relation = compose(relation, s_.relation) if s_.relation in x.Relation.FLIPPED else s_.relation
    statement = claim if claim is not None else x.Relation.of(first, relation, steps[-1].result)
    return Theorem(name, statement, first, steps, over=over)


def derivation(*theorems: Theorem, givens: tuple[Given, ...] = ()) -> Derivation:
    return Derivation("attack", givens, theorems)


def accepted(d: Derivation) -> bool:
    check(d, RULES)
    return True


ATTACKS: dict[str, list[tuple[Callable[[], Derivation], str]]] = {}
USES: list[Callable[[], Derivation]] = []


def attack(fact: str, message: str) -> Callable[[Callable[[], Derivation]], Callable[[], Derivation]]:
    def register(make: Callable[[], Derivation]) -> Callable[[], Derivation]:
        ATTACKS.setdefault(fact, []).append((make, message))
        return make

    return register


def use(make: Callable[[], Derivation]) -> Callable[[], Derivation]:
    USES.append(make)
    return make


# -- letters ----------------------------------------------------------------------------------------------------------

PULL = "constant out of a sum"


def pulled(letter: str) -> Derivation:
    """sum_j z_k w_j = z_k sum_j w_j inside a sum over the letter."""
    here = Index.of(letter, K)
    line = Sum(z[k] * Sum(z[i] * w[j], j), i)
    result = Sum(z[k] * (z[i] * Sum(w[j], j)), i)
    inside = step(PULL, result, (1, 1), (letter,), c=z[here], body=w[j], index=j)
    return derivation(chain(line, inside))


@use
def letter_new() -> Derivation:
    return pulled("m")


@use
def letter_of_the_hint() -> Derivation:
    return pulled("i")


@attack("letters are new", "needs a letter that is not in use, not 'k'")
def letter_of_a_free_index() -> Derivation:
    return pulled("k")


@attack("letters are new", "needs a letter that is not in use, not 'z'")
def letter_of_an_array() -> Derivation:
    return pulled("z")


@attack("letters are new", "needs a letter that is not in use, not ''")
def no_letter() -> Derivation:
    line = Sum(z[i] + 0 * w[i] + z[i], i)
    return derivation(chain(line, step("algebra", Sum(2 * z[i], i), (1,), (), to=2 * z[i])))


@attack("letters are new", "needs a letter that is not in use, not 'i'")
def letter_of_the_binder_around() -> Derivation:
    # sum_i sum_j z_i w_j with both indices called i would become sum_i sum_j z_i w_i
    line = Sum(Sum(z[i] * w[j], j), i)
    wrong = Sum(Sum(z[i] * w[i], j), i)
    return derivation(chain(line, step("algebra", wrong, (1, 1), ("i", "i"), to=z[i] * w[i])))


@attack("letters are new", "needs a letter that is not in use, not 'k'")
def delta_identifies_the_captured_letter() -> Derivation:
    # under the letter k the free k would be the bound one
    line = Sum(z[i] * delta(i, k), i)
    return derivation(chain(line, step("algebra", Sum(z[i], i), (1,), ("k",), to=z[k])))


@attack("letters are new", "does not show")
def letter_like_those_of_the_decision() -> Derivation:
    # the free index is called as if the normal form had opened a sum with it
    odd = Index.of("#1", K)
    return derivation(chain(Sum(z[j] * w[odd], j), algebra(Sum(z[j] * w[j], j))))


@attack("letters are new", "does not show")
def letter_like_those_of_the_decision_under_a_sum() -> Derivation:
    line, wrong = Sum(Sum(z[j] * w[i], j), i), Sum(Sum(z[j] * w[j], j), i)
    return derivation(chain(line, step("algebra", wrong, (1,), ("#1",), to=Sum(z[j] * w[j], j))))


@attack("every bound index has its binder", "without its binder")
def loose_body() -> Derivation:
    # right side delta-contracted to a loose bound index, which the sum around would capture
    line = Sum(Sum(delta(j, k) * x.Mul((j, one * j)), j), i)
    loose = x.Bound((), (0,))
    inside = step("delta contraction", x.Sum((K, loose)), (1,), ("i",), delta=delta(j, k), body=loose, index=j)
    return derivation(chain(line, inside))


@attack("every bound index has its binder", "without its binder")
def loose_line() -> Derivation:
    loose = x.Bound((), (0,))
    return derivation(chain(loose, algebra(loose + u - u)))


@attack("every bound index has its binder", "without its binder")
def loose_in_both_sums() -> Derivation:
    # interchange would capture it first by the inner, then by the outer sum
    loose = x.Bound((), (0,))
    before, after = Sum(x.Sum((N, loose)), i), Sum(x.Sum((K, loose)), n)
    return derivation(chain(before, step("interchange of finite sums", after, body=loose, outer=i, inner=n)))


@attack("every bound index has its binder", "without its binder")
def loose_given() -> Derivation:
    loose = given(Eq(z[k], x.Bound((), (0,))))
    return derivation(chain(u, algebra(u + 0)), givens=(loose,))


@attack("every bound index has its binder", "without its binder")
def loose_in_a_tuple() -> Derivation:
    loose = x.Bound((), (0,))
    return derivation(chain(u, step("log of a product", u, factors=(a, loose))))


# -- facts about one index --------------------------------------------------------------------------------------------

FIXED = given(Eq(z[k], 3))


@use
def fact_on_its_index() -> Derivation:
    return derivation(chain(z[k] ** 2, step("given", Number.of(3) ** 2, (0,), (), number=0)), givens=(FIXED,))


@attack("a fact about one index is not about a bound one", "letter that is not in use, not 'k'")
def fact_on_a_bound_index_by_its_letter() -> Derivation:
    return derivation(chain(Sum(z[i], i), step("given", Sum(Number.of(3), i), (1,), ("k",), number=0)), givens=(FIXED,))


@attack("a fact about one index is not about a bound one", "the rule is about z")
def fact_on_a_bound_index_by_another_letter() -> Derivation:
    return derivation(chain(Sum(z[i], i), step("given", Sum(Number.of(3), i), (1,), ("m",), number=0)), givens=(FIXED,))


@attack("a fact about one index is not about a bound one", "argument 2 is longer|argument 1 is shorter")
def fact_at_another_index() -> Derivation:
    return derivation(chain(z[i], step("given", 3, number=0, indices=(i,))), givens=(FIXED,))


@attack("a fact about one index is not about a bound one", "does not show")
def sign_of_one_entry_on_all() -> Derivation:
    # the sum is written with the very letter that the given is about
    return derivation(chain(Sum(z[k], k), step("sign", 0, relation=">", to=zero)), givens=(given(z[k] > 0),))


@attack("a fact about one index is not about a bound one", "not known to be defined")
def logs_of_all_by_the_sign_of_one() -> Derivation:
    return derivation(chain(Sum(log(z[k]), k), algebra(Sum(log(z[m]) + 0, m) + u - u)), givens=(given(z[k] > 0),))


@attack("a fact about one index is not about a bound one", "the lemma is about one k")
def lemma_about_a_fixed_index_at_another() -> Derivation:
    lemma = chain(z[k] ** 2, step("given", Number.of(3) ** 2, (0,), number=0), name="nine")
    last = chain(z[m] ** 2, step("lemma", 9, name="nine", old=(k,), new=(m,)))
    return derivation(lemma, last, givens=(FIXED,))


@attack("a fact about one index is not about a bound one", "has not been proved")
def generalised_over_a_fixed_index() -> Derivation:
    # z_k - 3 = 0 for one k, and `over` claims it for all: the sum of squares would vanish
    squares = given(Eq((z[k] - 3) ** 2, 0))
    lemma = replace(chain((z[k] - 3) ** 2, step("given", 0, number=0), name="square"), over=(k,))
    return derivation(
        lemma, Theorem("main", BOUNDED, by=Inference("attained bound", BOUND_OF_SQUARES, ("square",))),
        givens=(squares,),
    )  # fmt: skip


BOUNDED = argmin(Sum(w[i] ** 2, i), w[i], zero)
BOUND_OF_SQUARES: dict[str, Any] = {
    "kind": "min", "f": Sum(w[i] ** 2, i), "x": w, "point": Vector.over(i, zero), "bound": zero,
}  # fmt: skip


@attack("a fact about one index is not about a bound one", "has not been proved")
def generalised_limit() -> Derivation:
    # lim z_k / tau = 0 is needed for all k, given is something about one k
    facts = (given(Eq(z[k], 0)),)
    lemma = Theorem(
        "one", Eq(Limit(z[k] / tau, tau, infinity), 0), Limit(z[k] / tau, tau, infinity),
        (step("a constant over a growing number", 0, c=z[k], x=tau),), over=(k,),
    )  # fmt: skip
    f = x.Array("f", (K,))
    whole, inner, values = Sum(exp(f[j]), j), Vector.over(i, z[i] / tau), Vector.over(i, zero)
    made = x.replace_array(whole, f, inner), x.replace_array(whole, f, values)
    bindings = {
        "whole": whole, "places": (f,), "inner": (inner,), "values": (values,), "x": tau, "point": infinity, "side": "",
    }  # fmt: skip
    conclusion = Theorem(
        "main", Eq(Limit(made[0], tau, infinity), made[1]), by=Inference("continuity", bindings, ("one",))
    )
    return derivation(lemma, conclusion, givens=facts)


# -- givens under what moves their symbols ----------------------------------------------------------------------------

TOTAL = Sum(y[i], i)


@use
def given_beside_a_derivative() -> Derivation:
    line = TOTAL * D(u**2, u)
    return derivation(chain(line, step("given", D(u**2, u), (0,), (), number=0, indices=())), givens=(ONE_SUM,))


@use
def given_under_a_derivative_that_does_not_move_it() -> Derivation:
    line, result = D(TOTAL * u**2, u), D(u**2, u)
    return derivation(chain(line, step("given", result, (0, 0), number=0, indices=())), givens=(ONE_SUM,))


@attack(
    "no given under a derivative that moves its symbols", "given 0 is about y, which a derivative, limit or mean moves"
)
def total_under_its_derivative() -> Derivation:
    return derivation(chain(D(TOTAL, y[k]), step("given", D(one, y[k]), (0,), number=0, indices=())), givens=(ONE_SUM,))


@attack(
    "no given under a derivative that moves its symbols", "given 0 is about y, which a derivative, limit or mean moves"
)
def total_deep_under_its_derivative() -> Derivation:
    line = Sum(D(u * exp(TOTAL), y[k]), k)
    return derivation(
        chain(line, step("given", Sum(D(u * exp(one), y[k]), k), (1, 0, 1, 0), ("k",), number=0)), givens=(ONE_SUM,)
    )


@attack(
    "no given under a derivative that moves its symbols", "given 0 is about y, which a derivative, limit or mean moves"
)
def total_under_two_derivatives() -> Derivation:
    line = D(D(TOTAL * u, u), y[k])
    return derivation(chain(line, step("given", D(D(u, u), y[k]), (0, 0, 0), number=0)), givens=(ONE_SUM,))


@attack(
    "no given under a derivative that moves its symbols", "given 0 is about y, which a derivative, limit or mean moves"
)
def by_a_lemma_that_rests_on_it() -> Derivation:
    lemma = chain(TOTAL * u, step("given", u, (0,), number=0), name="lemma")
    last = chain(D(TOTAL * u, y[k]), step("lemma", D(u, y[k]), (0,), name="lemma"))
    return derivation(lemma, last, givens=(ONE_SUM,))


@attack(
    "no given under a derivative that moves its symbols", "given 0 is about y, which a derivative, limit or mean moves"
)
def by_a_lemma_on_a_lemma() -> Derivation:
    first = chain(TOTAL * u, step("given", u, (0,), number=0), name="first")
    second = chain((TOTAL * u) ** 2, step("lemma", u**2, (0,), name="first"), name="second")
    last = chain(D((TOTAL * u) ** 2, y[k]), step("lemma", D(u**2, y[k]), (0,), name="second"))
    return derivation(first, second, last, givens=(ONE_SUM,))


@attack(
    "no given under a derivative that moves its symbols", "given 0 is about z, which a derivative, limit or mean moves"
)
def through_a_definition() -> Derivation:
    # S = 1 is about z, since S is defined by it
    return derivation(chain(D(S, z[k]), step("given", D(one, z[k]), (0,), number=0)), givens=(given(Eq(S, 1)),))


@attack(
    "no given under a derivative that moves its symbols", "given 0 is about z, which a derivative, limit or mean moves"
)
def through_a_definition_of_a_definition() -> Derivation:
    q = let("q", p[1] ** 2)
    return derivation(chain(D(q, z[k]), step("given", D(u, z[k]), (0,), number=0)), givens=(given(Eq(q, u)),))


@attack(
    "no given under a derivative that moves its symbols", "given 0 is about a, which a derivative, limit or mean moves"
)
def one_value_under_a_derivative() -> Derivation:
    return derivation(chain(D(a**2, a), step("given", D(one**2, a), (0, 0), number=0)), givens=(given(Eq(a, 1)),))


@attack(
    "no given under a derivative that moves its symbols",
    "given 0 is about tau, which a derivative, limit or mean moves",
)
def under_a_limit() -> Derivation:
    line = Limit(tau * u / tau, tau, infinity)
    return derivation(
        chain(line, step("given", Limit(one * u / tau, tau, infinity), (0, 0), number=0)), givens=(given(Eq(tau, 1)),)
    )


@attack(
    "no given under a derivative that moves its symbols",
    "given 0 is about tau, which a derivative, limit or mean moves",
)
def under_a_limit_by_a_lemma() -> Derivation:
    lemma = chain(tau * u, step("given", u, (0,), number=0), name="lemma")
    last = chain(Limit(tau * u, tau, zero, "+"), step("lemma", Limit(u, tau, zero, "+"), (0,), name="lemma"))
    return derivation(lemma, last, givens=(given(Eq(tau, 1)),))


@attack("no given under a derivative that moves its symbols", "not known to be defined")
def strict_bound_along_a_limit() -> Derivation:
    # tau < 1 holds where we are, but not on the way to infinity
    line = Limit(log(1 - tau) / tau, tau, infinity)
    return derivation(chain(line - line, algebra(0)), givens=(given(tau < 1),))


@attack("no given under a derivative that moves its symbols", "not known to be defined")
def bound_at_a_closed_end_under_a_derivative() -> Derivation:
    # s >= 0 holds at the point, not around it
    line = D(sqrt(s) ** 2, s)
    return derivation(chain(line, algebra(D(sqrt(s) ** 2, s) + 0 * u + v - v)))


@attack("no given under a derivative that moves its symbols", "not known to be defined")
def given_bound_at_a_closed_end_under_a_derivative() -> Derivation:
    line = D(log(u), u)
    return derivation(chain(line, step("chain rule for log", u**-1 * D(u, u), u=u, x=u)), givens=(given(u >= 1),))


# -- deltas -----------------------------------------------------------------------------------------------------------


@use
def contraction_in_range() -> Derivation:
    return derivation(
        chain(Sum(delta(i, k) * z[i], i), step("delta contraction", z[k], delta=delta(i, k), body=z[i], index=i))
    )


def contraction(other: Expr, size_: Expr, body: Callable[[Expr], Expr] = lambda q: q**2) -> Derivation:
    q = Index.of("q", size_)
    mark = x.Delta((q, other))
    line = Sum(mark * body(q), q)
    return derivation(chain(line, step("delta contraction", body(other), delta=mark, body=body(q), index=q)))


RANGE = "side condition not met: in_range"
for other_, size_ in [(n, K), (Number.of(2), K), (Number.of(3), Number.of(2)), (Number.of(0), K), (z[k], K),
                      (Number.of(Fraction(3, 2)), Number.of(2)), (k + 1, K), (u, K)]:  # fmt: skip
    attack("a delta is contracted in its range only", RANGE)(lambda o=other_, q=size_: contraction(o, q))


@attack("a delta is contracted in its range only", "does not show")
def contraction_of_another_range_by_algebra() -> Derivation:
    return derivation(chain(Sum(delta(n, k) * i**0 * u, n), algebra(u)))


@attack("a delta is contracted in its range only", "does not show")
def contraction_at_a_fraction_by_algebra() -> Derivation:
    q = Index.of("q", Number.of(2))
    return derivation(chain(Sum(x.Delta((q, Number.of(Fraction(3, 2)))), q), algebra(1)))


@attack("a delta is contracted in its range only", "the delta must join")
def contraction_of_another_index() -> Derivation:
    line = Sum(delta(j, k) * z[i], i)
    return derivation(chain(line, step("delta contraction", z[k], delta=delta(j, k), body=z[i], index=i)))


@attack("a delta is contracted in its range only", "does not show")
def diagonal_counts_once() -> Derivation:
    return derivation(chain(Sum(delta(i, i), i), algebra(1)))


@attack("a delta is contracted in its range only", "does not show")
def diagonal_is_at_most_one_by_its_sign() -> Derivation:
    return derivation(chain(Sum(delta(i, i), i), step("sign", 1, relation="<=", to=one)))


@attack("a delta is contracted in its range only", "does not show")
def denominator_with_a_delta() -> Derivation:
    return derivation(chain(Sum(1 / (a * (a + delta(i, k))), i), algebra(1 / (a * (a + 1)))))


# -- constants --------------------------------------------------------------------------------------------------------


def zero_derivative(c: Expr, variable: Expr) -> Derivation:
    return derivation(chain(D(c, variable), step("derivative of a constant", 0, c=c, x=variable)))


@use
def a_true_constant() -> Derivation:
    return zero_derivative(w[k] * u, z[k])


CONSTANT = "side condition not met: constant"
for c_, variable_ in [(p[i], z[k]), (S, z[k]), (let("L", -Sum(y[i] * log(p[i]), i)), z[k]), (z[i], z[k]), (z[1], z[k]),
                      (z[1], z[2]), (Sum(z[i], i), z[k]), (D(Sum(z[i] ** 3, i), z[m]), z[k]), (a * b, a), (D(b, a), a),
                      (Sum(W[n, i], i), W[1, 1]), (define("q", i, a)[k], a)]:  # fmt: skip
    attack("constant looks through definitions; a derivative moves the whole array", CONSTANT)(
        lambda c=c_, q=variable_: zero_derivative(c, q)
    )


@attack("constant looks through definitions; a derivative moves the whole array", CONSTANT)
def constant_factor_that_is_none() -> Derivation:
    line = D(p[i] * w[i], z[k])
    return derivation(chain(line, step("constant factor", p[i] * D(w[i], z[k]), c=p[i], f=w[i], x=z[k])))


@attack("constant looks through definitions; a derivative moves the whole array", "side condition not met: independent")
def factor_with_the_bound_index() -> Derivation:
    line = Sum(z[i] * w[i], i)
    return derivation(chain(line, step(PULL, z[i] * Sum(w[i], i), c=z[i], body=w[i], index=i)))


@attack("constant looks through definitions; a derivative moves the whole array", "side condition not met: independent")
def constant_sum_of_what_moves() -> Derivation:
    return derivation(chain(Sum(p[i], i), step("sum of a constant", K * p[i], c=p[i], index=i)))


@attack("constant looks through definitions; a derivative moves the whole array", "side condition not met: independent")
def shift_that_depends_on_the_index() -> Derivation:
    left = log(Sum(exp(z[i]), i))
    right = z[i] + log(Sum(exp(z[i] + -1 * z[i]), i))
    return derivation(chain(left, step("log-sum-exp shift", right, body=z[i], shift=z[i], index=i)))


@attack("constant looks through definitions; a derivative moves the whole array", "side condition not met: independent")
def derivative_in_the_bound_entry() -> Derivation:
    # d/dz_i of sum_i z_i with one letter: the derivative is 1, not sum_i 1
    line = D(Sum(z[i] ** 2, i), z[i])
    result = Sum(D(z[i] ** 2, z[i]), i)
    return derivation(chain(line, step("derivative through a finite sum", result, body=z[i] ** 2, index=i, x=z[i])))


@attack(
    "constant looks through definitions; a derivative moves the whole array", "whole numbers only|not met: constant"
)
def derivative_in_a_size() -> Derivation:
    line = D(Sum(one, i), K)
    result = Sum(D(one, K), i)
    return derivation(chain(line, step("derivative through a finite sum", result, body=one, index=i, x=K)))


@attack("constant looks through definitions; a derivative moves the whole array", "whole numbers only")
def derivative_in_a_size_by_algebra() -> Derivation:
    return derivation(chain(D(Sum(one, i), K), step("algebra", D(K, K), (0,), to=K)))


# -- conditions of logs, quotients, powers ----------------------------------------------------------------------------

for rule_, bindings_ in [
    ("log of a product", {"factors": (u, v)}),
    ("log of a quotient", {"a": u, "b": a}),
    ("log of a quotient", {"a": a, "b": v}),
    ("log of a power", {"a": u, "r": Number.of(2)}),
    ("exp of log", {"a": u}),
    ("exp of log", {"a": s}),
    ("log of a finite product", {"body": z[i], "index": i}),
    ("chain rule for log", {"u": u, "x": u}),
    ("quotient rule", {"u": u, "v": v, "x": u}),
    ("quotient rule", {"u": one, "v": s, "x": s}),
    ("power rule", {"u": u, "n": Number.of(-1), "x": u}),
    ("power rule", {"u": u, "n": Number.of(Fraction(1, 2)), "x": u}),
    ("power rule", {"u": s, "n": Number.of(Fraction(3, 2)), "x": s}),
    ("derivative of a general power", {"u": u, "v": v, "x": v}),
    ("log x <= x - 1", {"x": u}),
]:

    def conditioned(rule: str = rule_, bindings: dict[str, Any] = bindings_) -> Derivation:
        relation = RULES[rule].equation(**bindings)
        assert isinstance(relation, x.Relation)
        left, right = relation.args
        return derivation(chain(left, Step(rule, bindings, right, relation=relation.operator)))

    attack(
        "logs, quotients and powers carry their conditions",
        "side condition not met: (positive|nonzero|constant|defined)",
    )(conditioned)

for line_ in (log(u), 1 / u, sqrt(u), u**v, log(1 - s), 1 / (a - b), Sum(log(z[i]), i), D(sqrt(s), s), 1 / delta(i, k)):

    def undefined(line: Expr = line_) -> Derivation:
        return derivation(chain(line - line, algebra(0)))

    attack("logs, quotients and powers carry their conditions", "the line is not known to be defined")(undefined)


@attack("logs, quotients and powers carry their conditions", "does not show")
def root_of_a_square() -> Derivation:
    return derivation(chain(sqrt(u**2), algebra(u)))


@attack("logs, quotients and powers carry their conditions", "does not show")
def log_split_by_algebra() -> Derivation:
    return derivation(chain(log(u * v), algebra(log(u) + log(v))))


@attack("an index runs over a whole number >= 1", "must run over a whole number")
def empty_sum() -> Derivation:
    o = Index.of("o", zero)
    return derivation(chain(Sum(a, o), algebra(Sum(a, o) + u - u)))


@attack("an index runs over a whole number >= 1", "must run over a whole number")
def sum_to_k_minus_one() -> Derivation:
    o = Index.of("o", K - 1)
    return derivation(chain(Sum(a, o), algebra(Sum(a, o) + u - u)))


@attack("an index runs over a whole number >= 1", "is not known to be in the range")
def given_for_all_of_nothing() -> Derivation:
    o = Index.of("o", zero)
    return derivation(chain(0, step("given", 1, number=0, indices=(one,))), givens=(given(Eq(0, 1), o),))


@attack("an index runs over a whole number >= 1", "is not known to be in the range")
def given_at_an_index_of_nothing() -> Derivation:
    o = Index.of("o", zero)
    return derivation(chain(0, step("given", 1, number=0, indices=(o,))), givens=(given(Eq(0, 1), o),))


@attack("an index runs over a whole number >= 1", "whose domain is empty")
def value_that_cannot_be() -> Derivation:
    q = scalar("q", Interval(Fraction(2), Fraction(1)))
    return derivation(chain(0, algebra(q - q), step("sign", 0, relation=">", to=zero)))


# -- instances of givens and lemmas -----------------------------------------------------------------------------------

ROWS = given(Eq(Sum(W[n, i], i), 1), n)


@use
def given_at_a_bound_index() -> Derivation:
    line = Sum(Sum(W[n, i], i), n)
    return derivation(
        chain(line, step("given", Sum(one, n), (1,), ("m",), number=0, indices=(index("m", N),))), givens=(ROWS,)
    )


IN_RANGE = "is not known to be in the range"
for value_ in (k, Number.of(2), Number.of(0), Number.of(-1), Number.of(Fraction(1, 2)), u, n + 1, W[n, k]):

    def out_of_range(value: Expr = value_) -> Derivation:
        row = x.Entry
        line = Sum(row((value, i), (W,)), i)
        return derivation(chain(line, step("given", 1, number=0, indices=(value,))), givens=(ROWS,))

    attack("a statement for all is used in its range", IN_RANGE)(out_of_range)

for value_ in (n, Number.of(3), z[k]):

    def lemma_out_of_range(value: Expr = value_) -> Derivation:
        lemma = chain(z[k] ** 2 - z[k] ** 2, algebra(0), name="lemma")
        entry = x.Entry((value,), (z,))
        last = chain(entry**2 - entry**2, step("lemma", 0, name="lemma", old=(k,), new=(value,)))
        return derivation(lemma, last)

    attack("a statement for all is used in its range", IN_RANGE)(lemma_out_of_range)


@attack("a statement for all is used in its range", "argument 2 is (shorter|longer)")
def too_few_values() -> Derivation:
    return derivation(chain(Sum(W[n, i], i), step("given", 1, number=0)), givens=(ROWS,))


@attack("a statement for all is used in its range", "for different indices only")
def given_for_all_but_one() -> Derivation:
    apart = given(Eq(z[j], 0), j, apart=((j, k),))
    return derivation(chain(z[k], step("given", 0, number=0, indices=(k,))), givens=(apart,))


@attack("a statement for all is used in its range", "not known to be in the range|no attribute")
def lemma_at_a_symbol() -> Derivation:
    # a symbol is not for all: x^2 = x given x = 1 ... at another x
    lemma = chain(u - u, algebra(0), name="lemma")
    return derivation(lemma, chain(v - v, step("lemma", 0, name="lemma", old=(u,), new=(v,))))


# -- inequalities -----------------------------------------------------------------------------------------------------

BELOW = given(x.Relation.of(u, "<=", v))
STRICT = given(x.Relation.of(u, "<", v))


def scaled(factor: Expr, relation: str, fact: Given) -> Derivation:
    line, result = factor * u, factor * v
    return derivation(chain(line, step("given", result, (1,), relation=relation, number=0)), givens=(fact,))


@use
def through_a_nonnegative_factor() -> Derivation:
    return scaled(s, "<=", BELOW)


@use
def through_a_positive_factor() -> Derivation:
    return scaled(a, "<", STRICT)


@use
def through_an_increasing_function() -> Derivation:
    return derivation(chain(exp(u), step("given", exp(v), (0,), relation="<=", number=0)), givens=(BELOW,))


@attack("inequalities keep their direction", "not known to be defined")
def out_of_the_domain_of_a_logarithm() -> Derivation:
    fact = given(x.Relation.of(a, ">=", u))
    return derivation(chain(log(a), step("given", log(u), (0,), relation=">=", number=0)), givens=(fact,))


@use
def turned_by_a_negative_factor() -> Derivation:
    return derivation(chain(-u, step("given", -v, (1,), relation=">=", number=0)), givens=(BELOW,))


DIRECTION = "does not pass through|the rule states"
for factor_, relation_, fact_ in [(scalar("q"), "<=", BELOW), (-a, "<=", BELOW), (z[k], "<=", BELOW), (s, "<", STRICT),
                                  (delta(i, k), "<", STRICT), (a - b, "<=", BELOW), (a, ">=", BELOW), (a, "=", BELOW),
                                  (a, "<", BELOW), (log(a), "<=", BELOW)]:  # fmt: skip
    attack("inequalities keep their direction", DIRECTION)(lambda f=factor_, r=relation_, g=fact_: scaled(f, r, g))

for around_, at_ in [(lambda q: 1 / exp(q), (0, 0)), (lambda q: x.Function((q,), ("cos",)), (0,)),
                     (lambda q: q**2, (0,)), (lambda q: x.Function((q,), ("step",)), (0,)),
                     (lambda q: x.Function((q,), ("abs",)), (0,)), (lambda q: D(q * a, a), (0, 0)),
                     (lambda q: Product(exp(z[i]) * q, i), (1, 1)),
                     (lambda q: Limit(q + 1 / tau, tau, infinity), (0, 0)), (lambda q: Eq(q, a), (0,)),
                     (lambda q: x.Function((q, a), ("max",)), (0,))]:  # fmt: skip

    def through(around: Callable[[Expr], Expr] = around_, at: tuple[int, ...] = at_) -> Derivation:
        letters = ("m",) if isinstance(around(u), x.Product) else ()
        move = step("given", around(v), at, letters, "<=", number=0)
        return derivation(chain(around(u), move, claim=Eq(u, v)), givens=(BELOW,))

    attack("inequalities keep their direction", "does not pass through")(through)


@use
def one_way() -> Derivation:
    both = (given(x.Relation.of(u, "<=", v)), given(x.Relation.of(v, "<=", a)))
    return derivation(
        chain(u, step("given", v, relation="<=", number=0), step("given", a, relation="<=", number=1)), givens=both
    )


def mixed(first: str, second: str, claim: str) -> Derivation:
    both = (given(x.Relation.of(u, first, v)), given(x.Relation.of(v, second, a)))
    steps = (step("given", v, relation=first, number=0), step("given", a, relation=second, number=1))
    return derivation(Theorem("main", x.Relation.of(u, claim, a), u, steps), givens=both)


for first_, second_, claim_ in [("<=", ">=", "<="), (">=", "<=", ">="), ("<", ">", "<"), ("<", ">=", "<"),
                                ("!=", "!=", "!="), ("!=", "<", "!="), ("<=", "!=", "<")]:  # fmt: skip
    attack("only one direction in a chain", "do not combine in one chain")(
        lambda f=first_, q=second_, c=claim_: mixed(f, q, c)
    )

for first_, second_, claim_ in [("<=", "<=", "="), ("<=", "<=", "<"), ("<=", "=", "="), ("<", "<=", ">"),
                                ("<", "<", "="), ("=", "!=", "="), (">=", ">", "<=")]:  # fmt: skip
    attack("only one direction in a chain", "the lines prove")(lambda f=first_, q=second_, c=claim_: mixed(f, q, c))


@attack("only one direction in a chain", "the lines prove 1 = 1, the theorem states|do not combine")
def different_from_itself() -> Derivation:
    steps = (step("sign", 2, relation="!=", to=Number.of(2)), step("sign", 1, relation="!=", to=one))
    return derivation(Theorem("main", Ne(1, 1), one, steps))


@attack("only one direction in a chain", "!= does not pass through")
def different_terms_have_different_sums() -> Derivation:
    fact = given(Ne(z[j], w[j]), j)
    move = step("given", Sum(w[j], j), (1,), ("j",), "!=", number=0, indices=(j,))
    return derivation(chain(Sum(z[j], j), move), givens=(fact,))


@attack("only one direction in a chain", "!= does not pass through")
def different_times_zero() -> Derivation:
    return derivation(chain(s * u, step("given", s * v, (1,), (), "!=", number=0)), givens=(given(Ne(u, v)),))


@attack("only one direction in a chain", "the rule states")
def an_equation_as_an_inequality() -> Derivation:
    return derivation(chain(u, step("given", v, relation="<=", number=0)), givens=(given(Eq(u, v)),))


@attack("only one direction in a chain", "does not show")
def algebra_as_an_inequality() -> Derivation:
    return derivation(chain(u, step("algebra", u + 1, relation="<=", to=u + 1)))


@attack("only one direction in a chain", "does not show")
def a_sign_as_an_equation() -> Derivation:
    return derivation(chain(a, step("sign", a + 1, relation="=", to=a + 1)))


@attack("only one direction in a chain", "does not show")
def zero_times_an_open_end() -> Derivation:
    nothing = x.Mul((x.Add((Number.of(2), Number.of(-2))), scalar("theta", UNIT)))
    return derivation(chain(0, algebra(nothing), step("sign", 0, relation="<", to=zero)))


@attack("only one direction in a chain", "does not show")
def tenth_power_as_the_eighth() -> Derivation:
    q = scalar("q", Interval(Fraction(1), Fraction(2)))
    return derivation(chain(q**10, step("sign", 256, relation="<=", to=Number.of(256))))


@attack("only one direction in a chain", "does not show")
def an_equivalence_by_a_wrong_sign() -> Derivation:
    start = x.Relation.of(u, "<", v)
    return derivation(chain(start, algebra(x.Relation.of(v, "<", u)), claim=Iff(start, x.Relation.of(v, "<", u))))


# -- where rewriting is not allowed ------------------------------------------------------------------------------------

NO_PLACE = "no rewriting at position"


@attack("some places are not rewritten", NO_PLACE)
def in_the_variable_of_a_derivative() -> Derivation:
    return derivation(chain(D(u * v, u), step("given", D(u * v, v), (1,), number=0)), givens=(given(Eq(u, v)),))


@attack("some places are not rewritten", NO_PLACE)
def in_the_variable_entry_of_a_derivative() -> Derivation:
    return derivation(chain(D(z[i], z[k]), step("algebra", D(z[i], z[k]), (1, 0), to=k)))


@attack("some places are not rewritten", NO_PLACE)
def in_an_optimum() -> Derivation:
    start = argmin((u - a) ** 2, u, a)
    return derivation(
        chain(start, step("given", argmin((u - a) ** 2, u, b), (1,), number=0)), givens=(given(Eq(a, b)),)
    )


@attack("some places are not rewritten", NO_PLACE)
def in_the_objective_of_an_optimum() -> Derivation:
    start = argmin((u - a) ** 2, u, a)
    return derivation(chain(start, step("algebra", start, (0,), to=(u - a) ** 2)))


@attack("some places are not rewritten", NO_PLACE)
def in_an_index() -> Derivation:
    return derivation(chain(z[k], step("algebra", z[k], (0,), to=k)))


@attack("some places are not rewritten", NO_PLACE)
def in_the_size_of_an_index() -> Derivation:
    return derivation(chain(z[k] * k, step("given", z[k] * k, (1, 0), number=0)), givens=(given(Eq(K, N)),))


@attack("some places are not rewritten", NO_PLACE)
def in_the_size_of_a_sum() -> Derivation:
    return derivation(chain(Sum(u, i), step("given", x.Sum((N, u)), (0,), number=0)), givens=(given(Eq(K, N)),))


@attack("some places are not rewritten", NO_PLACE)
def in_the_point_of_a_limit() -> Derivation:
    line = Limit(u / tau, tau, a)
    return derivation(chain(line, step("given", Limit(u / tau, tau, b), (1,), number=0)), givens=(given(Eq(a, b)),))


@attack("some places are not rewritten", NO_PLACE)
def at_a_negative_position() -> Derivation:
    return derivation(chain(u + v, step("algebra", u + v, (-1,), to=v)))


@attack("some places are not rewritten", "malformed|no rewriting")
def at_a_place_that_is_not_there() -> Derivation:
    return derivation(chain(u + v, step("algebra", u + v, (5,), to=v)))


@attack("a delta puts nothing where it would be moved", "may not be replaced|in_range")
def delta_moves_a_symbol_under_its_derivative() -> Derivation:
    mark = x.Delta((i, v))
    line, result = mark * D(v * i, v), mark * D(v * v, v)
    return derivation(chain(line, step("delta identifies indices", result, delta=mark, body=D(v * i, v), old=i)))


@attack("a delta puts nothing where it would be moved", "may not be replaced|in_range|must have its size")
def continuity_with_a_family_of_another_size() -> Derivation:
    # lim a / tau = 0 for the one index of the family, but the array has N entries
    f, q = x.Array("f", (N,)), Index.of("q", one)
    lemma = chain(
        Limit(a / tau, tau, infinity), step("a constant over a growing number", 0, c=a, x=tau), name="lemma", over=(q,)
    )
    inner, values = Vector.over(q, a / tau), Vector.over(q, zero)
    bindings = {
        "whole": Sum(f[n], n), "places": (f,), "inner": (inner,), "values": (values,), "x": tau, "point": infinity,
        "side": "",
    }  # fmt: skip
    return derivation(lemma, Theorem("main", Eq(0, N), by=Inference("continuity", bindings, ("lemma",))))


# -- theorems ---------------------------------------------------------------------------------------------------------

TRIVIAL = chain(u - u, algebra(0), name="trivial")


@attack("theorems are in order and have names", "there is no theorem 'later' before this one")
def circular() -> Derivation:
    return derivation(
        chain(zero, step("lemma", 1, name="later"), name="first"),
        chain(zero, step("lemma", 1, name="first"), name="later"),
    )


@attack("theorems are in order and have names", "there is no theorem 'main' before this one")
def by_itself() -> Derivation:
    return derivation(chain(zero, step("lemma", 1, name="main")))


@attack("theorems are in order and have names", "empty or taken")
def twice_the_same_name() -> Derivation:
    return derivation(TRIVIAL, TRIVIAL)


@attack("theorems are in order and have names", "empty or taken")
def no_name() -> Derivation:
    return derivation(replace(TRIVIAL, name=""))


@attack("theorems are in order and have names", "needs a first line and at least one step")
def no_steps() -> Derivation:
    return derivation(Theorem("main", Eq(u, v), u, ()))


@attack("theorems are in order and have names", "needs a first line and at least one step")
def no_start() -> Derivation:
    return derivation(replace(TRIVIAL, start=None))


@attack("theorems are in order and have names", "the lines prove")
def another_statement() -> Derivation:
    return derivation(replace(TRIVIAL, statement=Eq(u, 0)))


@attack("theorems are in order and have names", "the theorem states")
def a_statement_about_all() -> Derivation:
    return derivation(replace(TRIVIAL, statement=ForAll(Eq(u - u, 0), i)))


@attack("premises are proved first", "has not been proved")
def premise_missing() -> Derivation:
    return derivation(Theorem("main", Eq(0, 1), by=Inference("sign of the difference", DIFFERENCE, ())))


DIFFERENCE: dict[str, Any] = {"a": zero, "b": one, "claim": x.Relation.of(zero, ">=", one)}


@attack("premises are proved first", "has not been proved")
def premise_about_something_else() -> Derivation:
    return derivation(
        TRIVIAL, Theorem("main", Eq(0, 1), by=Inference("sign of the difference", DIFFERENCE, ("trivial",)))
    )


@attack("premises are proved first", "concludes a theorem from premises")
def conclusion_used_as_a_step() -> Derivation:
    return derivation(chain(0, step("sign of the difference", 1, relation=">=", **DIFFERENCE)))


@attack("premises are proved first", "concludes a theorem from premises")
def continuity_used_as_a_step() -> Derivation:
    f = x.Array("f", (one,))
    q = Index.of("q", one)
    inner, values = Vector.over(q, tau), Vector.over(q, zero)
    bindings = {
        "whole": f[1], "places": (f,), "inner": (inner,), "values": (values,), "x": tau, "point": infinity, "side": "",
    }  # fmt: skip
    return derivation(chain(Limit(tau, tau, infinity), step("continuity", 0, **bindings)))


# -- records that make no sense ----------------------------------------------------------------------------------------

ANY: Any = object()
MALFORMED: dict[str, Callable[[], Any]] = {
    "unknown rule": lambda: derivation(chain(u, step("no such rule", v))),
    "unknown inference": lambda: derivation(Theorem("main", Eq(u, v), by=Inference("no such rule", {}, ()))),
    "no binding `to`": lambda: derivation(chain(u, step("algebra", u))),
    "`to` is a string": lambda: derivation(chain(u, step("algebra", u, to="u"))),
    "`to` is None": lambda: derivation(chain(u, step("algebra", u, to=None))),
    "`unfold` is a number": lambda: derivation(chain(p[k], step("algebra", u, to=u, unfold=3))),
    "no binding `number`": lambda: derivation(chain(u, step("given", v))),
    "a given that is not there": lambda: derivation(chain(u, step("given", v, number=7))),
    "a negative number": lambda: derivation(chain(u, step("given", v, number=-1)), givens=(given(Eq(u, v)),)),
    "a given by its name": lambda: derivation(chain(u, step("given", v, number="x")), givens=(given(Eq(u, v)),)),
    "no binding `name`": lambda: derivation(chain(u, step("lemma", v))),
    "a lemma at None": lambda: derivation(TRIVIAL, chain(u - u, step("lemma", 0, name="trivial", old=None, new=None))),
    "a list of names": lambda: derivation(TRIVIAL, chain(u - u, step("lemma", 0, name=["trivial"]))),
    "no binding `entry`": lambda: derivation(chain(p[k], step("definition", u))),
    "definition of an array": lambda: derivation(chain(z[k], step("definition", u, entry=z[k]))),
    "definition of a number": lambda: derivation(chain(u, step("definition", u, entry=3))),
    "definition with too few indices": lambda: derivation(
        chain(x.Entry((), (p,)), step("definition", u, entry=x.Entry((), (p,))))
    ),
    "missing binding of a rule": lambda: derivation(chain(exp(u), step("log of exp", u))),
    "extra binding of a rule": lambda: derivation(chain(log(exp(u)), step("log of exp", u, u=u, v=v))),
    "wrong type for a rule": lambda: derivation(chain(log(exp(u)), step("log of exp", u, u=3))),
    "a tuple for a rule": lambda: derivation(chain(log(exp(u)), step("log of exp", u, u=(u, v)))),
    "an index that is none": lambda: derivation(chain(Sum(u, i), step("sum of a constant", K * u, c=u, index=u))),
    "derivative in a sum": lambda: derivation(chain(u, step("derivative of the variable", one, x=u + v))),
    "a rule that is a list": lambda: derivation(chain(u, Step(["algebra"], {"to": u}, u))),  # type: ignore[arg-type]
    "bindings that are None": lambda: derivation(chain(u, Step("algebra", None, u))),  # type: ignore[arg-type]
    "bindings that are a list": lambda: derivation(chain(u, Step("algebra", [u], u))),  # type: ignore[arg-type]
    "a path of strings": lambda: derivation(chain(u + v, Step("algebra", {"to": u}, u + v, ("a",)))),  # type: ignore[arg-type]
    "a path that is a number": lambda: derivation(chain(u + v, Step("algebra", {"to": u}, u + v, 1))),  # type: ignore[arg-type]
    "letters that are numbers": lambda: derivation(
        chain(Sum(u, i), Step("algebra", {"to": v}, Sum(v, i), (1,), (3,)))  # type: ignore[arg-type]
    ),
    "letters that are None": lambda: derivation(
        chain(Sum(u, i), Step("algebra", {"to": u}, Sum(u, i), (1,), None))  # type: ignore[arg-type]
    ),
    "a result that is a string": lambda: derivation(Theorem("main", Eq(u, u), u, (Step("algebra", {"to": u}, "u"),))),  # type: ignore[arg-type]
    "an unknown relation": lambda: derivation(chain(u, step("algebra", u, relation="~", to=u), claim=Eq(u, u))),
    "a relation that is None": lambda: derivation(
        Theorem("main", Eq(u, u), u, (Step("algebra", {"to": u}, u, relation=None),))  # type: ignore[arg-type]
    ),
    "an equivalence of numbers": lambda: derivation(chain(u, step("algebra", u, relation="<=>", to=u), claim=Eq(u, u))),
    "a start that is a string": lambda: derivation(Theorem("main", Eq(u, u), "u", (algebra(u),))),  # type: ignore[arg-type]
    "a step that is None": lambda: derivation(Theorem("main", Eq(u, u), u, (None,))),  # type: ignore[arg-type]
    "steps that are None": lambda: derivation(Theorem("main", Eq(u, u), u, None)),  # type: ignore[arg-type]
    "steps that are a number": lambda: derivation(Theorem("main", Eq(u, u), u, 3)),  # type: ignore[arg-type]
    "a name that is a list": lambda: derivation(replace(TRIVIAL, name=["t"])),  # type: ignore[arg-type]
    "a name that is None": lambda: derivation(replace(TRIVIAL, name=None)),  # type: ignore[arg-type]
    "a theorem that is None": lambda: Derivation("t", (), (None,)),  # type: ignore[arg-type]
    "theorems that are None": lambda: Derivation("t", (), None),  # type: ignore[arg-type]
    "givens that are None": lambda: Derivation("t", None, ()),  # type: ignore[arg-type]
    "a given that is a string": lambda: Derivation("t", ("u = v",), ()),  # type: ignore[arg-type]
    "a given without a relation": lambda: Derivation("t", (Given(None),), ()),  # type: ignore[arg-type]
    "a given about a term": lambda: Derivation("t", (Given(u),), ()),  # type: ignore[arg-type]
    "a given for all of a symbol": lambda: derivation(
        chain(u, step("given", v, number=0, indices=(u,))), givens=(Given(Eq(u, v), (u,)),)
    ),  # type: ignore[arg-type]
    "premises that are not there": lambda: derivation(
        Theorem("main", Eq(u, v), by=Inference("sign of the difference", DIFFERENCE, ("nothing",)))
    ),
    "premises that are None": lambda: derivation(
        Theorem("main", Eq(u, v), by=Inference("sign of the difference", DIFFERENCE, None))  # type: ignore[arg-type]
    ),
    "an inference that is a string": lambda: derivation(Theorem("main", Eq(u, v), by="log")),  # type: ignore[arg-type]
    "over a symbol": lambda: derivation(
        replace(TRIVIAL, over=(u,)),  # type: ignore[arg-type]
        Theorem("main", Eq(u, v), by=Inference("sign of the difference", DIFFERENCE, ("trivial",))),
    ),
    "a lemma that is a proposition for all": lambda: derivation(
        replace(TRIVIAL, statement=ForAll(Eq(u - u, 0), i)), chain(u - u, step("lemma", 0, name="trivial"))
    ),
    "a derivation that is None": lambda: None,
}


# -- the tests --------------------------------------------------------------------------------------------------------

EVERY = [(fact, number) for fact, attacks in ATTACKS.items() for number in range(len(attacks))]


@pytest.mark.parametrize(("fact", "number"), EVERY)
def test_the_attack_is_refused_for_its_reason(fact: str, number: int) -> None:
    make, message = ATTACKS[fact][number]
    with pytest.raises(Refused, match=message) as refusal:
        check(make(), RULES)
    assert "malformed" not in str(refusal.value) or "malformed" in message


@pytest.mark.parametrize("make", USES, ids=lambda make: make.__name__)
def test_the_correct_use_is_accepted(make: Callable[[], Derivation]) -> None:
    assert accepted(make())


@pytest.mark.parametrize("name", MALFORMED)
def test_a_record_that_makes_no_sense_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        check(MALFORMED[name](), RULES)


def test_every_fact_is_attacked_at_least_twice() -> None:
    counts = Counter({fact: len(attacks) for fact, attacks in ATTACKS.items()})
    for fact, count in counts.items():
        print(f"{count:3d} attacks: {fact}")
    print(f"{sum(counts.values())} attacks on {len(counts)} facts, {len(MALFORMED)} malformed records, all refused")
    assert min(counts.values()) >= 2
