"""The PyTorch target: it agrees with NumPy's, is differentiated by what was proved, and compiles."""

from __future__ import annotations

from typing import Any

import export_catalogue as book
import export_losses as e
import export_stress as stress
import numpy as np
import pytest

from gradproof.export import Exported, emit, stabilise
from gradproof.notation import scalar

torch: Any = pytest.importorskip("torch", reason="PyTorch IS NOT INSTALLED: pip install 'gradproof[torch]'")
pytestmark = [
    pytest.mark.torch,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:torch"),
]

DIFFERENTIABLE = book.some(book.numbers("loss", "fun"))
TWICE = ("A06", "B03", "B14", "B56", "B60", "C03")  # with a Hessian
ROUNDING = 1e-12


def main(entry: str) -> Any:
    return book.main(entry, "torch")


def variables(entry: str) -> tuple[str, ...]:
    return book.variables(entry, "torch")


def tensors(entry: str, inputs: dict[str, Any], dtype: Any = torch.float64) -> dict[str, Any]:
    """The inputs of the differentiable function, the variables with requires_grad."""
    wrt = variables(entry)
    given = book.given(main(entry), inputs)
    found = {n: torch.as_tensor(v if v.dtype.kind == "i" else v.astype(float)) for n, v in given.items()}
    found = {n: v if v.dtype == torch.int64 else v.to(dtype) for n, v in found.items()}
    return {n: v.requires_grad_() if n in wrt else v for n, v in found.items()}


def mixed(entry: str) -> dict[str, Any]:
    """Two points as a batch, the variables without batch axes unless a given ties them to the other arguments."""
    first, second = (tensors(entry, p) for p in book.points(entry))
    tied = {a.name for g in book.BOOK[entry].statement.givens for a in g.relation.free}
    batch = {n: torch.stack([v.detach(), second[n].detach()]) for n, v in first.items()}
    free = [n for n in variables(entry) if n not in tied]
    return {n: v if n in free else batch[n].requires_grad_(v.requires_grad) for n, v in first.items()}


@pytest.mark.parametrize("entry", book.some(book.BOOK))
def test_agrees_with_numpy(entry: str) -> None:
    for name, plain in vars(book.functions(entry, "numpy")).items():
        function = getattr(book.functions(entry, "torch"), name)
        first, second = (book.given(plain, p) for p in book.points(entry))
        batch = {n: np.stack([first[n], second[n]]) for n in first}
        for inputs in (first, batch) if first else (first,):
            found = function(**{n: torch.as_tensor(v) for n, v in inputs.items()})
            np.testing.assert_allclose(book.flat(found), book.flat(plain(**inputs)), ROUNDING, ROUNDING)


@pytest.mark.parametrize("entry", DIFFERENTIABLE)
def test_gradcheck(entry: str) -> None:
    f = main(entry)
    for inputs in (tensors(entry, book.points(entry)[0]), mixed(entry)):
        assert torch.autograd.gradcheck(
            lambda *a, n=tuple(inputs): f(**dict(zip(n, a, strict=True))), tuple(inputs.values())
        )


@pytest.mark.parametrize("entry", TWICE)
def test_gradgradcheck(entry: str) -> None:
    f = main(entry)
    for inputs in (tensors(entry, book.points(entry)[0]), mixed(entry)):
        n = tuple(inputs)
        assert torch.autograd.gradgradcheck(lambda *a, n=n: f(**dict(zip(n, a, strict=True))), tuple(inputs.values()))


@pytest.mark.parametrize("entry", [n for n in DIFFERENTIABLE if n not in TWICE])
def test_a_second_derivative_that_was_not_proved_is_refused(entry: str) -> None:
    inputs = tensors(entry, book.points(entry)[0])
    wrt = [inputs[n] for n in variables(entry)]
    slopes = torch.autograd.grad(main(entry)(**inputs).sum(), wrt, create_graph=True)
    with pytest.raises(RuntimeError, match="is not to be differentiated here"):
        torch.autograd.grad(sum(s.sum() for s in slopes), wrt)


