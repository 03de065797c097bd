"""Finite sums and the Kronecker delta. `index` is the bound index, free in the bindings that mention it.

Examples and counterexamples: `gradproof.rules.examples.sums`.
"""

from __future__ import annotations

from gradproof.expression import Delta, Expr, Index, Number, Relation, Sum, add, mul, substitute
from gradproof.rule import Condition, Rule, in_range, independent, nonnegative
from gradproof.rules.terms import equal


def linearity(terms: tuple[Expr, ...], index: Index) -> Relation:
    return equal(Sum.over(index, add(*terms)), add(*(Sum.over(index, t) for t in terms)))


def constant_out(c: Expr, body: Expr, index: Index) -> Relation:
    return equal(Sum.over(index, mul(c, body)), mul(c, Sum.over(index, body)))


def constant_sum(c: Expr, index: Index) -> Relation:
    return equal(Sum.over(index, c), mul(index.size, c))


def other(delta: Delta, index: Index) -> Expr:
    """The index that the delta identifies with the bound one."""
    if index not in delta.args or all(index in a.free for a in delta.args):
        raise ValueError(f"the delta must join {index.name} with another index, which does not depend on it")
    return delta.args[1] if delta.args[0] == index else delta.args[0]


def contraction(delta: Delta, body: Expr, index: Index) -> Relation:
    return equal(Sum.over(index, mul(delta, body)), substitute(body, index, other(delta, index)))


def contraction_conditions(delta: Delta, body: Expr, index: Index) -> tuple[Condition, ...]:
    return (in_range(other(delta, index), index.size),)


def delta_symmetry(i: Expr, j: Expr) -> Relation:
    return equal(Delta((i, j)), Delta((j, i)))


def identifies_conditions(delta: Delta, body: Expr, old: Index) -> tuple[Condition, ...]:
    """The body must have a value at the other index, even where the delta is 0."""
    return (in_range(other(delta, old), old.size),)


def delta_identifies(delta: Delta, body: Expr, old: Index) -> Relation:
    return equal(mul(delta, body), mul(delta, substitute(body, old, other(delta, old))))


def interchange(body: Expr, outer: Index, inner: Index) -> Relation:
    return equal(Sum.over(outer, Sum.over(inner, body)), Sum.over(inner, Sum.over(outer, body)))


def interchange_conditions(body: Expr, outer: Index, inner: Index) -> tuple[Condition, ...]:
    return (independent(outer.size, inner), independent(inner.size, outer))


def single(body: Expr, index: Index) -> Relation:
    if index.size != Number.of(1):
        raise ValueError("only a sum of size 1 has a single term")
    return equal(Sum.over(index, body), substitute(body, index, Number.of(1)))


RULES = (
    Rule(
        "sum of a sum", "sums", r"\sum_j (f_j + g_j) = \sum_j f_j + \sum_j g_j", linearity, "split the sum",
        source="Graham, Knuth, Patashnik, sec. 2.3",
    ),
    Rule(
        "constant out of a sum", "sums", r"\sum_j c f_j = c \sum_j f_j", constant_out,
        "a factor free of the index leaves the sum", lambda c, body, index: (independent(c, index),),
        source="Graham, Knuth, Patashnik, sec. 2.3",
    ),
    Rule(
        "sum of a constant", "sums", r"\sum_{j=1}^{K} c = K c", constant_sum,
        "equal terms", lambda c, index: (independent(c, index), nonnegative(index.size)),
        source="Graham, Knuth, Patashnik, sec. 2.3",
    ),
    Rule(
        "delta contraction", "sums", r"\sum_j \delta_{jk} f_j = f_k", contraction,
        "the delta keeps one term", contraction_conditions,
        source="all terms but one are 0",
    ),
    Rule(
        "symmetry of delta", "sums", r"\delta_{ij} = \delta_{ji}", delta_symmetry, "the delta is symmetric",
        source="definition of the Kronecker delta",
    ),
    Rule(
        "delta identifies indices", "sums", r"\delta_{ij} f_j = \delta_{ij} f_i", delta_identifies,
        "the delta identifies its indices", identifies_conditions,
        source="both sides are 0 where the indices differ",
    ),
    Rule(
        "interchange of finite sums", "sums", r"\sum_i \sum_j f_{ij} = \sum_j \sum_i f_{ij}", interchange,
        "finite sums may be interchanged", interchange_conditions,
        source="Graham, Knuth, Patashnik, sec. 2.4",
    ),
    Rule(
        "sum of size one", "sums", r"\sum_{j=1}^{1} f_j = f_1", single, "a single term",
        source="definition of the sum",
    ),
)  # fmt: skip
