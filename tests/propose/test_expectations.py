"""Expectations that no statement of the catalogue is about: each is derived, accepted by the kernel and audited."""

from __future__ import annotations

import pytest

from gradproof.audit import audit
from gradproof.errors import NotDecided
from gradproof.expression import Expr
from gradproof.kernel import check
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
    Fraction,
    Gaussian,
    Gumbel,
    Laplace,
    Poisson,
    Sum,
    Uniform,
    cos,
    density,
    exp,
    indices,
    let,
    log,
    pi,
    scalar,
    scalars,
    sigmoid,
    size,
    softplus,
    tanh,
    vector,
)
from gradproof.propose import propose
from gradproof.rules import RULES
from gradproof.statement import Statement

x, e, y, mu, m, a, b, c = scalars("x e y mu m a b c")
s, v, r, t = scalars("s v r t", POSITIVE)
q, h = scalars("q h", UNIT)
u, n, bit = scalar("u", POSITIVE), scalar("n", COUNTS), scalar("b1", BINARY)
K = size("K")
j, k = indices("j k", K)
z, w = vector("z", K), vector("w", K)
N, standard = Gaussian(mu, s**2), Gaussian(0, 1)
p, other = let("p", density(x, N)), let("q", density(x, Gaussian(m, v)))
waiting, peaked = let("p", density(u, Exponential(r))), let("p", density(x, Laplace(mu, v)))
second = let("q", density(x, Laplace(m, t)))
half = Fraction(1, 2)

CLAIMS: dict[str, Expr] = {
    "quadratic": Eq(E(a * x**2 + b * x + c, x, N), a * (mu**2 + s**2) + b * mu + c),
    "fourth central moment": Eq(E((x - mu) ** 4, x, N), 3 * s**4),
    "skewness": Eq(E((x - mu) ** 3, x, N), 0),
    "bias and variance": Eq(E((x - c) ** 2, x, N), s**2 + (mu - c) ** 2),
    "entropy of a Gaussian": Eq(-E(log(p), x, N), half * log(2 * pi * s**2) + half),
    "cross-entropy of two Gaussians": Eq(
        -E(log(other), x, N), half * log(2 * pi) + half * log(v) + ((mu - m) ** 2 + s**2) / (2 * v)
    ),
    "entropy of an exponential law": Eq(-E(log(waiting), u, Exponential(r)), 1 - log(r)),
    "entropy of a Laplace law": Eq(-E(log(peaked), x, Laplace(mu, v)), 1 + log(2 * v)),
    "mean of a log-normal": Eq(E(exp(x), x, N), exp(mu + s**2 / 2)),
    "variance of a log-normal": Eq(E((exp(x) - exp(mu + s**2 / 2)) ** 2, x, N), (exp(s**2) - 1) * exp(2 * mu + s**2)),
    "generating function of a Poisson law": Eq(E(exp(a * n), n, Poisson(r)), exp(r * (exp(a) - 1))),
    "second moment of a Poisson law": Eq(E(n**2, n, Poisson(r)), r**2 + r),
    "Laplace transform": Eq(E(exp(-(a**2) * u), u, Exponential(r)), r / (r + a**2)),
    "uniform polynomial": Eq(E(q**2 - q + 1, q, Uniform()), Fraction(5, 6)),
    "exponential of a Gumbel variable": Eq(E(exp(-x), x, Gumbel(mu)), exp(-mu)),
    "evidence bound of a linear Gaussian model": Eq(
        E(-half * (y - a * x) ** 2 / v - half * log(2 * pi * v), x, N),
        -half * log(2 * pi * v) - ((y - a * mu) ** 2 + a**2 * s**2) / (2 * v),
    ),
    "its gradient": Eq(D(E((y - a * x) ** 2, x, N), mu), -2 * a * (y - a * mu)),
    "input noise is ridge": Eq(E((y - a * (b + x)) ** 2, x, Gaussian(0, v)), (y - a * b) ** 2 + v * a**2),
    "dropout is ridge": Eq(E((y - bit * a / h) ** 2, bit, Bernoulli(h)), (y - a) ** 2 + a**2 * (1 - h) / h),
    "dropout keeps the mean": Eq(E(Sum(z[j] * bit / h, j), bit, Bernoulli(h)), Sum(z[j], j)),
    "diffused energy": Eq(E((a * y + b * e) ** 2, e, standard), a**2 * y**2 + b**2),
    "a baseline adds nothing": Eq(E((x - mu) / s**2 * b, x, N), 0),
    "information about the mean": Eq(E(((x - mu) / s**2) ** 2, x, N), 1 / s**2),
    "pathwise gradient in the deviation": Eq(D(E(softplus(x), x, N), s), E(sigmoid(mu + s * e) * e, e, standard)),
    "Price's theorem": Eq(D(E(softplus(x), x, N), s), s * E(sigmoid(x) * (1 - sigmoid(x)), x, N)),
    "score-function gradient of tanh": Eq(D(E(tanh(x), x, N), mu), E(tanh(x) * (x - mu) / s**2, x, N)),
    "rate of an exponential law": Eq(D(E(u**2, u, Exponential(r)), r), -4 / r**3),
    "gradient through a sum of means": Eq(
        D(Sum(w[j] * E(softplus(x + z[j]), x, standard), j), z[k]), w[k] * E(sigmoid(x + z[k]), x, standard)
    ),
    "odd moments by parts": Eq(E(x**3 * (x - mu), x, N), 3 * s**2 * (mu**2 + s**2)),
    "exponential by parts": Eq(E(x * exp(a * x), x, standard), a * exp(a**2 / 2)),
    "the name of the variable": Eq(E(softplus(x), x, standard), E(softplus(e), e, standard)),
    "Jensen for a log-partition": E(log(1 + exp(x)), x, N) <= log(1 + exp(mu + s**2 / 2)),
    "a mean of positive values": E(softplus(x), x, N) > 0,
    "a question": E(x**2 + exp(b * x), x, N),
}

FALSE: dict[str, Expr] = {
    "mean of a log-normal without its variance": Eq(E(exp(x), x, N), exp(mu)),
    "log and mean do not commute": Eq(E(log(1 + exp(x)), x, N), log(1 + exp(mu + s**2 / 2))),
    "variance for deviation": Eq(E((x - mu) ** 2, x, N), s),
    "score without the variance": Eq(E(softplus(x) * (x - mu), x, N), E(sigmoid(x), x, N)),
    "the law moves": Eq(D(E(x**2, x, N), mu), 0),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_the_claim_is_derived_and_no_number_speaks_against_it(name: str) -> None:
    claim = CLAIMS[name]
    derivation = propose(Statement(claims=(claim,), title=name))
    check(derivation, RULES)
    report = audit(derivation, points=12)
    assert report.refuted == ""
    assert report.untested == ()
    assert report.lines >= 2


@pytest.mark.parametrize("name", FALSE)
def test_a_false_claim_is_not_derived(name: str) -> None:
    with pytest.raises(NotDecided):
        propose(Statement(claims=(FALSE[name],), title=name))


def test_what_is_not_known_is_not_decided() -> None:
    with pytest.raises(NotDecided):
        propose(Statement(claims=(Eq(E(cos(a * x), x, standard), exp(-(a**2) / 2)),), title="characteristic function"))


def test_the_divergence_of_two_laplace_laws() -> None:
    divergence = E(log(peaked) - log(second), x, Laplace(mu, v))
    derivation = propose(Statement(claims=(divergence,), title="KL of two Laplace laws"))
    check(derivation, RULES)
    assert audit(derivation, points=3).refuted == ""
    assert "Expectation" not in derivation.claims[0].statement.args[1].key
