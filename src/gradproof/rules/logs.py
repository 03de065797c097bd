"""Logarithms and exponentials, natural base.

Examples and counterexamples: `gradproof.rules.examples.logs`.
"""

from __future__ import annotations

from gradproof.expression import Expr, Function, Index, Number, Product, Relation, Sum, add, mul, power
from gradproof.rule import Rule, independent, positive
from gradproof.rules.terms import equal, exp, log


def log_product(factors: tuple[Expr, ...]) -> Relation:
    return equal(log(mul(*factors)), add(*(log(f) for f in factors)))


def log_quotient(a: Expr, b: Expr) -> Relation:
    return equal(log(a / b), add(log(a), -log(b)))


def log_power(a: Expr, r: Expr) -> Relation:
    return equal(log(power(a, r)), mul(r, log(a)))


def log_exp(u: Expr) -> Relation:
    return equal(log(exp(u)), u)


def exp_log(a: Expr) -> Relation:
    return equal(exp(log(a)), a)


def exp_sum(terms: tuple[Expr, ...]) -> Relation:
    return equal(exp(add(*terms)), mul(*(exp(t) for t in terms)))


def log_finite_product(body: Expr, index: Index) -> Relation:
    return equal(log(Product.over(index, body)), Sum.over(index, log(body)))


def log_sum_exp_shift(body: Expr, shift: Expr, index: Index) -> Relation:
    left = log(Sum.over(index, exp(body)))
    return equal(left, add(shift, log(Sum.over(index, exp(add(body, -shift))))))


def log_sigmoid(u: Expr) -> Relation:
    return equal(log(Function((u,), ("sigmoid",))), -Function((-u,), ("softplus",)))


def sigmoid_definition(u: Expr) -> Relation:
    return equal(Function((u,), ("sigmoid",)), power(add(Number.of(1), exp(-u)), Number.of(-1)))


def softplus_definition(u: Expr) -> Relation:
    return equal(Function((u,), ("softplus",)), log(add(Number.of(1), exp(u))))


RULES = (
    Rule(
        "log of a product", "logs", r"\log(a b) = \log a + \log b", log_product, "log of a product",
        lambda factors: tuple(positive(f) for f in factors),
        source="Spivak, Calculus, ch. 18",
    ),
    Rule(
        "log of a quotient", "logs", r"\log \frac{a}{b} = \log a - \log b", log_quotient, "log of a quotient",
        lambda a, b: (positive(a), positive(b)),
        source="Spivak, Calculus, ch. 18",
    ),
    Rule(
        "log of a power", "logs", r"\log a^r = r \log a", log_power, "log of a power", lambda a, r: (positive(a),),
        source="Spivak, Calculus, ch. 18",
    ),
    Rule(
        "log of exp", "logs", r"\log e^u = u", log_exp, "log undoes exp",
        source="exp is the inverse of log",
    ),
    Rule(
        "exp of log", "logs", r"e^{\log a} = a", exp_log, "exp undoes log", lambda a: (positive(a),),
        source="exp is the inverse of log",
    ),
    Rule(
        "exp of a sum", "logs", r"e^{a + b} = e^a e^b", exp_sum, "exp of a sum",
        source="Spivak, Calculus, ch. 18",
    ),
    Rule(
        "log of a finite product", "logs", r"\log \prod_n f_n = \sum_n \log f_n", log_finite_product,
        "log turns the product into a sum", lambda body, index: (positive(body),),
        source="log of a product, by induction",
    ),
    Rule(
        "log-sum-exp shift", "logs", r"\log \sum_j e^{f_j} = m + \log \sum_j e^{f_j - m}", log_sum_exp_shift,
        "shift of log-sum-exp", lambda body, shift, index: (independent(shift, index),),
        source="Blanchard, Higham, Higham 2021",
    ),
    Rule(
        "log of sigma", "logs", r"\log \sigma(u) = -\log(1 + e^{-u})", log_sigmoid, r"definition of $\sigma$",
        source="Goodfellow et al. 2016, sec. 3.10",
    ),
    Rule(
        "sigma", "logs", r"\sigma(u) = \frac{1}{1 + e^{-u}}", sigmoid_definition, r"definition of $\sigma$",
        source="Goodfellow et al. 2016, sec. 3.10",
    ),
    Rule(
        "softplus", "logs", r"\mathrm{softplus}(u) = \log(1 + e^u)", softplus_definition, "definition of softplus",
        source="Goodfellow et al. 2016, sec. 3.10",
    ),
)  # fmt: skip
