"""A short infix form of terms for messages; pages are printed by gradproof.render.

Contract. Two terms that the constructors build print alike only where they are the same term, bound letters and the
ranges of indices aside: a - b*c, -(a + b)/c^2, Sum_i(z[i]), d(L)/d(z[k]).

Blind spot. Names are printed as they are; a symbol called "a + b" looks like a sum.
"""

from __future__ import annotations

from collections.abc import Callable

from gradproof.expression.binders import Binder, Bound
from gradproof.expression.calculus import Derivative, Expectation, Limit, Optimum, Root
from gradproof.expression.core import Add, Expr, Mul, Number, Pow, Relation
from gradproof.expression.families import Entry, OfMatrix, Ranking
from gradproof.expression.symbols import Application, Constant, Function, Index, Symbol

# How tightly a piece holds together.
RELATION, SUM, TERM, FACTOR, ATOM = range(5)
Piece = tuple[str, int]


def plain(e: Expr) -> str:
    """The term on one line, with brackets only where it would be read otherwise without."""
    return _piece(e)[0]


def _piece(e: Expr) -> Piece:
    if isinstance(e, Binder):
        return _binder(e), ATOM
    return _SHAPES.get(type(e), _other)(e)


def _at_least(level: int, e: Expr) -> str:
    text, own = _piece(e)
    return text if own >= level else f"({text})"


def _binder(e: Binder) -> str:
    if e.loose:
        return f"{type(e).__name__}({plain(e.args[1])})"  # part of a body: there is no letter to open it with
    index = e.fresh()
    return f"{type(e).__name__}_{index.name}({plain(e.open(index))})"


def _number(e: Expr) -> Piece:
    assert isinstance(e, Number)
    return str(e.value), ATOM if e.value >= 0 and e.value.denominator == 1 else TERM


def _sum(e: Expr) -> Piece:
    """The terms, a minus sign in front of one taken as the sign between."""
    said = _at_least(TERM, e.args[0])
    for t in e.args[1:]:
        text = _at_least(TERM, t)
        said += f" - {text[1:]}" if text.startswith("-") else f" + {text}"
    return said, SUM


def _product(e: Expr) -> Piece:
    first, *rest = e.args
    if isinstance(first, Number):
        said = "-" if first.value == -1 else str(first.value)
    else:
        said = _over(first) or _at_least(FACTOR, first)
    for f in rest:
        below = _over(f)
        if said == "-":
            said = f"-{below}" if below else f"-{_at_least(FACTOR, f)}"
        else:
            said += below.removeprefix("1") if below else f"*{_at_least(FACTOR, f)}"
    return said, TERM


def _over(e: Expr) -> str:
    """1/b or 1/b^2 for a power with a negative number as exponent, else nothing."""
    if not (isinstance(e, Pow) and isinstance(e.args[1], Number) and e.args[1].value < 0):
        return ""
    base, exponent = e.args[0], e.args[1].value
    if isinstance(base, Number):
        return ""
    return f"1/{_raised(base, Number.of(-exponent))}" if exponent != -1 else f"1/{_at_least(ATOM, base)}"


def _power(e: Expr) -> Piece:
    below = _over(e)
    return (below, TERM) if below else (_raised(*e.args), FACTOR)


def _raised(base: Expr, exponent: Expr) -> str:
    return f"{_at_least(ATOM, base)}^{_at_least(ATOM, exponent)}"


def _relation(e: Expr) -> Piece:
    assert isinstance(e, Relation)
    return f"{_at_least(SUM, e.args[0])} {e.operator} {_at_least(SUM, e.args[1])}", RELATION


def _entry(e: Expr) -> Piece:
    assert isinstance(e, Entry)
    return e.base.name + (f"[{', '.join(map(plain, e.args))}]" if e.args else ""), ATOM


def _of_matrix(e: Expr) -> Piece:
    assert isinstance(e, OfMatrix)
    return f"{e.kind}({e.base.name})" + (f"[{', '.join(map(plain, e.args))}]" if e.args else ""), ATOM


def _limit(e: Expr) -> Piece:
    return f"lim({plain(e.args[0])}; {e.data[0].name} -> {plain(e.args[1])}{e.data[1]})", ATOM


def _root(e: Expr) -> Piece:
    return f"root({e.data[0].name}: {plain(e.args[0])} = {plain(e.args[1])})", ATOM


def _ranking(e: Expr) -> Piece:
    return f"{e.data[0]}({plain(e.args[0])})[{plain(e.args[1])}]", ATOM


def _expectation(e: Expr) -> Piece:
    law = e.data[1] + (f"({', '.join(map(plain, e.args[1:]))})" if e.args[1:] else "")
    return f"E({plain(e.args[0])}; {e.data[0].name} ~ {law})", ATOM


def _optimum(e: Expr) -> Piece:
    return f"arg{e.data[0]} over {e.data[1].name} of {plain(e.args[0])} is {plain(e.args[1])}", RELATION


def _other(e: Expr) -> Piece:
    return f"{type(e).__name__}({', '.join(map(plain, e.args))})", ATOM


_SHAPES: dict[type[Expr], Callable[[Expr], Piece]] = {
    Number: _number,
    Constant: lambda e: (str(e.data[0]), ATOM),
    Bound: lambda e: (f"#{e.data[0]}", ATOM),
    Symbol: lambda e: (str(e.data[0]), ATOM),
    Index: lambda e: (str(e.data[0]), ATOM),
    Add: _sum,
    Mul: _product,
    Pow: _power,
    Application: lambda e: (f"{e.data[0].name}{chr(39) * e.data[1]}({plain(e.args[0])})", ATOM),
    Function: lambda e: (f"{e.data[0]}({', '.join(map(plain, e.args))})", ATOM),
    Entry: _entry,
    OfMatrix: _of_matrix,
    Derivative: lambda e: (f"d({plain(e.args[0])})/d({plain(e.args[1])})", FACTOR),
    Relation: _relation,
    Limit: _limit,
    Expectation: _expectation,
    Optimum: _optimum,
    Root: _root,
    Ranking: _ranking,
}
