"""Expectations: E_{x ~ law} f(x), with `x` the symbol that is bound and `parameters` those of the law.

Contract. Each rule asks that the expectations it splits off exist (condition "defined": the integrand is known to have
a mean), since from E[f + g] alone nothing follows for E f.

Examples and counterexamples: `gradproof.rules.examples.expectation`.
"""

from __future__ import annotations

from gradproof.expression import (
    Derivative,
    Expectation,
    Expr,
    Function,
    Index,
    Law,
    Limit,
    Number,
    Relation,
    Sum,
    Symbol,
    add,
    definitions,
    moved,
    mul,
    power,
    substitute,
    subterms,
)
from gradproof.rule import Condition, Rule, independent, nonzero
from gradproof.rules import laws
from gradproof.rules.terms import equal, exp, log

ZERO, ONE, TWO = Number.of(0), Number.of(1), Number.of(2)
Parameters = tuple[Expr, ...]


def mean(body: Expr, x: Symbol, law: str, parameters: Parameters) -> Expectation:
    return Expectation.of(body, x, Law(law, tuple(parameters)))


def defined(e: Expr) -> Condition:
    return Condition("defined", (e,))


def linearity(terms: tuple[Expr, ...], x: Symbol, law: str, parameters: Parameters) -> Relation:
    parts = (mean(t, x, law, parameters) for t in terms)
    return equal(mean(add(*terms), x, law, parameters), add(*parts))


def linearity_conditions(terms: tuple[Expr, ...], x: Symbol, law: str, parameters: Parameters) -> tuple[Condition, ...]:
    return tuple(defined(mean(t, x, law, parameters)) for t in terms)


def constant_out(c: Expr, body: Expr, x: Symbol, law: str, parameters: Parameters) -> Relation:
    return equal(mean(mul(c, body), x, law, parameters), mul(c, mean(body, x, law, parameters)))


def constant_conditions(c: Expr, body: Expr, x: Symbol, law: str, parameters: Parameters) -> tuple[Condition, ...]:
    return (independent(c, x), defined(mean(body, x, law, parameters)))


def of_a_constant(c: Expr, x: Symbol, law: str, parameters: Parameters) -> Relation:
    return equal(mean(c, x, law, parameters), c)


def of_a_constant_conditions(c: Expr, x: Symbol, law: str, parameters: Parameters) -> tuple[Condition, ...]:
    return (independent(c, x), defined(mean(c, x, law, parameters)))


def through_sum(body: Expr, index: Index, x: Symbol, law: str, parameters: Parameters) -> Relation:
    left = mean(Sum.over(index, body), x, law, parameters)
    return equal(left, Sum.over(index, mean(body, x, law, parameters)))


def through_sum_conditions(
    body: Expr, index: Index, x: Symbol, law: str, parameters: Parameters
) -> tuple[Condition, ...]:
    return (defined(mean(body, x, law, parameters)), *(independent(p, index) for p in parameters))


def moment(n: Number, x: Symbol, law: str, parameters: Parameters) -> Relation:
    if n.value.denominator != 1:
        raise ValueError(f"a moment is of a whole order, not {n!r}")
    at = Law(law, tuple(parameters))
    return equal(mean(power(x, n), x, law, parameters), laws.moment(at, int(n.value)))


def valid(n: Number, x: Symbol, law: str, parameters: Parameters) -> tuple[Condition, ...]:
    return (defined(mean(power(x, n), x, law, parameters)),)


def squared_gap(about: Expr, x: Symbol, law: str, parameters: Parameters) -> Relation:
    at = Law(law, tuple(parameters))
    variance, middle = laws.looked_up(laws.VARIANCES, at), laws.mean(at)
    bias = () if about == middle else (power(add(middle, -about), TWO),)
    return equal(mean(power(add(x, -about), TWO), x, law, parameters), add(variance, *bias))


def squared_gap_conditions(about: Expr, x: Symbol, law: str, parameters: Parameters) -> tuple[Condition, ...]:
    return (independent(about, x), defined(mean(x, x, law, parameters)))


def distance(about: Expr, x: Symbol, law: str, parameters: Parameters) -> Relation:
    at = Law(law, tuple(parameters))
    middle = laws.mean(at)
    gap = None if about == middle else size(add(middle, -about))
    return equal(mean(size(add(x, -about)), x, law, parameters), laws.looked_up(laws.DISTANCES, at, gap))


def size(e: Expr) -> Expr:
    return Function((e,), ("abs",))


