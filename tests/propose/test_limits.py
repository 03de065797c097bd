"""Limits from no catalogue: proved, and refused where the value is another."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gradproof.api import prove
from gradproof.derivation import Given
from gradproof.errors import GradproofError
from gradproof.expression import Expr
from gradproof.notation import (
    POSITIVE,
    UNIT,
    Eq,
    Interval,
    Limit,
    Sum,
    absolute,
    cos,
    define,
    delta,
    distribution,
    entropy,
    exp,
    given,
    index,
    indices,
    infinity,
    kl,
    log,
    relu,
    scalar,
    sigmoid,
    sin,
    size,
    softmax,
    softplus,
    sqrt,
    sums_to_one,
    tanh,
    vector,
)
from gradproof.statement import Statement

K = size("K")
i, j, k, t = (*indices("i j k", K), index("t", K))
z, d = vector("z", K), vector("d", K)
P, Q, y = (distribution(name, K) for name in "PQy")
h, eps, lam, order = (scalar(name) for name in ("h", "epsilon", "lambda", "q"))
T, x, u, part = scalar("T", POSITIVE), scalar("x", POSITIVE), scalar("u", UNIT), scalar("r", UNIT)
below_one = scalar("a", Interval(None, Fraction(1)))
p, hot = softmax(z, i), softmax(z, i, name="q", tau=T)
near = softmax(define("w", i, z[i] + eps * d[i]), i, name="q", total="Q")
mixed = define("m", i, (1 - u) * P[i] + u * Q[i])
half = define("b", i, (P[i] + mixed[i]) / 2)
fisher = Sum(p[i] * d[i] ** 2, i) - Sum(p[i] * d[i], i) ** 2
chi = Sum((Q[i] - P[i]) ** 2 / P[i], i)
ONES = (sums_to_one(P, i), sums_to_one(Q, i))
LARGEST = (given(z[j] < z[t], j, apart=((j, t),)),)

LIMITS: dict[str, tuple[Expr, Expr | int, tuple[Given, ...]]] = {
    "Box-Cox": (Limit((x**lam - 1) / lam, lam, 0), log(x), ()),
    "Tsallis logarithm": (Limit((x ** (1 - order) - 1) / (1 - order), order, 1), log(x), ()),
    "Tsallis entropy": (Limit((1 - Sum(P[i] ** lam, i)) / (lam - 1), lam, 1), entropy(P, i), ONES),
    "focal": (Limit(-((1 - part) ** lam) * log(part), lam, 0), -log(part), ()),
    "focal slope": (
        Limit((log(part) - (1 - part) ** lam * log(part)) / lam, lam, 0), -log(1 - part) * log(part), ()
    ),
    "DPO slope": (Limit((-log(sigmoid(lam * h)) - log(2)) / lam, lam, 0), -h / 2, ()),
    "DPO curvature": (Limit((-log(sigmoid(lam * h)) - log(2) + lam * h / 2) / lam**2, lam, 0), h**2 / 8, ()),
    "label smoothing": (
        Limit((log(p[t]) - Sum(((1 - eps) * delta(i, t) + eps / K) * log(p[i]), i)) / eps, eps, 0),
        log(p[t]) - Sum(log(p[i]), i) / K, (),
    ),
    "reverse KL": (Limit(kl(near, p, i) / eps**2, eps, 0), fisher / 2, ()),
    "KL of a mixture": (Limit(kl(P, mixed, i) / u**2, u, 0, "+"), chi / 2, ONES),
    "Jensen-Shannon": (
        Limit((kl(P, half, i) / 2 + kl(mixed, half, i) / 2) / u**2, u, 0, "+"), chi / 8, ONES
    ),
    "hot log-sum-exp": (Limit(T * log(Sum(exp(z[i] / T), i) / K), T, infinity), Sum(z[i], i) / K, ()),
    "cold log-sum-exp": (Limit(T * log(Sum(exp(z[i] / T), i)), T, 0, "+"), z[t], LARGEST),
    "hot entropy": (Limit(entropy(hot, i), T, infinity), log(K), ()),
    "hot softmax": (Limit(T * (hot[k] - 1 / K), T, infinity), (z[k] - Sum(z[i], i) / K) / K, ()),
    "entropy in the temperature": (
        Limit((entropy(hot, i) - entropy(p, i)) / (T - 1), T, 1),
        Sum(p[i] * z[i] ** 2, i) - Sum(p[i] * z[i], i) ** 2, (),
    ),
    "alpha to 0": (
        Limit((Sum(P[i] ** below_one * Q[i] ** (1 - below_one), i) - 1) / (below_one * (below_one - 1)), below_one, 0),
        kl(Q, P, i), ONES,
    ),
    "soft cap": (Limit(T * tanh(h / T), T, infinity), h, ()),
    "pseudo-Huber": (Limit(T**2 * (sqrt(1 + (h / T) ** 2) - 1), T, infinity), h**2 / 2, ()),
    "Huber": (Limit(h**2 / 2 - relu(absolute(h) - T) ** 2 / 2, T, infinity), h**2 / 2, ()),
    "sharp softplus": (Limit(softplus(T * x) / T, T, infinity), x, ()),
    "sharp softplus below 0": (Limit(softplus(-T * x) / T + x, T, infinity), x, ()),
    "sharp sigmoid": (Limit(sigmoid(T * x), T, infinity), 1, ()),
    "sharp tanh": (Limit(tanh(-T * x), T, infinity), -1, ()),
    "focal without bound": (Limit(part - (1 - part) ** T * log(part), T, infinity), part, ()),
    "decay under a sum": (Limit(Sum(y[i] * exp(-y[i] * T), i) + 1 / T + h, T, infinity), h, ()),
    "third order": (Limit((eps - sin(eps)) / eps**3, eps, 0), Fraction(1, 6), ()),
    "cosine": (Limit((1 - cos(eps)) / eps**2, eps, 0), Fraction(1, 2), ()),
    "one-sided": (Limit(log(1 + x) / x, x, 0, "+"), 1, ()),
}  # fmt: skip


@pytest.mark.parametrize("name", LIMITS)
def test_the_limit_is_proved(name: str) -> None:
    left, value, givens = LIMITS[name]
    proof = prove(Statement(claims=(Eq(left, value),), givens=givens, title=name))
    assert proof.status == "proved"
    assert proof.audit is not None
    assert proof.audit.points > 0


@pytest.mark.parametrize("name", LIMITS)
def test_another_value_is_not_proved(name: str) -> None:
    left, value, givens = LIMITS[name]
    with pytest.raises(GradproofError):
        prove(Statement(claims=(Eq(left, value + 1),), givens=givens, title=name))


@pytest.mark.parametrize(
    "left",
    [
        Limit(1 / x, x, 0, "+"),
        Limit((exp(x) + 1) / x, x, 0, "+"),
        Limit(exp(T * h), T, infinity),
        Limit(sigmoid(T * h), T, infinity),
        Limit(x, x, infinity),
    ],
    ids=repr,
)
def test_no_value_is_found_where_there_is_none(left: Expr) -> None:
    for value in (0, 1, Fraction(1, 2)):
        with pytest.raises(GradproofError):
            prove(Statement(claims=(Eq(left, value),), title="none"))
