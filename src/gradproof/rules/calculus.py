"""Derivatives. `x` is the variable: a real symbol, or an entry of an array, which then moves as a whole.

Contract. Each rule holds at every point where the line before it is defined, so the domains of u, v are conditions of
the step and not of its neighbourhood: what is differentiable and positive at a point is positive near it.

Blind spot. That the parts are differentiable is not a condition: abs, max and min have no rule, so they stay put.

Examples and counterexamples: `gradproof.rules.examples.calculus`.
"""

from __future__ import annotations

from gradproof.expression import (
    Delta,
    Derivative,
    Entry,
    Expr,
    Function,
    Index,
    Number,
    Product,
    Relation,
    Sum,
    add,
    mul,
    power,
)
from gradproof.rule import Condition, Rule, constant, defined, independent, nonzero, positive
from gradproof.rules.terms import equal

ONE, MINUS_ONE = Number.of(1), Number.of(-1)


def d(body: Expr, x: Expr) -> Expr:
    return Derivative.of(body, x)


def constant_rule(c: Expr, x: Expr) -> Relation:
    return equal(d(c, x), Number.of(0))


def variable_rule(x: Expr) -> Relation:
    return equal(d(x, x), ONE)


def entry_rule(entry: Entry, x: Entry) -> Relation:
    if entry.base != x.base:
        raise ValueError(f"two entries of one array are needed, found {entry.base.name} and {x.base.name}")
    deltas = (Delta((a, b)) if a != b else ONE for a, b in zip(entry.args, x.args, strict=True))
    return equal(d(entry, x), mul(*deltas))


def entry_conditions(entry: Entry, x: Entry) -> tuple[Condition, ...]:
    """What the variable moves may not move which entry it is."""
    return tuple(Condition("settled", (a, x)) for a in entry.args)


def jump_conditions(u: Expr, x: Expr) -> tuple[Condition, ...]:
    """What is not 0 here is not 0 nearby, for u that does not jump itself."""
    return (nonzero(u), Condition("continuous", (u, x)))


def sum_rule(terms: tuple[Expr, ...], x: Expr) -> Relation:
    return equal(d(add(*terms), x), add(*(d(t, x) for t in terms)))


def factor_rule(c: Expr, f: Expr, x: Expr) -> Relation:
    return equal(d(mul(c, f), x), mul(c, d(f, x)))


def product_rule(factors: tuple[Expr, ...], x: Expr) -> Relation:
    rows = (mul(*factors[:n], d(f, x), *factors[n + 1 :]) for n, f in enumerate(factors))
    return equal(d(mul(*factors), x), add(*rows))


def quotient_rule(u: Expr, v: Expr, x: Expr) -> Relation:
    top = add(mul(v, d(u, x)), mul(MINUS_ONE, u, d(v, x)))
    return equal(d(u / v, x), mul(top, power(v, Number.of(-2))))


def power_rule(u: Expr, n: Expr, x: Expr) -> Relation:
    less = Number.of(n.value - 1) if isinstance(n, Number) else add(n, MINUS_ONE)
    return equal(d(power(u, n), x), mul(n, power(u, less), d(u, x)))


def power_conditions(u: Expr, n: Expr, x: Expr) -> tuple[Condition, ...]:
    if isinstance(n, Number) and n.value.denominator == 1:
        return () if n.value > 0 else (nonzero(u),)
    if isinstance(n, Number) and n.value > 1:  # where u reaches 0 it is smallest there, so both sides are 0
        return (constant(n, x), defined(d(power(u, n), x)))
    return (constant(n, x), positive(u))


def exponential_rule(u: Expr, x: Expr) -> Relation:
    e = Function((u,), ("exp",))
    return equal(d(e, x), mul(e, d(u, x)))


def logarithm_rule(u: Expr, x: Expr) -> Relation:
    return equal(d(Function((u,), ("log",)), x), mul(power(u, MINUS_ONE), d(u, x)))


def sigmoid_rule(u: Expr, x: Expr) -> Relation:
    s = Function((u,), ("sigmoid",))
    return equal(d(s, x), mul(s, add(ONE, mul(MINUS_ONE, s)), d(u, x)))


def softplus_rule(u: Expr, x: Expr) -> Relation:
    return equal(d(Function((u,), ("softplus",)), x), mul(Function((u,), ("sigmoid",)), d(u, x)))


