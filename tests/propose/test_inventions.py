"""Losses from no catalogue: derived without a claim, checked, audited, and compared with a gradient by differences.

The comparison knows nothing of gradproof: the loss is written a second time as plain NumPy and differentiated by
central differences; only the value of the derived term comes from the audit's evaluator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from gradproof import expression as x
from gradproof.audit import audit
from gradproof.audit.arithmetic import from_float, to_float
from gradproof.audit.evaluation import Evaluator, Point
from gradproof.derivation import Derivation, Given
from gradproof.expression import Array, Definition, Expr, Index, Number, Symbol
from gradproof.kernel import check
from gradproof.normal import Normal
from gradproof.notation import (
    POSITIVE,
    UNIT,
    D,
    Product,
    Sum,
    array,
    define,
    distribution,
    exp,
    index,
    indices,
    let,
    log,
    matrix,
    scalar,
    sigmoid,
    size,
    softplus,
    sqrt,
    sums_to_one,
    tanh,
    vector,
)
from gradproof.propose import propose
from gradproof.rules import RULES
from gradproof.signs import Signs
from gradproof.statement import Statement

K, N, M = size("K"), size("N"), size("M")
i, j, k, m = indices("i j k m", K)
n, r = indices("n r", N)
c, d = indices("c d", M)
z, w, t = vector("z", K), vector("w", K), vector("t", K, POSITIVE)
y, q = distribution("y", K), distribution("q", K)
Y = distribution("y", N, K)
a, b = scalar("a"), scalar("b")
tau, beta, cap = scalar("tau", POSITIVE), scalar("beta", POSITIVE), scalar("c", POSITIVE)
theta = scalar("theta", UNIT)
g = vector("g", K, UNIT)
Z, A = matrix("Z", N, K), matrix("A", N, N)
V = matrix("V", N, M)
u, v = vector("u", N), vector("v", N)


def share(name: str, logits: Array, scale: Expr | int = 1) -> Definition:
    """A softmax without a name for its sum."""
    return define(name, i, exp(scale * logits[i]) / Sum(exp(scale * logits[j]), j))


p = share("p", z)

Values = Mapping[str, Any]
GENERATOR = np.random.default_rng(20261124)


@dataclass(frozen=True)
class Loss:
    """The loss, the variable of its derivative, and the same loss in NumPy as a function of values by name."""

    loss: Expr
    variable: Expr
    numpy: Callable[[Values], Any]
    givens: tuple[Given, ...] = ()
    normalised: tuple[str, ...] = field(default=())  # arrays whose last axis is to sum to 1


def lse(s: Any) -> Any:
    return np.log(np.sum(np.exp(s), axis=-1))


def soft(s: Any) -> Any:
    e = np.exp(s)
    return e / e.sum(axis=-1, keepdims=True)


def sigma(s: Any) -> Any:
    return 1 / (1 + np.exp(-s))


L_Y = sums_to_one(y, i)
rows = define("P", n, i, exp(Z[n, i]) / Sum(exp(Z[n, j]), j))

LOSSES: dict[str, Loss] = {
    "mixture of two softmaxes": Loss(
        -Sum(y[i] * log(theta * p[i] + (1 - theta) * share("r", w)[i]), i), z[k],
        lambda at: -np.sum(at["y"] * np.log(at["theta"] * soft(at["z"]) + (1 - at["theta"]) * soft(at["w"]))),
        (L_Y,), ("y",),
    ),
    "mixture, by its weight": Loss(
        -Sum(y[i] * log(theta * q[i] + (1 - theta) * p[i]), i), theta,
        lambda at: -np.sum(at["y"] * np.log(at["theta"] * at["q"] + (1 - at["theta"]) * soft(at["z"]))),
    ),
    "square of log-sum-exp": Loss(log(Sum(exp(z[j]), j)) ** 2, z[k], lambda at: lse(at["z"]) ** 2),
    "cube of log-sum-exp of squares": Loss(
        log(1 + Sum(exp(z[j] ** 2), j)) ** 3, z[k], lambda at: np.log(1 + np.sum(np.exp(at["z"] ** 2))) ** 3
    ),
    "log-sum-exp of log-sum-exps": Loss(
        log(Sum(exp(log(Sum(exp(Z[n, j]), j)) ** 2), n)), Z[r, k], lambda at: lse(lse(at["Z"]) ** 2)
    ),
    "nested sums": Loss(
        Sum(z[i] * Sum(exp(w[i] * z[j]), j), i), z[k],
        lambda at: np.sum(at["z"] * np.sum(np.exp(np.outer(at["w"], at["z"])), axis=1)),
    ),
    "two index sets": Loss(
        -Sum(Sum(Y[n, i] * log(rows[n, i]), i), n) / N, Z[r, k],
        lambda at: -np.mean(np.sum(at["y"] * np.log(soft(at["Z"])), axis=1)), (sums_to_one(Y, n, i),), ("y",),
    ),
    "a shared bias in two index sets": Loss(
        Sum(log(Sum(exp(Z[n, i] + w[i]), i)), n) - Sum(Sum(Z[n, i] * w[i], i), n), w[k],
        lambda at: np.sum(lse(at["Z"] + at["w"])) - np.sum(at["Z"] * at["w"]),
    ),
    "product of two softmaxes": Loss(
        Sum(p[i] * share("r", z, 1 / tau)[i], i), z[k],
        lambda at: np.sum(soft(at["z"]) * soft(at["z"] / at["tau"])),
    ),
    "squared probabilities": Loss(-log(Sum(p[i] ** 2, i)), z[k], lambda at: -np.log(np.sum(soft(at["z"]) ** 2))),
    "a temperature per class": Loss(
        -Sum(y[i] * log(exp(z[i] / t[i]) / Sum(exp(z[j] / t[j]), j)), i), z[k],
        lambda at: -np.sum(at["y"] * np.log(soft(at["z"] / at["t"]))), (L_Y,), ("y",),
    ),
    "a temperature per class, by the temperature": Loss(
        -Sum(y[i] * log(exp(z[i] / t[i]) / Sum(exp(z[j] / t[j]), j)), i), t[k],
        lambda at: -np.sum(at["y"] * np.log(soft(at["z"] / at["t"]))), (L_Y,), ("y",),
    ),
    "contrastive over a similarity matrix": Loss(
        -Sum(log(exp(A[n, n] / tau) / Sum(exp(A[n, r] / tau), r)), n) / N,
        A[index("s", N), index("o", N)],
        lambda at: -np.mean(np.diag(np.log(soft(at["A"] / at["tau"])))),
    ),
    "contrastive, by the temperature": Loss(
        -Sum(log(exp(A[n, n] / tau) / Sum(exp(A[n, r] / tau), r)), n) / N, tau,
        lambda at: -np.mean(np.diag(np.log(soft(at["A"] / at["tau"])))),
    ),
    "binary cross-entropy with logits": Loss(
        Sum(softplus(z[i]) - g[i] * z[i], i) / K, z[k],
        lambda at: np.mean(np.log1p(np.exp(at["z"])) - at["g"] * at["z"]),
    ),
    "binary cross-entropy, smoothed targets": Loss(
        -Sum(((1 - theta) * g[i] + theta / 2) * log(sigmoid(z[i])) + (1 - (1 - theta) * g[i] - theta / 2)
             * log(1 - sigmoid(z[i])), i), z[k],
        lambda at: -np.sum(((1 - at["theta"]) * at["g"] + at["theta"] / 2) * np.log(sigma(at["z"]))
                           + (1 - (1 - at["theta"]) * at["g"] - at["theta"] / 2) * np.log(1 - sigma(at["z"]))),
    ),
    "focal": Loss(
        -Sum(y[i] * (1 - p[i]) ** 2 * log(p[i]), i), z[k],
        lambda at: -np.sum(at["y"] * (1 - soft(at["z"])) ** 2 * np.log(soft(at["z"]))),
    ),
    "focal for two classes, any power": Loss(
        -((1 - sigmoid(a)) ** beta) * log(sigmoid(a)), a,
        lambda at: -((1 - sigma(at["a"])) ** at["beta"]) * np.log(sigma(at["a"])),
    ),
    "preference by a log-ratio": Loss(
        -Sum(log(sigmoid(beta * (u[n] - v[n]) - beta * (w[1] - w[1]))), n) / N, u[r],
        lambda at: -np.mean(np.log(sigma(at["beta"] * (at["u"] - at["v"])))),
    ),
    "preference of log-probabilities": Loss(
        -log(sigmoid(beta * (log(p[1]) - log(q[1])) - beta * (log(p[i]) - log(q[i])))), z[k],
        lambda at: -np.log(sigma(at["beta"] * (np.log(soft(at["z"])[0] / at["q"][0])
                                               - np.log(soft(at["z"])[at["i"]] / at["q"][at["i"]])))),
    ),
    "KL of two softmaxes, forward": Loss(
        Sum(share("r", w)[i] * log(share("r", w)[i] / p[i]), i), z[k],
        lambda at: np.sum(soft(at["w"]) * np.log(soft(at["w"]) / soft(at["z"]))),
    ),
    "KL of two softmaxes, reverse": Loss(
        Sum(p[i] * log(p[i] / share("r", w)[i]), i), z[k],
        lambda at: np.sum(soft(at["z"]) * np.log(soft(at["z"]) / soft(at["w"]))),
    ),
    "tanh soft-capping": Loss(
        -Sum(y[i] * log(exp(cap * tanh(z[i] / cap)) / Sum(exp(cap * tanh(z[j] / cap)), j)), i), z[k],
        lambda at: -np.sum(at["y"] * np.log(soft(at["c"] * np.tanh(at["z"] / at["c"])))), (L_Y,), ("y",),
    ),
    "f-divergence like": Loss(
        Sum(q[i] * (p[i] / q[i] - 1) ** 2, i), z[k],
        lambda at: np.sum(at["q"] * (soft(at["z"]) / at["q"] - 1) ** 2),
    ),
    "Hellinger like": Loss(
        2 - 2 * Sum(sqrt(p[i] * q[i]), i), z[k], lambda at: 2 - 2 * np.sum(np.sqrt(soft(at["z"]) * at["q"]))
    ),
    "Gaussian likelihood with log-variance heads": Loss(
        Sum((u[n] - v[n]) ** 2 * exp(-vector("h", N)[n]) + vector("h", N)[n], n) / 2, vector("h", N)[r],
        lambda at: np.sum((at["u"] - at["v"]) ** 2 * np.exp(-at["h"]) + at["h"]) / 2,
    ),
    "cosine like normalisation": Loss(
        Sum(z[i] * w[i], i) / sqrt(1 + Sum(z[i] ** 2, i)), z[k],
        lambda at: np.dot(at["z"], at["w"]) / np.sqrt(1 + np.dot(at["z"], at["z"])),
    ),
    "product likelihood": Loss(
        Product(sigmoid(a * u[n] + b), n), a, lambda at: np.prod(sigma(at["a"] * at["u"] + at["b"]))
    ),
    "log of a product likelihood": Loss(
        -log(Product(sigmoid(a * u[n] + b), n)), b, lambda at: -np.log(np.prod(sigma(at["a"] * at["u"] + at["b"])))
    ),
    "entropy of a mixture of rows": Loss(
        -Sum(Sum(rows[n, i], n) / N * log(Sum(rows[n, i], n) / N), i), Z[r, k],
        lambda at: -np.sum(soft(at["Z"]).mean(axis=0) * np.log(soft(at["Z"]).mean(axis=0))),
    ),
    "a linear layer, a hidden tanh": Loss(
        log(Sum(exp(Sum(V[n, c] * tanh(array("x", M)[c]), c)), n)), array("x", M)[d],
        lambda at: lse(at["V"] @ np.tanh(at["x"])),
    ),
    "a ratio of log-sum-exps": Loss(
        log(Sum(exp(z[j]), j)) / (1 + log(1 + Sum(exp(-z[j]), j)) ** 2), z[k],
        lambda at: lse(at["z"]) / (1 + np.log(1 + np.sum(np.exp(-at["z"]))) ** 2),
    ),
    "pairwise ranking": Loss(
        Sum(Sum(softplus(-(z[i] - z[j]) * (w[i] - w[j])), j), i), z[k],
        lambda at: np.sum(np.log1p(np.exp(-np.subtract.outer(at["z"], at["z"]) * np.subtract.outer(at["w"], at["w"])))),
    ),
}  # fmt: skip

SMALL = {"K": 4, "N": 3, "M": 2}
STEP = 1e-5


def derived(loss: Expr, variable: Expr, givens: tuple[Given, ...] = ()) -> tuple[Derivation, Expr]:
    """The derivation of the derivative without a claim, checked by the kernel, and the form it ends in."""
    derivation = propose(Statement(claims=(D(loss, variable),), givens=givens))
    check(derivation, RULES)
    claim = derivation.claims[-1].statement
    assert isinstance(claim, x.Relation)
    assert claim.args[0] == D(loss, variable)
    assert claim.operator == "="
    return derivation, claim.args[1]


def is_closed(e: Expr) -> bool:
    """Whether no derivative is left in the term."""
    return not any(isinstance(s, x.Derivative) for s in x.subterms(e)) and all(
        is_closed(definition.body) for definition in x.definitions(e)
    )


def inside(domain: x.Interval, count: int) -> Any:
    if domain == UNIT:
        return GENERATOR.uniform(0.1, 0.9, count)
    return GENERATOR.uniform(0.5, 1.5, count) if domain == POSITIVE else GENERATOR.normal(0, 0.8, count)


def length(size_: Expr) -> int:
    if isinstance(size_, Number):
        return int(size_.value)
    assert isinstance(size_, Symbol)
    return SMALL[size_.name]


def random_values(term: Expr, normalised: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in sorted(term.free, key=lambda f: f.name):
        if isinstance(name, Array):
            shape = tuple(length(s) for s in name.shape)
            found[name.name] = inside(name.domain, int(np.prod(shape))).reshape(shape)
            if name.name in normalised:
                found[name.name] /= found[name.name].sum(axis=-1, keepdims=True)
        elif isinstance(name, Symbol) and not name.domain.integer:
            found[name.name] = float(inside(name.domain, 1)[0])
        elif isinstance(name, Index):
            found[name.name] = int(GENERATOR.integers(length(name.size)))
    return found


def value(e: Expr, values: Values, where: Mapping[Index, int]) -> float:
    """The term at a point, by the audit's evaluator."""
    point = Point({}, {index_: place + 1 for index_, place in where.items()})
    for name in e.free:
        if isinstance(name, Array):
            point.values[name] = {
                tuple(p + 1 for p in place): from_float(float(entry))
                for place, entry in np.ndenumerate(values[name.name])
            }
        elif isinstance(name, Symbol) and name.domain.integer:
            point.sizes[name] = SMALL[name.name]
        elif isinstance(name, Symbol):
            point.values[name] = from_float(values[name.name])
        elif isinstance(name, Index) and name not in where:
            point.indices[name] = values[name.name] + 1
    evaluator = Evaluator()
    evaluator.begin(point)
    return to_float(evaluator.value(e))


