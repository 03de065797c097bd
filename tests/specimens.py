"""Hand-made derivations, as the engine will make them: data for the tests of pages, not proofs of anything."""

from __future__ import annotations

from gradproof.derivation import AuditReport, Certificate, Derivation, Inference, Step, Theorem
from gradproof.expression import Expr
from gradproof.notation import (
    POSITIVE,
    UNIT,
    D,
    Eq,
    ForAll,
    Iff,
    Sum,
    argmax,
    define,
    delta,
    distribution,
    exp,
    index,
    indices,
    let,
    log,
    matrix,
    scalar,
    scalars,
    size,
    sums_to_one,
    vector,
)
from gradproof.rule import Rule

K, N = size("K"), size("N")
i, j, k = indices("i j k", K)
n = index("n", N)

AUDIT = AuditReport(lines=8, points=40, worst=2e-31, sizes=(1, 2, 3, 4, 5))


def certificate(derivation: Derivation) -> Certificate:
    used = {t.name: frozenset(range(len(derivation.givens))) for t in derivation.theorems}
    return Certificate(derivation, used, sum(len(t.steps) for t in derivation.theorems))


def step(rule: str, result: Expr, shown: int = 1, relation: str = "=", **bindings: object) -> Step:
    return Step(rule, bindings, result, relation=relation, shown=shown)


def rule(name: str, reason: str) -> Rule:
    return Rule(name, "test", "", lambda **_: Eq(0, 0), reason=reason)


RULES = {
    r.name: r
    for r in (
        rule("quotient", "quotient rule, $S > 0$"),
        rule("chain_exp", "chain rule for exp"),
        rule("chain_log", "chain rule for log, $p_i > 0$"),
        rule("linear", "the derivative is linear"),
        rule("split", "split the fraction"),
        rule("contract", r"$\delta_{ik}$ keeps $i = k$"),
        rule("distribute", "distribute"),
        rule("pull_out", "$p_k$ is free of $i$"),
        rule("log_bound", r"$\log x \le x - 1$ for $x > 0$"),
        rule("unique_maximum", r"a point where $\ell'$ vanishes is the only maximum of a strictly concave $\ell$"),
        rule("exchange", "the derivative goes inside a finite sum"),
    )
}


def softmax_cross_entropy() -> Derivation:
    """A12, the page to beat."""
    z, y = vector("z", K), distribution("y", K)
    S = let("S", Sum(exp(z[j]), j))
    p = define("p", i, exp(z[i]) / S)
    L = let("L", -Sum(y[i] * log(p[i]), i))
    e_i, e_k = exp(z[i]), exp(z[k])
    jacobian = Theorem(
        "softmax_jacobian",
        Eq(D(p[i], z[k]), p[i] * (delta(i, k) - p[k])),
        D(p[i], z[k]),
        (
            step("definition", D(e_i / S, z[k]), 0, entry=p[i]),
            step("quotient", (S * D(e_i, z[k]) - e_i * D(S, z[k])) / S**2, 2),
            step("chain_exp", (delta(i, k) * e_i * S - e_i * D(S, z[k])) / S**2, 0),
            step("algebra", (delta(i, k) * e_i * S - e_i * e_k) / S**2, 1,
                 reason=r"in $\partial S / \partial z_k$ only $j = k$ survives"),
            step("split", delta(i, k) * (e_i / S) - (e_i / S) * (e_k / S), 0),
            step("definition", delta(i, k) * p[i] - p[i] * p[k], 0, entry=p[k]),
            step("algebra", p[i] * (delta(i, k) - p[k]), 1),
        ),
        title="softmax Jacobian",
        over=(i, k),
    )  # fmt: skip
    ratio = y[i] / p[i]
    gradient = Theorem(
        "gradient",
        Eq(D(L, z[k]), p[k] - y[k]),
        D(L, z[k]),
        (
            step("definition", D(-Sum(y[i] * log(p[i]), i), z[k]), 0, entry=L, reason=""),
            step("linear", -Sum(y[i] * D(log(p[i]), z[k]), i), 1),
            step("chain_log", -Sum(ratio * D(p[i], z[k]), i), 2),
            step("lemma", -Sum(ratio * (p[i] * (delta(i, k) - p[k])), i), 0, name="softmax_jacobian"),
            step("algebra", -Sum(y[i] * (delta(i, k) - p[k]), i), 1, reason="$p_i$ cancels"),
            step("distribute", -Sum(y[i] * delta(i, k), i) + Sum(y[i] * p[k], i), 0),
            step("contract", -y[k] + Sum(y[i] * p[k], i), 0),
            step("pull_out", -y[k] + p[k] * Sum(y[i], i), 1),
            step("given", -y[k] + p[k], 0, number=0, indices=()),
            step("algebra", p[k] - y[k], 2),
        ),
        over=(k,),
        role="claim",
    )
    return Derivation(
        "Softmax cross-entropy: the gradient is prediction minus truth",
        (sums_to_one(y, i),),
        (jacobian, gradient),
        "A12",
        "Bishop 2006, eq. 4.109",
    )


