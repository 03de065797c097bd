"""Examples and counterexamples of the rules of `gradproof.rules.calculus`."""

from __future__ import annotations

from collections.abc import Mapping

from gradproof.expression import Fraction, Function, Number, Ranking, Sum, Vector
from gradproof.rule import Bindings, Counterexample
from gradproof.rules.examples.letters import K, S, W, a, b, i, j, k, m, n, number, r, s, softmax, w, x, y, z
from gradproof.rules.terms import exp

HALF, MORE = Number.of(Fraction(1, 2)), Number.of(Fraction(3, 2))
jump = Number.of(2) * Function((x,), ("step",)) - Number.of(1)
smallest = Ranking.of("argsort", Vector.over(j, z[j]), i)

EXAMPLES: Mapping[str, tuple[Bindings, ...]] = {
    "derivative of a constant": ({"c": a, "x": x}, {"c": y[i] * w[k], "x": z[k]}),
    "derivative of the variable": ({"x": x}, {"x": z[k]}),
    "derivative of an entry": (
        {"entry": z[i], "x": z[k]},
        {"entry": W[n, i], "x": W[m, k]},
        {"entry": z[smallest], "x": z[k]},
    ),
    "derivative of a sum": ({"terms": (x**2, exp(x)), "x": x}, {"terms": (exp(z[i]), w[i] * z[k]), "x": z[k]}),
    "constant factor": ({"c": a, "f": exp(x), "x": x}, {"c": y[i], "f": exp(z[i]), "x": z[k]}),
    "product rule": ({"factors": (x, exp(x)), "x": x}, {"factors": (z[i], exp(z[k]), softmax[i]), "x": z[k]}),
    "quotient rule": ({"u": x, "v": 1 + exp(x), "x": x}, {"u": exp(z[i]), "v": S, "x": z[k]}),
    "power rule": (
        {"u": x, "n": number(3), "x": x},
        {"u": S, "n": number(-2), "x": z[k]},
        {"u": 1 + exp(z[i]), "n": HALF, "x": z[k]},
        {"u": y[i], "n": a, "x": y[k]},
        {"u": z[i] ** 2, "n": MORE, "x": z[k]},
    ),
    "chain rule for exp": ({"u": x**2, "x": x}, {"u": w[i] * z[i], "x": z[k]}),
    "chain rule for log": ({"u": s, "x": s}, {"u": softmax[i], "x": z[k]}),
    "chain rule for sigma": ({"u": a * x, "x": x}, {"u": z[i] - z[j], "x": z[k]}),
    "chain rule for softplus": ({"u": -x, "x": x}, {"u": Sum.over(j, w[j] * z[j]), "x": z[k]}),
    "chain rule for tanh": ({"u": a * x, "x": x}, {"u": z[i], "x": z[k]}),
    "chain rule for sin": ({"u": a * x, "x": x}, {"u": z[i], "x": z[k]}),
    "chain rule for cos": ({"u": a * x, "x": x}, {"u": z[i], "x": z[k]}),
    "chain rule for relu": ({"u": s, "x": s}, {"u": -y[i], "x": y[k]}),
    "chain rule for the magnitude": ({"u": -s, "x": s}, {"u": y[i] * y[j], "x": y[k]}),
    "derivative of a step": ({"u": s, "x": s}, {"u": -y[i], "x": y[k]}),
    "derivative of a sign": ({"u": s, "x": s}, {"u": -y[i], "x": y[k]}),
    "derivative of a general power": ({"u": s, "v": s, "x": s}, {"u": y[i], "v": y[k], "x": y[k]}),
    "derivative through a finite sum": (
        {"body": exp(z[j]), "index": j, "x": z[k]},
        {"body": exp(x * z[j]), "index": j, "x": x},
    ),
    "derivative of a finite product": (
        {"body": y[j], "index": j, "x": y[k]},
        {"body": 1 + exp(x * z[j]), "index": j, "x": x},
    ),
}

