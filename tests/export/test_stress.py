"""All four targets at inputs where the naive formula overflows, underflows or cancels, beside PyTorch and SciPy."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

import export_stress as stress
import export_ulp as ulp
import numpy as np
import pytest
from export_stress_peers import PEERS
from export_targets import LOUD, TARGETS

IDS = [f"{entry} {name} {n}" for n, (entry, name, _, _) in enumerate(stress.CASES)]
functions = cache(stress.functions)


@pytest.fixture(scope="module")
def peers() -> Any:
    """The functions of a library by entry and name, made once."""

    @cache
    def made(library: str) -> Any:
        pytest.importorskip(library, reason=LOUD[library])
        return PEERS[library]()

    return made


def arrays(inputs: dict[str, Any]) -> dict[str, np.ndarray]:
    return {n: np.asarray(v, dtype=np.int64 if n == "t" else np.float64) for n, v in inputs.items()}


def found(target: str, entry: str, name: str, inputs: dict[str, Any]) -> np.ndarray:
    f, given = getattr(functions(entry, target), name), arrays(inputs)
    if target == "torch":
        torch = importlib.import_module("torch")
        return np.asarray(f(**{n: torch.from_numpy(v) for n, v in given.items()}))
    if target == "jax":
        return np.asarray(importlib.import_module("jax").jit(f)(**given))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        return np.asarray(f(**given))


def worst(value: np.ndarray, expected: Any) -> ulp.Ulps:
    wanted = ulp.rounded(expected)
    return ulp.worst(value, wanted, np.ndim(wanted[0]), np.float64)


@pytest.mark.parametrize("target", TARGETS, indirect=True)
@pytest.mark.parametrize(("entry", "name", "inputs", "expected"), stress.CASES, ids=IDS)
def test_finite_and_right(target: str, entry: str, name: str, inputs: Any, expected: Any) -> None:
    value = found(target, entry, name, inputs)
    assert value.dtype == np.float64
    assert np.all(np.isfinite(value))
    np.testing.assert_allclose(value, np.asarray(expected, dtype=float), rtol=1e-12, atol=0)
    assert worst(value, expected).row <= 4


@pytest.mark.parametrize("library", PEERS)
@pytest.mark.parametrize("target", TARGETS, indirect=True)
@pytest.mark.parametrize(("entry", "name", "inputs", "expected"), stress.CASES, ids=IDS)
def test_no_worse_than_what_people_use(
    target: str, library: str, peers: Any, entry: str, name: str, inputs: Any, expected: Any
) -> None:
    """Below one unit in the last place, nothing is worse than anything."""
    peer = peers(library)[entry, name]
    with np.errstate(all="ignore"):
        theirs = worst(peer(*arrays(inputs).values()), expected)
    assert worst(found(target, entry, name, inputs), expected).row <= max(1.0, theirs.row)


def test_what_is_worse_is_seen() -> None:
    assert worst(np.float64(4.0) + 5 * np.spacing(4.0), "4").row == 5
    assert worst(np.asarray([np.nan, 1.0]), ("0", "1")).row == np.inf
    assert worst(np.asarray(np.inf), "800").row == np.inf
    third = worst(np.asarray(1 / 3), "0.33333333333333333333333333")
    assert 0.3 < third.row < 0.34


@pytest.mark.torch
def test_torch_backward_at_the_extremes() -> None:
    torch: Any = pytest.importorskip("torch", reason=LOUD["torch"])
    for name, inputs, expected in [c[1:] for c in stress.CASES if c[0] == "A12" and c[1] == "grad"]:
        z = torch.tensor(inputs["z"], dtype=torch.float64, requires_grad=True)
        functions("A12", "torch").loss(z, torch.tensor(inputs["y"], dtype=torch.float64)).backward()
        assert worst(z.grad.numpy(), expected).row <= 4, name


@pytest.mark.jax
def test_jax_backward_at_the_extremes() -> None:
    jax: Any = pytest.importorskip("jax", reason=LOUD["jax"])
    with jax.enable_x64(True):
        for name, inputs, expected in [c[1:] for c in stress.CASES if c[0] == "A12" and c[1] == "grad"]:
            gradient = jax.jit(jax.grad(functions("A12", "jax").loss))
            found = np.asarray(gradient(np.asarray(inputs["z"]), np.asarray(inputs["y"])))
            assert worst(found, expected).row <= 4, name
