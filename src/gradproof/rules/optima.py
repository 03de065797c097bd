"""From stationary points and bounds to optima: rules that conclude a theorem from premises.

`x` is a real symbol with an interval as its domain, or (in `attained bound`) an entry of an array.

Examples and counterexamples: `gradproof.rules.examples.optima`.
"""

from __future__ import annotations

from gradproof.expression import (
    Array,
    Derivative,
    Expr,
    ForAll,
    Function,
    Number,
    Optimum,
    Relation,
    Sum,
    Symbol,
    Vector,
    add,
    mul,
    power,
    replace_array,
)
from gradproof.rule import Condition, Rule, constant, holds, nonnegative, positive

ZERO = Number.of(0)
CURVATURE = {"max": "<", "min": ">"}
BOUND = {"max": "<=", "min": ">="}
OPPOSITE = {"max": "min", "min": "max"}


def stationary_optimum(kind: str, f: Expr, x: Symbol, point: Expr) -> Expr:
    return Optimum((f, point), (kind, x))


def stationary_premises(kind: str, f: Expr, x: Symbol, point: Expr) -> tuple[Expr, ...]:
    first = Derivative.of(f, x)
    stationary = Relation.of(Relation.of(first, "=", ZERO), "<=>", Relation.of(x, "=", point))
    return (stationary, Relation.of(Derivative.of(first, x), CURVATURE[kind], ZERO))


def inside_domain(kind: str, f: Expr, x: Symbol, point: Expr) -> tuple[Condition, ...]:
    if x.domain.integer:
        raise ValueError(f"{x.name} takes whole numbers only: a stationary point need not be among them")
    found = [constant(point, x), Condition("unconstrained", (x,))]
    if x.domain.low is not None:
        found.append(holds(Relation.of(point, ">", Number.of(x.domain.low))))
    if x.domain.high is not None:
        found.append(holds(Relation.of(point, "<", Number.of(x.domain.high))))
    return tuple(found)


def log_optimum(kind: str, f: Expr, x: Symbol, point: Expr) -> Expr:
    return Optimum((f, point), (kind, x))


def log_premises(kind: str, f: Expr, x: Symbol, point: Expr) -> tuple[Expr, ...]:
    return (Optimum((Function((f,), ("log",)), point), (kind, x)),)


def negated_optimum(kind: str, f: Expr, x: Symbol, point: Expr) -> Expr:
    return Optimum((-f, point), (kind, x))


def negated_premises(kind: str, f: Expr, x: Symbol, point: Expr) -> tuple[Expr, ...]:
    return (Optimum((f, point), (OPPOSITE[kind], x)),)


def equal_objectives(kind: str, f: Expr, g: Expr, x: Symbol, point: Expr) -> Expr:
    return Optimum((g, point), (kind, x))


def equal_premises(kind: str, f: Expr, g: Expr, x: Symbol, point: Expr) -> tuple[Expr, ...]:
    return (Optimum((f, point), (kind, x)), Relation.of(f, "=", g))


def attained(kind: str, f: Expr, x: Array, point: Vector, bound: Expr) -> Expr:
    return Optimum((f, point), (kind, x))


def attained_premises(kind: str, f: Expr, x: Array, point: Vector, bound: Expr) -> tuple[Expr, ...]:
    i = point.fresh()
    same = ForAll.over(i, Relation.of(x[i], "=", point.open(i)))
    return (
        Relation.of(f, BOUND[kind], bound),
        Relation.of(Relation.of(f, "=", bound), "<=>", same),
    )


def attained_conditions(kind: str, f: Expr, x: Array, point: Vector, bound: Expr) -> tuple[Condition, ...]:
    entry = x[point.fresh()]
    return (constant(bound, entry), constant(point, entry), Condition("feasible", (entry, point)))


def growth(kind: str, f: Expr, x: Array, point: Vector, weight: Expr, rest: Expr) -> Expr:
    return Optimum((f, point), (kind, x))


def growth_premises(kind: str, f: Expr, x: Array, point: Vector, weight: Expr, rest: Expr) -> tuple[Expr, ...]:
    """f is its value at the point, plus (minus) a multiple of the squared distance, plus (minus) the rest."""
    i = point.fresh({s.name for s in (*f.free, *weight.free, *rest.free)})
    distance = Sum.over(i, power(x[i] - point.open(i), Number.of(2)))
    sign = Number.of(1 if kind == "min" else -1)
    best = replace_array(f, x, point)
    return (Relation.of(f, "=", add(best, mul(sign, weight, distance), mul(sign, rest))),)


def growth_conditions(kind: str, f: Expr, x: Array, point: Vector, weight: Expr, rest: Expr) -> tuple[Condition, ...]:
    entry = x[point.fresh()]
    feasible = Condition("feasible", (entry, point))
    return (constant(point, entry), positive(weight), nonnegative(rest), feasible)


RULES = (
    Rule(
        "stationary point of a concave function", "optima",
        r"f''(x) < 0,\ f'(x) = 0 \iff x = x^* \ \Rightarrow\ x^* = \arg\max f", stationary_optimum,
        "the only stationary point of a strictly concave (convex) function on an interval is its only optimum",
        inside_domain, stationary_premises,
        source="Boyd, Vandenberghe 2004, sec. 4.2.3",
    ),
    Rule(
        "log keeps the optimum", "optima", r"\arg\max \log f = \arg\max f", log_optimum,
        "log is strictly increasing, so it keeps the optimum", lambda kind, f, x, point: (positive(f),), log_premises,
        source="Boyd, Vandenberghe 2004, sec. 4.1.3",
    ),
    Rule(
        "negation swaps maximum and minimum", "optima", r"\arg\max (-f) = \arg\min f", negated_optimum,
        "a minus sign swaps maximum and minimum", premises=negated_premises,
        source="Boyd, Vandenberghe 2004, sec. 4.1",
    ),
    Rule(
        "equal functions have equal optima", "optima", r"f = g \ \Rightarrow\ \arg\max f = \arg\max g",
        equal_objectives, "the two objectives are equal", premises=equal_premises,
        source="definition of the optimum",
    ),
    Rule(
        "quadratic growth", "optima",
        r"f(q) = f(p) + w \sum_i (q_i - p_i)^2 + g(q),\ w > 0,\ g \ge 0 \ \Rightarrow\ p = \arg\min f", growth,
        "away from this point the objective grows at least like the squared distance", growth_conditions,
        growth_premises,
        source="every other point is worse by at least w times its squared distance",
    ),
    Rule(
        "attained bound", "optima",
        r"f(q) \ge c,\ f(q) = c \iff q = p \ \Rightarrow\ p = \arg\min f", attained,
        "a bound that is attained at one point only is the optimum", attained_conditions, attained_premises,
        source="definition of the optimum",
    ),
)  # fmt: skip
