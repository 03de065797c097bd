"""The functions of PyTorch, SciPy and JAX that people use for what the accuracy tables measure, on the same inputs.

Contract. `PEERS` has for each library, and each case it has a function for, the value and the gradient on NumPy arrays,
row by row. A library's own function is taken where it has one; else its functions are put together as its users do.

Blind spot. SciPy differentiates nothing: its gradients are the formulas, by its functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

Value = Callable[..., Any]
Peer = tuple[Value, Value]  # value and gradient, each of the arguments by name; a gradient gives one array each


def torch_values() -> dict[str, tuple[Value, tuple[str, ...]]]:
    """Values row by row, and the arguments in which they are differentiated."""
    import torch
    import torch.nn.functional as f

    def kl(log_p: Any, log_q: Any) -> Any:
        """KL(p || q) of rows."""
        return f.kl_div(log_q, log_p, log_target=True, reduction="none").sum(-1)

    def distil(z: Any, al: Any, T: Any, v: Any, t: Any) -> Any:
        soft = kl(f.log_softmax(v / T[:, None], -1), f.log_softmax(z / T[:, None], -1))
        return al * f.cross_entropy(z, t, reduction="none") + (1 - al) * T * T * soft

    def focal(x: Any, at: Any, y: Any, gamma: Any) -> Any:
        """As torchvision's sigmoid_focal_loss, for positives."""
        p = torch.sigmoid(x)
        return at * f.binary_cross_entropy_with_logits(x, y, reduction="none") * (1 - p) ** gamma

    def entropy(a: Any, b: Any) -> Any:
        del b
        return torch.distributions.Categorical(logits=a).entropy()

    def mean(Z: Any, m: Any, T: Any) -> Any:
        return (m * f.cross_entropy(Z.movedim(-1, 1), T, reduction="none")).sum(-1) / m.sum(-1)

    def smoothed(z: Any, alpha: Any, t: Any) -> Any:
        return f.cross_entropy(z, t, reduction="none", label_smoothing=float(alpha[0]))

    return {
        "softmax": (lambda z: torch.softmax(z, -1), ()),
        "log-softmax": (lambda z: torch.log_softmax(z, -1), ()),
        "log-sum-exp": (lambda z: torch.logsumexp(z, -1), ()),
        "cross-entropy": (lambda z, y: f.cross_entropy(z, y, reduction="none"), ("z",)),
        "mean cross-entropy": (mean, ("Z",)),
        "label smoothing": (smoothed, ("z",)),
        "temperature": (lambda z, y, tau: f.cross_entropy(z / tau[:, None], y, reduction="none"), ("z",)),
        "softplus": (lambda x: f.softplus(x).sum(-1), ("x",)),
        "sigmoid": (lambda x: torch.sigmoid(x).sum(-1), ("x",)),
        "log-sigmoid": (lambda a: f.logsigmoid(a), ()),
        "log(e^a + e^b)": (torch.logaddexp, ("a", "b")),
        "binary cross-entropy": (
            lambda z, y: f.binary_cross_entropy_with_logits(z, y, reduction="none").sum(-1),
            ("z",),
        ),
        "forward KL": (lambda a, p: kl(p.log(), f.log_softmax(a, -1)), ("a",)),
        "reverse KL": (lambda a, p: kl(f.log_softmax(a, -1), p.log()), ("a",)),
        "entropy": (entropy, ()),
        "KL in logits": (lambda a, b: kl(f.log_softmax(a, -1), f.log_softmax(b, -1)), ()),
        "distillation": (distil, ("z",)),
        "InfoNCE": (
            lambda s, tau: f.cross_entropy(s / tau[:, None], s.new_zeros(len(s), dtype=torch.int64), reduction="none"),
            ("s",),
        ),
        "DPO": (lambda a, beta, b: -f.logsigmoid(beta * (a - b)), ("a", "b")),
        "Gaussian KL": (lambda mu, s: -0.5 * (1 + s - mu**2 - s.exp()).sum(-1), ("mu", "s")),
        "focal loss": (focal, ("x",)),
        "k3": (lambda a: torch.expm1(a) - a, ()),
    }


