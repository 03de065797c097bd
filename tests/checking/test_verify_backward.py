"""Hand-written backward passes: right ones agree; planted errors are found at the smallest point, and named."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradproof
from gradproof import BackwardCheck, BadInput, verify_backward
from gradproof.notation import D, Eq, Sum, exp, indices, log, size, vector
from gradproof.statement import Statement


def softmax(z: Any, axis: int = -1) -> Any:
    e = np.exp(z - z.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def hot(t: Any, size: int) -> Any:
    return np.eye(size)[t]


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def epsilon(z: Any, y: Any) -> Any:
    p = softmax(z)
    g = y / (p + 1e-4)
    return p * (g @ p) - g * p


RIGHT: list[tuple[str, Any, dict[str, Any]]] = [
    ("A12", lambda z, y: softmax(z) - y, {}),
    ("A12", lambda z, y, upstream: upstream * (softmax(z) - y), {}),
    ("A13", lambda z, y: softmax(z) * y.sum() - y, {}),
    ("A15", lambda Z, Y: (softmax(Z) - Y) / len(Z), {}),
    ("A16", lambda W, Y, X: X.T @ (softmax(X @ W) - Y) / len(X), {}),
    ("A17", lambda z, y, tau: (softmax(z / tau) - y) / tau, {}),
    ("C13", lambda z, alpha, t: softmax(z) - (1 - alpha) * hot(t, len(z)) - alpha / len(z), {}),
    ("A11", lambda z, dy: softmax(z) * (dy - dy @ softmax(z)), {}),
    ("A11", lambda z: np.diag(softmax(z)) - np.outer(softmax(z), softmax(z)), {}),
    ("H12", lambda X, W, g, T: (g[:, None] * (softmax(X @ W.T) - hot(T, len(W)))).T @ X, {"wrt": "W"}),
    ("H12", lambda X, W, g, T: {"X": g[:, None] * (softmax(X @ W.T) - hot(T, len(W))) @ W}, {"wrt": ("X",)}),
    ("F03", lambda a, b, beta: (-beta * sigmoid(-beta * (a - b)), beta * sigmoid(-beta * (a - b))), {}),
]


@pytest.mark.parametrize(("entry", "function", "options"), RIGHT)
def test_right_ones_agree(entry: str, function: Callable[..., Any], options: dict[str, Any]) -> None:
    found = verify_backward(function, entry, **options)
    assert found, str(found)
    assert found.points >= 8
    assert found.worst < 1e-9
    assert "agrees with" in str(found)


WRONG: list[tuple[str, Any, dict[str, Any], str]] = [
    ("A12", lambda z, y: y - softmax(z), {}, "the sign is wrong"),
    ("A12", lambda z, y, upstream: softmax(z) - y, {}, "upstream gradient is not applied"),
    ("A12", lambda z, y: -y / softmax(z), {}, "gradient in the probabilities p, not in z"),
    ("A12", epsilon, {}, "epsilon inside the logarithm: log(p + 0.0001)"),
    ("A12", lambda z, y: softmax(z), {}, "y is left out"),
    ("A13", lambda z, y: softmax(z) - y, {}, "the sum of y"),
    ("A15", lambda Z, Y: softmax(Z) - Y, {}, "a factor 1/N is missing"),
    ("A15", lambda Z, Y: (softmax(Z) - Y) / Z.size, {}, "a factor 1/K too much"),
    ("A15", lambda Z, Y: (softmax(Z, 0) - Y) / len(Z), {}, "softmax is over the wrong axis"),
    ("A16", lambda W, Y, X: (X.T @ (softmax(X @ W) - Y) / len(X)).T, {}, "transposed"),
    ("A16", lambda W, Y, X: X.T @ (softmax(X @ W) - Y), {}, "a factor 1/N is missing"),
    ("A17", lambda z, y, tau: softmax(z / tau) - y, {}, "a factor 1/tau is missing"),
    ("A17", lambda z, y, tau: tau * (softmax(z / tau) - y), {}, "a factor 1/tau^2 is missing"),
    ("A17", lambda z, y, tau: (softmax(z) - y) / tau, {}, "the temperature is missing inside the softmax"),
    ("C13", lambda z, alpha, t: softmax(z) - (1 - alpha) * hot(t - 1, len(z)) - alpha / len(z), {}, "label t is off"),
    ("C13", lambda z, alpha, t: softmax(z) - hot(t, len(z)), {}, "alpha is left out"),
    ("H12", lambda X, W, g, T: g.mean() * (softmax(X @ W.T) - hot(T, len(W))).T @ X, {"wrt": "W"}, "as its mean"),
    ("H12", lambda X, W, g, T: g.sum() * (softmax(X @ W.T) - hot(T, len(W))).T @ X, {"wrt": "W"}, "as its sum"),
    ("H12", lambda X, W, g, T: (softmax(X @ W.T) - hot(T, len(W))) @ W, {"wrt": "X"}, "g is not applied"),
    ("H12", lambda X, W, g, T: (g[:, None] * (softmax(X @ W.T) - hot((T + 1) % len(W), len(W)))).T @ X, {"wrt": "W"},
     "label T is off by one"),
    ("F03", lambda a, b, beta: (-sigmoid(-beta * (a - b)), sigmoid(-beta * (a - b))), {}, "a factor beta is missing"),
    ("A11", lambda z, upstream: softmax(z) * upstream, {}, "a term is missing"),
    ("A11", lambda z: np.outer(softmax(z), softmax(z)) - np.diag(softmax(z)), {}, "the sign is wrong"),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "function", "options", "words"), WRONG)
def test_planted_errors_are_named(
    entry: str, function: Callable[..., Any], options: dict[str, Any], words: str
) -> None:
    found = verify_backward(function, entry, **options)
    assert not found
    assert words in found.slip, str(found)
    assert found.slip in str(found)
    assert all(n <= 3 for n in found.sizes.values()), found.sizes


def test_the_smallest_point_and_the_component() -> None:
    def wrong_from_three(z: Any, y: Any) -> Any:
        g = softmax(z) - y
        g[2:] += 1.0
        return g

    found = verify_backward(wrong_from_three, "A12")
    assert (found.sizes, found.variable, found.component) == ({"K": 3}, "z", (2,))
    assert found.expected is not None
    assert found.found == pytest.approx(found.expected + 1)
    assert found.slip == ""
    assert "gradient in z[2]: expected" in str(found)
    assert verify_backward(wrong_from_three, "A12", sizes=[1, 2])
    assert verify_backward(wrong_from_three, "A12", sizes={"K": 4}).sizes == {"K": 4}


def test_what_goes_wrong_inside_is_reported_with_the_inputs() -> None:
    def at(function: Callable[..., Any]) -> BackwardCheck:
        found = verify_backward(function, "A12")
        assert not found
        assert found.inputs["z"].shape == (found.sizes["K"],)
        return found

    assert "ZeroDivisionError: division by zero" in at(lambda z, y: 1 / 0).reason
    assert "expected shape (1,), found ()" in at(lambda z, y: 0.0).reason
    assert "None as the gradient in z" in at(lambda z, y: None).reason
    assert "not an array of numbers" in at(lambda z, y: ["a"]).reason
    assert "dict without z" in at(lambda z, y: {"y": y}).reason
    assert np.isnan(at(lambda z, y: z * np.nan).found)
    assert np.isinf(at(lambda z, y: z * 0 + np.inf).found)


def test_a_function_that_writes_into_its_arguments_changes_nothing_for_others() -> None:
    def in_place(z: Any, y: Any) -> Any:
        z -= z.max()
        np.exp(z, out=z)
        z /= z.sum()
        z -= y
        return z

    assert verify_backward(in_place, "A12")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: verify_backward(lambda q: q, "A12"), "no argument q"),
        (lambda: verify_backward(lambda z: z, "A12", wrt="y"), "no gradient in y was proved"),
        (lambda: verify_backward(3, "A12"), "not callable"),  # type: ignore[arg-type]
        (lambda: verify_backward(lambda z: z, 12), "not an entry"),  # type: ignore[arg-type]
        (lambda: verify_backward(lambda z: z, "Q99"), "no entry"),
        (lambda: verify_backward(lambda z: z, "A09"), "states no gradient"),
        (lambda: verify_backward(lambda z: z, "A12", sizes={"N": 2}), "sizes are whole numbers"),
        (lambda: verify_backward(lambda z: z, "A12", sizes=[0]), "sizes are whole numbers"),
        (lambda: verify_backward(lambda z: z, "A12", library="tf"), "no such library"),
    ],
)
def test_bad_arguments(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        call()


def test_statements_and_proofs() -> None:
    K = size("K")
    j, k = indices("j k", K)
    z = vector("z", K)
    loss = log(Sum(exp(z[j]), j))
    statement = Statement((Eq(D(loss, z[k]), exp(z[k]) / Sum(exp(z[j]), j)),), title="Log-sum-exp")
    assert verify_backward(lambda z: softmax(z), statement)
    found = verify_backward(lambda z: -softmax(z), gradproof.prove(statement))
    assert found.slip == "the sign is wrong"
    assert found.sizes == {"K": 1}


NEEDS_TORCH = [
    pytest.mark.torch,
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch IS NOT INSTALLED"),
]


@pytest.mark.parametrize("name", [pytest.param("torch", marks=NEEDS_TORCH)])
def test_torch(name: str) -> None:
    torch: Any = pytest.importorskip(name)

    def cut(X: Any, W: Any, g: Any, T: Any) -> Any:
        p = torch.softmax(X @ W.T, -1)
        p[torch.arange(len(T)), T] -= 1
        return ((g[:, None] * p) @ W, (g[:, None] * p).T @ X)

    def outside(X: Any, W: Any, g: Any, T: Any) -> Any:
        p = torch.softmax(X @ W.T, -1)
        p[torch.arange(len(T)), T] -= 1
        return g.mean() * p.T @ X

    def wrong_axis(Z: Any, Y: Any) -> Any:
        return (torch.softmax(Z, 0) - Y) / len(Z)

    def single(z: Any, y: Any) -> Any:
        return torch.softmax(z.float(), -1) - y.float()

    assert verify_backward(cut, "H12", wrt=("X", "W"))
    assert "as its mean" in verify_backward(outside, "H12", wrt="W").slip
    assert "wrong axis" in verify_backward(wrong_axis, "A15").slip
    assert verify_backward(single, "A12")  # float32: rounding is no difference
    assert verify_backward(lambda z, y: -single(z, y), "A12", library="torch").slip == "the sign is wrong"

    class Loss(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, z: Any, y: Any, tau: Any) -> Any:
            ctx.save_for_backward(z, y, tau)
            return -(y * torch.log_softmax(z / tau, -1)).sum()

        @staticmethod
        def backward(ctx: Any, upstream: Any) -> Any:
            z, y, tau = ctx.saved_tensors
            return upstream * (torch.softmax(z / tau, -1) - y) / tau, None, None

    class Untempered(torch.autograd.Function):
        forward = Loss.forward

        @staticmethod
        def backward(ctx: Any, upstream: Any) -> Any:
            z, y, tau = ctx.saved_tensors
            return upstream * (torch.softmax(z / tau, -1) - y), None, None

    assert verify_backward(Loss, "A17")
    assert "a factor 1/tau is missing" in verify_backward(Untempered, "A17").slip


def naive(z: Any, y: Any) -> Any:
    e = np.exp(z)
    return e / e.sum() - y


def test_what_overflows_is_found_at_large_arguments() -> None:
    found = verify_backward(naive, "A12")
    assert not found
    assert max(abs(found.inputs["z"])) > 700
    assert not found.slip


def test_nothing_explains_a_function_that_is_right_where_it_answers() -> None:
    def small(z: Any, y: Any) -> Any:
        if len(z) > 3:
            raise RuntimeError("too many classes")
        return softmax(z) - y

    found = verify_backward(small, "A12")
    assert found.sizes == {"K": 4}
    assert "too many classes" in found.reason
    assert not found.slip


def test_a_function_that_does_not_repeat_itself_is_told_from_a_wrong_one() -> None:
    rng = np.random.default_rng(0)
    found = verify_backward(lambda z, y: softmax(z) - y + rng.normal(size=z.shape), "A12")
    assert not found
    assert "another value when it is called again" in str(found)


def test_a_function_that_writes_into_its_arguments_is_named() -> None:
    def inside(z: Any, y: Any) -> Any:
        z[:] = softmax(z)
        z -= y
        return z

    found = verify_backward(inside, "A12")
    assert found
    assert "writes into its argument z" in str(found)


def test_arguments_by_keyword_alone_and_by_place_alone() -> None:
    assert verify_backward(lambda **given: softmax(given["z"]) - given["y"], "A12")
    with pytest.raises(BadInput, match="does not name its arguments"):
        verify_backward(lambda *given: softmax(given[0]) - given[1], "A12")


def test_the_sign_inside_a_sigmoid() -> None:
    def swapped(a: Any, b: Any, beta: Any) -> Any:
        g = beta * sigmoid(beta * (a - b))
        return -g, g

    assert verify_backward(swapped, "F03").slip == "the sign inside the sigmoid is wrong"