def tanh_rule(u: Expr, x: Expr) -> Relation:
    t = Function((u,), ("tanh",))
    return equal(d(t, x), mul(add(ONE, mul(MINUS_ONE, power(t, Number.of(2)))), d(u, x)))


def relu_rule(u: Expr, x: Expr) -> Relation:
    return equal(d(Function((u,), ("relu",)), x), mul(Function((u,), ("step",)), d(u, x)))


def absolute_rule(u: Expr, x: Expr) -> Relation:
    return equal(d(Function((u,), ("abs",)), x), mul(Function((u,), ("sign",)), d(u, x)))


def sine_rule(u: Expr, x: Expr) -> Relation:
    return equal(d(Function((u,), ("sin",)), x), mul(Function((u,), ("cos",)), d(u, x)))


def cosine_rule(u: Expr, x: Expr) -> Relation:
    return equal(d(Function((u,), ("cos",)), x), mul(MINUS_ONE, Function((u,), ("sin",)), d(u, x)))


def step_rule(u: Expr, x: Expr) -> Relation:
    return equal(d(Function((u,), ("step",)), x), Number.of(0))


def sign_rule(u: Expr, x: Expr) -> Relation:
    return equal(d(Function((u,), ("sign",)), x), Number.of(0))


def general_power_rule(u: Expr, v: Expr, x: Expr) -> Relation:
    inner = add(mul(d(v, x), Function((u,), ("log",))), mul(v, power(u, MINUS_ONE), d(u, x)))
    return equal(d(power(u, v), x), mul(power(u, v), inner))


def finite_sum_rule(body: Expr, index: Index, x: Expr) -> Relation:
    return equal(d(Sum.over(index, body), x), Sum.over(index, d(body, x)))


def finite_product_rule(body: Expr, index: Index, x: Expr) -> Relation:
    inner = Sum.over(index, mul(power(body, MINUS_ONE), d(body, x)))
    whole = Product.over(index, body)
    return equal(d(whole, x), mul(whole, inner))


def inside_conditions(body: Expr, index: Index, x: Expr) -> tuple[Condition, ...]:
    """The variable is not one of the bound entries, and it does not change how far the index runs."""
    return (independent(x, index), constant(index.size, x))


