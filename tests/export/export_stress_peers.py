"""The functions of PyTorch and SciPy that people use for the cases of the stress tests.

Contract. `PEERS[library]` has, by entry and function, a function of the same arguments on NumPy arrays in double. Where
a library has no function of its own for it, its functions are put together as its users do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Key = tuple[str, str]
Function = Callable[..., Any]


def _classes(z: np.ndarray, t: Any) -> np.ndarray:
    return np.eye(len(z))[t]


def scipy_peers() -> dict[Key, Function]:
    from scipy import special as s

    def loss(z: Any, y: Any, tau: float = 1.0) -> Any:
        return -np.sum(y * s.log_softmax(z / tau))

    def grad(z: Any, y: Any, tau: float = 1.0) -> Any:
        return (s.softmax(z / tau) - y) / tau

    def log1mexp(x: Any) -> Any:
        return np.log(-s.expm1(x))

    return {
        ("A12", "loss"): loss,
        ("A12", "grad"): grad,
        ("A17", "loss"): loss,
        ("A17", "grad"): grad,
        ("A11", "fun"): s.softmax,
        ("B02", "loss"): lambda z, y: -np.sum(y * s.log_expit(z) + (1 - y) * s.log_expit(-z)),
        ("B02", "grad"): lambda z, y: s.expit(z) - y,
        ("D18", "loss"): lambda mu, s_: np.sum(mu**2 + s.expm1(s_) - s_) / 2,
        ("class", "loss"): lambda z, t: -s.log_softmax(z)[t],
        ("class", "grad"): lambda z, t: s.softmax(z) - _classes(z, t),
        ("tempered", "p"): lambda z, tau: s.softmax(z / tau),
        ("lse", "value"): s.logsumexp,
        ("logsigmoid", "value"): s.log_expit,
        ("softplus", "value"): lambda a: -s.log_expit(-a),
        ("log1mexp", "value"): log1mexp,
        ("log1mexp", "slope"): lambda x: np.exp(x) / s.expm1(x),
        ("k3", "value"): lambda a: s.expm1(a) - a,
        ("k3", "slope"): lambda a: -s.expm1(a),
        ("preference", "loss"): lambda a: -s.log_expit(a),
        ("preference", "grad"): lambda a: -s.expit(-a),
        ("focal", "loss"): lambda z, t: (1 - s.softmax(z)[t]) ** 2 * -s.log_softmax(z)[t],
        ("log-odds", "value"): lambda x: x - log1mexp(x),
    }


def torch_peers() -> dict[Key, Function]:
    import torch

    f = torch.nn.functional

    def value(function: Function) -> Function:
        return lambda *given: function(*(torch.from_numpy(np.asarray(a)) for a in given)).numpy()

    def gradient(function: Function) -> Function:
        def call(*given: Any) -> Any:
            first, *others = (torch.from_numpy(np.array(a)) for a in given)
            function(first.requires_grad_(), *others).backward()
            return first.grad.numpy()

        return call

    def classes(z: Any, t: Any) -> Any:
        return f.cross_entropy(z, t)

    def tempered(z: Any, y: Any, tau: Any) -> Any:
        return f.cross_entropy(z / tau, y)

    def binary(z: Any, y: Any) -> Any:
        return f.binary_cross_entropy_with_logits(z, y, reduction="sum")

    def log1mexp(x: Any) -> Any:
        return torch.log(-torch.expm1(x))

    return {
        ("A12", "loss"): value(f.cross_entropy),
        ("A12", "grad"): gradient(f.cross_entropy),
        ("A17", "loss"): value(tempered),
        ("A17", "grad"): gradient(tempered),
        ("A11", "fun"): value(lambda z: torch.softmax(z, -1)),
        ("B02", "loss"): value(binary),
        ("B02", "grad"): gradient(binary),
        ("D18", "loss"): value(lambda mu, s: -0.5 * torch.sum(1 + s - mu**2 - s.exp())),
        ("class", "loss"): value(classes),
        ("class", "grad"): gradient(classes),
        ("tempered", "p"): value(lambda z, tau: torch.softmax(z / tau, -1)),
        ("lse", "value"): value(lambda z: torch.logsumexp(z, -1)),
        ("logsigmoid", "value"): value(f.logsigmoid),
        ("softplus", "value"): value(f.softplus),
        ("log1mexp", "value"): value(log1mexp),
        ("log1mexp", "slope"): gradient(log1mexp),
        ("k3", "value"): value(lambda a: torch.expm1(a) - a),
        ("k3", "slope"): value(lambda a: -torch.expm1(a)),
        ("preference", "loss"): value(lambda a: -f.logsigmoid(a)),
        ("preference", "grad"): gradient(lambda a: -f.logsigmoid(a)),
        ("focal", "loss"): value(lambda z, t: (1 - torch.softmax(z, -1)[t]) ** 2 * f.cross_entropy(z, t)),
        ("log-odds", "value"): value(lambda x: x - log1mexp(x)),
    }


PEERS: Mapping[str, Callable[[], dict[Key, Function]]] = {"torch": torch_peers, "scipy": scipy_peers}
