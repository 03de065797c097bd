"""Results about matrices from no catalogue: derived, checked, audited; and claims that are false or not licensed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gradproof.audit import audit, counterexample
from gradproof.derivation import Derivation, Given
from gradproof.errors import NotDecided
from gradproof.expression import Expr
from gradproof.kernel import Refused, check
from gradproof.notation import (
    POSITIVE,
    D,
    Eq,
    Ne,
    Sum,
    argmax,
    argmin,
    define,
    delta,
    det,
    exp,
    given,
    indices,
    inverse,
    let,
    log,
    matrix,
    positive_definite,
    scalar,
    size,
    symmetric,
    vector,
)
from gradproof.propose import propose
from gradproof.rules import RULES
from gradproof.statement import Statement

d, N = size("d"), size("N")
i, j, k, l, p, q = indices("i j k l p q", d)  # noqa: E741
n, m = indices("n m", N)
r, s = scalar("r", POSITIVE), scalar("s", POSITIVE)
A, B, Sigma, F = matrix("A", d, d), matrix("B", d, d), matrix("Sigma", d, d), matrix("F", N, N)
X, y, u, v, x, mu, theta = matrix("X", N, d), vector("y", N), *(vector(a, d) for a in ("u", "v", "x", "mu", "theta"))
w = vector("w", N, POSITIVE)

G = define("G", i, j, Sum(X[n, i] * X[n, j], n) + s * delta(i, j))  # ridge
ridge = define("theta_hat", i, Sum(inverse(G)[i, j] * Sum(X[n, j] * y[n], n), j))
squares = 1 / 2 * Sum((y[n] - Sum(X[n, i] * theta[i], i)) ** 2, n) + s / 2 * Sum(theta[i] ** 2, i)
H = define("H", i, j, Sum(w[n] * X[n, i] * X[n, j], n))  # weighted least squares
weighted = define("beta", i, Sum(inverse(H)[i, j] * Sum(w[n] * X[n, j] * y[n], n), j))
weighted_squares = Sum(w[n] * (y[n] - Sum(X[n, i] * theta[i], i)) ** 2, n)
K = define("K", n, m, r * F[n, m] + s * delta(n, m))  # a Gaussian process
alpha = define("alpha", n, Sum(inverse(K)[n, m] * y[m], m))
process = let("L", 1 / 2 * Sum(y[n] * inverse(K)[n, m] * y[m], m, n) + 1 / 2 * log(det(K)))
R1 = define("M", i, j, A[i, j] + u[i] * v[j])  # a change of rank one
c = let("c", 1 + Sum(v[p] * inverse(A)[p, q] * u[q], q, p))
rank_one = inverse(A)[i, k] - Sum(inverse(A)[i, p] * u[p], p) * Sum(v[q] * inverse(A)[q, k], q) / c
rA, AB = define("rA", i, j, r * A[i, j]), define("AB", i, k, Sum(A[i, j] * B[j, k], j))
diagonal, P = define("E", i, j, delta(i, j) * exp(x[i])), define("P", i, j, inverse(A)[i, j])
nll = let("L", 1 / 2 * log(det(Sigma)) + 1 / 2 * Sum(x[i] * inverse(Sigma)[i, j] * x[j], j, i))
sample = Sum(1 / 2 * Sum((X[n, i] - mu[i]) * inverse(Sigma)[i, j] * (X[n, j] - mu[j]), j, i), n)
spread = define("S", i, j, Sum((X[n, i] - mu[i]) * (X[n, j] - mu[j]), n))
distance = 1 / 2 * Sum((x[p] - mu[p]) * A[p, q] * (x[q] - mu[q]), q, p)
scatter = 1 / 2 * N * log(det(Sigma)) + sample

PD_A, PD_SIGMA, SYMMETRIC = positive_definite(A), positive_definite(Sigma), symmetric(Sigma)
RESULTS: dict[str, tuple[Expr, tuple[Given, ...]]] = {
    "log det of a Gram matrix": (Eq(D(log(det(G)), X[m, k]), 2 * Sum(inverse(G)[k, j] * X[m, j], j)), ()),
    "log det in the ridge": (Eq(D(log(det(G)), s), Sum(inverse(G)[i, i], i)), ()),
    "ridge regression": (argmin(squares, theta[i], ridge[i]), ()),
    "ridge curvature": (Eq(D(squares, theta[k], theta[l]), G[k, l]), ()),
    "weighted least squares": (argmin(weighted_squares, theta[i], weighted[i]), (positive_definite(H),)),
    "mode of a Gaussian": (
        argmax(-Sum((theta[i] - mu[i]) * A[i, j] * (theta[j] - mu[j]), j, i), theta[i], mu[i]),
        (PD_A, symmetric(A)),
    ),
    "mean of a Gaussian sample": (argmin(sample, mu[i], Sum(X[n, i], n) / N), (PD_SIGMA, SYMMETRIC)),
    "covariance of a Gaussian sample": (
        Eq(
            D(scatter, Sigma[k, l]),
            1 / 2 * (N * inverse(Sigma)[k, l] - Sum(inverse(Sigma)[k, i] * spread[i, j] * inverse(Sigma)[j, l], j, i)),
        ),
        (PD_SIGMA, SYMMETRIC),
    ),
    "Gaussian process, noise": (
        Eq(D(process, s), 1 / 2 * Sum(inverse(K)[n, n], n) - 1 / 2 * Sum(alpha[n] ** 2, n)),
        (positive_definite(F), symmetric(F, "n m")),
    ),
    "Gaussian process, scale": (
        Eq(
            D(process, r),
            1 / 2 * Sum(inverse(K)[n, m] * F[n, m], m, n) - 1 / 2 * Sum(alpha[n] * F[n, m] * alpha[m], m, n),
        ),
        (positive_definite(F), symmetric(F, "n m")),
    ),
    "Gaussian process, any kernel": (
        Eq(D(process, F[n, m]), r / 2 * (inverse(K)[n, m] - alpha[n] * alpha[m])),
        (positive_definite(F), symmetric(F, "n m")),
    ),
    "Sherman and Morrison": (
        Eq(inverse(R1)[i, k], rank_one),
        (given(Ne(det(A), 0)), given(Ne(det(R1), 0)), given(Ne(c, 0))),
    ),
    "inverse of a product": (
        Eq(inverse(AB)[i, k], Sum(inverse(B)[i, j] * inverse(A)[j, k], j)),
        (given(Ne(det(A), 0)), given(Ne(det(B), 0)), given(Ne(det(AB), 0))),
    ),
    "inverse of an inverse": (Eq(inverse(P)[i, k], A[i, k]), (PD_A,)),
    "log det of a multiple": (Eq(log(det(rA)), d * log(r) + log(det(A))), (PD_A,)),
    "log det of a product": (
        Eq(log(det(AB)), log(det(A)) + log(det(B))),
        (PD_A, positive_definite(B), given(det(AB) > 0)),
    ),
    "log det of an inverse": (Eq(log(det(P)), -log(det(A))), (PD_A,)),
    "log det of a diagonal matrix": (Eq(log(det(diagonal)), Sum(x[i], i)), ()),
    "independent components": (Eq(D(-log(det(A)), A[k, l]), -inverse(A)[l, k]), (given(det(A) > 0),)),
    "second derivative of log det": (
        Eq(D(log(det(A)), A[k, l], A[p, q]), -inverse(A)[l, p] * inverse(A)[q, k]),
        (given(det(A) > 0),),
    ),
    "curvature of a Gaussian": (Eq(D(nll, x[k], x[l]), inverse(Sigma)[k, l]), (PD_SIGMA, SYMMETRIC)),
    "natural gradient": (
        Eq(Sum(inverse(A)[i, k] * D(distance, mu[k]), k), mu[i] - x[i]),
        (PD_A, symmetric(A)),
    ),
    "trace of M^-1 M": (Eq(Sum(inverse(A)[i, j] * A[j, i], j, i), d), (given(Ne(det(A), 0)),)),
    "Mahalanobis distance": (Sum(x[i] * inverse(A)[i, j] * x[j], j, i) >= 0, (PD_A,)),
}  # fmt: skip


def derived(claim: Expr, givens: tuple[Given, ...]) -> Derivation:
    derivation = propose(Statement((claim,), givens))
    check(derivation, RULES)
    return derivation


@pytest.mark.parametrize("name", RESULTS)
def test_it_is_proved_and_no_number_speaks_against_it(name: str) -> None:
    report = audit(derived(*RESULTS[name]), points=8)
    assert report.refuted == ""
    assert report.points >= 3
    assert report.untested == ()


TRANSPOSED = Eq(D(log(det(A)), A[k, l]), inverse(A)[k, l])


@pytest.mark.parametrize(
    ("claim", "givens"),
    [
        (TRANSPOSED, (PD_A,)),  # a positive definite matrix need not be symmetric
        (Eq(D(log(det(A)), A[k, l]), 2 * inverse(A)[l, k]), (PD_A, symmetric(A))),  # one entry moves, not two
        (Eq(inverse(A)[k, l], inverse(A)[l, k]), (PD_A,)),
        (Eq(Sum(A[i, j] * inverse(A)[j, i], j, i), d + 1), (PD_A,)),
        (Sum(x[i] * A[i, j] * u[j], j, i) >= 0, (PD_A,)),
        (Eq(log(det(rA)), log(r) + log(det(A))), (PD_A,)),
    ],
)
def test_what_is_false_is_not_derived_and_is_refuted(claim: Expr, givens: tuple[Given, ...]) -> None:
    with pytest.raises((NotDecided, Refused)):
        derived(claim, givens)
    assert counterexample(claim, givens) is not None


def test_given_symmetry_the_transposed_claim_is_true() -> None:
    derived(TRANSPOSED, (PD_A, symmetric(A)))


def test_symmetry_is_of_no_use_where_the_matrix_moves() -> None:
    """The derivative of A_ij - A_ji in A_kl is not 0, although A_ij = A_ji is given: the derivative moves one entry."""
    derivation = derived(Eq(inverse(A)[k, l] - inverse(A)[l, k], 0), (PD_A, symmetric(A)))
    (theorem,) = derivation.theorems
    assert theorem.start is not None
    step = next(t for t in theorem.steps if t.rule == "inverse of a symmetric matrix")
    start = D(theorem.start, A[p, q])
    below = replace(step, at=(0, *step.at), result=D(theorem.steps[0].result, A[p, q]))
    moved = replace(theorem, start=start, steps=(below,), statement=Eq(start, below.result))
    with pytest.raises(Refused, match="is about A, which a derivative, limit or mean moves"):
        check(replace(derivation, theorems=(moved,)), RULES)


def test_an_inverse_depends_on_every_entry() -> None:
    with pytest.raises(NotDecided):
        derived(Eq(D(inverse(A)[i, j], A[k, l]), 0), (PD_A,))


def test_positive_semidefinite_is_not_enough_where_the_matrix_moves() -> None:
    """At a singular matrix the determinant is 0 and near it of either sign."""
    M = define("M", i, j, r * u[i] * u[j])
    assert derived(Sum(x[i] * M[i, j] * x[j], j, i) >= 0, ())
    with pytest.raises((NotDecided, Refused)):
        derived(Eq(D(log(det(M)), u[k]), Sum(inverse(M)[k, j] * u[j], j)), ())


@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_of_a_gaussian_process_is_the_numerical_one(seed: int) -> None:
    from gradproof.export import Exported, emit

    rng = np.random.default_rng(seed)
    a = rng.normal(size=(4, 4))
    values = {"F": a @ a.T + np.eye(4), "y": rng.normal(size=4), "r": 0.7, "s": 0.3}
    claim, _ = RESULTS["Gaussian process, scale"]
    source = emit((Exported("loss", process), Exported("grad", claim.args[1])), (F, y, r, s), "", "numpy").source
    scope: dict[str, object] = {}
    exec(source, scope)
    loss, grad = scope["loss"], scope["grad"]
    step = 1e-6
    up, down = (loss(**{**values, "r": 0.7 + t}) for t in (step, -step))  # type: ignore[operator]
    assert grad(**values) == pytest.approx((up - down) / (2 * step), rel=1e-6)  # type: ignore[operator]


def test_a_vector_times_an_inverse_is_solved_for() -> None:
    from gradproof.export import Exported, emit

    rng = np.random.default_rng(5)
    outputs = (Exported("fit", ridge[i], (i,)), Exported("both", Sum(inverse(A)[j, i] * u[j], j), (i,)))
    source = emit(outputs, (X, y, s, A, u), "", "numpy").source
    assert source.count("np.linalg.solve(") == 2
    scope: dict[str, Any] = {}
    exec(source, scope)
    a, b, c = rng.normal(size=(2, 6, 3)), rng.normal(size=(2, 6)), rng.normal(size=(3, 3))
    g = np.swapaxes(a, -1, -2) @ a + 0.5 * np.eye(3)
    wanted = np.linalg.inv(g) @ (np.swapaxes(a, -1, -2) @ b[..., None])
    np.testing.assert_allclose(scope["fit"](X=a, y=b, s=0.5), wanted[..., 0])
    np.testing.assert_allclose(scope["both"](A=c, u=a[0, 0]), np.linalg.inv(c).T @ a[0, 0])
