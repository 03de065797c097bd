"""gradproof terms as SymPy expressions.

Contract. Nothing is evaluated: what SymPy would rewrite while building is built with evaluate=False. Defined names are
unfolded, bound letters are fresh. What has no meaning in SymPy is refused.

Blind spot. SymPy keeps neither the range of an index nor an upper end of a domain: an array carries the sizes in its
shape, a probability comes out as merely positive. Nested sums are merged by SymPy into one with several limits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy

from gradproof import expression as x
from gradproof.errors import BadInput
from gradproof.expression import Expr, Interval
from gradproof.sympy_bridge.reading import FUNCTIONS, RELATIONS

_MEANINGS: dict[str, Callable[[Any], Any]] = {
    "sigmoid": lambda a: sympy.Pow(1 + sympy.exp(sympy.Mul(-1, a, evaluate=False), evaluate=False), -1, evaluate=False),
    "softplus": lambda a: sympy.log(1 + sympy.exp(a, evaluate=False), evaluate=False),
}


def to_sympy(e: Expr) -> Any:
    """The SymPy expression that says what the term says, unevaluated; `.doit()` is the caller's decision.

    Indices become positive integer symbols, arrays `IndexedBase` with their shape, the sigmoid and the softplus their
    definitions. Raises BadInput for a term without a meaning in SymPy (for all, optimum, the point of an optimum).
    """
    if e.loose:
        raise BadInput("only a term that stands alone can be written", found=repr(e), advice="open its binder first")
    return _write(e, frozenset(x.names(e)))


def _write(e: Expr, used: frozenset[str]) -> Any:
    if isinstance(e, x.Binder):
        return _binder(e, used)
    if isinstance(e, x.Entry):
        return _entry(e, used)
    writing = _WRITINGS.get(type(e))
    if writing is None:
        raise BadInput(f"{type(e).__name__} has no meaning in SymPy", found=repr(e))
    return writing(e, [_write(a, used) for a in e.args])


def _binder(e: x.Binder, used: frozenset[str]) -> Any:
    kinds: dict[type[Expr], Any] = {x.Sum: sympy.Sum, x.Product: sympy.Product}
    if type(e) not in kinds:
        raise BadInput(f"{type(e).__name__} has no meaning in SymPy", found=repr(e))
    letter = e.fresh(used)
    # Letters of sums that stand side by side may agree; those of sums inside one another may not.
    body = _write(e.open(letter), used | {letter.name})
    return kinds[type(e)](body, (_index(letter.name), 1, _write(e.size, used)))


def _entry(e: x.Entry, used: frozenset[str]) -> Any:
    base = e.base
    if isinstance(base, x.Definition):
        return _write(base.unfold(e.args), used | x.names(base.body))
    shape = tuple(_write(n, used) for n in base.shape)
    return sympy.IndexedBase(base.name, shape=shape, **_assumptions(base.domain))[
        tuple(_write(i, used) for i in e.args)
    ]


def _index(name: str) -> Any:
    return sympy.Symbol(name, integer=True, positive=True)


def _assumptions(domain: Interval) -> dict[str, bool]:
    """The SymPy assumptions that hold on a domain."""
    low, high = domain.low, domain.high
    found = {"integer" if domain.integer else "real": True}
    if low is not None and (low > 0 or (low == 0 and domain.low_open)):
        found["positive"] = True
    elif low == 0:
        found["nonnegative"] = True
    elif high is not None and (high < 0 or (high == 0 and domain.high_open)):
        found["negative"] = True
    elif high == 0:
        found["nonpositive"] = True
    return found


def _function(e: Expr, args: list[Any]) -> Any:
    name = e.data[0]
    if name in _MEANINGS:
        return _MEANINGS[name](*args)
    if name not in FUNCTIONS:
        raise BadInput(f"the function {name} has no meaning in SymPy", found=repr(e))
    return FUNCTIONS[name](*args, evaluate=False)


def _relation(e: Expr, args: list[Any]) -> Any:
    operator = e.data[0]
    return sympy.Equivalent(*args) if operator == "<=>" else RELATIONS[operator](*args, evaluate=False)


def _limit(e: Expr, args: list[Any]) -> Any:
    variable, side = e.data
    return sympy.Limit(args[0], _write(variable, frozenset()), args[1], side or "+-")


_WRITINGS: dict[type[Expr], Callable[[Expr, list[Any]], Any]] = {
    x.Number: lambda e, _: sympy.Rational(e.data[0].numerator, e.data[0].denominator),
    x.Constant: lambda e, _: {"pi": sympy.pi, "oo": sympy.oo}[e.data[0]],
    x.Symbol: lambda e, _: sympy.Symbol(e.data[0], **_assumptions(e.data[1])),
    x.Index: lambda e, _: _index(e.data[0]),
    x.Add: lambda _, args: sympy.Add(*args, evaluate=False),
    x.Mul: lambda _, args: sympy.Mul(*args, evaluate=False),
    x.Pow: lambda _, args: sympy.Pow(*args, evaluate=False),
    x.Function: _function,
    x.Delta: lambda _, args: sympy.KroneckerDelta(*args),
    x.Derivative: lambda _, args: sympy.Derivative(*args, evaluate=False),
    x.Limit: _limit,
    x.Relation: _relation,
}
