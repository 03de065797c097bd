"""An independent reference: terms evaluated entry by entry with mpmath at 60 digits, straight from their meaning."""

from __future__ import annotations

import itertools
from typing import Any

import mpmath
import numpy as np
from gradproof import expression as x

mpmath.mp.dps = 60
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


def value(e: x.Expr, env: dict[str, Any]) -> Any:
    """The value; `env` holds arrays, scalars and sizes by name, and indices by name counted from 1."""
    args = e.args
    if isinstance(e, x.Number):
        return mpmath.mpf(e.value.numerator) / e.value.denominator
    if isinstance(e, x.Constant):
        return mpmath.pi
    if isinstance(e, x.Index):
        return env[e.name]
    if isinstance(e, x.Symbol):
        return number(env[e.name])
    if isinstance(e, x.Entry):
        if isinstance(e.base, x.Definition):
            return value(e.base.unfold(args), env)
        place = tuple(int(value(a, env)) - 1 for a in args)
        return number(np.asarray(env[e.base.name])[place])
    if isinstance(e, x.Sum | x.Product):
        index = x.Index.of(f"bound{len(env)}", e.size)
        n = int(value(e.size, env))
        terms = [value(e.open(index), {**env, index.name: m}) for m in range(1, n + 1)]
        return mpmath.fsum(terms) if isinstance(e, x.Sum) else mpmath.fprod(terms)
    found = [value(a, env) for a in args]
    if isinstance(e, x.Add):
        return mpmath.fsum(found)
    if isinstance(e, x.Mul):
        return mpmath.fprod(found)
    if isinstance(e, x.Pow):
        return mpmath.mpf(1) if found[1] == 0 else mpmath.power(*found)
    if isinstance(e, x.Delta):
        return mpmath.mpf(int(found[0]) == int(found[1]))
    return FUNCTIONS[e.data[0]](*found)


def array(e: x.Expr, outputs: tuple[x.Index, ...], env: dict[str, Any]) -> Any:
    """The array over the output indices, as floats."""
    lengths = [int(value(i.size, env)) for i in outputs]
    found = np.zeros(lengths)
    for place in itertools.product(*(range(n) for n in lengths)):
        here = dict(zip((i.name for i in outputs), (p + 1 for p in place), strict=True))
        found[place] = float(value(e, {**env, **here}))
    return found


def worst(got: Any, want: Any, floor: float = 0.0) -> float:
    """The largest relative difference; below `floor` in size, relative to `floor`."""
    got, want = np.asarray(got, dtype=float), np.asarray(want, dtype=float)
    assert got.shape == want.shape, (got.shape, want.shape)
    same = got == want
    scale = np.maximum(np.maximum(np.abs(want), floor), 1e-300)
    return float(np.max(np.where(same, 0, np.abs(np.where(same, 0, got - want))) / scale, initial=0.0))
