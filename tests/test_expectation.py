"""Expectations: what they mean, when they exist, that they bind their variable, and how they are written."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import pytest

from gradproof import expression as x
from gradproof.audit.arithmetic import Undefined, Untestable, from_float, to_float
from gradproof.audit.evaluation import Evaluator, Point
from gradproof.derivation import Derivation, Given, Step, Theorem
from gradproof.errors import BadInput
from gradproof.export import NotExportable
from gradproof.export.lower import Lowering
from gradproof.expression import Expr, Symbol
from gradproof.kernel import Refused, check
from gradproof.normal import Normal
from gradproof.notation import (
    BINARY,
    COUNTS,
    POSITIVE,
    UNIT,
    Bernoulli,
    D,
    E,
    Eq,
    Exponential,
    Gaussian,
    Gumbel,
    Laplace,
    Poisson,
    Product,
    Sum,
    Uniform,
    absolute,
    density,
    exp,
    given,
    indices,
    let,
    lgamma,
    log,
    relu,
    scalar,
    scalars,
    sigmoid,
    size,
    softplus,
    sqrt,
    step,
    tanh,
    vector,
)
from gradproof.render.formulas import latex, text
from gradproof.rules import RULES
from gradproof.signs import Signs
from gradproof.storage.terms import Reader, Writer
from gradproof.sympy_bridge import to_sympy

K = size("K")
i, j, k = indices("i j k", K)
z = vector("z", K)
v, w, mu, a, b = scalars("v w mu a b")  # any reals
s, r = scalar("s", POSITIVE), scalar("r", POSITIVE)
u, n, bit, q = scalar("u", POSITIVE), scalar("n", COUNTS), scalar("y", BINARY), scalar("q", UNIT)
HERE = {mu: 0.7, s: 1.3, a: 0.4, r: 2.1, b: -0.6, q: 0.3}


def value(e: Expr, at: dict[Symbol, float] = HERE) -> float:
    evaluator = Evaluator()
    everywhere = {**dict.fromkeys((v, w, u, n, bit), 1.0), **at}
    evaluator.begin(Point({}, {}, {symbol: from_float(number) for symbol, number in everywhere.items()}))
    return to_float(evaluator.value(e))


# -- what they mean ---------------------------------------------------------------------------------------------------


def integral(f: Callable[..., object], *ends: object) -> float:
    return float(mpmath.quad(f, list(ends)))


def over_counts(f: Callable[[int], object], rate: float) -> float:
    return float(sum(f(m) * mpmath.exp(-rate) * mpmath.mpf(rate) ** m / mpmath.factorial(m) for m in range(80)))


m, sd = HERE[mu], HERE[s]
GAUSS = mpmath.npdf
MEANS = [
    (E(v**4, v, Gaussian(mu, s**2)), integral(lambda t: t**4 * GAUSS(t, m, sd), -mpmath.inf, m, mpmath.inf)),
    (
        E(softplus(v), v, Gaussian(mu, s**2)),
        integral(lambda t: mpmath.log1p(mpmath.exp(t)) * GAUSS(t, m, sd), -20, m, 20),
    ),
    (E(exp(2 * v), v, Gaussian(mu, s)), float(mpmath.exp(2 * m + 2 * sd))),
    (E(lgamma(n + 1), n, Poisson(s)), over_counts(lambda c: mpmath.loggamma(c + 1), sd)),
    (E(n**3, n, Poisson(s)), over_counts(lambda c: c**3, sd)),
    (
        E(u * log(u), u, Exponential(s)),
        integral(lambda t: t * mpmath.log(t) * sd * mpmath.exp(-sd * t), 0, 1, mpmath.inf),
    ),
    (E(log(u), u, Exponential(1)), -float(mpmath.euler)),
    (E(v, v, Gumbel(mu)), m + float(mpmath.euler)),
    (E(exp(v / 2), v, Gumbel(0)), float(mpmath.gamma(0.5))),
    (E(absolute(v - mu), v, Laplace(mu, s)), sd),
    (E(v**2, v, Laplace(mu, s)), m**2 + 2 * sd**2),
    (E(log(q), q, Uniform()), -1.0),
    (E(sqrt(q), q, Uniform()), 2 / 3),
    (E(exp(a * bit), bit, Bernoulli(q)), 0.3 * float(mpmath.exp(0.4)) + 0.7),
    (E(E(v * w, w, Gaussian(v, 1)), v, Gaussian(mu, s)), m**2 + sd),
]


@pytest.mark.parametrize(("e", "expected"), MEANS, ids=lambda c: text(c) if isinstance(c, Expr) else "")
def test_the_audit_gives_the_mean_that_the_density_gives(e: Expr, expected: float) -> None:
    assert value(e) == pytest.approx(expected, rel=1e-10)


MOVING = [
    (E(softplus(v), v, Gaussian(mu, s**2)), mu),
    (E(softplus(v), v, Gaussian(mu, s**2)), s),
    (E(n**2, n, Poisson(s)), s),
    (E(log(u), u, Exponential(s)), s),
    (E(exp(-v), v, Gumbel(mu)), mu),
    (E(v**2, v, Laplace(mu, s)), s),
    (E(exp(a * bit), bit, Bernoulli(q)), q),
    (E(exp(a * v), v, Gaussian(0, 1)), a),
]


@pytest.mark.parametrize(("e", "variable"), MOVING, ids=lambda c: text(c))
def test_the_derivative_of_a_mean_is_its_difference_quotient(e: Expr, variable: Symbol) -> None:
    h = 1e-4
    up, down = (value(e, {**HERE, variable: HERE[variable] + t}) for t in (h, -h))
    assert value(D(e, variable)) == pytest.approx((up - down) / (2 * h), rel=1e-6)


@pytest.mark.parametrize(
    "e",
    [
        E(1 / u, u, Exponential(s)),
        E(exp(2 * u), u, Exponential(1)),
        E(exp(v**2), v, Gaussian(0, s)),
        E(exp(v), v, Gumbel(0)),
        E(v, v, Gaussian(0, b)),
        E(bit, bit, Bernoulli(s)),
    ],
    ids=text,
)
def test_a_mean_that_does_not_exist_is_undefined(e: Expr) -> None:
    with pytest.raises(Undefined):
        value(e)


NORMAL = (mpmath.npdf(0.7 / 1.3), mpmath.ncdf(0.7 / 1.3))
KINKED = [
    (E(relu(v), v, Gaussian(mu, s**2)), 1.3 * NORMAL[0] + 0.7 * NORMAL[1]),
    (E(step(v), v, Gaussian(mu, s**2)), NORMAL[1]),
    (E(absolute(v - a), v, Laplace(mu, s)), 0.3 + 1.3 * mpmath.exp(-0.3 / 1.3)),
    (E(relu(u - 1), u, Exponential(s)), mpmath.exp(-1.3) / 1.3),
    (E(let("f", absolute(q - a)), q, Uniform()), 0.08 + 0.18),
]


@pytest.mark.parametrize(("e", "expected"), KINKED, ids=lambda c: text(c) if isinstance(c, Expr) else "")
def test_integrals_are_cut_at_kinks(e: Expr, expected: object) -> None:
    assert value(e) == pytest.approx(float(expected), rel=1e-10)  # type: ignore[arg-type]


def test_an_integral_over_a_hidden_kink_is_not_tested_rather_than_wrong() -> None:
    hidden = ((v - a) ** 2) ** 0.5
    with pytest.raises(Untestable):
        value(E(hidden, v, Gaussian(mu, s)))


DENSITIES = [
    (v, Gaussian(mu, s)),
    (u, Exponential(s)),
    (v, Laplace(mu, s)),
    (v, Gumbel(mu)),
    (n, Poisson(s)),
    (bit, Bernoulli(q)),
]


@pytest.mark.parametrize(("symbol", "law"), DENSITIES, ids=lambda c: getattr(c, "name", ""))
def test_the_density_of_a_statement_is_that_of_the_audit(symbol: Symbol, law: x.Law) -> None:
    """The mean of p / p' under p' is 1: here p' by the audit, with other parameters, and p, p' as terms."""
    other = x.Law(law.name, tuple(x.substitute(p, s, s / 2 + a) for p in law.parameters))
    assert value(E(density(symbol, law) / density(symbol, other), symbol, other)) == pytest.approx(1, rel=1e-9)


# -- when they exist --------------------------------------------------------------------------------------------------

EXIST = [
    (v**5 * softplus(v), v, Gaussian(mu, s)),
    (exp(a * v + b), v, Gaussian(mu, s)),
    (tanh(v) / (1 + exp(v)), v, Gumbel(mu)),
    (exp(-(v**2)), v, Laplace(mu, s)),
    (log(1 + exp(v)) ** 2, v, Laplace(mu, s)),
    (log(u) ** 3 * u, u, Exponential(s)),
    (exp(-s * u), u, Exponential(r)),
    (exp(r * n), n, Poisson(s)),
    (s**n, n, Poisson(r)),
    (lgamma(n + 1), n, Poisson(s)),
    (log(q), q, Uniform()),
    (1 / (s + u), u, Exponential(r)),
    (exp(v / 2), v, Gumbel(mu)),
    (absolute(v), v, Gaussian(mu, s)),
    (Product(exp(-u * exp(z[j])), j), u, Exponential(1)),
    (exp(1 / q), bit, Bernoulli(q)),
    (sqrt(u), u, Exponential(s)),
    (Sum(exp(z[j] * v), j), v, Gaussian(mu, s)),
    (log(density(v, Gaussian(mu, s))), v, Gaussian(a, r)),
]
UNKNOWN = [
    (exp(v**2), v, Gaussian(mu, s)),
    (1 / v, v, Gaussian(mu, s)),
    (log(v), v, Gaussian(mu, s)),
    (1 / u, u, Exponential(s)),
    (exp(s * u), u, Exponential(r)),
    (exp(softplus(u)), u, Exponential(r)),
    (exp(u) * exp(u), u, Exponential(2)),
    (exp(v), v, Gumbel(mu)),
    (exp(-2 * v), v, Laplace(mu, 1)),
    (exp(a * v), v, Laplace(mu, s)),
    (1 / q, q, Uniform()),
    (exp(1 / u), u, Exponential(s)),
    (exp(log(u) ** 2), u, Exponential(s)),
    (exp(-2 * log(u)), u, Exponential(s)),
    (exp(lgamma(n + 1)), n, Poisson(s)),
    (exp(n**2), n, Poisson(s)),
    (1 / (1 - q), q, Uniform()),
    (D(v**2, v), v, Gaussian(mu, s)),
    (Product(1 + absolute(v), j), v, Gaussian(mu, s)),
    (Sum(exp(z[j] * u), j), u, Exponential(s)),
    (Sum(exp(-z[j] * u), j) ** 2, u, Exponential(s)),
    (u ** (-0.5), u, Exponential(s)),
]


@pytest.mark.parametrize(("body", "symbol", "law"), EXIST, ids=lambda c: text(c) if isinstance(c, Expr) else "")
def test_what_grows_slowly_has_a_mean(body: Expr, symbol: Symbol, law: x.Law) -> None:
    assert Signs().undefined(E(body, symbol, law)) is None


@pytest.mark.parametrize(("body", "symbol", "law"), UNKNOWN, ids=lambda c: text(c) if isinstance(c, Expr) else "")
def test_what_is_not_known_to_have_a_mean_is_refused(body: Expr, symbol: Symbol, law: x.Law) -> None:
    assert Signs().undefined(E(body, symbol, law))


def test_a_rate_below_the_limit_may_be_given() -> None:
    e = E(exp(a * u), u, Exponential(s))
    assert Signs().undefined(e)
    assert Signs((given(s - a > 0),)).undefined(e) is None
    assert Signs((given(s - a > 0),)).undefined(D(e, a)) is None  # near a as well
    assert Signs((given(s - a >= 0),)).undefined(e)


@pytest.mark.parametrize("law", [Gaussian(mu, a), Laplace(mu, b), Gaussian(mu, s - 1)])
def test_a_law_needs_its_parameters_in_their_domain(law: x.Law) -> None:
    assert "parameter" in str(Signs().undefined(E(v, v, law)))


@pytest.mark.parametrize(
    ("symbol", "law"), [(u, Gaussian(0, 1)), (v, Exponential(1)), (v, Poisson(1)), (q, Bernoulli(q))]
)
def test_a_variable_needs_the_support_of_its_law_as_domain(symbol: Symbol, law: x.Law) -> None:
    with pytest.raises(ValueError, match="must be declared with the support"):
        E(symbol, symbol, law)
    made = x.Expectation((symbol, *law.parameters), (symbol, law.name))
    assert "support" in str(Signs().undefined(made))


def test_a_law_that_is_not_there_or_has_other_parameters_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown law"):
        x.Law("Cauchy", (mu, s))
    with pytest.raises(ValueError, match="has 2 parameters"):
        x.Law("Gaussian", (mu,))


# -- that they bind ---------------------------------------------------------------------------------------------------


def test_the_variable_is_bound_in_the_body_and_free_in_the_parameters() -> None:
    assert v not in E(v * a, v, Gaussian(mu, s)).free
    assert v in E(v * a, v, Gaussian(v, s)).free
    hidden = let("f", v**2)
    assert v not in E(hidden, v, Gaussian(mu, s)).free
    assert x.substitute(E(v, v, Gaussian(mu, s)), v, a) == E(v, v, Gaussian(mu, s))


@pytest.mark.parametrize("new", [v, v + 1, let("f", v**2)])
def test_nothing_is_captured_by_substitution(new: Expr) -> None:
    with pytest.raises(ValueError, match="moved or bound by an expectation"):
        x.substitute(E(v * a, v, Gaussian(0, 1)), a, new)


def test_algebra_knows_means_up_to_the_name_of_the_variable_and_no_further() -> None:
    normal = Normal(Signs())
    law = Gaussian(mu, s)
    assert normal.equal(E(v**2 + 2 * v, v, law), E(w * 2 + w * w, w, law))
    assert normal.equal(E(v, v, Gaussian(mu, s + s)), E(w, w, Gaussian(mu, 2 * s)))
    assert not normal.equal(E(v, v, law), E(w, w, Gaussian(mu, 2 * s)))
    assert not normal.equal(E(v * w, v, law), E(w * w, w, law))
    assert not normal.equal(E(v * w, v, law), E(v * w, w, law))
    assert not normal.equal(E(E(v * w, v, law), w, law), E(E(w * w, v, law), w, law))
    inner = Sum(Sum(z[i] * z[j] * v, j), i)
    assert normal.equal(Sum(E(Sum(z[i] * z[j] * v, j), v, law), i), E(Sum(z[k] * v, k), v, law) * Sum(z[i], i)) is False
    assert normal.equal(E(inner, v, law), E(Sum(z[k], k) ** 2 * w, w, law))


def refusal(line: Expr, rewriting: Step, givens: tuple[Given, ...] = (), *before: Theorem) -> str:
    theorem = Theorem("main", Eq(line, rewriting.result), line, (rewriting,))
    with pytest.raises(Refused) as why:
        check(Derivation("attack", givens, (*before, theorem)), RULES)
    return str(why.value)


def accepted(line: Expr, rewriting: Step, givens: tuple[Given, ...] = ()) -> None:
    theorem = Theorem("main", Eq(line, rewriting.result), line, (rewriting,))
    check(Derivation("use", givens, (theorem,)), RULES)


STANDARD = Gaussian(0, 1)


def test_no_given_about_the_bound_variable_holds_inside() -> None:
    line, result = E(v, v, STANDARD), E(a, v, STANDARD)
    rewriting = Step("given", {"number": 0, "indices": ()}, result, (0,))
    assert "given 0 is about v" in refusal(line, rewriting, (given(Eq(v, a)),))
    outside = Step("given", {"number": 0, "indices": ()}, a + E(v, v, STANDARD), (0,))
    accepted(v + E(v, v, STANDARD), outside, (given(Eq(v, a)),))


def test_no_bound_on_the_bound_variable_holds_inside() -> None:
    line, result = E(absolute(v), v, STANDARD), E(v, v, STANDARD)
    rewriting = Step("algebra", {"to": v}, result, (0,))
    assert "algebra does not show" in refusal(line, rewriting, (given(v > 0),))
    assert Signs((given(v > 2),)).interval(E(v, v, STANDARD)) == x.REAL
    assert Signs((given(v > 2),)).undefined(E(log(v), v, STANDARD))
    assert Signs((given(x.Relation.of(v, "!=", x.Number.of(0))),)).undefined(E(1 / v, v, STANDARD))


def test_no_lemma_that_rests_on_a_given_about_the_bound_variable_holds_inside() -> None:
    lemma = Theorem("lemma", Eq(v * b, a * b), v * b, (Step("given", {"number": 0, "indices": ()}, a * b, (0,)),))
    line, result = E(v * b, v, STANDARD), E(a * b, v, STANDARD)
    rewriting = Step("lemma", {"name": "lemma", "old": (), "new": ()}, result, (0,))
    assert "given 0 is about v" in refusal(line, rewriting, (given(Eq(v, a)),), lemma)


def test_the_variable_of_a_limit_or_derivative_is_another_one_inside() -> None:
    point = x.Limit((E(1 / v, v, STANDARD), x.Number.of(0)), (v, "+"))
    assert Signs().undefined(point)
    line = D(E(v, v, STANDARD), v)
    bindings = {"x": v}
    assert "the rule is about" in refusal(line, Step("derivative of the variable", bindings, x.Number.of(1)))
    accepted(line, Step("derivative of a constant", {"c": E(v, v, STANDARD), "x": v}, x.Number.of(0)))


def test_rewriting_the_parameters_is_outside_of_the_binder() -> None:
    line, result = E(v, v, Gaussian(v, 1)), E(v, v, Gaussian(a, 1))
    accepted(line, Step("given", {"number": 0, "indices": ()}, result, (1,)), (given(Eq(v, a)),))


def test_an_inequality_passes_through_a_mean_one_way_only() -> None:
    line, result = E(log(u), u, Exponential(1)), E(u - 1, u, Exponential(1))
    rewriting = Step("log x <= x - 1", {"x": u}, result, (0,), relation="<=")
    check(Derivation("use", (), (Theorem("main", line <= result, line, (rewriting,)),)), RULES)
    back = Step("log x <= x - 1", {"x": u}, result, (0,), relation=">=")
    with pytest.raises(Refused):
        check(Derivation("attack", (), (Theorem("main", line >= result, line, (back,)),)), RULES)


def test_means_lie_between_the_bounds_of_their_values() -> None:
    assert Signs().positive(E(softplus(v), v, STANDARD))
    assert Signs().holds(E(sigmoid(v), v, STANDARD) < 1)
    assert not Signs().positive(E(v, v, STANDARD))
    assert Signs().nonnegative(E(n, n, Poisson(s)))


# -- how they are written ---------------------------------------------------------------------------------------------


def test_printing() -> None:
    e = E(v**2, v, Gaussian(mu, s**2))
    assert latex(e) == r"\mathbb{E}_{v \sim \mathcal{N}(\mu, s^2)}[v^2]"
    assert text(e * a) == "E_{v ~ N(mu, s^2)}[v^2] a"
    assert text(E(q, q, Uniform())) == "E_{q ~ Uniform(0, 1)}[q]"
    assert repr(e) == "E(v^2; v ~ Gaussian(mu, s^2))"
    assert latex(exp(e)) == r"e^{\mathbb{E}_{v \sim \mathcal{N}(\mu, s^2)}[v^2]}"


def test_storing() -> None:
    e, writer = E(n * a, n, Poisson(s)), Writer()
    number = writer.number(e)
    assert Reader(writer.rows).term(number, "here") == e
    for change in ({"law": "Cauchy"}, {"law": "Gaussian"}, {"variable": number}):
        rows = [*writer.rows[:number], {**writer.rows[number], **change}]
        with pytest.raises(BadInput):
            Reader(rows)


def test_what_has_no_mean_elsewhere_says_so() -> None:
    e = E(n * a, n, Poisson(s))
    with pytest.raises(BadInput, match="no meaning in SymPy"):
        to_sympy(e)
    with pytest.raises(NotExportable):
        Lowering((), (), str).lower(e)
