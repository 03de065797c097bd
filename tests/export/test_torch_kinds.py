"""PyTorch functions on tensors of every kind: half precision, without values, long rows, traced, batched by vmap."""

from __future__ import annotations

from typing import Any

import export_catalogue as book
import export_stress as stress
import numpy as np
import pytest

torch: Any = pytest.importorskip("torch", reason="PyTorch IS NOT INSTALLED: pip install 'gradproof[torch]'")
pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore::DeprecationWarning:torch")]

HALF = ("float16", "bfloat16")
LONG = (20, 17, 18)  # sizes at which PyTorch's own softmax is used


def leaves(value: Any) -> list[Any]:
    """The tensors of a tensor, a dict or a tuple of tensors."""
    if isinstance(value, dict | tuple):
        return [t for v in (value.values() if isinstance(value, dict) else value) for t in leaves(v)]
    return [value]


def variables(entry: str, name: str) -> tuple[str, ...]:
    """The arguments in which the function is differentiated by what was proved."""
    backward = next(f.backward for f in book.exported(entry, "torch") if f.name == name)
    return tuple(n for group in backward.groups() for n in group) if backward else ()


def tensors(entry: str, function: Any, lengths: tuple[int, ...] = book.SIZES) -> dict[str, Any]:
    return {n: torch.as_tensor(v) for n, v in book.given(function, book.points(entry, 2, lengths)[0]).items()}


def error(found: Any, expected: Any) -> float:
    """The worst difference in units in the last place of the largest entry of the result."""
    wanted, value = np.asarray(expected, dtype=float), np.asarray(found, dtype=float)
    assert value.shape == wanted.shape
    assert np.all(np.isfinite(value))
    return float(np.max(np.abs(value - wanted)) / np.spacing(np.max(np.abs(wanted))))


def logit_cases() -> list[Any]:
    """The logits of B02 are those of separate coins, not of classes."""
    return [c for c in stress.CASES if "z" in c[2] and c[0] != "B02"]


@pytest.mark.parametrize("entry", book.some(book.BOOK))
def test_nothing_depends_on_values_or_stays_on_another_device(entry: str) -> None:
    """On the meta device there are no values to look at, and tensors of the CPU are refused."""
    for name, f in vars(book.functions(entry, "torch")).items():
        like = tensors(entry, f)
        given = {
            n: torch.empty(v.shape, dtype=torch.float32 if v.is_floating_point() else v.dtype, device="meta")
            for n, v in like.items()
        }
        moving = variables(entry, name)
        for n in moving:
            given[n].requires_grad_()
        found = f(**given)
        if given:
            assert {(t.device.type, t.dtype) for t in leaves(found)} == {("meta", torch.float32)}
        if moving:
            found.sum().backward()
            assert all(given[n].grad.device.type == "meta" for n in moving)


@pytest.mark.parametrize("kind", HALF)
@pytest.mark.parametrize("entry", book.some(book.BOOK))
def test_half_precision_is_rounded_once(entry: str, kind: str) -> None:
    dtype = getattr(torch, kind)
    for f in vars(book.functions(entry, "torch")).values():
        half = {n: v.to(dtype) if v.is_floating_point() else v for n, v in tensors(entry, f).items()}
        if any(v.dtype == dtype for v in half.values()):
            exact = f(**{n: v.double() if v.is_floating_point() else v for n, v in half.items()})
            for found, wanted in zip(leaves(f(**half)), leaves(exact), strict=True):
                assert found.dtype == dtype
                largest = float(wanted.abs().max())
                error = float((found.double() - wanted).abs().max())
                assert error <= 0.51 * torch.finfo(dtype).eps * largest + 1e-6 * max(largest, 1)


@pytest.mark.parametrize("kind", HALF)
def test_gradients_keep_half_precision_and_sums_do_not_overflow(kind: str) -> None:
    loss = book.functions("C21", "torch").loss
    z = torch.zeros(2, 70_000, dtype=getattr(torch, kind), requires_grad=True)  # more than the largest float16
    value = loss(z, torch.ones(2, dtype=z.dtype), torch.tensor([0, 69_999]))
    value.backward()
    assert float(value.detach()) == pytest.approx(np.log(70_000), rel=torch.finfo(z.dtype).eps)
    assert z.grad.dtype == z.dtype
    assert float(z.grad[0, 0]) == pytest.approx(-0.5, rel=1e-3)


def test_autocast_does_not_reach_inside() -> None:
    f = book.functions("D02", "torch").loss
    given = tensors("D02", f, LONG)
    given = {n: v.float() for n, v in given.items()}
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = f(**given)
    assert torch.equal(found, f(**given))


@pytest.mark.parametrize("filler", [-np.inf, -1e5])
@pytest.mark.parametrize(("entry", "name", "inputs", "expected"), logit_cases())
def test_long_rows_are_as_right_as_short_ones(entry: str, name: str, inputs: Any, expected: Any, filler: float) -> None:
    """Twenty more classes that cannot be."""
    given = {n: np.asarray(v) for n, v in inputs.items()}
    count, more = len(given["z"]), 20
    padded = {n: np.r_[v, np.full(more, filler if n == "z" else 0.0)] if v.ndim else v for n, v in given.items()}
    top = float(np.max(given["z"]))
    padded["z"] = np.where(np.arange(count + more) < count, padded["z"], top + filler)
    function = getattr(stress.functions(entry, "torch"), name)
    found = np.asarray(function(**{n: torch.as_tensor(v) for n, v in padded.items()}))
    assert np.all(found.reshape(-1)[count:] == 0)
    assert error(found[:count] if found.ndim else found, expected) <= 4


