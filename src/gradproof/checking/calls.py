"""Calling the function that is checked: its arguments by name, NumPy arrays or tensors, and what it returns.

Contract. Whatever goes wrong inside it is reported with the inputs; nothing of it passes for agreement.

Blind spot. Whether it wants tensors is told from the modules its code mentions; `library` says so where that fails.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

from gradproof.errors import BadInput

UPSTREAM = ("upstream", "upstream_gradient", "grad_output", "dout", "dy", "dL", "g")


class Failed(Exception):
    """The function gave nothing that can be compared; says why."""


class Checked:
    """The function as it is called."""

    def __init__(
        self, function: Any, names: Sequence[str], upstream: str, wrt: Sequence[str], library: str | None
    ) -> None:
        if not callable(function):
            raise BadInput("the function to check is not callable", found=repr(function))
        if library not in (None, "numpy", "torch"):
            raise BadInput("no such library", expected="numpy or torch", found=repr(library))
        if isinstance(function, type) and hasattr(function, "apply") and hasattr(function, "backward"):
            function, library = _differentiated(function, upstream, wrt), "torch"
        self.function = function
        self.torch = library == "torch" or (library is None and _mentions_torch(function))
        self.passed = _parameters(function, names, upstream)
        self.upstream = upstream in self.passed.values()
        self.changed: set[str] = set()  # what the function wrote into

    def inputs(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the function is given, by its own names."""
        return {own: values[name] for own, name in self.passed.items()}

    def __call__(self, values: Mapping[str, Any], wrt: Sequence[str]) -> dict[str, Any]:
        import numpy as np

        given = self.inputs(values)
        sent = {own: self._sent(v) for own, v in given.items()}
        with np.errstate(all="ignore"):
            try:
                found = _by_variable(self.function(**sent), wrt)
            except Failed:
                raise
            except Exception as why:
                raise Failed(f"the function raised {type(why).__name__}: {why}") from why
        self.changed |= {n for n, v in sent.items() if not np.array_equal(_plain(v), given[n], equal_nan=True)}
        return found

    def _sent(self, value: Any) -> Any:
        if not self.torch:
            return value.item() if value.ndim == 0 else value.copy()
        import torch

        return torch.tensor(value)


def _plain(value: Any) -> Any:
    return value.detach().cpu().numpy() if hasattr(value, "detach") else value


def _differentiated(function: Any, upstream: str, wrt: Sequence[str]) -> Callable[..., Any]:
    """The backward pass of a torch.autograd.Function, as a function of its arguments."""
    names = [n for n in inspect.signature(function.forward).parameters if n != "ctx"]

    def gradient(**given: Any) -> Any:
        import torch

        start = given.pop(upstream)
        moved = [given[n].requires_grad_() for n in wrt]
        return torch.autograd.grad(function.apply(*(given[n] for n in names)), moved, start)

    parameters = [inspect.Parameter(n, inspect.Parameter.KEYWORD_ONLY) for n in (*names, upstream)]
    gradient.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return gradient


def _mentions_torch(function: Any) -> bool:
    inner = inspect.unwrap(getattr(function, "func", function))
    inner = getattr(inner, "__func__", inner)
    code = getattr(inner, "__code__", None)
    if code is None:
        return type(inner).__module__.partition(".")[0] == "torch"
    known = [inner.__globals__.get(n) for n in code.co_names] + [c.cell_contents for c in inner.__closure__ or ()]
    modules = [m.__name__ if isinstance(m, ModuleType) else getattr(m, "__module__", None) or "" for m in known]
    return "torch" in code.co_names or any(m.partition(".")[0] == "torch" for m in modules)


def _parameters(function: Callable[..., Any], names: Sequence[str], upstream: str) -> dict[str, str]:
    """The parameters of the function, and which value each is given."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError) as why:
        raise BadInput("the parameters of the function cannot be read", found=repr(function)) from why
    found, unknown = {}, []
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        found = {n: n for n in names if n != upstream}
    elif any(p.kind is p.VAR_POSITIONAL for p in parameters):
        raise BadInput(
            "the function does not name its arguments",
            expected=", ".join(names),
            advice="wrap it in one with these names",
        )
    for p in parameters:
        if p.name in names:
            found[p.name] = p.name
        elif p.name in UPSTREAM:
            found[p.name] = upstream
        elif p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD):
            unknown.append(p.name)
        if p.kind is p.POSITIONAL_ONLY and p.name in found:
            raise BadInput("the function takes an argument by position only", found=p.name)
    if unknown:
        raise BadInput(
            f"the entry has no argument {' or '.join(unknown)}",
            expected=f"{', '.join(n for n in names if n != upstream)}; {upstream} for an upstream gradient",
            advice="wrap the function in one with these names",
        )
    return found


def _by_variable(found: Any, wrt: Sequence[str]) -> dict[str, Any]:
    if isinstance(found, Mapping):
        if missing := [v for v in wrt if v not in found]:
            raise Failed(f"the function returned a dict without {', '.join(missing)}")
        values = [found[v] for v in wrt]
    elif len(wrt) == 1 and not (isinstance(found, tuple) and len(found) == 1):
        values = [found]
    elif isinstance(found, tuple | list) and len(found) == len(wrt):
        values = list(found)
    else:
        raise Failed(f"expected a tuple or dict of the gradients in {', '.join(wrt)}, found {type(found).__name__}")
    return {v: _array(v, a) for v, a in zip(wrt, values, strict=True)}


def _array(variable: str, value: Any) -> Any:
    import numpy as np

    if value is None:
        raise Failed(f"the function returned None as the gradient in {variable}")
    try:
        found = np.asarray(_plain(value))
        return found if found.dtype == np.float32 else found.astype(float)
    except (TypeError, ValueError) as why:
        raise Failed(f"the gradient in {variable} is not an array of numbers: {why}") from why
