"""Limits in a positive symbol, at infinity or at 0 from above."""

from __future__ import annotations

from collections.abc import Iterable

from gradproof.expression import (
    Add,
    Array,
    Bound,
    Constant,
    Definition,
    Delta,
    Entry,
    Expr,
    ForAll,
    Function,
    Index,
    Limit,
    Mul,
    Number,
    Pow,
    Product,
    Relation,
    Sum,
    Symbol,
    Vector,
    replace_array,
)
from gradproof.rule import Condition, Rule, independent

CONTINUOUS = ("exp", "log", "sigmoid", "softplus", "tanh", "abs", "max", "min", "log1p", "expm1")
INFINITY, ZERO, ONE = Constant((), ("oo",)), Number.of(0), Number.of(1)


def limit(body: Expr, x: Symbol, point: Expr, side: str) -> Expr:
    return Limit((body, point), (x, side))


def vanishing(c: Expr, x: Symbol) -> Relation:
    if x.domain.high is not None:
        raise ValueError(f"{x.name} is bounded and does not tend to infinity")
    return Relation.of(limit(c / x, x, INFINITY, ""), "=", ZERO)


def vanishing_conditions(c: Expr, x: Symbol) -> tuple[Condition, ...]:
    return (independent(c, x),)


def gap(value: Expr, index: Index, top: Index, x: Symbol) -> Relation:
    """`value` is f[index]; with f[top] the unique maximum, exp((f[index] - f[top]) / x) tends to delta."""
    if x.domain.low != 0 or not x.domain.low_open:
        raise ValueError(f"{x.name} must be declared positive to fall to 0")
    highest = Vector.over(index, value).open(top)
    term = Function(((value - highest) / x,), ("exp",))
    return Relation.of(limit(term, x, ZERO, "+"), "=", Delta((index, top)))


def gap_conditions(value: Expr, index: Index, top: Index, x: Symbol) -> tuple[Condition, ...]:
    highest = Vector.over(index, value).open(top)
    return (
        Condition("assumed", (Relation.of(value, "<", highest), index, top)),
        independent(value, x),
    )


def continuous(e: Expr) -> bool:
    """Whether a term is made of operations that are continuous wherever they are defined."""
    plain = isinstance(e, Number | Constant | Symbol | Index | Bound | Add | Mul | Pow | Delta | Entry | Sum | Product)
    known = plain or (isinstance(e, Function) and e.name in CONTINUOUS)
    return (
        known and all(continuous(a) for a in e.args) and not (isinstance(e, Entry) and isinstance(e.base, Definition))
    )


def filled(whole: Expr, places: Iterable[Array], families: Iterable[Vector]) -> Expr:
    for a, f in zip(places, families, strict=True):
        whole = replace_array(whole, a, f)
    return whole


def continuity(
    whole: Expr, places: tuple[Array, ...], inner: tuple[Vector, ...], values: tuple[Vector, ...],
    x: Symbol, point: Expr, side: str,
) -> Relation:  # fmt: skip
    if not continuous(whole):
        raise ValueError(f"{whole!r} is not made of continuous operations only")
    left = limit(filled(whole, places, inner), x, point, side)
    return Relation.of(left, "=", filled(whole, places, values))


def continuity_premises(
    whole: Expr, places: tuple[Array, ...], inner: tuple[Vector, ...], values: tuple[Vector, ...],
    x: Symbol, point: Expr, side: str,
) -> tuple[Expr, ...]:  # fmt: skip
    found = []
    for f, v in zip(inner, values, strict=True):
        i = Index.of(f.fresh(a.name for a in v.free).name, f.size)
        found.append(ForAll.over(i, Relation.of(limit(f.open(i), x, point, side), "=", v.open(i))))
    return tuple(found)


def continuity_conditions(
    whole: Expr, places: tuple[Array, ...], inner: tuple[Vector, ...], values: tuple[Vector, ...],
    x: Symbol, point: Expr, side: str,
) -> tuple[Condition, ...]:  # fmt: skip
    return (independent(whole, x), Condition("defined", (filled(whole, places, values),)))


RULES = (
    Rule(
        "a constant over a growing number", "limits", r"\lim_{x \to \infty} \frac{c}{x} = 0", vanishing,
        "a constant over a growing number vanishes", vanishing_conditions,
    ),
    Rule(
        "exp separates the largest", "limits",
        r"\lim_{x \to 0^+} e^{(f_j - f_t)/x} = \delta_{jt} \text{ where } f_j < f_t \text{ for } j \ne t", gap,
        r"the exponent tends to $-\infty$ where $j \ne t$ and is 0 where $j = t$", gap_conditions,
    ),
    Rule(
        "continuity", "limits", r"\lim F(u) = F(\lim u) \text{ where } F \text{ is continuous at } \lim u", continuity,
        "sums, products, quotients, exp and log are continuous", continuity_conditions, continuity_premises,
    ),
)  # fmt: skip
