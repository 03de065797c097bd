"""The JAX target: it agrees with NumPy's, is differentiated by what was proved, under jit, vmap and grad."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import export_catalogue as book
import export_losses as e
import export_stress as stress
import numpy as np
import pytest

from gradproof.export import Exported, emit, stabilise
from gradproof.export.names import identifier
from gradproof.notation import scalar

jax: Any = pytest.importorskip("jax", reason="JAX IS NOT INSTALLED: pip install 'gradproof[jax]'")
jnp: Any = jax.numpy
pytestmark = pytest.mark.jax

TWICE = ("A06", "B03", "B14", "B56", "B60", "C03")
ROUNDING = 1e-12


@pytest.fixture(autouse=True)
def _double() -> Iterator[None]:
    with jax.enable_x64(True):
        yield


def batched(entry: str, names: list[str]) -> dict[str, Any]:
    """Two points as a batch."""
    first, second = book.points(entry)
    return {n: np.stack([first[n], second[n]]) for n in names}


@pytest.mark.parametrize("entry", book.some(book.BOOK))
def test_agrees_with_numpy(entry: str) -> None:
    """All functions of an entry in one compilation."""
    functions = vars(book.functions(entry, "jax"))
    inputs = {n: batched(entry, list(book.given(f, book.points(entry)[0]))) for n, f in functions.items()}
    found = jax.jit(lambda given: {n: f(**given[n]) for n, f in functions.items()})(inputs)
    assert set(found) == set(vars(book.functions(entry, "numpy")))
    for name, plain in vars(book.functions(entry, "numpy")).items():
        np.testing.assert_allclose(book.flat(found[name]), book.flat(plain(**inputs[name])), ROUNDING, ROUNDING)


def weighted(value: Any) -> Any:
    """The sum of what a function gives, no two entries counting alike."""
    return jnp.sum(value * weights(value.shape))


def weights(shape: tuple[int, ...]) -> Any:
    return np.cos(np.arange(np.prod(shape, dtype=int))).reshape(shape)


def proved(entry: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """The gradients of the weighted sum by NumPy's functions."""
    functions, wrt = vars(book.functions(entry, "numpy")), book.variables(entry, "jax")
    name = "grad" if "grad" in functions else "jac"
    found = functions[name](**book.given(functions[name], inputs))
    found = found if isinstance(found, dict) else {wrt[0]: found}
    own = functions["fun"](**book.given(functions["fun"], inputs)).shape if name == "jac" else ()
    return {identifier(n): np.tensordot(weights(own), value, len(own)) for n, value in found.items()}


# One of each kind; the backward functions themselves are those of PyTorch, checked there for every entry.
KINDS = [
    "A11",
    "A12",
    "A16",
    "A18",
    "A23",
    "B07",
    "B10",
    "B16",
    "B20",
    "C10",
    "C13",
    "C20",
    "C22",
    "C30",
    "C43",
    "D06",
    "D10",
    "D16",
    "E02",
    "E05",
    "F14",
    "F31",
    "H14",
    "H17",
    "H28",
]


@pytest.mark.parametrize("entry", KINDS)
def test_gradients_are_those_that_were_proved(entry: str) -> None:
    """Under jit, vmap and grad at once."""
    f, wrt = book.main(entry, "jax"), book.variables(entry, "jax")
    moving = batched(entry, list(book.given(f, book.points(entry)[0])))
    gradient = jax.grad(lambda at, rest: weighted(f(**at, **rest)))
    at, rest = {n: moving[n] for n in wrt}, {n: v for n, v in moving.items() if n not in wrt}
    found = jax.jit(jax.vmap(gradient))(at, rest)
    for place, inputs in enumerate(book.points(entry)):
        for n, wanted in proved(entry, inputs).items():
            np.testing.assert_allclose(found[n][place], wanted, ROUNDING, ROUNDING)


@pytest.mark.parametrize("entry", TWICE)
def test_second_derivatives_are_those_that_were_proved(entry: str) -> None:
    f, (n,) = book.main(entry, "jax"), book.variables(entry, "jax")
    inputs = book.given(f, book.points(entry)[0])
    found = jax.jacrev(jax.grad(lambda value: f(**{**inputs, n: value})))(jnp.asarray(inputs[n]))
    hess = book.functions(entry, "numpy").hess
    np.testing.assert_allclose(found, hess(**book.given(hess, inputs)), ROUNDING, ROUNDING)
    gradient = jax.grad(lambda value: f(**{**inputs, n: value}))(jnp.asarray(inputs[n]))
    step = 1e-6 * np.cos(1 + np.arange(np.size(inputs[n]))).reshape(np.shape(inputs[n]))
    change = f(**{**inputs, n: inputs[n] + step}) - f(**{**inputs, n: inputs[n] - step})
    assert float(change) / 2e-6 == pytest.approx(float(np.sum(gradient * step)) * 1e6, rel=1e-6)


@pytest.mark.parametrize("entry", ["A12", "C13", "E02", "H14"])
def test_a_variable_without_batch_axes_gets_the_sum(entry: str) -> None:
    f, wrt = book.main(entry, "jax"), book.variables(entry, "jax")
    inputs = batched(entry, list(book.given(f, book.points(entry)[0])))
    shared = {n: v[0] if n in wrt else v for n, v in inputs.items()}
    spread = {n: np.stack([v[0]] * 2) if n in wrt else v for n, v in inputs.items()}
    for n in wrt:
        found, rows = (
            jax.grad(lambda v, g=given, n=n: jnp.sum(f(**{**g, n: v})))(given[n]) for given in (shared, spread)
        )
        np.testing.assert_allclose(found, np.sum(rows, axis=0), ROUNDING, ROUNDING)


