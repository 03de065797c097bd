"""Quantities that equations define, and sorted ones, from no catalogue: derived, checked and audited."""

from __future__ import annotations

import pytest

from gradproof.audit import audit
from gradproof.derivation import Given
from gradproof.errors import NotDecided
from gradproof.expression import Expr
from gradproof.kernel import check
from gradproof.notation import (
    NONNEGATIVE,
    POSITIVE,
    UNIT,
    D,
    Eq,
    Fraction,
    Ne,
    Sum,
    argmax,
    argmin,
    argsort,
    define,
    delta,
    exp,
    given,
    index,
    indices,
    let,
    log,
    matrix,
    rank,
    relu,
    root,
    scalar,
    sigmoid,
    size,
    step,
    sums_to_one,
    vector,
)
from gradproof.propose import propose
from gradproof.rules import RULES
from gradproof.statement import Statement

K, N = size("K"), size("N")
i, j, k, m = indices("i j k m", K)
n, r = indices("n r", N)
t = index("t", K)
z, y, w = vector("z", K), vector("y", K), vector("w", K, POSITIVE)
u, v, x = scalar("u"), scalar("v", POSITIVE), scalar("x")
c, h, b, q = scalar("c", POSITIVE), scalar("h", POSITIVE), scalar("b", POSITIVE), scalar("q", UNIT)
Z = matrix("Z", N, K)
half = Fraction(1, 2)

normaliser = let("tau", root(Eq(Sum(exp(z[j] - u), j), 1), u))
p = define("p", i, exp(z[i] - normaliser))

potential = let("f", root(Eq(Sum(w[j] * exp((u + z[j]) / h), j), c), u))  # Sinkhorn: one marginal constraint
P = define("P", i, w[i] * exp((potential + z[i]) / h))

soft = let("tau", root(Eq(Sum(sigmoid((z[j] - u) / h), j), c), u))  # a soft top-c
s = define("s", i, sigmoid((z[i] - soft) / h))
room = (given(K - c > 0),)

cubic = let("tau", root(Eq(Sum(relu(z[j] / 3 - u) ** 3, j), 1), u))  # entmax for alpha = 4/3
e = define("e", i, relu(z[i] / 3 - cubic))

budget = let("tau", root(Eq(Sum(relu(z[j] - u), j), c), u))
S = define("S", i, step(z[i] - budget))

sparse = let("tau", root(Eq(Sum(relu(z[j] - u), j), 1), u))
U = define("U", i, step(z[i] - sparse))

omega = let("omega", root(Eq(v + log(v), x), v))  # Wright's omega function

rows = define("tau", n, root(Eq(Sum(relu(Z[n, j] - u), j), 1), u))
R = define("R", n, i, step(Z[n, i] - rows[n]))
off_rows = (given(Ne(Z[n, i] - rows[n], 0), n, i),)

quantile = let("Q", root(Eq(1 / K * Sum(sigmoid((u - z[j]) / h), j), q), u))
g = define("g", i, sigmoid((quantile - z[i]) / h))

order = (given(Ne(z[i], z[j]), i, j, apart=((i, j),)),)
margin = define("m", i, z[i] - y[i])
apart = (given(Ne(margin[i], margin[j]), i, j, apart=((i, j),)),)
after = define("S", i, Sum(step(j - i + half) * exp(z[argsort(y[m], m, j)]), j))  # those ranked i-th or higher

o = vector("q", K, NONNEGATIVE)
shrunk = define("p", i, relu(z[i] - c))  # the proximal point of the 1-norm on the nonnegative reals
box = define("p", i, relu(z[i]) - relu(z[i] - 1))


def small(e: Expr) -> Expr:
    return argsort(z[j], j, e)


at_k = rank(z[j], j, k)