RULES = (
    Rule(
        "derivative of a constant", "calculus", r"\frac{\partial c}{\partial x} = 0",
        constant_rule, "a constant has derivative 0", lambda c, x: (constant(c, x),),
        source="Spivak, Calculus, ch. 10",
    ),
    Rule(
        "derivative of the variable", "calculus", r"\frac{\partial x}{\partial x} = 1",
        variable_rule, "derivative of the variable itself",
        source="Spivak, Calculus, ch. 10",
    ),
    Rule(
        "derivative of an entry", "calculus", r"\frac{\partial z_i}{\partial z_k} = \delta_{ik}",
        entry_rule, "the entries are independent", entry_conditions,
        source="definition of the partial derivative",
    ),
    Rule(
        "derivative of a sum", "calculus",
        r"\frac{\partial}{\partial x} (f + g) = \frac{\partial f}{\partial x} + \frac{\partial g}{\partial x}",
        sum_rule, "the derivative is linear",
        source="Spivak, Calculus, ch. 10",
    ),
    Rule(
        "constant factor", "calculus", r"\frac{\partial}{\partial x} (c f) = c \frac{\partial f}{\partial x}",
        factor_rule, "the derivative is linear", lambda c, f, x: (constant(c, x),),
        source="Spivak, Calculus, ch. 10",
    ),
    Rule(
        "product rule", "calculus",
        r"\frac{\partial}{\partial x} (f g) = \frac{\partial f}{\partial x} g + f \frac{\partial g}{\partial x}",
        product_rule, "product rule",
        source="Spivak, Calculus, ch. 10",
    ),
    Rule(
        "quotient rule", "calculus",
        r"\frac{\partial}{\partial x} \frac{u}{v} = "
        r"\frac{v \frac{\partial u}{\partial x} - u \frac{\partial v}{\partial x}}{v^2}",
        quotient_rule, "quotient rule", lambda u, v, x: (nonzero(v),),
        source="Spivak, Calculus, ch. 10",
    ),
    Rule(
        "power rule", "calculus", r"\frac{\partial u^n}{\partial x} = n u^{n - 1} \frac{\partial u}{\partial x}",
        power_rule, "power rule", power_conditions,
        source="Spivak, Calculus, ch. 10, 18",
    ),
    Rule(
        "chain rule for exp", "calculus", r"\frac{\partial e^u}{\partial x} = e^u \frac{\partial u}{\partial x}",
        exponential_rule, "chain rule for exp",
        source="Spivak, Calculus, ch. 10, 18",
    ),
    Rule(
        "chain rule for log", "calculus",
        r"\frac{\partial \log u}{\partial x} = \frac{1}{u} \frac{\partial u}{\partial x}",
        logarithm_rule, "chain rule for log", lambda u, x: (positive(u),),
        source="Spivak, Calculus, ch. 10, 18",
    ),
    Rule(
        "chain rule for sigma", "calculus",
        r"\frac{\partial \sigma(u)}{\partial x} = \sigma(u) (1 - \sigma(u)) \frac{\partial u}{\partial x}",
        sigmoid_rule, r"chain rule for $\sigma$",
        source="Bishop 2006, eq. 4.88",
    ),
    Rule(
        "chain rule for softplus", "calculus",
        r"\frac{\partial}{\partial x} \log(1 + e^u) = \sigma(u) \frac{\partial u}{\partial x}",
        softplus_rule, "chain rule for softplus",
        source="Goodfellow et al. 2016, sec. 3.10",
    ),
    Rule(
        "chain rule for tanh", "calculus",
        r"\frac{\partial \tanh u}{\partial x} = (1 - \tanh^2 u) \frac{\partial u}{\partial x}",
        tanh_rule, "chain rule for tanh",
        source="quotient rule for sinh / cosh",
    ),
    Rule(
        "chain rule for sin", "calculus", r"\frac{\partial \sin u}{\partial x} = \cos u \frac{\partial u}{\partial x}",
        sine_rule, "chain rule for sin", source="Apostol 1967, section 4.4",
    ),
    Rule(
        "chain rule for cos", "calculus", r"\frac{\partial \cos u}{\partial x} = -\sin u \frac{\partial u}{\partial x}",
        cosine_rule, "chain rule for cos", source="Apostol 1967, section 4.4",
    ),
    Rule(
        "chain rule for relu", "calculus",
        r"\frac{\partial}{\partial x} \max(0, u) = \mathbf{1}[u > 0] \frac{\partial u}{\partial x}",
        relu_rule, "either side of the kink", lambda u, x: (nonzero(u),),
        source="u or 0 in a neighbourhood, as u is continuous",
    ),
    Rule(
        "chain rule for the magnitude", "calculus",
        r"\frac{\partial |u|}{\partial x} = \operatorname{sign}(u) \frac{\partial u}{\partial x}",
        absolute_rule, "either side of the kink", lambda u, x: (nonzero(u),),
        source="u or -u in a neighbourhood, as u is continuous",
    ),
    Rule(
        "derivative of a step", "calculus", r"\frac{\partial}{\partial x} \mathbf{1}[u > 0] = 0",
        step_rule, "flat either side of the jump", jump_conditions,
        source="constant in a neighbourhood, as u is continuous",
    ),
    Rule(
        "derivative of a sign", "calculus", r"\frac{\partial}{\partial x} \operatorname{sign}(u) = 0",
        sign_rule, "flat either side of the jump", jump_conditions,
        source="constant in a neighbourhood, as u is continuous",
    ),
    Rule(
        "derivative of a general power", "calculus",
        r"\frac{\partial u^v}{\partial x} = u^v \left( \frac{\partial v}{\partial x} \log u"
        r" + \frac{v}{u} \frac{\partial u}{\partial x} \right)",
        general_power_rule, r"$u^v = e^{v \log u}$", lambda u, v, x: (positive(u),),
        source="chain rules for exp and log",
    ),
    Rule(
        "derivative through a finite sum", "calculus",
        r"\frac{\partial}{\partial x} \sum_j f_j = \sum_j \frac{\partial f_j}{\partial x}",
        finite_sum_rule, "the derivative is linear", inside_conditions,
        source="derivative of a sum, by induction",
    ),
    Rule(
        "derivative of a finite product", "calculus",
        r"\frac{\partial}{\partial x} \prod_n f_n = \prod_n f_n \sum_n \frac{1}{f_n} \frac{\partial f_n}{\partial x}",
        finite_product_rule, "logarithmic derivative of the product",
        lambda body, index, x: (nonzero(body), *inside_conditions(body, index, x)),
        source="product rule, by induction",
    ),
)  # fmt: skip
