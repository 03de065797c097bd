"""Results about prefix sums, tails, recursions and telescoping sums that stand in no catalogue: proved and audited."""

from __future__ import annotations

import pytest

import gradproof
from gradproof.errors import GradproofError
from gradproof.expression import Expr
from gradproof.notation import (
    NONNEGATIVE,
    POSITIVE,
    UNIT,
    D,
    Eq,
    Sum,
    at_most,
    before,
    define,
    delta,
    exp,
    given,
    index,
    indices,
    labels,
    let,
    log,
    matrix,
    rel_entr,
    scalar,
    sigmoid,
    size,
    softmax,
    sums_to_one,
    vector,
)
from gradproof.statement import Statement

T, K, N = size("T"), size("K"), size("N")
t, ell, s = indices("t l s", T)
i, j, k = indices("i j k", K)
n = index("n", N)
u, m = indices("u m", T + 1)
r, x, G = vector("r", T), vector("x", T), vector("G", T)
f, h, v = vector("f", T + 1), vector("h", T + 1), vector("v", T + 1)
z, g, y = vector("z", K), vector("g", K), vector("y", K, domain=NONNEGATIVE)
a = vector("a", T)
gamma, q, beta = scalar("gamma", POSITIVE), scalar("q", POSITIVE), scalar("beta", UNIT)
R = define("R", u, Sum(at_most(u, ell) * gamma ** (ell - u) * r[ell], ell))
moment = define("m", u, Sum(before(s, u) * beta ** (u - 1 - s) * (1 - beta) * x[s], s))
head = define("S", i, Sum(at_most(j, i) * exp(z[j]), j))
tail = define("S", i, Sum(at_most(i, j) * exp(z[j]), j))
left = define("p", i, k, at_most(i, k) * exp(z[k]) / tail[i])
ranking = let("L", Sum(log(tail[i]) - z[i], i))
pi = labels("pi", K, classes=K)
ranked = define("S", i, Sum(at_most(i, j) * exp(z[pi[j]]), j))
list_mle = let("L", Sum(log(ranked[i]) - z[pi[i]], i))
hazard = define("L", t, -log(sigmoid(a[t])) - Sum(before(ell, t) * log(1 - sigmoid(a[ell])), ell))[t]
running = define("S", u, Sum(at_most(m, u) * exp(v[m]), m))
mean = define("w", u, Sum(at_most(m, u) * exp(v[m]) * f[m], m) / running[u])
td = Sum((r[ell] + gamma * f[ell + 1] - f[ell]) ** 2, ell) / 2
F, e = matrix("F", N, T), scalar("e")
above = labels("c", N, classes=T)  # the last threshold that an example passes
corn = let("L", -Sum(Sum(at_most(s, above[n]) * log(sigmoid(F[n, s])), s), n))
p = softmax(z, i)

