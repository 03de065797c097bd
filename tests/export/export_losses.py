"""Losses to export: those of the catalogue's first family, and others made up to be awkward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gradproof.expression import Array, Expr, Index, Symbol
from gradproof.notation import (
    NONNEGATIVE,
    POSITIVE,
    UNIT,
    Product,
    Sum,
    define,
    delta,
    distribution,
    entropy,
    exp,
    index,
    indices,
    kl,
    log,
    matrix,
    scalar,
    scalars,
    sigmoid,
    size,
    softmax,
    vector,
)

K, M, N, D = (size(a) for a in "KMND")
i, j, k, t = indices("i j k t", K)
m, l = indices("m l", M)  # noqa: E741
n, d = index("n", N), index("d", D)
z, v, prior = vector("z", K), vector("v", K), distribution("y", K)
Z, u, w, A = matrix("Z", M, K), vector("u", M), vector("w", M, POSITIVE), matrix("A", M, M)
mask, tk = vector("mask", K, NONNEGATIVE), vector("tk", K, POSITIVE)
W, X, Y = matrix("W", D, K), matrix("X", N, D), distribution("Y", N, K)
tau, q, gamma, theta = scalar("tau", POSITIVE), scalar("q", POSITIVE), scalar("gamma", POSITIVE), scalar("theta", UNIT)
a, b = scalars("a b")
heads, tails = scalars("h n", NONNEGATIVE)
ARGUMENTS: tuple[Symbol | Array | Index, ...] = (
    z, v, prior, Z, u, w, A, mask, tk, W, X, Y, tau, q, gamma, theta, a, b, heads, tails, t, i, j, k, m,
)  # fmt: skip

p, pu, ps, pt = softmax(z), softmax(u, name="pu"), softmax(Z), softmax(z, tau=tau)
per_class = define("p", i, exp(z[i] / tk[i]) / Sum(exp(z[j] / tk[j]), j))
weighted = define("p", m, w[m] * exp(u[m]) / Sum(w[l] * exp(u[l]), l))
masked = define("p", i, mask[i] * exp(z[i]) / Sum(mask[j] * exp(z[j]), j))
joint = define("p", m, i, exp(Z[m, i]) / Sum(Sum(exp(Z[l, j]), j), l))
middle = define("m", i, (p[i] + prior[i]) / 2)
dense = define("P", n, k, exp(Sum(X[n, d] * W[d, k], d)) / Sum(exp(Sum(X[n, d] * W[d, j], d)), j))
total = Sum(exp(z[j]), j)


@dataclass(frozen=True)
class Case:
    """A term, its output axes, and how far cancellation that no rewriting can avoid may spoil it."""

    term: Expr
    outputs: tuple[Index, ...] = ()
    floor: float = 0.0  # differences are relative to at least this times the largest entry
    largest: float = 3000.0  # the size of logits up to which the result is meant to be accurate

    @property
    def arguments(self) -> tuple[Symbol | Array | Index, ...]:
        return tuple(x for x in ARGUMENTS if x not in self.outputs)


CASES: dict[str, Case] = {
    "softmax": Case(p[k], (k,)),
    "log-softmax": Case(log(p[k]), (k,)),
    "cross-entropy": Case(-Sum(prior[i] * log(p[i]), i)),
    "cross-entropy gradient": Case(p[k] - prior[k], (k,), floor=1),
    "one-hot target": Case(-Sum(delta(i, t) * log(p[i]), i)),
    "class t": Case(-log(p[t])),
    "class 1": Case(-log(p[1])),
    "log-odds": Case(log(p[i] / p[j])),
    "odds": Case(p[i] / p[t], (i,), largest=100),
    "softmax Jacobian": Case(p[i] * (delta(i, k) - p[k]), (i, k), floor=1),
    "softmax Jacobian by columns": Case(p[i] * (delta(i, k) - p[k]), (k, i), floor=1),
    "quotient rule": Case((delta(i, k) * exp(z[i]) * total - exp(z[i]) * exp(z[k])) / total**2, (i, k), floor=1),
    "log-softmax Jacobian": Case(delta(i, k) - p[k], (i, k), floor=1),
    "mean over a batch": Case(-1 / N * Sum(Sum(Y[n, i] * log(dense[n, i]), i), n)),
    "weight gradient": Case(1 / N * Sum(X[n, d] * (dense[n, k] - Y[n, k]), n), (d, k), floor=1),
    "temperature": Case(-Sum(prior[i] * log(pt[i]), i)),
    "temperature gradient": Case((pt[k] - prior[k]) / tau, (k,), floor=1),
    "gradient in the temperature": Case(Sum((prior[i] - pt[i]) * z[i], i) / tau**2, floor=1),
    "temperature for each class": Case(-Sum(prior[i] * log(per_class[i]), i)),
    "entropy": Case(entropy(p, i)),
    "entropy at a temperature": Case(entropy(pt, i)),
    "KL to logits": Case(Sum(prior[i] * log(prior[i] / p[i]), i), floor=1),
    "reverse KL": Case(kl(p, prior, i), floor=1),
    "Jensen-Shannon": Case(kl(p, middle, i) / 2, floor=1),
    "product of two softmaxes": Case(p[i] * pu[m], (i, m)),
    "log of it": Case(log(p[i] * pu[m]), (m, i)),
    "mixture of softmaxes": Case(log(Sum(w[m] * ps[m, i], m)), (i,), floor=1),
    "gated mixture": Case(-log(Sum(pu[m] * ps[m, t], m)), floor=1),
    "power of a softmax": Case(log(p[i] ** q / Sum(p[j] ** q, j)), (i,), floor=1),
    "weighted softmax": Case(weighted[m], (m,)),
    "log of a weighted softmax": Case(log(weighted[m]), (m,), floor=1),
    "masked softmax": Case(masked[i], (i,)),
    "softmax over two indices": Case(joint[m, i], (m, i)),
    "log-softmax over two indices": Case(log(joint[m, i]), (m, i)),
    "log-sum-exp over two indices": Case(log(Sum(Sum(exp(Z[m, i]), i), m)), floor=1),
    "focal loss": Case(-((1 - p[t]) ** gamma) * log(p[t])),
    "poly loss": Case(-log(p[t]) + q * (1 - p[t])),
    "log(1 - p)": Case(log(1 - p[t]), largest=30),
    "attention": Case(Sum(ps[m, k] * v[k], k), (m,), floor=1),
    "attention gradient": Case(Sum(ps[m, i] * v[i] * (delta(i, k) - ps[m, k]), i), (m, k), floor=1),
    "Hessian form": Case(Sum(prior[i] * p[k] * (delta(i, k) - p[i]), i), (k,), floor=1),
    "chain rule not simplified": Case(
        Sum(prior[i] / p[i] * (p[i] * (delta(i, k) - p[k])), i), (k,), floor=1, largest=3
    ),
    "confidence penalty": Case(p[k] * (log(p[k]) + entropy(p, i)), (k,), floor=1),
    "smoothed logarithm": Case(-Sum(prior[i] * log(p[i] + q), i)),
    "mean class": Case(Sum(j * p[j], j)),
    "variance": Case(Sum(p[i] * z[i] ** 2, i) - Sum(p[i] * z[i], i) ** 2, floor=1, largest=3),
    "entropy deficit": Case(log(K) - entropy(p, i), floor=1),
    "uniform": Case(1 / K, (k,)),
    "nothing": Case(p[k] * 0),
    "bilinear form": Case(Sum(Sum(u[m] * A[m, l] * u[l], l), m), floor=1),
    "trace": Case(Sum(A[m, m], m), floor=1),
    "product": Case(Product(w[m] ** u[m], m), largest=30),
    "coin likelihood": Case(theta**heads * (1 - theta) ** tails),
    "coin": Case(-heads * log(theta) - tails * log(1 - theta)),
    "coin score": Case(-heads / theta + tails / (1 - theta), floor=1),
    "logistic loss": Case(-q * log(sigmoid(a)) - (1 - q) * log(1 - sigmoid(a))),
    "logistic from exponentials": Case(1 / (1 + exp(-a))),
    "logistic derivative": Case(exp(-a) / (1 + exp(-a)) ** 2),
    "log of two exponentials": Case(log(exp(a) + exp(b))),
    "exponentials of numbers": Case(z[k] * log(exp(z[k]) + exp(2)) - 3 * log(exp(z[k]) + exp(K)), (k,), floor=1),
    "share of two exponentials": Case(exp(a) / (exp(a) + exp(b))),
    "log of three": Case(log(1 + exp(a) + exp(b))),
    "contrastive": Case(-log(exp(a) / (exp(a) + total))),
    "weighted contrastive": Case(-log(q * exp(a) / (q * exp(a) + total)), floor=1),
    "k3": Case(exp(a) - a - 1, largest=100),
}


def inputs(rng: np.random.Generator, classes: int, rows: int, scale: float) -> dict[str, Any]:
    """Random values by name; `scale` is the size of logits."""
    return {
        "z": rng.normal(size=classes) * scale,
        "y": rng.dirichlet(np.ones(classes)),
        "Z": rng.normal(size=(rows, classes)) * scale,
        "w": rng.uniform(0.1, 2, rows),
        "u": rng.normal(size=rows) * scale,
        "v": rng.normal(size=classes),
        "A": rng.normal(size=(rows, rows)),
        "mask": np.r_[1.0, rng.integers(0, 2, classes - 1)],
        "tk": rng.uniform(0.5, 2, classes),
        "W": rng.normal(size=(2, classes)) * scale,
        "X": rng.normal(size=(rows, 2)),
        "Y": rng.dirichlet(np.ones(classes), size=rows),
        "tau": float(rng.uniform(0.5, 2)),
        "q": float(rng.uniform(0.1, 0.9)),
        "gamma": 2.5,
        "theta": float(rng.uniform(0.1, 0.9)),
        "a": float(rng.normal() * scale),
        "b": float(rng.normal() * scale),
        "h": 3.0,
        "n": 2.0,
        "t": int(rng.integers(classes)),
        "i": 0,
        "j": classes - 1,
        "k": 0,
        "m": rows - 1,
    }


def sizes(values: dict[str, Any]) -> dict[str, int]:
    """The sizes that the values have."""
    rows, classes = values["Z"].shape
    return {"K": classes, "M": rows, "N": len(values["X"]), "D": values["X"].shape[1]}
