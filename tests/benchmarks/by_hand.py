"""The best NumPy one can write by hand for the losses of the benchmarks: value and gradient together.

Each takes the arguments of `loss_and_grad` of its entry, where the own axes are the only ones, or the rows stand before
them. Buffers are used again, float32 stays float32, an exponential is taken once, and a short row is laid out so that
NumPy's reductions run along the many rows. They trust their input: finite logits, weights and probabilities above 0;
and the loss of a class that is nearly sure is right to rounding of 1, not of itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

SHORT = 32  # classes


def _exponentials(z: Any, scale: Any = None) -> tuple[Any, Any]:
    """z - max z, scaled, and an empty array beside it."""
    if z.shape[-1] < SHORT:
        z = np.ascontiguousarray(z.T).T
    d = z - z.max(axis=-1, keepdims=True)
    if scale is not None:
        d *= scale
    return d, np.empty_like(d)


def cross_entropy(Z: Any, m: Any, T: Any) -> tuple[Any, Any]:
    """C21: the mean over the rows that count."""
    n = np.arange(len(T))
    d, _ = _exponentials(Z)
    true = d[n, T]
    np.exp(d, out=d)
    total = d.sum(axis=-1)
    weight = m / m.sum()
    loss = np.dot(weight, np.log(total) - true)
    d *= (weight / total)[:, None]
    d[n, T] -= weight
    return loss, np.ascontiguousarray(d)


def binary_cross_entropy(Z: Any, Y: Any) -> tuple[Any, Any]:
    """C23: the mean over all entries."""
    e = np.abs(Z)
    np.negative(e, out=e)
    np.exp(e, out=e)
    grad = np.greater_equal(Z, 0, out=np.empty_like(e))
    np.maximum(grad, e, out=grad)
    losses = np.log1p(e)
    e += 1
    grad /= e
    grad -= Y
    grad *= np.float32(1 / Z.size)
    losses += np.maximum(Z, 0, out=e)
    losses -= np.multiply(Z, Y, out=e)
    return losses.sum() / Z.size, grad


def reverse_kl(a: Any, p: Any) -> tuple[Any, Any]:
    """D02: KL(softmax(a) || p), row by row."""
    d, q = _exponentials(a)
    np.exp(d, out=q)
    total = q.sum(axis=-1, keepdims=True)
    q /= total
    d -= np.log(total)
    d -= np.log(p)
    loss = np.einsum("nk,nk->n", q, d)
    d -= loss[:, None]
    d *= q
    return loss, d


def distillation(z: Any, al: Any, T: Any, v: Any, t: Any) -> tuple[Any, Any]:
    """D26: hard labels and a teacher at temperature T, row by row."""
    n = np.arange(len(t))
    top = z.max(axis=-1, keepdims=True)
    d = z - top
    hard = np.exp(d)
    total = hard.sum(axis=-1)
    loss = al * (np.log(total) - d[n, t])
    d /= T
    soft = np.exp(d)
    soft_total = soft.sum(axis=-1, keepdims=True)
    g, teacher = _exponentials(v, 1 / T)
    np.exp(g, out=teacher)
    teacher_total = teacher.sum(axis=-1, keepdims=True)
    teacher /= teacher_total
    g -= d
    kl = np.einsum("nk,nk->n", teacher, g) + (np.log(soft_total) - np.log(teacher_total))[:, 0]
    loss += (1 - al) * T * T * kl
    soft /= soft_total
    soft -= teacher
    soft *= (1 - al) * T
    hard *= (al / total)[:, None]
    hard += soft
    hard[n, t] -= al
    return loss, hard


def info_nce(s: Any, tau: Any) -> tuple[Any, Any]:
    """E01: the positive is the first score, row by row."""
    d, _ = _exponentials(s, 1 / tau)
    loss = -d[:, 0]
    np.exp(d, out=d)
    total = d.sum(axis=-1)
    loss += np.log(total)
    d *= (1 / (tau * total))[:, None]
    d[:, 0] -= 1 / tau
    return loss, d


def preference(a: Any, beta: Any, b: Any) -> tuple[Any, dict[str, Any]]:
    """F03: DPO in the log-ratios of the chosen and the rejected answer, pair by pair."""
    x = b - a
    x *= beta
    e = np.abs(x)
    np.negative(e, out=e)
    np.exp(e, out=e)
    slope = np.greater_equal(x, 0, out=np.empty_like(e))
    np.maximum(slope, e, out=slope)
    loss = np.log1p(e)
    e += 1
    slope /= e
    slope *= beta
    loss += np.maximum(x, 0, out=x)
    return loss, {"a": np.negative(slope, out=e), "b": slope}


BY_HAND: dict[str, Callable[..., Any]] = {
    "C21": cross_entropy,
    "C23": binary_cross_entropy,
    "D02": reverse_kl,
    "D26": distillation,
    "E01": info_nce,
    "F03": preference,
}