def exponential_moment(c: Expr, x: Symbol, law: str, parameters: Parameters) -> Relation:
    at = Law(law, tuple(parameters))
    return equal(mean(exp(mul(c, x)), x, law, parameters), laws.looked_up(laws.EXPONENTIAL, at, c))


def exponential_conditions(c: Expr, x: Symbol, law: str, parameters: Parameters) -> tuple[Condition, ...]:
    found = (independent(c, x), defined(mean(exp(mul(c, x)), x, law, parameters)))
    return (*found, nonzero(c)) if law == "Uniform" else found


def two_values(body: Expr, x: Symbol, probability: Expr) -> Relation:
    one, zero = substitute(body, x, ONE), substitute(body, x, ZERO)
    right = add(mul(probability, one), mul(add(ONE, -probability), zero))
    return equal(mean(body, x, "Bernoulli", (probability,)), right)


def two_values_conditions(body: Expr, x: Symbol, probability: Expr) -> tuple[Condition, ...]:
    return (defined(mean(body, x, "Bernoulli", (probability,))),)


def reparameterised(body: Expr, x: Symbol, law: str, parameters: Parameters, noise: Symbol) -> Relation:
    at = Law(law, tuple(parameters))
    inner = substitute(body, x, laws.looked_up(laws.MAPS, at, noise))
    standard = laws.STANDARD[law]
    return equal(mean(body, x, law, parameters), mean(inner, noise, standard.name, standard.parameters))


def reparameterised_conditions(
    body: Expr, x: Symbol, law: str, parameters: Parameters, noise: Symbol
) -> tuple[Condition, ...]:
    fresh = (independent(e, noise) for e in (body, *parameters))
    return (*fresh, defined(mean(body, x, law, parameters)))


def stein(f: Expr, x: Symbol, location: Expr, variance: Expr, slope: Expr) -> Relation:
    parameters = (location, variance)
    left = mean(mul(add(x, -location), f), x, "Gaussian", parameters)
    return equal(left, mul(variance, mean(slope, x, "Gaussian", parameters)))


def stein_premises(f: Expr, x: Symbol, location: Expr, variance: Expr, slope: Expr) -> tuple[Expr, ...]:
    return (equal(Derivative.of(f, x), slope),)


def stein_conditions(f: Expr, x: Symbol, location: Expr, variance: Expr, slope: Expr) -> tuple[Condition, ...]:
    """That x (f - mean) and f' have means says that f times the density vanishes far away."""
    parameters = (location, variance)
    product, derivative = (mean(e, x, "Gaussian", parameters) for e in (mul(add(x, -location), f), slope))
    return (independent(location, x), defined(product), defined(derivative), Condition("unconstrained", (x,)))


def under(f: Expr, x: Symbol, law: str, parameters: Parameters, v: Expr, slope: Expr) -> Relation:
    _open(v)
    for e in (f, slope):
        _plain(e)
    left = Derivative.of(mean(f, x, law, parameters), v)
    return equal(left, mean(slope, x, law, parameters))


def _open(v: Expr) -> None:
    """Refuse a variable that may stand at an end of its domain: there the derivative looks beyond."""
    domain = moved(v).domain
    if domain.integer or any(
        e is not None and not o for e, o in ((domain.low, domain.low_open), (domain.high, domain.high_open))
    ):
        raise ValueError(f"the domain of {v!r} must be open")


def _plain(e: Expr) -> None:
    """Refuse limits and derivatives, which need not stay bounded near a point."""
    if any(
        isinstance(s, Limit | Derivative) for part in (e, *(d.body for d in definitions(e))) for s in subterms(part)
    ):
        raise ValueError(f"{e!r} contains a limit or a derivative")


def under_premises(f: Expr, x: Symbol, law: str, parameters: Parameters, v: Expr, slope: Expr) -> tuple[Expr, ...]:
    return (equal(Derivative.of(f, v), slope),)


def under_conditions(
    f: Expr, x: Symbol, law: str, parameters: Parameters, v: Expr, slope: Expr
) -> tuple[Condition, ...]:
    """The slope has a mean near v, by a bound that holds near v: that is the dominating function."""
    means = (mean(e, x, law, parameters) for e in (f, slope))
    found = [independent(v, x), *(defined(Derivative.of(m, v)) for m in means)]
    found += [Condition("constant", (p, v)) for p in parameters]
    return (*found, Condition("unconstrained", (v,)), Condition("unconstrained", (x,)))