COUNTEREXAMPLES: Mapping[str, tuple[Counterexample, ...]] = {
    "derivative of a constant": (
        Counterexample(
            {"c": z[i], "x": z[k]}, "constant",
            "The derivative in z_k moves the whole array: it is delta_ik, which is 1 where i = k.",
        ),
        Counterexample({"c": S, "x": z[k]}, "constant", "By its definition S moves with z_k."),
    ),
    "derivative of an entry": (
        Counterexample(
            {"entry": z[i], "x": w[k]}, "form", "Two arrays do not move together: dz_i/dw_k is 0 even where i = k."
        ),
        Counterexample(
            {"entry": z[smallest], "x": z[k]}, "settled",
            "Where two entries are equal, which of them is the i-th smallest changes with z_k.",
        ),
    ),
    "chain rule for relu": (
        Counterexample({"u": x, "x": x}, "nonzero", "At x = 0 the slope is 0 on the left and 1 on the right."),
    ),
    "chain rule for the magnitude": (
        Counterexample({"u": x, "x": x}, "nonzero", "At x = 0 the slope is -1 on the left and 1 on the right."),
    ),
    "derivative of a step": (
        Counterexample({"u": x, "x": x}, "nonzero", "At x = 0 there is a jump."),
        Counterexample({"u": jump, "x": x}, "continuous", "It is never 0, and jumps from -1 to 1 at x = 0."),
    ),
    "derivative of a sign": (
        Counterexample({"u": x, "x": x}, "nonzero", "At x = 0 there is a jump."),
        Counterexample({"u": jump, "x": x}, "continuous", "It is never 0, and jumps from -1 to 1 at x = 0."),
    ),
    "constant factor": (
        Counterexample(
            {"c": z[i], "f": z[i], "x": z[k]}, "constant", "The derivative of z_i^2 in z_i is 2 z_i, not z_i."
        ),
        Counterexample(
            {"c": softmax[i], "f": z[i], "x": z[k]}, "constant", "p_i moves with z_k, by its definition."
        ),
    ),
    "quotient rule": (
        Counterexample({"u": x**2, "v": x, "x": x}, "nonzero", "At x = 0 there is no quotient to differentiate."),
    ),
    "power rule": (
        Counterexample({"u": x, "n": number(-1), "x": x}, "nonzero", "At x = 0 there is no 1/x."),
        Counterexample({"u": x, "n": MORE, "x": x}, "defined", "At x = -1 there is no real root of x^3."),
        Counterexample({"u": x, "n": HALF, "x": x}, "positive", "At x = -1 there is no real square root."),
        Counterexample(
            {"u": s, "n": s, "x": s}, "constant", "The derivative of s^s is s^s (log s + 1), and log s is lost."
        ),
    ),
    "chain rule for log": (
        Counterexample({"u": x, "x": x}, "positive", "At x = -1 there is no log x, although 1/x is defined."),
    ),
    "derivative of a general power": (
        Counterexample({"u": x, "v": x, "x": x}, "positive", "At x = -1 there is no log x, and x^x has no neighbours."),
    ),
    "derivative through a finite sum": (
        Counterexample(
            {"body": z[j] ** 2, "index": j, "x": z[j]}, "independent",
            "Under the sum z_j is every entry in turn: the right side adds 2 z_j for all j.",
        ),
        Counterexample(
            {"body": b, "index": j, "x": K}, "constant",
            "The number of terms is K itself: their sum K b has the derivative b in K, but each term has 0.",
        ),
    ),
    "derivative of a finite product": (
        Counterexample(
            {"body": z[j], "index": j, "x": z[k]}, "nonzero",
            "Where z_j = 0 the right side divides by 0, while the product has a derivative.",
        ),
        Counterexample(
            {"body": y[j], "index": j, "x": y[j]}, "independent",
            "Under the sum y_j is every entry in turn: the right side adds the derivatives in all of them.",
        ),
        Counterexample(
            {"body": r, "index": j, "x": K}, "constant",
            "The number of factors is K itself: r^K has the derivative r^K log r in K, but each factor has 0.",
        ),
    ),
}  # fmt: skip