def gibbs() -> Derivation:
    """An inequality, and its case of equality by an inference."""
    P, Q = distribution("P", K), distribution("Q", K)
    divergence = Sum(P[i] * log(P[i] / Q[i]), i)
    inequality = Theorem(
        "gibbs",
        divergence >= 0,
        divergence,
        (
            step("algebra", -Sum(P[i] * log(Q[i] / P[i]), i), 1, reason=r"$\log (1/x) = -\log x$"),
            step("log_bound", -Sum(P[i] * (Q[i] / P[i] - 1), i), 2, ">="),
            step("algebra", Sum(P[i], i) - Sum(Q[i], i), 1),
            step("given", 1 - Sum(Q[i], i), 0, number=0, indices=()),
            step("given", 1 - Sum(Q[i], i), 0, number=1, indices=()),
            step("algebra", exp(0) * 0, 1),
        ),
        title="Gibbs' inequality",
        role="claim",
    )
    equality = Theorem(
        "equality",
        Iff(Eq(divergence, 0), ForAll(Eq(P[i], Q[i]), i)),
        by=Inference("log_bound", {}, ("gibbs",)),
        title="equality",
        role="claim",
    )
    return Derivation("Gibbs' inequality", (sums_to_one(P, i), sums_to_one(Q, i)), (inequality, equality), "A09",
                      "Cover & Thomas 2006, Theorem 2.6.3")  # fmt: skip


def coin() -> Derivation:
    """An optimum by an inference from two lemmas."""
    h, t = scalars("h t", POSITIVE)
    theta = scalar("theta", UNIT)
    l = let(r"\ell", h * log(theta) + t * log(1 - theta))  # noqa: E741
    score = Theorem(
        "score",
        Eq(D(l, theta), h / theta - t / (1 - theta)),
        D(l, theta),
        (step("linear", h / theta - t / (1 - theta)),),
        title="the score",
    )
    curvature = Theorem(
        "curvature",
        D(l, theta, theta) < 0,
        D(l, theta, theta),
        (
            step("linear", -h / theta**2 - t / (1 - theta) ** 2),
            step("sign", exp(0) * 0, 1, "<", to=exp(0) * 0),
        ),
        title="strict concavity",
    )
    best = Theorem(
        "best",
        argmax(theta**h * (1 - theta) ** t, theta, h / (h + t)),
        by=Inference("unique_maximum", {}, ("score", "curvature")),
        role="claim",
    )
    return Derivation("Coin: the most likely bias is the share of heads", (), (score, curvature, best), "A04")


def batch() -> Derivation:
    """Two index sets, and lines too long for a row."""
    Z, Y = matrix("z", N, K), distribution("y", N, K)
    p = define("p", n, i, exp(Z[n, i]) / Sum(exp(Z[n, j]), j))
    m = index("m", N)
    L = let("L", -(1 / N) * Sum(Sum(Y[n, i] * log(p[n, i]), i), n))
    inner = Sum(Y[m, i] * (Z[m, i] - log(Sum(exp(Z[m, j]), j))) - Y[m, i] * log(Y[m, i]) + Y[m, i] * Z[m, k], i)
    linear, normaliser = Sum(Y[m, i] * Z[m, i], i), Sum(Y[m, i] * log(Sum(exp(Z[m, j]), j)), i)
    x = Z[n, k]
    long = -(1 / N) * Sum(D(linear, x) - D(normaliser, x) + D(inner, x) - D(inner, x), m)
    gradient = Theorem(
        "gradient",
        Eq(D(L, Z[n, k]), (1 / N) * (p[n, k] - Y[n, k])),
        D(L, Z[n, k]),
        (
            step("exchange", long, 1),
            step("contract", -(1 / N) * (Y[n, k] - p[n, k] * Sum(Y[n, i], i)), 1, reason="only $m = n$ survives"),
            step("given", -(1 / N) * (Y[n, k] - p[n, k]), 0, number=0, indices=(n,)),
            step("algebra", (1 / N) * (p[n, k] - Y[n, k]), 1),
        ),
        over=(n, k),
        role="claim",
    )
    return Derivation("The gradient of a batch", (sums_to_one(distribution("y", N, K), n, i),), (gradient,), "D01")


ALL = {f.__name__: f for f in (softmax_cross_entropy, gibbs, coin, batch)}