def by_differences(f: Callable[[Values], Any], values: dict[str, Any], name: str) -> Any:
    """Central differences in every entry of one argument."""
    start = np.asarray(values[name], dtype=float)
    found = np.zeros(start.shape)
    for place in np.ndindex(start.shape):
        ends = []
        for sign in (1, -1):
            moved = start.copy()
            moved[place] += sign * STEP
            ends.append(float(f({**values, name: moved})))
        found[place] = (ends[0] - ends[1]) / (2 * STEP)
    return found


@pytest.mark.parametrize("name", LOSSES)
def test_the_derived_gradient_is_the_numerical_one(name: str) -> None:
    made = LOSSES[name]
    derivation, result = derived(made.loss, made.variable, made.givens)
    assert is_closed(result)
    report = audit(derivation, points=4)
    assert report.refuted == ""
    assert report.points > 0
    variable = made.variable.base.name if isinstance(made.variable, x.Entry) else made.variable.name  # type: ignore[attr-defined]
    letters = [s for s in made.variable.args if isinstance(s, Index)]
    for _ in range(3):
        values = random_values(made.loss + made.variable, made.normalised)
        wanted = by_differences(made.numpy, values, variable)
        for place in np.ndindex(wanted.shape):
            found = value(result, values, dict(zip(letters, place, strict=True)))
            assert found == pytest.approx(wanted[place], rel=2e-6, abs=2e-7), f"{name} at {place}"


