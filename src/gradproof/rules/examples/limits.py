"""Examples and counterexamples of the rules of `gradproof.rules.limits`."""

from __future__ import annotations

from collections.abc import Mapping

from gradproof.expression import Array, Binder, Expr, Fraction, Function, Number, Sum, Vector
from gradproof.rule import Bindings, Counterexample
from gradproof.rules.examples.letters import (
    ONE,
    N,
    W,
    a,
    i,
    j,
    k,
    n,
    number,
    one,
    q,
    s,
    single,
    softmax,
    t,
    w,
    x,
    y,
    z,
)
from gradproof.rules.limits import INFINITY
from gradproof.rules.terms import exp, log

ZERO = number(0)
first, second, longer = Array("f", (ONE,)), Array("g", (ONE,)), Array("f", (N,))  # placeholders


def tends(whole: Expr, place: Array, inner: Binder, value: Expr) -> Bindings:
    """`whole` of the family `inner`, whose members all tend to `value` as s grows."""
    values = Vector.over(i if inner.size == i.size else one, value)
    return {
        "whole": whole, "places": (place,), "inner": (inner,), "values": (values,),
        "x": s, "point": INFINITY, "side": "",
    }  # fmt: skip


def scalar(inner: Expr) -> Binder:
    return Vector.over(one, inner)


bump = scalar(s * second[1] / (1 + (s * second[1]) ** 2))

EXAMPLES: Mapping[str, tuple[Bindings, ...]] = {
    "a constant over a growing number": ({"c": a, "x": s}, {"c": Sum.over(j, w[j] * z[j]), "x": s}),
    "exp separates the largest": (
        {"value": z[i], "index": i, "top": t, "x": s},
        {"value": W[n, i], "index": i, "top": t, "x": s},
    ),
    "continuity": (
        tends(exp(single[1]) + a, single, scalar(a / s), ZERO),
        tends(Sum.over(j, y[j] * exp(w[j])), w, Vector.over(i, z[i] / s), ZERO),
    ),
    "limit of a difference quotient": (
        {"f": exp(a) - 1, "x": a, "point": ZERO, "slope": exp(a)},
        {
            "f": Sum.over(j, y[j] * (exp(a * z[j]) - 1)),
            "x": a,
            "point": ZERO,
            "slope": Sum.over(j, y[j] * z[j] * exp(a * z[j])),
        },
        {"f": exp(a) - 1, "x": a, "point": ZERO, "slope": exp(a), "side": "+"},
    ),
}

COUNTEREXAMPLES: Mapping[str, tuple[Counterexample, ...]] = {
    "a constant over a growing number": (
        Counterexample({"c": s, "x": s}, "independent", "s / s is 1 however large s is."),
        Counterexample({"c": log(a), "x": s}, "defined", "For a = -1 there is no log a to divide."),
        Counterexample({"c": a, "x": q}, "form", "q lies between 0 and 1 and does not grow."),
        Counterexample({"c": INFINITY, "x": s}, "form", "Infinity is not a number."),
    ),
    "exp separates the largest": (
        Counterexample(
            {"value": z[i], "index": i, "top": n, "x": s}, "in_range", "n may be larger than K: then there is no z_n."
        ),
        Counterexample(
            {"value": w[i], "index": i, "top": k, "x": s}, "assumed",
            "Nothing says that w_k is the largest: for w_1 = w_2 the limit is 1 in both places.",
        ),
        Counterexample(
            {"value": s * z[i], "index": i, "top": t, "x": s}, "independent",
            "s z_i / s stays z_i: the limit is exp(z_i - z_t).",
        ),
        Counterexample({"value": z[i], "index": i, "top": t, "x": x}, "form", "x may be negative and pass through 0."),
        Counterexample(
            {"value": i, "index": i, "top": t, "x": s}, "form", "No array says that what is given of i holds up to K."
        ),
    ),
    "continuity": (
        Counterexample(
            tends(s * single[1], single, scalar(1 / s), ZERO), "independent", "s (1 / s) tends to 1, not to s 0."
        ),
        Counterexample(
            tends(single[1] / single[1], single, scalar(1 / s), ZERO), "defined",
            "v / v is 1 for v = 1 / s, and undefined for v = 0.",
        ),
        Counterexample(
            tends(single[1] ** Number.of(Fraction(1, 2)), single, scalar(-1 / s), ZERO), "defined",
            "-1 / s tends to 0 from below, where there is no real square root.",
        ),
        Counterexample(tends(single[1], single, scalar(1 / s), ONE), "premise", "1 / s tends to 0, not to 1."),
        Counterexample(
            tends(softmax[1], z, Vector.over(i, z[i] / s), ZERO), "form",
            "A definition is not looked through here: it may hide what is not continuous.",
        ),
        Counterexample(
            tends(Function((single[1],), ("sign",)), single, scalar(1 / s), ZERO), "form", "The sign of v jumps at 0."
        ),
        Counterexample(
            tends(longer[n], longer, Vector.over(i, z[i] / s), ZERO), "form",
            "The limits are known for K members, not for all N.",
        ),
        Counterexample(
            {**tends(first[1], first, bump, ZERO), "places": (first, second), "inner": (bump, scalar(1 / s)),
             "values": (scalar(ZERO), scalar(ZERO))}, "form",
            "s g / (1 + (s g)^2) tends to 0 for each fixed g, but to 1/2 where g = 1 / s.",
        ),
    ),
    "limit of a difference quotient": (
        Counterexample(
            {"f": exp(a), "x": a, "point": ZERO, "slope": exp(a)}, "premise", "e^a / a has no limit at 0: e^0 is 1."
        ),
        Counterexample(
            {"f": exp(a) - 1, "x": a, "point": ZERO, "slope": 2 * exp(a)}, "premise", "The slope at 0 is 1, not 2."
        ),
        Counterexample(
            {"f": a - s, "x": a, "point": s, "slope": Number.of(1)}, "form", "The point is to be a number."
        ),
        Counterexample(
            {"f": exp(x) - 1, "x": x, "point": ZERO, "slope": exp(x)}, "unconstrained",
            "Where x >= 2 is given, x does not tend to 0.",
        ),
        Counterexample(
            {"f": q - 2, "x": q, "point": Number.of(2), "slope": Number.of(1)}, "form", "q stays between 0 and 1."
        ),
        Counterexample(
            {"f": Function((s,), ("abs",)), "x": s, "point": ZERO, "slope": Function((s,), ("sign",)), "side": "+"},
            "form", "s is positive, where |s| has the slope sign(s); at 0 that is 0, but |s| / s tends to 1.",
        ),
    ),
}  # fmt: skip