@pytest.mark.parametrize("entry", DIFFERENTIABLE)
def test_float32_is_kept(entry: str) -> None:
    inputs = tensors(entry, book.points(entry)[0], torch.float32)
    value = main(entry)(**inputs)
    assert value.dtype == torch.float32
    value.sum().backward()
    assert {inputs[n].grad.dtype for n in variables(entry)} == {torch.float32}


@pytest.mark.parametrize("entry", ["A06", "A11", "A16", "B16", "B20", "C03", "C13", "C22", "C30", "E02", "F14", "H28"])
def test_traces_into_one_graph(entry: str) -> None:
    compiled = torch.compile(main(entry), fullgraph=True, backend="eager")
    torch._dynamo.reset()
    inputs, plain = (tensors(entry, book.points(entry)[0]) for _ in range(2))
    found, wanted = compiled(**inputs), main(entry)(**plain)
    found.sum().backward()
    wanted.sum().backward()
    assert torch.equal(found, wanted)
    assert all(torch.equal(inputs[n].grad, plain[n].grad) for n in variables(entry))


@pytest.mark.parametrize("entry", ["C13", "E01"])
def test_compiles(entry: str) -> None:
    compiled = torch.compile(main(entry), fullgraph=True)
    inputs, plain = mixed(entry), mixed(entry)
    found, wanted = compiled(**inputs), main(entry)(**plain)
    found.sum().backward()
    wanted.sum().backward()
    torch.testing.assert_close(found, wanted, rtol=1e-13, atol=1e-13)
    for n in variables(entry):
        torch.testing.assert_close(inputs[n].grad, plain[n].grad, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("name", sorted(e.CASES))
def test_awkward_terms_agree_with_numpy(name: str) -> None:
    case = e.CASES[name]
    plain, f = (
        emit([Exported("f", stabilise(case.term), case.outputs)], case.arguments, "a test", target).functions.f
        for target in ("numpy", "torch")
    )
    inputs = book.given(plain, e.inputs(np.random.default_rng(3), 4, 3, 1.0))
    np.testing.assert_allclose(book.flat(f(**inputs)), book.flat(plain(**inputs)), ROUNDING, ROUNDING)
    batch = {n: np.stack([v, v]) if np.asarray(v).dtype.kind == "f" else v for n, v in inputs.items()}
    np.testing.assert_allclose(book.flat(f(**batch)), book.flat(plain(**batch)), ROUNDING, ROUNDING)


def test_numbers_arrays_and_tensors_mix() -> None:
    f = book.functions("A17", "torch")
    z = np.array([1.0, 2.0, 0.5], np.float32)
    found = f.loss(z, [0, 1, 0], 2)
    assert isinstance(found, torch.Tensor)
    assert found.dtype == torch.float32
    assert f.loss(torch.tensor([1, 2, 3]), [0, 1, 0], 2.0).dtype == torch.float64
    assert f.loss(torch.tensor(z).bfloat16(), [0, 1, 0], 2.0).dtype == torch.bfloat16
    torch.testing.assert_close(f.loss(torch.tensor(z).double(), torch.tensor([0, 1, 0]), 2).float(), found)


def test_the_backward_function_is_what_is_called() -> None:
    a, g = scalar("a"), scalar("upstream")
    wrong = Exported("f_backward", {"a": (7 * g, ())})
    f = emit([Exported("f", a * a, seeds=(g,), backward=wrong)], [a], "a test", "torch").functions.f
    at = torch.tensor(3.0, requires_grad=True)
    f(at).backward()
    assert at.grad == 7
    assert not torch.autograd.gradcheck(
        f, torch.tensor(3.0, dtype=torch.float64, requires_grad=True), raise_exception=False
    )


def test_an_argument_without_a_proved_gradient_must_be_constant() -> None:
    loss = book.functions("A12", "torch").loss
    z, y = torch.zeros(3, requires_grad=True), torch.tensor([1.0, 0.0, 0.0], requires_grad=True)
    with pytest.raises(ValueError, match=r"y: the gradient in y was not derived; pass y.detach\(\)"):
        loss(z, y)
    with torch.no_grad():
        assert loss(z, y) > 1
    loss(z, y.detach()).backward()
    assert y.grad is None


def test_shapes_and_labels_are_checked() -> None:
    f = book.functions("C13", "torch").loss
    with pytest.raises(IndexError, match="t: counts from 0 to 2, found 3 to 3"):
        f(torch.zeros(3), 0.1, 3)
    with pytest.raises(IndexError, match="t: counts from 0 to 2, found -100 to 0"):
        f(torch.zeros(2, 3), 0.1, torch.tensor([0, -100]))
    with pytest.raises(TypeError, match=r"t: expected integers, found torch.float32"):
        f(torch.zeros(3), 0.1, torch.tensor(1.0))
    with pytest.raises(ValueError, match="y: expected length 3 along K as in z, found 4"):
        book.functions("A12", "torch").loss(torch.zeros(3), torch.zeros(4))
    with pytest.raises(ValueError, match=r"z: expected axes \(..., K\), found shape"):
        book.functions("A12", "torch").loss(torch.zeros(()), torch.zeros(4))


def test_per_example_gradients_by_torch_func() -> None:
    loss = book.functions("C13", "torch").loss
    z, t = torch.randn(5, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0)), torch.arange(5) % 4
    found = torch.func.vmap(torch.func.grad(lambda a, b: loss(a, 0.1, b)))(z, t)
    z.requires_grad_()
    loss(z, 0.1, t).sum().backward()
    torch.testing.assert_close(found, z.grad)


