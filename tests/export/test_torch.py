"""The PyTorch target: it agrees with NumPy's, is differentiated by what was proved, and compiles."""

from __future__ import annotations

from typing import Any

import export_catalogue as book
import numpy as np
import pytest

torch: Any = pytest.importorskip("torch", reason="PyTorch IS NOT INSTALLED: pip install 'gradproof[torch]'")
pytestmark = [
    pytest.mark.torch,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:torch"),
]

DIFFERENTIABLE = book.numbers("loss", "fun")
TWICE = ("A06", "B03", "B14", "C03")
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


@pytest.mark.parametrize("entry", list(book.BOOK))
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


@pytest.mark.parametrize("entry", DIFFERENTIABLE)
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
