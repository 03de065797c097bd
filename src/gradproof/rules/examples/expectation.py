"""Examples and counterexamples of the rules of `gradproof.rules.expectation`.

Variables: x over the reals, r and s positive, q in (0, 1), b 0 or 1, n a count.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gradproof.expression import COUNTS, NONNEGATIVE, Expr, Function, Limit, Number, Symbol
from gradproof.rule import Bindings, Counterexample
from gradproof.rules.examples.letters import ONE, a, b, bit, i, j, number, q, r, s, x, y, z
from gradproof.rules.terms import exp, log

count, noise = Symbol.of("n", COUNTS), Symbol.of("e")
edge = Symbol.of("c", NONNEGATIVE)
ZERO, TWO, HALF = number(0), number(2), Number.of(Fraction(1, 2))
ROOT = Function((a * x,), ("tanh",))


def gaussian(mean: Expr = a, variance: Expr = s, **others: Any) -> dict[str, Any]:
    return {**others, "x": x, "law": "Gaussian", "parameters": (mean, variance)}


def poisson(**others: Any) -> dict[str, Any]:
    return {**others, "x": count, "law": "Poisson", "parameters": (s,)}


def exponential(rate: Expr = s, **others: Any) -> dict[str, Any]:
    return {**others, "x": r, "law": "Exponential", "parameters": (rate,)}


def uniform(**others: Any) -> dict[str, Any]:
    return {**others, "x": q, "law": "Uniform", "parameters": ()}


def bernoulli(p: Expr = q, **others: Any) -> dict[str, Any]:
    return {**others, "x": bit, "law": "Bernoulli", "parameters": (p,)}


def laplace(**others: Any) -> dict[str, Any]:
    return {**others, "x": x, "law": "Laplace", "parameters": (a, s)}


def gumbel(**others: Any) -> dict[str, Any]:
    return {**others, "x": x, "law": "Gumbel", "parameters": (a,)}


def softplus(e: Expr) -> Expr:
    return Function((e,), ("softplus",))


def sigmoid(e: Expr) -> Expr:
    return Function((e,), ("sigmoid",))


def parts(f: Expr, slope: Expr, location: Expr = a, variance: Expr = s) -> dict[str, Any]:
    return {"f": f, "x": x, "location": location, "variance": variance, "slope": slope}


EXAMPLES: Mapping[str, tuple[Bindings, ...]] = {
    "expectation of a sum": (
        gaussian(terms=(x**2, b * exp(x), softplus(x))),
        poisson(terms=(count, Function((count + 1,), ("lgamma",)))),
        exponential(terms=(r * log(r), exp(-r))),
        uniform(terms=(log(q), q)),
    ),
    "constant out of an expectation": (gaussian(c=b, body=x), exponential(c=z[i], body=log(r)), gumbel(c=a, body=x)),
    "expectation of a constant": (gaussian(c=b), poisson(c=s**2), bernoulli(c=z[i] * q)),
    "expectation through a finite sum": (
        gaussian(body=z[j] * x**2, index=j),
        exponential(body=exp(-y[j] * r), index=j),
    ),
    "moment of a law": (
        gaussian(n=ONE), gaussian(n=number(4)), gaussian(n=number(5)), poisson(n=ONE), poisson(n=number(4)),
        exponential(n=number(3)), uniform(n=TWO), bernoulli(n=TWO), laplace(n=number(4)), laplace(n=ONE),
    ),
    "mean square about a point": (
        gaussian(about=a), gaussian(about=b), poisson(about=a), exponential(about=ZERO), uniform(about=b),
        bernoulli(about=a), laplace(about=b),
    ),
    "mean distance from a point": (laplace(about=a), laplace(about=b), laplace(about=a + s)),
    "exponential moment": (
        gaussian(c=b), poisson(c=b), exponential(c=-s), exponential(c=-ONE / 2), bernoulli(c=b), uniform(c=s),
        laplace(c=ZERO), gumbel(c=-ONE), gumbel(c=HALF),
    ),
    "expectation over two values": (
        {"body": exp(a * bit), "x": bit, "probability": q},
        {"body": log(q**bit * (1 - q) ** (1 - bit)), "x": bit, "probability": q},
    ),
    "reparameterisation": (
        gaussian(body=softplus(x * b), noise=noise), exponential(body=log(r) + b, noise=s, rate=exp(a)),
        laplace(body=x**2, noise=noise), gumbel(body=exp(-x), noise=r),
    ),
    "Stein's identity": (
        parts(softplus(x), sigmoid(x)),
        parts(x**3 * b, 3 * x**2 * b, ZERO, s**2),
        parts(exp(b * x), b * exp(b * x), b),
    ),
    "derivative under the expectation": (
        gaussian(b, s, f=softplus(a + x), v=a, slope=sigmoid(a + x)),
        exponential(ONE, f=exp(-exp(a) * r), v=a, slope=-exp(a) * r * exp(-exp(a) * r)),
        poisson(f=a**2 * count, v=a, slope=2 * a * count),
    ),
    "Jensen's inequality for log": (gaussian(f=1 + exp(x)), exponential(f=r), poisson(f=count + s)),
}  # fmt: skip

INVALID = "Where the variance is negative there is no such law."
COUNTEREXAMPLES: Mapping[str, tuple[Counterexample, ...]] = {
    "expectation of a sum": (
        Counterexample(
            exponential(terms=(1 / r, -1 / r)), "defined", "The sum is 0 and has a mean; 1/r and -1/r have none."
        ),
    ),
    "constant out of an expectation": (
        Counterexample(gaussian(c=x, body=x), "independent", "E[x x] is not x E[x]: the x in front is another one."),
        Counterexample(exponential(c=a, body=1 / r), "defined", "1/r has no mean: its integral diverges at 0."),
    ),
    "expectation of a constant": (
        Counterexample(gaussian(c=x), "independent", "The mean of x is a; the x on the right is another, free one."),
        Counterexample(gaussian(c=b, variance=a), "defined", INVALID),
    ),
    "expectation through a finite sum": (
        Counterexample(
            gaussian(mean=z[j], body=x, index=j), "independent",
            "On the left j is a free index of the law, on the right the sum would bind it.",
        ),
        Counterexample(exponential(body=z[j] / r, index=j), "defined", "1/r has no mean: its integral diverges at 0."),
    ),
    "moment of a law": (
        Counterexample(gaussian(n=ONE, variance=a), "defined", INVALID),
        Counterexample(gaussian(n=HALF), "form", "Of a real variable only whole powers have a mean."),
        Counterexample(exponential(n=-ONE), "form", "1/r has no mean under an exponential law."),
        Counterexample(gumbel(n=ONE), "form", "Its mean is Euler's constant, no term of this language."),
        Counterexample(
            {"n": ONE, "x": x, "law": "Exponential", "parameters": (s,)}, "form",
            "The variable of an exponential law is positive, x is any real.",
        ),
    ),
    "mean square about a point": (
        Counterexample(gaussian(about=x), "independent", "(x - x)^2 is 0, on the right stands another x."),
        Counterexample(gaussian(about=b, variance=a), "defined", INVALID),
    ),
    "mean distance from a point": (
        Counterexample(laplace(about=x), "independent", "|x - x| is 0, on the right stands another x."),
        Counterexample({**laplace(about=b), "parameters": (a, b)}, "defined", "A scale must be positive."),
        Counterexample(gaussian(about=b), "form", "For a Gaussian variable it is an error function."),
    ),
    "exponential moment": (
        Counterexample(
            gaussian(c=x, mean=ZERO, variance=ONE / 8), "independent", "exp(x x) is no exponential of a multiple of x."
        ),
        Counterexample(exponential(c=s, rate=ONE), "defined", "For s >= 1 the mean of exp(s r) is infinite."),
        Counterexample(uniform(c=a), "nonzero", "For a = 0 the mean is 1, while the right side divides by 0."),
    ),
    "expectation over two values": (
        Counterexample({"body": bit, "x": bit, "probability": a}, "defined", "2 is the probability of nothing."),
        Counterexample({"body": q, "x": q, "probability": q}, "form", "The variable runs through (0, 1), not {0, 1}."),
    ),
    "reparameterisation": (
        Counterexample(
            gaussian(body=x * noise, noise=noise), "independent", "The noise of the body would become the bound one."
        ),
        Counterexample(gaussian(body=x, noise=noise, variance=a), "defined", INVALID),
        Counterexample(gaussian(body=x, noise=r), "form", "Standard Gaussian noise is any real, r is positive."),
    ),
    "Stein's identity": (
        Counterexample(
            parts(x, ONE, location=x), "independent", "In x - x the mean would be bound, and the left side 0."
        ),
        Counterexample(
            parts(exp(x**2), 2 * x * exp(x**2)), "defined", "For s >= 1/2 both integrals diverge."
        ),
        Counterexample(
            parts(x, Function((x,), ("step",))), "unconstrained",
            "Where x >= 1 is given, the slope of x is step(x), but the law knows nothing of that.",
        ),
        Counterexample(parts(x, TWO), "premise", "The slope of x is 1, not 2."),
    ),
    "derivative under the expectation": (
        Counterexample(
            gaussian(f=x, v=x, slope=ONE), "independent", "The bound x does not move: the left side is 0."
        ),
        Counterexample(
            exponential(ONE, f=exp(a * r), v=a, slope=r * exp(a * r)), "defined", "For a >= 1 neither side exists."
        ),
        Counterexample(gaussian(f=x, v=a, slope=ZERO), "constant", "The law moves: E[x] = a has derivative 1."),
        Counterexample(
            poisson(f=a * Function((count,), ("step",)), v=a, slope=ONE), "unconstrained",
            "Where n >= 1 is given, step(n) is 1, but under the law n may be 0.",
        ),
        Counterexample(gaussian(f=b * x, v=b, slope=2 * x), "premise", "The derivative of b x in b is x."),
        Counterexample(
            gaussian(f=edge * x, v=edge, slope=x), "form", "At c = 0 the derivative looks at c < 0, outside its domain."
        ),
        Counterexample(
            gaussian(f=b * Limit((x * b, ZERO), (b, "")), v=b, slope=ZERO), "form", "A limit may be unbounded nearby."
        ),
    ),
    "Jensen's inequality for log": (
        Counterexample(exponential(ONE, f=exp(s * r)), "defined", "For s >= 1 the mean of exp(s r) is infinite."),
    ),
}  # fmt: skip