@pytest.mark.parametrize("name", sorted(e.CASES))
def test_awkward_terms_agree_with_numpy(name: str) -> None:
    case = e.CASES[name]
    plain, f = (
        emit([Exported("f", stabilise(case.term), case.outputs)], case.arguments, "a test", target).functions.f
        for target in ("numpy", "jax")
    )
    inputs = book.given(plain, e.inputs(np.random.default_rng(3), 4, 3, 1.0))
    np.testing.assert_allclose(book.flat(jax.jit(f)(**inputs)), book.flat(plain(**inputs)), ROUNDING, ROUNDING)


@pytest.mark.parametrize("entry", ["A12", "C13", "B16", "H28", "C43", "F14", "D18"])
def test_float32_is_kept(entry: str) -> None:
    f = book.main(entry, "jax")
    inputs = book.given(f, book.points(entry)[0])
    narrow = {n: v if v.dtype.kind == "i" else np.float32(v) for n, v in inputs.items()}
    assert f(**narrow).dtype == jnp.float32
    for n in book.variables(entry, "jax"):
        gradient = jax.grad(lambda v, n=n: jnp.sum(f(**{**narrow, n: v})))(jnp.asarray(narrow[n]))
        assert gradient.dtype == jnp.float32
    np.testing.assert_allclose(f(**narrow), book.main(entry, "numpy")(**inputs), 1e-4, 1e-4)


def test_without_x64_everything_is_float32() -> None:
    with jax.enable_x64(False):
        found = book.main("A12", "jax")(np.array([1.0, 2.0]), [0, 1])
        assert found.dtype == jnp.float32
        assert book.main("A12", "jax")(jnp.array([1.0, 2.0], jnp.bfloat16), [0, 1]).dtype == jnp.bfloat16


def test_the_backward_function_is_what_is_called() -> None:
    a, g = scalar("a"), scalar("upstream")
    wrong = Exported("f_backward", {"a": (7 * g, ())})
    f = emit([Exported("f", a * a, seeds=(g,), backward=wrong)], [a], "a test", "jax").functions.f
    assert jax.grad(f)(3.0) == 7


def test_an_argument_without_a_proved_gradient_must_be_constant() -> None:
    loss = book.functions("A12", "jax").loss
    z, y = jnp.zeros(3), jnp.array([1.0, 0.0, 0.0])
    for f in (loss, jax.jit(loss)):
        with pytest.raises(ValueError, match=r"y: the gradient in y was not derived; use jax.lax.stop_gradient"):
            jax.grad(f, argnums=1)(z, y)
    found = jax.grad(lambda v: loss(v, jax.lax.stop_gradient(jax.nn.softmax(v))))(z)
    np.testing.assert_allclose(found, 0, atol=1e-15)


def test_shapes_and_labels_are_checked() -> None:
    f = book.functions("C13", "jax").loss
    with pytest.raises(IndexError, match="t: counts from 0 to 2, found 3 to 3"):
        f(jnp.zeros(3), 0.1, 3)
    with pytest.raises(TypeError, match=r"t: expected integers, found float64"):
        f(jnp.zeros(3), 0.1, 1.0)
    with pytest.raises(ValueError, match="y: expected length 3 along K as in z, found 4"):
        jax.jit(book.functions("A12", "jax").loss)(jnp.zeros(3), jnp.zeros(4))


@pytest.mark.parametrize("label", [3, -1])
def test_a_label_out_of_range_gives_no_number_where_it_cannot_be_refused(label: int) -> None:
    f = stress.functions("class", "jax").loss
    assert jnp.isnan(jax.jit(f)(jnp.zeros(3), label))


def test_masked_classes_and_rows() -> None:
    f = book.functions("A12", "jax")
    z, y = jnp.array([[1.0, -jnp.inf, 2.0]] * 2), jnp.array([0.25, 0.0, 0.75])
    found = jax.grad(lambda v: jnp.sum(f.loss(v, y)))(z)
    assert jnp.isfinite(found).all()
    assert (found[:, 1] == 0).all()
    assert f.grad(jnp.full(2, -jnp.inf), jnp.zeros(2)).tolist() == [0, 0]


def test_plain_functions_are_differentiated_by_jax() -> None:
    """Also where the largest entry is not unique, and through the root of an equation."""
    lse = stress.functions("lse", "jax").value
    z = jnp.array([2.0, 2.0, 1.0])
    np.testing.assert_allclose(jax.grad(lse)(z), jax.nn.softmax(z), ROUNDING)
    grad, at, y = book.functions("C43", "jax").grad, jnp.array([1.0, 0.5, 0.4]), jnp.array([1.0, 0.0, 0.0])
    step = jnp.array([1e-6, 0.0, 0.0])
    differences = (grad(at + step, y) - grad(at - step, y)) / 2e-6
    np.testing.assert_allclose(jax.jacrev(grad)(at, y)[:, 0], differences, 1e-6)


def test_the_source_stands_alone() -> None:
    source = emit(book.exported("A12", "jax"), book.offered("A12").arguments, "a test", "jax").source
    assert "gradproof" not in source
    assert "import numpy" not in source
    assert "Differentiable in z, by the proved gradient" in source