def test_there_are_enough_inventions() -> None:
    print(f"{len(LOSSES)} invented losses")
    assert len(LOSSES) >= 16


# -- what SymPy gets wrong --------------------------------------------------------------------------------------------


def equal(left: Expr, right: Expr) -> bool:
    return Normal(Signs((L_Y,)), None).equal(left, right)


def test_one_letter_bound_and_free() -> None:
    part = exp(z[i]) / Sum(exp(z[i]), i)
    _, result = derived(part, z[i])
    assert equal(result, part * (1 - part))
    _, other = derived(part, z[k])
    assert equal(other, part * (x.Delta((i, k)) - exp(z[k]) / Sum(exp(z[j]), j)))


def test_cross_entropy_with_one_letter_throughout() -> None:
    L = -Sum(y[i] * log(exp(z[i]) / Sum(exp(z[i]), i)), i)
    _, result = derived(L, z[i], (sums_to_one(y, i),))
    assert equal(result, exp(z[i]) / Sum(exp(z[m]), m) - y[i])


def test_sums_that_differ_in_their_letter_cancel() -> None:
    assert equal(Sum(exp(z[i]), i) - Sum(exp(z[m]), m), Number.of(0))
    assert equal(Sum(exp(z[i]), i) / Sum(exp(z[m]), m), Number.of(1))
    _, result = derived(Sum(exp(z[i]), i) / Sum(exp(z[m]), m), z[k])
    assert equal(result, Number.of(0))


