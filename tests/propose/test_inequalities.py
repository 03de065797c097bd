"""Inequalities of information theory and calculus from no catalogue: proved, audited; and false ones, not proved.

The false ones are the true ones with one thing changed: a constant, a direction, a hypothesis left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from gradproof.api import prove
from gradproof.errors import NotDecided, Refuted
from gradproof.expression import Expr, Index, add, mul
from gradproof.notation import (
    POSITIVE,
    UNIT,
    Eq,
    Fraction,
    Sum,
    absolute,
    cross_entropy,
    define,
    distribution,
    entropy,
    exp,
    given,
    indices,
    kl,
    let,
    log,
    matrix,
    scalar,
    sigmoid,
    size,
    softmax,
    softplus,
    sqrt,
    sums_to_one,
    vector,
)
from gradproof.statement import Statement

K, M = size("K"), size("M")
i, j = indices("i j", K)
a, b, c = indices("a b c", M)
x, y = scalar("x", POSITIVE), scalar("y", POSITIVE)
t = scalar("t")
u, w = scalar("u", UNIT), scalar("w", UNIT)
p, q, r, s = (distribution(name, K) for name in "pqrs")
A, B = vector("A", K, domain=POSITIVE), vector("B", K, domain=POSITIVE)
z = vector("z", K)
S = softmax(z, i, name="S", total="Z")
P, Q = distribution("P", K, M), distribution("Q", K, M)
W = distribution("W", K, M)  # a channel: row by row a distribution
px, py = define("p_x", i, Sum(P[i, a], a)), define("p_y", a, Sum(P[i, a], i))
qx = define("q_x", i, Sum(Q[i, a], a))
out = define("o", a, Sum(p[i] * W[i, a], i))
other = define("o'", a, Sum(q[i] * W[i, a], i))
mixed_p = define("p_w", i, w * p[i] + (1 - w) * r[i])
mixed_q = define("q_w", i, w * q[i] + (1 - w) * s[i])
mixture = define("m", i, w * p[i] + (1 - w) * q[i])
smooth = define("y", i, (1 - w) * p[i] + w / K)
ONE_P, ONE_Q, ONE_R, ONE_S = (sums_to_one(d, i) for d in (p, q, r, s))
TABLE = given(Eq(Sum(P[i, a], a, i), 1))
OTHER = given(Eq(Sum(Q[i, a], a, i), 1))
JOINT = Sum(P[i, a] * log(P[i, a] / (px[i] * py[a])), a, i)
CHI = Sum(p[i] ** 2 / q[i], i)
OVERLAP = let("B", Sum(sqrt(p[i] * q[i]), i))
PQ = (ONE_P, ONE_Q)

TRUE: Mapping[str, Callable[[], tuple[Expr, tuple[object, ...]]]] = {
    "entropy is at most log K": lambda: (entropy(p, i) <= log(K), (ONE_P,)),
    "entropy is at least 0": lambda: (entropy(p, i) >= 0, (ONE_P,)),
    "cross-entropy is at least the entropy": lambda: (cross_entropy(p, q, i) >= entropy(p, i), PQ),
    "entropy of softmax": lambda: (-Sum(p[i] * log(S[i]), i) >= entropy(p, i), (ONE_P,)),
    "KL is at most chi squared": lambda: (kl(p, q, i) <= Sum((p[i] - q[i]) ** 2 / q[i], i), PQ),
    "KL is at most log of 1 + chi squared": lambda: (kl(p, q, i) <= log(CHI), PQ),
    "Bhattacharyya": lambda: (-2 * log(OVERLAP) <= kl(p, q, i), PQ),
    "Hellinger is at most KL": lambda: (Sum((sqrt(p[i]) - sqrt(q[i])) ** 2, i) <= kl(p, q, i), PQ),
    "log-sum": lambda: (
        Sum(A[i] * log(A[i] / B[i]), i) >= Sum(A[i], i) * log(Sum(A[i], i) / Sum(B[i], i)),
        (),
    ),
    "KL is convex in both": lambda: (
        kl(mixed_p, mixed_q, i) <= w * kl(p, q, i) + (1 - w) * kl(r, s, i),
        (*PQ, ONE_R, ONE_S),
    ),
    "entropy is concave": lambda: (
        entropy(mixed_p, i) >= w * entropy(p, i) + (1 - w) * entropy(r, i),
        (ONE_P, ONE_R),
    ),
    "mutual information is at least 0": lambda: (JOINT >= 0, (TABLE,)),
    "entropy is subadditive": lambda: (
        -Sum(P[i, a] * log(P[i, a]), a, i) <= entropy(px, i) + entropy(py, a),
        (TABLE,),
    ),
    "conditioning lowers entropy": lambda: (
        -Sum(P[i, a] * log(P[i, a] / py[a]), a, i) <= entropy(px, i),
        (TABLE,),
    ),
    "a marginal loses divergence": lambda: (
        kl(px, qx, i) <= Sum(P[i, a] * log(P[i, a] / Q[i, a]), a, i),
        (TABLE, OTHER),
    ),
    "a channel loses divergence": lambda: (
        Sum(out[a] * log(out[a] / other[a]), a) <= kl(p, q, i),
        (*PQ, sums_to_one(W, i, a)),
    ),
    "Jensen for log": lambda: (Sum(p[i] * log(A[i]), i) <= log(Sum(p[i] * A[i], i)), (ONE_P,)),
    "means, geometric and arithmetic": lambda: (exp(Sum(p[i] * log(A[i]), i)) <= Sum(p[i] * A[i], i), (ONE_P,)),
    "two numbers": lambda: (2 * sqrt(x * y) <= x + y, ()),
    "log-sum-exp above the mean": lambda: (log(Sum(exp(z[i]), i)) >= Sum(z[i], i) / K + log(K), ()),
    "evidence bound": lambda: (Sum(q[i] * (log(A[i]) - log(q[i])), i) <= log(Sum(A[i], i)), (ONE_Q,)),
    "Cauchy and Schwarz": lambda: (Sum(z[i] * A[i], i) ** 2 <= Sum(z[i] ** 2, i) * Sum(A[i] ** 2, i), ()),
    "variance": lambda: (Sum(p[i] * z[i], i) ** 2 <= Sum(p[i] * z[i] ** 2, i), (ONE_P,)),
    "chi squared and total variation": lambda: (
        Sum(absolute(p[i] - q[i]), i) ** 2 <= Sum((p[i] - q[i]) ** 2 / q[i], i) * Sum(q[i], i),
        PQ,
    ),
    "x log x": lambda: (x * log(x) >= x - 1, ()),
    "log and root": lambda: (log(x) <= 2 * (sqrt(x) - 1), ()),
    "squared log": lambda: (log(x) ** 2 <= x + 1 / x - 2, ()),
    "cosh above its parabola": lambda: ((exp(t) + exp(-t)) / 2 >= 1 + t**2 / 2, ()),
    "log cosh": lambda: (log((exp(t) + exp(-t)) / 2) <= t**2 / 2, ()),
    "Hoeffding's lemma": lambda: (log(1 - u + u * exp(t)) <= u * t + t**2 / 8, ()),
    "softplus between its bounds": lambda: (softplus(t) <= log(2) + t / 2 + t**2 / 8, ()),
    "softplus above its tangent": lambda: (softplus(t) >= log(2) + t / 2, ()),
    "variance of a coin": lambda: (sigmoid(t) * (1 - sigmoid(t)) <= Fraction(1, 4), ()),
    "Pinsker for a coin": lambda: (
        u * log(u / w) + (1 - u) * log((1 - u) / (1 - w)) >= 2 * (u - w) ** 2,
        (),
    ),
    # from here on: chosen after the engine was written, and not all of them were found at once
    "Donsker and Varadhan": lambda: (
        Sum(p[i] * z[i], i) - log(Sum(q[i] * exp(z[i]), i)) <= kl(p, q, i),
        PQ,
    ),
    "entropy and log-sum-exp": lambda: (Sum(p[i] * z[i], i) + entropy(p, i) <= log(Sum(exp(z[i]), i)), (ONE_P,)),
    "Jeffreys": lambda: (Sum((p[i] - q[i]) * log(p[i] / q[i]), i) >= 0, PQ),
    "skewed KL": lambda: (kl(p, mixture, i) <= (1 - w) * kl(p, q, i), PQ),
    "skewed KL is bounded": lambda: (kl(p, mixture, i) <= -log(w), PQ),
    "mutual information is at most entropy": lambda: (entropy(px, i) >= JOINT, (TABLE,)),
    "smoothed labels": lambda: (cross_entropy(smooth, q, i) >= entropy(smooth, i), PQ),
    "focal loss is at most cross-entropy": lambda: (-((1 - u) ** 2) * log(u) <= -log(u), ()),
    "Bernoulli": lambda: ((1 + x) ** 3 >= 1 + 3 * x, ()),
    "EM never loses": lambda: (
        log(Sum(B[i], i)) - log(Sum(A[i], i)) >= Sum(A[i] / Sum(A[j], j) * log(B[i] / A[i]), i),
        (),
    ),
    "mean of roots": lambda: (Sum(p[i] * sqrt(A[i]), i) ** 2 <= Sum(p[i] * A[i], i), (ONE_P,)),
    "arithmetic and harmonic": lambda: (Sum(p[i] * A[i], i) * Sum(p[i] / A[i], i) >= 1, (ONE_P,)),
    "Sedrakyan": lambda: (Sum(z[i], i) ** 2 / Sum(A[i], i) <= Sum(z[i] ** 2 / A[i], i), ()),
    "exp below a pole": lambda: (exp(u) <= 1 / (1 - u), ()),
    "root of a mean": lambda: (sqrt((x + y) / 2) >= (sqrt(x) + sqrt(y)) / 2, ()),
    "entropy of a coin": lambda: (-u * log(u) - (1 - u) * log(1 - u) <= log(2), ()),
}

FALSE: Mapping[str, Callable[[], tuple[Expr, tuple[object, ...]]]] = {
    "entropy below log K - 1": lambda: (entropy(p, i) <= log(K) - 1, (ONE_P,)),
    "entropy of weights": lambda: (entropy(p, i) >= 0, ()),
    "Jensen reversed": lambda: (Sum(p[i] * log(A[i]), i) >= log(Sum(p[i] * A[i], i)), (ONE_P,)),
    "Jensen for weights": lambda: (Sum(p[i] * log(A[i]), i) <= log(Sum(p[i] * A[i], i)), ()),
    "Bhattacharyya with 3": lambda: (-3 * log(OVERLAP) <= kl(p, q, i), PQ),
    "Hellinger doubled": lambda: (2 * Sum((sqrt(p[i]) - sqrt(q[i])) ** 2, i) <= kl(p, q, i), PQ),
    "a channel gains divergence": lambda: (
        Sum(out[a] * log(out[a] / other[a]), a) >= kl(p, q, i),
        (*PQ, sums_to_one(W, i, a)),
    ),
    "a channel of weights": lambda: (Sum(out[a] * log(out[a] / other[a]), a) <= kl(p, q, i), PQ),
    "variance of weights": lambda: (Sum(p[i] * z[i], i) ** 2 <= Sum(p[i] * z[i] ** 2, i), ()),
    "Hoeffding with 9": lambda: (log(1 - u + u * exp(t)) <= u * t + t**2 / 9, ()),
    "Pinsker for a coin with 3": lambda: (
        u * log(u / w) + (1 - u) * log((1 - u) / (1 - w)) >= 3 * (u - w) ** 2,
        (),
    ),
    "Cauchy and Schwarz reversed": lambda: (
        Sum(z[i] * A[i], i) ** 2 >= Sum(z[i] ** 2, i) * Sum(A[i] ** 2, i),
        (),
    ),
    "skewed KL, the other weight": lambda: (kl(p, mixture, i) <= w * kl(p, q, i), PQ),
    "skewed KL, the other bound": lambda: (kl(p, mixture, i) <= -log(1 - w), PQ),
    "mutual information is half of entropy": lambda: (entropy(px, i) >= 2 * JOINT, (TABLE,)),
    "arithmetic and harmonic reversed": lambda: (Sum(p[i] * A[i], i) * Sum(p[i] / A[i], i) <= 1, (ONE_P,)),
    "harmonic without weights": lambda: (Sum(p[i] * A[i], i) * Sum(p[i] / A[i], i) >= 1, ()),
    "Sedrakyan reversed": lambda: (Sum(z[i], i) ** 2 / Sum(A[i], i) >= Sum(z[i] ** 2 / A[i], i), ()),
    "focal loss with a factor": lambda: (-2 * (1 - u) ** 2 * log(u) <= -log(u), ()),
    "cosh with 1": lambda: ((exp(t) + exp(-t)) / 2 >= 1 + t**2, ()),
    "KL convex, weights swapped": lambda: (
        kl(mixed_p, mixed_q, i) <= (1 - w) * kl(p, q, i) + w * kl(r, s, i),
        (*PQ, ONE_R, ONE_S),
    ),
}


def stated(case: Callable[[], tuple[Expr, tuple[object, ...]]]) -> Statement:
    claim, givens = case()
    return Statement(claims=(claim,), givens=givens, title="an inequality")  # type: ignore[arg-type]


@pytest.mark.parametrize("case", TRUE.values(), ids=TRUE)
def test_a_true_inequality_is_proved(case: Callable[[], tuple[Expr, tuple[object, ...]]]) -> None:
    proof = prove(stated(case))
    assert proof.status == "proved"
    assert proof.text()


@pytest.mark.parametrize("case", FALSE.values(), ids=FALSE)
def test_a_false_inequality_is_not_proved(case: Callable[[], tuple[Expr, tuple[object, ...]]]) -> None:
    with pytest.raises((NotDecided, Refuted)):
        prove(stated(case))


def infonce(others: tuple[Index, ...]) -> Expr:
    """The loss of a critic over a table, one pair against others from the marginal, by enumeration."""
    f = matrix("f", K, M)
    total = exp(f[i, a])
    weight = P[i, a]
    for o in others:
        total, weight = total + exp(f[i, o]), weight * py[o]
    return -Sum(weight * log(exp(f[i, a]) / total), *others[::-1], a, i)


def importance(count: int) -> Expr:
    """The importance-weighted bound of so many samples."""
    letters = indices("i j k", K)[:count]
    weights = [A[n] / q[n] for n in letters]
    return Sum(mul(*(q[n] for n in letters)) * log(add(*weights) / count), *letters[::-1])


def test_the_bound_of_infonce_for_three_pairs() -> None:
    claim = log(3) - infonce((b, c)) <= JOINT
    assert prove(Statement(claims=(claim,), givens=(TABLE,), title="InfoNCE")).status == "proved"


@pytest.mark.parametrize("others", [(b,), (b, c)])
def test_the_bound_of_infonce_is_not_proved_with_a_wrong_constant(others: tuple[Index, ...]) -> None:
    claim = log(len(others) + 2) - infonce(others) <= JOINT
    with pytest.raises((NotDecided, Refuted)):
        prove(Statement(claims=(claim,), givens=(TABLE,), title="too good"))


@pytest.mark.parametrize("count", [1, 2])
def test_the_importance_weighted_bound_grows_up_to_three_samples(count: int) -> None:
    grows, shrinks = importance(count) <= importance(3), importance(count) >= importance(3)
    assert prove(Statement(claims=(grows,), givens=(ONE_Q,), title="grows")).status == "proved"
    with pytest.raises((NotDecided, Refuted)):
        prove(Statement(claims=(shrinks,), givens=(ONE_Q,), title="shrinks"))


def test_roots_need_what_stands_below_them_to_be_known_first() -> None:
    divergence = let("KL", kl(p, q, i))
    squared = let("H", Sum((sqrt(p[i]) - sqrt(q[i])) ** 2, i))
    root = sqrt(squared) <= sqrt(divergence)
    proof = prove(Statement(claims=(squared <= divergence, divergence >= 0), givens=PQ, title="squares"))
    assert proof.status == "proved"
    with pytest.raises(Exception, match="defined"):
        prove(Statement(claims=(root,), givens=PQ, title="root of what may be negative"))