@pytest.mark.parametrize("scale", [1.0, 30.0, 300.0])
@pytest.mark.parametrize("entry", ["C13", "C21", "D26", "E01"])
def test_a_class_in_long_rows(entry: str, scale: float) -> None:
    """In the middle, near 1, and underflowing, eager and traced, against NumPy."""
    f, plain = book.functions(entry, "torch").loss_and_grad, book.functions(entry, "numpy").loss_and_grad
    first, second = (book.given(plain, p) for p in book.points(entry, 2, LONG))
    rows = {n: np.stack([first[n], second[n]]) for n in first}
    moved = variables(entry, "loss")[0]
    rows[moved] = rows[moved] * scale
    given = {n: torch.as_tensor(v) for n, v in rows.items()}
    torch._dynamo.reset()
    traced = torch.compile(f, fullgraph=True, backend="eager")
    for found in (f(**given), traced(**given)):
        np.testing.assert_allclose(book.flat(found), book.flat(plain(**rows)), 1e-12, 1e-13)


@pytest.mark.parametrize("entry", ["A12", "C13", "C21", "D02", "D26", "E01", "F03", "H28"])
def test_backward_can_be_called_again_and_leaves_its_arguments_alone(entry: str) -> None:
    f = book.main(entry, "torch")
    given = tensors(entry, f, LONG)
    before = {n: v.clone() for n, v in given.items()}
    moving = [given[n].requires_grad_() for n in variables(entry, "loss")]
    value = f(**given)
    kept, upstream = value.detach().clone(), torch.full_like(value, 0.5)
    once, twice = (torch.autograd.grad(value, moving, upstream, retain_graph=True) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(once, twice, strict=True))
    assert torch.equal(value, kept)
    assert all(torch.equal(given[n].detach(), before[n]) for n in given)


def test_a_loss_that_does_not_count_leaves_nothing_of_an_infinite_gradient() -> None:
    """The reference gives one class no probability; that row has an upstream gradient of 0."""
    loss = book.functions("D02", "torch").loss
    a, p = torch.zeros(2, 20, dtype=torch.float64, requires_grad=True), torch.full((2, 20), 0.05, dtype=torch.float64)
    p[0, 3] = 0
    value = loss(a, p)
    assert torch.isinf(value[0])
    (value * torch.tensor([0.0, 1.0])).nan_to_num().sum().backward()
    assert torch.isfinite(a.grad).all()


@pytest.mark.parametrize("entry", ["C21", "D26", "F03", "C30", "H28"])
def test_traces_inside_another_function_at_any_size(entry: str) -> None:
    f = book.main(entry, "torch")
    moving = variables(entry, "loss")

    def step(given: dict[str, Any]) -> Any:
        return f(**given).mean()

    torch._dynamo.reset()
    traced = torch.compile(step, fullgraph=True, dynamic=True, backend="aot_eager")
    for lengths in (book.SIZES, LONG):
        given, again = ({n: v.clone() for n, v in tensors(entry, f, lengths).items()} for _ in range(2))
        for n in moving:
            given[n].requires_grad_()
            again[n].requires_grad_()
        found, wanted = traced(given), step(again)
        found.backward()
        wanted.backward()
        torch.testing.assert_close(found, wanted, rtol=1e-12, atol=1e-12)
        for n in moving:
            torch.testing.assert_close(given[n].grad, again[n].grad, rtol=1e-12, atol=1e-12)


@pytest.mark.filterwarnings("error::UserWarning")
@pytest.mark.parametrize("classes", [4, 20])
def test_vmap_over_labels_alone(classes: int) -> None:
    """The logits have no batch axis: nothing may be written over what is not as large as the result."""
    loss = book.functions("C13", "torch").loss
    z, t = torch.randn(classes, dtype=torch.float64, generator=torch.Generator().manual_seed(0)), torch.arange(4)
    found = torch.func.vmap(torch.func.grad(lambda a, b: loss(a, 0.1, b)), in_dims=(None, 0))(z, t)
    rows = z.expand(4, classes).clone().requires_grad_()
    loss(rows, 0.1, t).sum().backward()
    torch.testing.assert_close(found, rows.grad)


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_a_root_costs_no_more_steps_than_its_type_has_bits(kind: str) -> None:
    find = book.functions("C43", "torch").loss.__globals__["_bisected"]
    wanted = torch.tensor([1e-30, 0.7, -3.0, 2e9, 0.0], dtype=getattr(torch, kind))
    calls = []

    def gap(u: Any) -> Any:
        calls.append(u)
        return wanted - u

    found = find(gap, torch.zeros((), dtype=wanted.dtype), -np.inf, np.inf)
    assert torch.equal(found, wanted)
    assert len(calls) <= wanted.element_size() * 8 + 22


def test_the_logarithm_of_a_sure_class_keeps_the_others() -> None:
    z = torch.tensor([40.0] + [0.0] * 19, dtype=torch.float64)
    y = torch.tensor([1.0] + [0.0] * 19, dtype=torch.float64)
    wanted = np.log1p(19 * np.exp(-40.0))
    assert float(book.functions("A12", "torch").loss(z, y)) == pytest.approx(wanted, rel=1e-14, abs=0)
    assert float(stress.functions("lse", "torch").value(z - 40)) == pytest.approx(wanted, rel=1e-14, abs=0)
