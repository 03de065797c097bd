"""Limits in a real symbol that its domain lets approach the point.

`value`, `inner` and `values` are families: terms with a free index, or vectors. `places` are placeholder arrays, for
which `inner` stands before the limit and `values` after it.

Examples and counterexamples: `gradproof.rules.examples.limits`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gradproof.expression import (
    Add,
    Application,
    Array,
    Bound,
    Constant,
    Definition,
    Delta,
    Derivative,
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
    add,
    definitions,
    replace_array,
    substitute,
    subterms,
)
from gradproof.rule import Condition, Rule, in_range, independent

CONTINUOUS = (
    "exp",
    "log",
    "sigmoid",
    "softplus",
    "tanh",
    "abs",
    "relu",
    "max",
    "min",
    "log1p",
    "expm1",
    "sin",
    "cos",
    "lgamma",
)
INFINITY, ZERO = Constant((), ("oo",)), Number.of(0)


def limit(body: Expr, x: Symbol, point: Expr, side: str) -> Expr:
    return Limit((body, point), (x, side))


def approach(x: Symbol, point: Expr, side: str) -> None:
    """Refuse a limit at a point that the domain of the symbol does not come near to."""
    low, high = x.domain.low, x.domain.high
    near = not x.domain.integer
    if point in (INFINITY, -INFINITY):
        near = (high if point == INFINITY else low) is None
    elif near and isinstance(point, Number):
        p = point.value
        above = (low is None or low <= p) and (high is None or p < high)
        below = (low is None or low < p) and (high is None or p <= high)
        near = {"+": above, "-": below}.get(side, above or below)
    if not near:
        raise ValueError(f"{x.name} does not tend to {point!r}{side} in its domain")


def inside(x: Symbol, point: Expr) -> None:
    """Refuse a point at which what is known on the domain of the symbol need not hold."""
    low, high = x.domain.low, x.domain.high
    if not isinstance(point, Number):
        raise ValueError(f"the point must be a number, not {point!r}")
    above = low is None or low < point.value or (low == point.value and not x.domain.low_open)
    below = high is None or point.value < high or (high == point.value and not x.domain.high_open)
    if not (above and below):
        raise ValueError(f"{point!r} is not in the domain of {x.name}")


def finite(e: Expr) -> None:
    """Refuse a term that speaks of infinity as if it were a number."""
    if any(INFINITY in subterms(part) for part in (e, *(d.body for d in definitions(e)))):
        raise ValueError(f"{e!r} is not a number")


def vanishing(c: Expr, x: Symbol) -> Relation:
    approach(x, INFINITY, "")
    finite(c)
    return Relation.of(limit(c / x, x, INFINITY, ""), "=", ZERO)


def vanishing_conditions(c: Expr, x: Symbol) -> tuple[Condition, ...]:
    return (independent(c, x), Condition("defined", (c,)))


def family_over(index: Index, value: Expr) -> None:
    """Refuse a term whose arrays do not say how far the index runs."""
    entries = [e for e in subterms(value) if isinstance(e, Entry) and index in e.args]
    sizes = {e.base.shape[n] for e in entries for n, a in enumerate(e.args) if a == index}
    if sizes != {index.size}:
        raise ValueError(f"{value!r} is not a family over all {index.name}")


def gap(value: Expr, index: Index, top: Index, x: Symbol) -> Relation:
    """`value` is f[index]; with f[top] the unique maximum, exp((f[index] - f[top]) / x) tends to delta."""
    if x.domain.low != 0 or not x.domain.low_open:
        raise ValueError(f"{x.name} must be declared positive to fall to 0")
    approach(x, ZERO, "+")
    family_over(index, value)
    highest = Vector.over(index, value).open(top)
    term = Function(((value - highest) / x,), ("exp",))
    return Relation.of(limit(term, x, ZERO, "+"), "=", Delta((index, top)))


def gap_conditions(value: Expr, index: Index, top: Index, x: Symbol) -> tuple[Condition, ...]:
    highest = Vector.over(index, value).open(top)
    return (
        in_range(top, index.size),
        Condition("assumed", (Relation.of(value, "<", highest), index, top)),
        independent(value, x),
    )


def continuous(e: Expr, places: frozenset[Array]) -> bool:
    """Whether a term is made of operations on the placeholders that are continuous wherever they are defined."""
    if places.isdisjoint(e.free):
        return INFINITY not in subterms(e)
    match e:
        case Number() | Symbol() | Index() | Bound():
            return True
        case Constant():
            return e != INFINITY
        case Delta() | Entry():  # of an array, since a definition may hide anything
            plain = all(isinstance(a, Number | Index | Bound) for a in e.args)
            return plain and not (isinstance(e, Entry) and isinstance(e.base, Definition))
        case Sum() | Product():
            return not any(isinstance(s, Entry) for s in subterms(e.size)) and continuous(e.args[1], places)
        case Application():  # its highest derivative may jump
            return e.order < e.function.orders and continuous(e.args[0], places)
        case Function():
            return e.name in CONTINUOUS and all(continuous(a, places) for a in e.args)
        case Add() | Mul() | Pow():
            return all(continuous(a, places) for a in e.args)
    return False


def partial(e: Expr, taken: Iterable[str]) -> Iterator[Expr]:
    """The powers and functions in a term, which may be undefined even where a factor 0 makes them vanish."""
    if isinstance(e, Pow | Function | Application):
        yield e
    for a in (e.open(e.fresh(taken)),) if isinstance(e, Sum | Product) else e.args:
        yield from partial(a, taken)


def filled(whole: Expr, places: Iterable[Array], families: Iterable[Vector]) -> Expr:
    for a, f in zip(places, families, strict=True):
        whole = replace_array(whole, a, f)
    return whole


def continuity(
    whole: Expr, places: tuple[Array, ...], inner: tuple[Vector, ...], values: tuple[Vector, ...],
    x: Symbol, point: Expr, side: str,
) -> Relation:  # fmt: skip
    if not continuous(whole, frozenset(places)):
        raise ValueError(f"{whole!r} is not made of continuous operations only")
    approach(x, point, side)
    for a, before, after in zip(places, inner, values, strict=True):
        if a.shape != (before.size,) or a.shape != (after.size,):
            raise ValueError(f"the families for {a.name} do not have its size")
        if (before.free | after.free) & set(places):
            raise ValueError(f"the families for {a.name} are about a placeholder themselves")
    left = limit(filled(whole, places, inner), x, point, side)
    return Relation.of(left, "=", filled(whole, places, values))


def continuity_premises(
    whole: Expr, places: tuple[Array, ...], inner: tuple[Vector, ...], values: tuple[Vector, ...],
    x: Symbol, point: Expr, side: str,
) -> tuple[Expr, ...]:  # fmt: skip
    found = []
    for f, v in zip(inner, values, strict=True):
        if f.args[1] == x and v.args[1] == point and isinstance(point, Number):
            continue  # x tends to a as x tends to a
        i = Index.of(f.fresh(a.name for a in v.free).name, f.size)
        found.append(ForAll.over(i, Relation.of(limit(f.open(i), x, point, side), "=", v.open(i))))
    return tuple(found)


def continuity_conditions(
    whole: Expr, places: tuple[Array, ...], inner: tuple[Vector, ...], values: tuple[Vector, ...],
    x: Symbol, point: Expr, side: str,
) -> tuple[Condition, ...]:  # fmt: skip
    letters = {a.name for f in (*inner, *values) for a in f.free}
    parts = [filled(part, places, values) for part in partial(whole, letters)]
    tested = (filled(whole, places, inner), filled(whole, places, values), *parts)
    return (independent(whole, x), *(Condition("defined", (e,)) for e in tested))


def difference_quotient(f: Expr, x: Symbol, point: Expr, slope: Expr, side: str = "") -> Relation:
    inside(x, point)
    approach(x, point, side)
    left = limit(f / add(x, -point), x, point, side)
    return Relation.of(left, "=", substitute(slope, x, point))


def quotient_premises(f: Expr, x: Symbol, point: Expr, slope: Expr, side: str = "") -> tuple[Expr, ...]:
    return (Relation.of(Derivative.of(f, x), "=", slope), Relation.of(substitute(f, x, point), "=", ZERO))


def quotient_conditions(f: Expr, x: Symbol, point: Expr, slope: Expr, side: str = "") -> tuple[Condition, ...]:
    return (Condition("unconstrained", (x,)),)


RULES = (
    Rule(
        "a constant over a growing number", "limits", r"\lim_{x \to \infty} \frac{c}{x} = 0", vanishing,
        "a constant over a growing number vanishes", vanishing_conditions,
        source="Rudin 1976, ch. 3",
    ),
    Rule(
        "exp separates the largest", "limits",
        r"\lim_{x \to 0^+} e^{(f_j - f_t)/x} = \delta_{jt} \text{ where } f_j < f_t \text{ for } j \ne t", gap,
        r"the exponent tends to $-\infty$ where $j \ne t$ and is 0 where $j = t$", gap_conditions,
        source="exp vanishes at minus infinity, Rudin 1976, thm 8.6",
    ),
    Rule(
        "continuity", "limits", r"\lim F(u) = F(\lim u) \text{ where } F \text{ is continuous at } \lim u", continuity,
        "sums, products, quotients, exp and log are continuous", continuity_conditions, continuity_premises,
        source="Rudin 1976, ch. 4",
    ),
    Rule(
        "limit of a difference quotient", "limits",
        r"f(a) = 0 \ \Rightarrow\ \lim_{x \to a} \frac{f(x)}{x - a} = f'(a)", difference_quotient,
        "that is the derivative at the point", quotient_conditions, quotient_premises,
        source="definition of the derivative, Rudin 1976, def. 5.1",
    ),
)  # fmt: skip