FOUND: dict[str, tuple[tuple[Expr, ...], tuple[Given, ...]]] = {
    "softmax with a normaliser defined by its equation": (
        (
            Eq(D(normaliser, z[k]), p[k]),
            Eq(Sum(p[i], i), 1),
            Eq(D(p[i], z[k]), p[i] * (delta(i, k) - p[k])),
            Eq(D(normaliser, z[k], z[m]), p[k] * (delta(k, m) - p[m])),
        ),
        (),
    ),
    "the potential of a marginal constraint": (
        (Eq(D(potential, z[k]), -P[k] / c), Eq(D(potential, c), h / c), Eq(Sum(P[i], i), c)),
        (),
    ),
    "a plan with one marginal": ((Eq(D(P[i], z[k]), P[i] / h * (delta(i, k) - P[k] / c)),), ()),
    "the threshold of a soft top-c": ((Eq(D(soft, z[k]), s[k] * (1 - s[k]) / Sum(s[j] * (1 - s[j]), j)),), room),
    "the threshold of a soft top-c, in c": (
        (Eq(D(soft, c), -h / Sum(s[j] * (1 - s[j]), j)), Eq(Sum(s[i], i), c)),
        room,
    ),
    "entmax for 4/3": (
        (Eq(D(e[i] ** 3, z[k]), e[i] ** 2 * (delta(i, k) - e[k] ** 2 / Sum(e[j] ** 2, j))),),
        (given(Ne(z[i] / 3 - cubic, 0), i),),
    ),
    "a budget": (
        (Eq(D(budget, c), -1 / Sum(S[j], j)), Eq(D(budget, z[k]), S[k] / Sum(S[j], j))),
        (given(Ne(z[i] - budget, 0), i),),
    ),
    "Wright's omega": (
        (
            Eq(omega + log(omega), x),
            Eq(D(omega, x), omega / (1 + omega)),
            Eq(D(omega, x, x), omega / (1 + omega) ** 3),
        ),
        (),
    ),
    "second derivatives of a sparsemax loss": (
        (
            Eq(
                D(-z[t] + half * Sum(U[j] * (z[j] ** 2 - sparse**2), j), z[k], z[m]),
                U[k] * (delta(k, m) - U[m] / Sum(U[j], j)),
            ),
        ),
        (given(Ne(z[i] - sparse, 0), i),),
    ),
    "second derivatives of a loss on sorted scores": (
        (Eq(D(Sum(exp(w[i] * z[small(i)]), i), z[k], z[m]), delta(k, m) * w[at_k] ** 2 * exp(w[at_k] * z[k])),),
        order,
    ),
    "a threshold for each row": ((Eq(D(rows[n], Z[r, k]), delta(n, r) * R[n, k] / Sum(R[n, j], j)),), off_rows),
    "a loss on rows": (
        (
            Eq(
                D(Sum(relu(Z[n, i] - rows[n]) * y[i], n, i), Z[r, k]),
                R[r, k] * (y[k] - Sum(R[r, j] * y[j], j) / Sum(R[r, j], j)),
            ),
        ),
        off_rows,
    ),
    "a soft quantile": ((Eq(D(quantile, z[k]), g[k] * (1 - g[k]) / Sum(g[j] * (1 - g[j]), j)),), ()),
    "a soft quantile, in its level": ((Eq(D(quantile, q), K * h / Sum(g[j] * (1 - g[j]), j)),), ()),
    "an order statistic": ((Eq(D(z[small(t)], z[k]), delta(small(t), k)),), order),
    "an L-statistic": ((Eq(D(Sum(w[i] * z[small(i)], i), z[k]), w[rank(z[j], j, k)]),), order),
    "an L-statistic in its weights": ((Eq(D(Sum(w[i] * z[small(i)], i), w[k]), z[small(k)]),), ()),
    "a sum in order": ((Eq(Sum(z[small(i)] ** 2, i), Sum(z[i] ** 2, i)),), ()),
    "a gain by ranks is flat": ((Eq(D(Sum(y[i] * w[rank(z[j], j, i)], i), z[k]), 0),), order),
    "sorted margins": (
        (Eq(D(Sum(w[i] * margin[argsort(margin[j], j, i)], i), z[k]), w[rank(margin[j], j, k)]),),
        apart,
    ),
    "a hinge on the sorted scores": (
        (Eq(D(Sum(w[i] * relu(1 + z[small(i)]), i), z[k]), w[rank(z[j], j, k)] * step(1 + z[k])),),
        (*order, given(Ne(1 + z[i], 0), i)),
    ),
    "ListMLE": (
        (
            Eq(
                D(Sum(log(after[i]) - z[argsort(y[m], m, i)], i), z[k]),
                Sum(step(rank(y[m], m, k) - i + half) * exp(z[k]) / after[i], i) - 1,
            ),
        ),
        (given(after[i] > 0, i),),
    ),
    "shrinkage is a proximal point": (
        (
            Eq(
                half * Sum((o[i] - z[i]) ** 2, i) + c * Sum(o[i], i),
                half * Sum((shrunk[i] - z[i]) ** 2, i)
                + c * Sum(shrunk[i], i)
                + half * Sum((o[i] - shrunk[i]) ** 2, i)
                + Sum(o[i] * (relu(z[i] - c) - (z[i] - c)), i),
            ),
            argmin(half * Sum((o[i] - z[i]) ** 2, i) + c * Sum(o[i], i), o[i], shrunk[i]),
        ),
        (),
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_it_is_found_checked_and_audited(name: str) -> None:
    claims, givens = FOUND[name]
    derivation = propose(Statement(claims=claims, givens=givens))
    check(derivation, RULES)
    report = audit(derivation, points=15)
    assert report.refuted == ""
    assert report.points >= 10
    assert not [u for u in report.untested if "15 of 15" in u]


WRONG: dict[str, tuple[Expr, tuple[Given, ...]]] = {
    "a normaliser that moves the other way": (Eq(D(normaliser, z[k]), -p[k]), ()),
    "a threshold without its support": (Eq(D(budget, z[k]), S[k] / K), (given(Ne(z[i] - budget, 0), i),)),
    "a threshold on a kink": (Eq(D(budget, z[k]), S[k] / Sum(S[j], j)), ()),
    "an order statistic with ties": (Eq(D(z[small(t)], z[k]), delta(small(t), k)), ()),
    "an L-statistic by position": (Eq(D(Sum(w[i] * z[small(i)], i), z[k]), w[small(k)]), order),
    "a sum out of order": (Eq(Sum(w[i] * z[small(i)], i), Sum(w[i] * z[i], i)), ()),
    "not the nearest distribution": (
        argmin(Sum((o[i] - z[i]) ** 2, i), o[i], relu(z[i] - budget)),
        (sums_to_one(o, i),),
    ),
    "the farthest": (argmax(Sum((o[i] - z[i]) ** 2, i), o[i], relu(z[i])), ()),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_false_or_unfounded_is_not_proved(name: str) -> None:
    from gradproof.kernel import Refused

    claim, givens = WRONG[name]
    with pytest.raises((NotDecided, Refused)):
        check(propose(Statement(claims=(claim,), givens=givens)), RULES)