def test_one_class() -> None:
    one = Number.of(1)
    s, o, l = (Index.of(letter, one) for letter in "sol")  # noqa: E741
    logits, target = vector("z", 1), distribution("y", 1)
    L = -Sum(target[s] * log(exp(logits[s]) / Sum(exp(logits[o]), o)), s)
    derivation, result = derived(L, logits[l], (sums_to_one(target, s),))
    assert audit(derivation, points=4).refuted == ""
    assert value(result, {"z": np.array([0.7]), "y": np.array([1.0])}, {l: 0}) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("count", [2, 3, 1000])
def test_a_number_of_classes_is_no_harder_than_a_symbol(count: int) -> None:
    """Nothing depends on K: the derivation for a symbol K has as many steps as that for 2 or 1000 classes."""

    def steps(classes: Expr) -> int:
        s, o, l = (Index.of(letter, classes) for letter in "ijk")  # noqa: E741
        logits, target = vector("z", classes), distribution("y", classes)
        L = -Sum(target[s] * log(exp(logits[s]) / Sum(exp(logits[o]), o)), s)
        derivation, _ = derived(L, logits[l], (sums_to_one(target, s),))
        return sum(len(theorem.steps) for theorem in derivation.theorems)

    assert steps(Number.of(count)) == steps(K)


# -- many terms -------------------------------------------------------------------------------------------------------


def shapes(count: int) -> tuple[Expr, tuple[Given, ...]]:
    """A sum of cross-entropies, each with its own target, scale and power."""
    terms, givens = [], []
    for number in range(1, count + 1):
        target = distribution(f"y{number}", K)
        guess = share(f"p{number}", z, number)
        terms.append(-Number.of(number) * Sum(target[i] * log(guess[i]), i))
        givens.append(sums_to_one(target, i))
    return let("L", x.add(*terms)), tuple(givens)


def test_the_number_of_steps_grows_with_the_number_of_terms() -> None:
    counts = {}
    for number in (1, 2, 4, 8, 16):
        loss, givens = shapes(number)
        derivation, _ = derived(loss, z[k], givens)
        counts[number] = sum(len(theorem.steps) for theorem in derivation.theorems)
    print("steps for n cross-entropies:", counts)
    slope = counts[2] - counts[1]
    assert all(counts[number] <= 1.5 * slope * number + counts[1] for number in counts)
