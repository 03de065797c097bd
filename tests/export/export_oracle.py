"""An independent reference: terms evaluated entry by entry with mpmath at 60 digits, straight from their meaning."""

from __future__ import annotations

import itertools
from typing import Any

import mpmath
import numpy as np

from gradproof import expression as x

FUNCTIONS = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "log1p": lambda a: mpmath.log(1 + a),
    "expm1": lambda a: mpmath.exp(a) - 1,
    "sigmoid": lambda a: 1 / (1 + mpmath.exp(-a)),
    "softplus": lambda a: mpmath.log(1 + mpmath.exp(a)),
    "tanh": mpmath.tanh,
}


def number(value: Any) -> Any:
    """Exactly the number that a float holds."""
    return mpmath.mpf(float(value))


class Reference:
    """Values under `env`: arrays, scalars and sizes by name."""

    def __init__(self, env: dict[str, Any]) -> None:
        self.env = env
        self.known: dict[Any, Any] = {}

    def value(self, e: x.Expr, places: dict[x.Index, int]) -> Any:
        """The value with indices at these places, counted from 1."""
        key = (e, *(places[i] for i in places if i in e.free))
        if key not in self.known:
            self.known[key] = self._value(e, places)
        return self.known[key]

    def _value(self, e: x.Expr, places: dict[x.Index, int]) -> Any:
        if isinstance(e, x.Number):
            return mpmath.mpf(e.value.numerator) / e.value.denominator
        if isinstance(e, x.Constant):
            return mpmath.pi
        if isinstance(e, x.Index):
            return places[e] if e in places else self.env[e.name]
        if isinstance(e, x.Symbol):
            return number(self.env[e.name])
        if isinstance(e, x.Entry) and isinstance(e.base, x.Definition):
            return self.value(e.base.unfold(e.args), places)
        if isinstance(e, x.Sum | x.Product):
            index = x.Index.of(f"bound{len(places)}", e.size)
            n = int(self.value(e.size, places))
            terms = [self.value(e.open(index), {**places, index: m}) for m in range(1, n + 1)]
            return mpmath.fsum(terms) if isinstance(e, x.Sum) else mpmath.fprod(terms)
        found = [self.value(a, places) for a in e.args]
        if isinstance(e, x.Entry):
            return number(np.asarray(self.env[e.base.name])[tuple(int(f) - 1 for f in found)])
        return mpmath.mpf(1) if isinstance(e, x.Pow) and found[1] == 0 else OPERATIONS[type(e)](e, found)


OPERATIONS: dict[type[x.Expr], Any] = {
    x.Add: lambda e, found: mpmath.fsum(found),
    x.Mul: lambda e, found: mpmath.fprod(found),
    x.Pow: lambda e, found: mpmath.power(*found),
    x.Delta: lambda e, found: mpmath.mpf(int(found[0]) == int(found[1])),
    x.Function: lambda e, found: FUNCTIONS[e.data[0]](*found),
}


def array(e: x.Expr, outputs: tuple[x.Index, ...], env: dict[str, Any]) -> Any:
    """The array over the output indices, as floats."""
    reference = Reference(env)
    lengths = [int(reference.value(i.size, {})) for i in outputs]
    found = np.zeros(lengths)
    for place in itertools.product(*(range(n) for n in lengths)):
        here = dict(zip(outputs, (p + 1 for p in place), strict=True))
        found[place] = float(reference.value(e, here))
    return found


def worst(got: Any, want: Any, floor: float = 0.0) -> float:
    """The largest relative difference; below `floor` in size, relative to `floor`."""
    got, want = np.asarray(got, dtype=float), np.asarray(want, dtype=float)
    assert got.shape == want.shape, (got.shape, want.shape)
    same = got == want
    scale = np.maximum(np.maximum(np.abs(want), floor), 1e-300)
    return float(np.max(np.where(same, 0, np.abs(np.where(same, 0, got - want))) / scale, initial=0.0))
