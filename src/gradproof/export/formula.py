"""A term as one line of plain text, for the documentation of exported functions.

Contract. Every term prints, those that cannot be exported too: the message that refuses them quotes this.

Blind spot. It is for people: it does not promise to be read back, and prints what it is given, in the order given.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from gradproof.expression import (
    Add,
    Binder,
    Bound,
    Delta,
    Entry,
    Expr,
    Function,
    Index,
    Mul,
    Number,
    OfMatrix,
    Pow,
    Ranking,
    Relation,
    Root,
    Symbol,
)

from .terms import MINUS, coefficient, negative

SUM, PRODUCT, POWER, ATOM = range(4)
WORDS = {"Sum": "sum", "Product": "product", "ForAll": "for all", "Vector": "vector"}


def text(e: Expr) -> str:
    """The term in plain text: sum_i y[i] * log(p[i])."""
    return _at_least(e, SUM)


def _at_least(e: Expr, level: int) -> str:
    shown, own = _shown(e)
    return shown if own >= level else f"({shown})"


def _shown(e: Expr) -> tuple[str, int]:
    if isinstance(e, Binder):
        return _binder(e)
    show = SHOW.get(type(e))
    if show:
        return show(e)
    inside = ", ".join([*(str(getattr(d, "name", d)) for d in e.data), *(text(a) for a in e.args)])
    return f"{type(e).__name__}({inside})", ATOM


def _number(e: Expr) -> tuple[str, int]:
    value: Fraction = e.data[0]
    return str(value), SUM if value < 0 else ATOM if value.denominator == 1 else PRODUCT


def _entry(e: Expr) -> tuple[str, int]:
    inside = ", ".join(text(a) for a in e.args)
    return (f"{e.data[0].name}[{inside}]" if inside else str(e.data[0].name)), ATOM


def _of_matrix(e: Expr) -> tuple[str, int]:
    inside = ", ".join(text(a) for a in e.args)
    return f"{e.data[0]}({e.data[1].name})" + (f"[{inside}]" if inside else ""), ATOM


def _add(e: Expr) -> tuple[str, int]:
    shown = text(e.args[0])
    for t in e.args[1:]:
        minus = coefficient(t)[0] < 0
        shown += f" - {_at_least(negative(t), PRODUCT)}" if minus else f" + {_at_least(t, PRODUCT)}"
    return shown, SUM


def _mul(e: Expr) -> tuple[str, int]:
    above = [f for f in e.args if not _inverse(f)]
    below = [_reciprocal(f) for f in e.args if _inverse(f)]
    minus = bool(above) and above[0] == MINUS
    top = " * ".join(_at_least(f, PRODUCT) for f in above[minus:]) or "1"
    under = " * ".join(_at_least(f, POWER) for f in below)
    shown = top if not below else f"{top} / {under}" if len(below) == 1 else f"{top} / ({under})"
    return (f"-{shown}", SUM) if minus else (shown, PRODUCT)


def _inverse(e: Expr) -> bool:
    return isinstance(e, Pow) and isinstance(e.args[1], Number) and e.args[1].value < 0


def _reciprocal(e: Expr) -> Expr:
    base, n = e.args
    flipped = Number.of(-n.data[0])
    return base if flipped.value == 1 else Pow((base, flipped))


def _pow(e: Expr) -> tuple[str, int]:
    if _inverse(e):
        return f"1 / {_at_least(_reciprocal(e), POWER)}", PRODUCT
    return f"{_at_least(e.args[0], ATOM)}^{_at_least(e.args[1], ATOM)}", POWER


def _binder(e: Binder) -> tuple[str, int]:
    index = e.fresh()
    word = WORDS.get(type(e).__name__, type(e).__name__)
    return f"{word}_{index.name} {_at_least(e.open(index), PRODUCT)}", PRODUCT


def _root(e: Expr) -> tuple[str, int]:
    return f"(the {e.data[0].name} with {text(e.args[0])} = {text(e.args[1])})", ATOM


def _ranking(e: Expr) -> tuple[str, int]:
    return f"{e.data[0]}({text(e.args[0])})[{text(e.args[1])}]", ATOM


def _relation(e: Expr) -> tuple[str, int]:
    return f"{text(e.args[0])} {e.data[0]} {text(e.args[1])}", SUM


SHOW: dict[type[Expr], Callable[[Expr], tuple[str, int]]] = {
    Number: _number,
    Symbol: lambda e: (str(e.data[0]), ATOM),
    Index: lambda e: (str(e.data[0]), ATOM),
    Bound: lambda e: (f"#{e.data[0]}", ATOM),
    Entry: _entry,
    OfMatrix: _of_matrix,
    Add: _add,
    Mul: _mul,
    Pow: _pow,
    Function: lambda e: (f"{e.data[0]}({', '.join(text(a) for a in e.args)})", ATOM),
    Delta: lambda e: (f"delta({text(e.args[0])}, {text(e.args[1])})", ATOM),
    Relation: _relation,
    Root: _root,
    Ranking: _ranking,
}
