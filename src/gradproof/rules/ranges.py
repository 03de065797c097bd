"""Orders of indices, and sums over a part of their range. Indices are whole numbers from 1 to their size.

Contract. [i <= j] is the step of j - i + 1, and [i < j] that of j - i. In a telescoping sum `body` is f at the index
`m`, which runs one further than `index`, so that f(l + 1) is f at a place that it is known at.

Blind spot. None of the rules says that the terms which an order leaves out need not be defined: they must be.

Examples and counterexamples: `gradproof.rules.examples.ranges`.
"""

from __future__ import annotations

from gradproof.expression import Delta, Expr, Function, Index, Number, Relation, Sum, add, mul, substitute
from gradproof.rule import Condition, Rule, in_range, independent
from gradproof.rules.terms import equal

ONE = Number.of(1)


def before(i: Expr, j: Expr) -> Expr:
    """[i < j]."""
    return Function((add(j, -i),), ("step",))


def at_most(i: Expr, j: Expr) -> Expr:
    """[i <= j]."""
    return Function((add(j, -i, ONE),), ("step",))


def whole(*terms: Expr) -> tuple[Condition, ...]:
    return tuple(Condition("whole", (e,)) for e in terms)


def first_apart(i: Expr, j: Expr) -> Relation:
    return equal(at_most(i, j), add(Delta((i, j)), before(i, j)))


def other_way_round(i: Expr, j: Expr) -> Relation:
    return equal(at_most(i, j), add(ONE, -before(j, i)))


def telescoping(body: Expr, m: Index, index: Index, start: Expr) -> Relation:
    after, here = substitute(body, m, add(index, ONE)), substitute(body, m, index)
    end = substitute(body, m, add(index.size, ONE))
    terms = mul(at_most(start, index), add(after, -here))
    return equal(Sum.over(index, terms), add(end, -substitute(body, m, start)))


def telescoping_conditions(body: Expr, m: Index, index: Index, start: Expr) -> tuple[Condition, ...]:
    end = add(index.size, ONE)
    fresh = (independent(body, index), independent(start, index))
    return (*fresh, in_range(start, end), *(in_range(i, m.size) for i in (start, add(index, ONE), end)))


RULES = (
    Rule(
        "first term apart", "ranges", r"\mathbf{1}[i \le j] = \delta_{ij} + \mathbf{1}[i < j]", first_apart,
        "the first term apart", lambda i, j: whole(i, j),
        source="Graham, Knuth, Patashnik, sec. 2.2",
    ),
    Rule(
        "order the other way round", "ranges", r"\mathbf{1}[i \le j] = 1 - \mathbf{1}[j < i]", other_way_round,
        "of two whole numbers either $i \\le j$ or $j < i$", lambda i, j: whole(i, j),
        source="the order of the whole numbers is total",
    ),
    Rule(
        "telescoping", "ranges", r"\sum_{l=t}^{n} (f_{l+1} - f_l) = f_{n+1} - f_t", telescoping, "the sum telescopes",
        telescoping_conditions,
        source="Graham, Knuth, Patashnik, sec. 2.6",
    ),
)  # fmt: skip