def test_masked_classes_and_rows() -> None:
    f = book.functions("A12", "torch")
    z = torch.tensor([[1.0, -torch.inf, 2.0]] * 2, requires_grad=True)
    y = torch.tensor([0.25, 0.0, 0.75])
    f.loss(z, y).sum().backward()
    assert torch.isfinite(z.grad).all()
    assert (z.grad[:, 1] == 0).all()
    assert f.grad(torch.full((2,), -torch.inf), torch.zeros(2)).tolist() == [0, 0]


def test_a_plain_function_is_differentiated_where_two_entries_are_equal() -> None:
    """The largest entry is not unique: its derivative goes to one place, not to half of each."""
    lse = stress.functions("lse", "torch").value
    z = torch.tensor([2.0, 2.0, 1.0], dtype=torch.float64, requires_grad=True)
    lse(z).backward()
    torch.testing.assert_close(z.grad, torch.softmax(z.detach(), -1))


def test_a_root_is_not_differentiated_silently() -> None:
    grad = book.functions("C43", "torch").grad
    z = torch.tensor([1.0, 0.5], dtype=torch.float64, requires_grad=True)
    with pytest.raises(RuntimeError, match="the root of an equation is not differentiated here"):
        grad(z, torch.tensor([1.0, 0.0])).sum().backward()


def test_the_source_stands_alone() -> None:
    source = emit(book.exported("A12", "torch"), book.offered("A12").arguments, "a test", "torch").source
    assert "gradproof" not in source
    assert "numpy" not in source
    assert "Differentiable once in z, by the proved gradient" in source
    assert "Constants, in which no gradient was derived: y." in source


def test_autocast_does_not_round_the_loss() -> None:
    z, y = torch.randn(6, 5, requires_grad=True), torch.softmax(torch.randn(6, 5), -1)
    loss = book.functions("A12", "torch").loss
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = loss(z, y)
    assert found.dtype == torch.float32
    assert torch.allclose(found, torch.nn.functional.cross_entropy(z, y, reduction="none"), rtol=1e-5)
    assert torch.allclose(torch.compile(loss, fullgraph=True)(z, y), loss(z, y))