TRUE: dict[str, Expr] = {
    "discounted return": Eq(R[t], r[t] + gamma * R[t + 1]),
    "nothing is left at the end": Eq(R[T + 1], 0),
    "the last return": Eq(R[T], r[T]),
    "momentum": Eq(moment[t + 1], beta * moment[t] + (1 - beta) * x[t]),
    "momentum starts at 0": Eq(moment[1], 0),
    "running sum": Eq(running[t + 1], running[t] + exp(v[t + 1])),
    "running sum at the end": Eq(running[T + 1], Sum(exp(v[m]), m)),
    "online softmax": Eq(mean[t + 1], (running[t] * mean[t] + exp(v[t + 1]) * f[t + 1]) / running[t + 1]),
    "backward pass of a cumulative sum": Eq(
        D(Sum(g[i] * Sum(at_most(j, i) * z[j], j), i), z[k]), Sum(at_most(k, i) * g[i], i)
    ),
    "reward to go": Eq(
        Sum(G[t] * Sum(at_most(t, ell) * r[ell], ell), t), Sum(r[ell] * Sum(at_most(t, ell) * G[t], t), ell)
    ),
    "Plackett-Luce": Eq(D(ranking, z[k]), Sum(left[i, k], i) - 1),
    "Plackett-Luce, by tails": Eq(D(ranking, z[k]), exp(z[k]) * Sum(at_most(i, k) / tail[i], i) - 1),
    "ListMLE": Eq(
        D(list_mle, z[k]),
        Sum(Sum(at_most(i, j) * exp(z[pi[j]]) * delta(pi[j], k), j) / ranked[i], i) - Sum(delta(pi[i], k), i),
    ),
    "discrete hazard": Eq(D(hazard, a[s]), at_most(s, t) * sigmoid(a[s]) - delta(s, t)),
    "ordinal thresholds": Eq(D(corn, F[n, t]), -at_most(t, above[n]) * sigmoid(-F[n, t])),
    "telescoping": Eq(Sum(f[ell + 1] - f[ell], ell), f[T + 1] - f[1]),
    "telescoping from an index on": Eq(Sum(at_most(t, ell) * (f[ell + 1] - f[ell]), ell), f[T + 1] - f[t]),
    "telescoping before an index": Eq(Sum(before(ell, t) * (f[ell + 1] - f[ell]), ell), f[t] - f[1]),
    "telescoping up to an index": Eq(Sum(at_most(ell, t) * (f[ell + 1] - f[ell]), ell), f[t + 1] - f[1]),
    "geometric tail": Eq(Sum(at_most(t, ell) * q ** (ell - t), ell) * (1 - q), 1 - q ** (T + 1 - t)),
    "a sum beside one that telescopes": Eq(
        Sum(before(ell, t) * (f[ell + 1] - f[ell] + r[ell]), ell), f[t] - f[1] + Sum(before(ell, t) * r[ell], ell)
    ),
    "summation by parts": Eq(
        Sum(f[ell + 1] * (h[ell + 1] - h[ell]), ell) + Sum(h[ell] * (f[ell + 1] - f[ell]), ell),
        f[T + 1] * h[T + 1] - f[1] * h[1],
    ),
    "geometric sum": Eq((1 - q) * Sum(q**ell, ell), q - q ** (T + 1)),
    "temporal differences": Eq(
        D(td, f[u]),
        Sum((r[ell] + gamma * f[ell + 1] - f[ell]) * (gamma * delta(ell + 1, u) - delta(ell, u)), ell),
    ),
    "a sum in two halves": Eq(Sum(at_most(j, i) * z[j], j) + Sum(before(i, j) * z[j], j), Sum(z[j], j)),
    "gradient of logs of prefix sums": Eq(
        D(Sum(log(head[i]), i), z[k]), Sum(at_most(k, i) * exp(z[k]) / head[i], i)
    ),
}  # fmt: skip

FALSE: dict[str, Expr] = {
    "the discount is forgotten": Eq(R[t], r[t] + R[t + 1]),
    "the first term twice": Eq(R[t], r[t] + Sum(at_most(t, ell) * gamma ** (ell - t) * r[ell], ell)),
    "the end one early": Eq(Sum(f[ell + 1] - f[ell], ell), f[T] - f[1]),
    "prefix for tail": Eq(D(Sum(log(head[i]), i), z[k]), Sum(at_most(i, k) * exp(z[k]) / head[i], i)),
    "both halves have the middle": Eq(
        Sum(at_most(j, i) * z[j], j) + Sum(at_most(i, j) * z[j], j), Sum(z[j], j)
    ),
    "momentum of the next gradient": Eq(moment[t], beta * moment[t + 1] + (1 - beta) * x[t]),
    "strict for weak": Eq(D(hazard, a[s]), before(s, t) * sigmoid(a[s]) - delta(s, t)),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUE)
def test_proved_and_audited(name: str) -> None:
    proof = gradproof.prove(Statement(claims=(TRUE[name],), title=name))
    assert proof.status == "proved"
    assert proof.audit.refuted == ""
    assert proof.audit.points >= 20


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_is_not_proved(name: str) -> None:
    with pytest.raises(GradproofError):
        gradproof.prove(Statement(claims=(FALSE[name],), title=name))


def test_labels_with_zeros_have_the_usual_gradient() -> None:
    claim = Eq(D(Sum(rel_entr(y[i], p[i]), i), z[k]), p[k] - y[k])
    assert gradproof.prove(Statement(claims=(claim,), givens=(sums_to_one(y, i),))).status == "proved"


def test_a_derivative_at_zero_is_refused() -> None:
    with pytest.raises(GradproofError):
        gradproof.prove(Statement(claims=(Eq(D(Sum(rel_entr(y[i], 1), i), y[k]), log(y[k]) + 1),)))
    positive = vector("y", K, domain=POSITIVE)
    claim = Eq(D(Sum(rel_entr(positive[i], 1), i), positive[k]), log(positive[k]) + 1)
    assert gradproof.prove(Statement(claims=(claim,))).status == "proved"


def test_a_given_residual_telescopes() -> None:
    residual = given(Eq(r[ell], f[ell] - gamma * f[ell + 1]), ell)
    claim = Eq(Sum(at_most(t, ell) * gamma ** (ell - t) * r[ell], ell), f[t] - gamma ** (T + 1 - t) * f[T + 1])
    assert gradproof.prove(Statement(claims=(claim,), givens=(residual,))).status == "proved"
