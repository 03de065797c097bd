"""Sorted order: argsort(a)_i is the position of the i-th smallest member of a family, rank(a)_n its inverse.

Equal members are taken in the order in which they stand, so that both are permutations whatever the family. `family`
is a vector, `x` the variable of a derivative.

Examples and counterexamples: `gradproof.rules.examples.ranks`.
"""

from __future__ import annotations

from gradproof.expression import Delta, Derivative, Expr, Index, Number, Ranking, Relation, Sum, Vector, substitute
from gradproof.rule import Condition, Rule, in_range, independent
from gradproof.rules.terms import equal

OPPOSITE = {"argsort": "rank", "rank": "argsort"}


def inverse(kind: str, family: Vector, at: Expr, body: Expr, index: Index) -> Relation:
    there = Ranking.of(kind, family, Ranking.of(OPPOSITE[kind], family, at))
    return equal(substitute(body, index, there), substitute(body, index, at))


def moved_delta(kind: str, family: Vector, left: Expr, right: Expr) -> Relation:
    first = Delta((Ranking.of(kind, family, left), right))
    return equal(first, Delta((left, Ranking.of(OPPOSITE[kind], family, right))))


def rearranged(kind: str, family: Vector, body: Expr, index: Index) -> Relation:
    there = substitute(body, index, Ranking.of(kind, family, index))
    return equal(Sum.over(index, there), Sum.over(index, body))


def settled(c: Expr, x: Expr) -> Relation:
    return equal(Derivative.of(c, x), Number.of(0))


RULES = (
    Rule(
        "rank and argsort", "ranks", r"f_{\pi(\rho(n))} = f_n,\ f_{\rho(\pi(i))} = f_i", inverse,
        "rank undoes argsort",
        lambda kind, family, at, body, index: (in_range(at, family.size), in_range(index, family.size)),
        source="definition of the rank",
    ),
    Rule(
        "delta of a rank", "ranks", r"\delta_{\pi(i) n} = \delta_{i \rho(n)}", moved_delta,
        "each position has one rank",
        lambda kind, family, left, right: (in_range(left, family.size), in_range(right, family.size)),
        source="a permutation takes each value once",
    ),
    Rule(
        "sum in sorted order", "ranks", r"\sum_i f_{\pi(i)} = \sum_n f_n", rearranged,
        "the order of the terms does not matter",
        lambda kind, family, body, index: (
            independent(family, index), in_range(index, family.size), in_range(family.size, index.size),
        ),
        source="a permutation takes each value once",
    ),
    Rule(
        "order without ties", "ranks",
        r"a_i \ne a_j\ (i \ne j)\ \Rightarrow\ \frac{\partial}{\partial x} f_{\pi(i)} = 0",
        settled, "without ties the order stays as it is", lambda c, x: (Condition("settled", (c, x)),),
        source="distinct continuous functions stay distinct and in order near the point",
    ),
)  # fmt: skip