def jax_values() -> dict[str, tuple[Value, tuple[str, ...]]]:
    """The same."""
    import jax
    import jax.numpy as jnp

    logp = partial(jax.nn.log_softmax, axis=-1)

    def kl(log_p: Any, log_q: Any) -> Any:
        return jnp.sum(jnp.exp(log_p) * (log_p - log_q), -1)

    def taken(z: Any, t: Any) -> Any:
        return -jnp.take_along_axis(logp(z), t[..., None], -1)[..., 0]

    def distil(z: Any, al: Any, T: Any, v: Any, t: Any) -> Any:
        return al * taken(z, t) + (1 - al) * T * T * kl(logp(v / T[:, None]), logp(z / T[:, None]))

    def mean(Z: Any, m: Any, T: Any) -> Any:
        return (m * taken(Z, T)).sum(-1) / m.sum(-1)

    def smoothed(z: Any, alpha: Any, t: Any) -> Any:
        return (1 - alpha) * taken(z, t) - alpha * logp(z).mean(-1)

    def entropy(a: Any, b: Any) -> Any:
        del b
        return -jnp.sum(jax.nn.softmax(a, -1) * logp(a), -1)

    return {
        "softmax": (lambda z: jax.nn.softmax(z, -1), ()),
        "log-softmax": (logp, ()),
        "log-sum-exp": (lambda z: jax.nn.logsumexp(z, -1), ()),
        "cross-entropy": (lambda z, y: -jnp.sum(y * logp(z), -1), ("z",)),
        "mean cross-entropy": (mean, ("Z",)),
        "label smoothing": (smoothed, ("z",)),
        "temperature": (lambda z, y, tau: -jnp.sum(y * logp(z / tau[:, None]), -1), ("z",)),
        "softplus": (lambda x: jax.nn.softplus(x).sum(-1), ("x",)),
        "sigmoid": (lambda x: jax.nn.sigmoid(x).sum(-1), ("x",)),
        "log-sigmoid": (jax.nn.log_sigmoid, ()),
        "log(e^a + e^b)": (jnp.logaddexp, ("a", "b")),
        "binary cross-entropy": (lambda z, y: (jax.nn.softplus(z) - z * y).sum(-1), ("z",)),
        "forward KL": (lambda a, p: kl(jnp.log(p), logp(a)), ("a",)),
        "reverse KL": (lambda a, p: kl(logp(a), jnp.log(p)), ("a",)),
        "entropy": (entropy, ()),
        "KL in logits": (lambda a, b: kl(logp(a), logp(b)), ()),
        "distillation": (distil, ("z",)),
        "InfoNCE": (lambda s, tau: -logp(s / tau[:, None])[:, 0], ("s",)),
        "DPO": (lambda a, beta, b: -jax.nn.log_sigmoid(beta * (a - b)), ("a", "b")),
        "Gaussian KL": (lambda mu, s: -0.5 * (1 + s - mu**2 - jnp.exp(s)).sum(-1), ("mu", "s")),
        "focal loss": (
            lambda x, at, y, gamma: -at * y * (1 - jax.nn.sigmoid(x)) ** gamma * jax.nn.log_sigmoid(x),
            ("x",),
        ),
        "k3": (lambda a: jnp.expm1(a) - a, ()),
    }


def scipy_functions() -> dict[str, tuple[Value, Value | None]]:
    """Values, and gradients by their formulas where SciPy has the functions for them."""
    from scipy import special as s

    def over(z: Any, tau: Any) -> Any:
        return z / tau[:, None]

    def slope(z: Any, y: Any) -> Any:
        return s.softmax(z, -1) - y

    return {
        "softmax": (lambda z: s.softmax(z, -1), None),
        "log-softmax": (lambda z: s.log_softmax(z, -1), None),
        "log-sum-exp": (lambda z: s.logsumexp(z, -1), None),
        "cross-entropy": (lambda z, y: -np.sum(y * s.log_softmax(z, -1), -1), slope),
        "temperature": (
            lambda z, y, tau: -np.sum(y * s.log_softmax(over(z, tau), -1), -1),
            lambda z, y, tau: over(slope(over(z, tau), y), tau),
        ),
        "softplus": (lambda x: -s.log_expit(-x).sum(-1), lambda x: s.expit(x)),
        "sigmoid": (lambda x: s.expit(x).sum(-1), lambda x: s.expit(x) * s.expit(-x)),
        "log-sigmoid": (s.log_expit, None),
        "binary cross-entropy": (
            lambda z, y: -(y * s.log_expit(z) + (1 - y) * s.log_expit(-z)).sum(-1),
            lambda z, y: s.expit(z) - y,
        ),
        "forward KL": (lambda a, p: np.sum(s.rel_entr(p, s.softmax(a, -1)), -1), lambda a, p: s.softmax(a, -1) - p),
        "reverse KL": (lambda a, p: np.sum(s.rel_entr(s.softmax(a, -1), p), -1), None),
        "entropy": (lambda a, b: np.sum(s.entr(s.softmax(a, -1)), -1), None),
        "KL in logits": (lambda a, b: np.sum(s.rel_entr(s.softmax(a, -1), s.softmax(b, -1)), -1), None),
        "DPO": (lambda a, beta, b: -s.log_expit(beta * (a - b)), None),
        "k3": (lambda a: s.expm1(a) - a, None),
    }


def _by_position(f: Value) -> Value:
    return lambda **given: f(*given.values())


def _torch_peer(value: Value, wrt: tuple[str, ...]) -> Peer:
    import torch

    def call(gradient: bool, given: Mapping[str, Any]) -> Any:
        tensors = {name: torch.from_numpy(np.array(v)) for name, v in given.items()}
        if not gradient:
            return value(*tensors.values()).numpy()
        for name in wrt:
            tensors[name].requires_grad_()
        found = torch.autograd.grad(value(*tensors.values()).sum(), [tensors[name] for name in wrt])
        return {name: g.numpy() for name, g in zip(wrt, found, strict=True)}

    return (lambda **given: call(False, given)), (lambda **given: call(True, given))


def _jax_peer(value: Value, wrt: tuple[str, ...]) -> Peer:
    import jax
    import jax.numpy as jnp

    def gradient(**given: Any) -> dict[str, Any]:
        arrays = {name: jnp.asarray(v) for name, v in given.items()}

        def total(moved: dict[str, Any]) -> Any:
            return value(*{**arrays, **moved}.values()).sum()

        return {n: np.asarray(g) for n, g in jax.grad(total)({n: arrays[n] for n in wrt}).items()}

    return (lambda **given: np.asarray(value(*(jnp.asarray(v) for v in given.values())))), gradient


def peers(library: str) -> dict[str, tuple[Value, Value | None]]:
    """The value and the gradient of each case that the library has a function for."""
    if library == "scipy":
        return {case: (_by_position(f), g and _by_position(g)) for case, (f, g) in scipy_functions().items()}
    values, made = {"torch": (torch_values, _torch_peer), "jax": (jax_values, _jax_peer)}[library]
    return {case: made(value, wrt) if wrt else (made(value, wrt)[0], None) for case, (value, wrt) in values().items()}