def jensen(f: Expr, x: Symbol, law: str, parameters: Parameters) -> Relation:
    return Relation.of(mean(log(f), x, law, parameters), "<=", log(mean(f, x, law, parameters)))


def jensen_conditions(f: Expr, x: Symbol, law: str, parameters: Parameters) -> tuple[Condition, ...]:
    return tuple(defined(mean(e, x, law, parameters)) for e in (log(f), f))


RULES = (
    Rule(
        "expectation of a sum", "expectation", r"\mathbb{E}[f + g] = \mathbb{E}[f] + \mathbb{E}[g]", linearity,
        "the expectation is linear", linearity_conditions, source="Billingsley 1995, thm 16.1",
    ),
    Rule(
        "constant out of an expectation", "expectation", r"\mathbb{E}[c f] = c\,\mathbb{E}[f]", constant_out,
        "the expectation is linear", constant_conditions, source="Billingsley 1995, thm 16.1",
    ),
    Rule(
        "expectation of a constant", "expectation", r"\mathbb{E}[c] = c", of_a_constant,
        "a constant is its own expectation", of_a_constant_conditions, source="a law has total mass 1",
    ),
    Rule(
        "expectation through a finite sum", "expectation",
        r"\mathbb{E} \sum_j f_j = \sum_j \mathbb{E} f_j", through_sum,
        "the expectation is linear", through_sum_conditions, source="linearity, by induction",
    ),
    Rule(
        "moment of a law", "expectation",
        r"\mathcal{N}(\mu, v):\ \mathbb{E} x = \mu,\ \mathbb{E} x^2 = \mu^2 + v, \dots", moment,
        "moments of the law", valid, source="Johnson, Kotz, Balakrishnan 1994",
    ),
    Rule(
        "mean square about a point", "expectation",
        r"\mathbb{E} (x - a)^2 = \operatorname{Var} x + (\mathbb{E} x - a)^2", squared_gap,
        "variance plus squared distance from the mean", squared_gap_conditions,
        source="Johnson, Kotz, Balakrishnan 1994; E(x - a)^2 = Var x + (E x - a)^2",
    ),
    Rule(
        "mean distance from a point", "expectation",
        r"\mathrm{Laplace}(\mu, b):\ \mathbb{E} |x - a| = |\mu - a| + b\, e^{-|\mu - a| / b}", distance,
        "mean distance of a Laplace variable from a point", squared_gap_conditions,
        source="Kotz, Kozubowski, Podgorski 2001, section 2.1",
    ),
    Rule(
        "exponential moment", "expectation",
        r"\mathcal{N}(\mu, v):\ \mathbb{E} e^{c x} = e^{c \mu + c^2 v / 2}, \dots", exponential_moment,
        "moment generating function", exponential_conditions, source="Billingsley 1995, section 21",
    ),
    Rule(
        "expectation over two values", "expectation", r"\mathbb{E} f = p f(1) + (1 - p) f(0)", two_values,
        "the two values, each with its probability", two_values_conditions, source="definition of the Bernoulli law",
    ),
    Rule(
        "reparameterisation", "expectation",
        r"\mathbb{E}_{x \sim \mathcal{N}(\mu, v)} f(x) = "
        r"\mathbb{E}_{\epsilon \sim \mathcal{N}(0, 1)} f(\mu + \sqrt{v}\,\epsilon), \dots", reparameterised,
        "reparameterisation", reparameterised_conditions, source="Kingma and Welling 2014, section 2.4",
    ),
    Rule(
        "Stein's identity", "expectation",
        r"\mathbb{E}_{\mathcal{N}(\mu, v)}[(x - \mu) f(x)] = v\,\mathbb{E}_{\mathcal{N}(\mu, v)}[f'(x)]", stein,
        "Stein's identity: integration by parts", stein_conditions, stein_premises, source="Stein 1981, lemma 1",
    ),
    Rule(
        "derivative under the expectation", "expectation",
        r"\frac{\partial}{\partial v} \mathbb{E} f = \mathbb{E} \frac{\partial f}{\partial v}", under,
        "the derivative moves under the expectation", under_conditions, under_premises,
        source="Billingsley 1995, thm 16.8",
    ),
    Rule(
        "Jensen's inequality for log", "expectation", r"\mathbb{E} \log f \le \log \mathbb{E} f", jensen,
        "Jensen's inequality, as log is concave", jensen_conditions, source="Billingsley 1995, eq. 5.33",
    ),
)  # fmt: skip
