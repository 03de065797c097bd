"""A short infix form of terms for messages; pages are printed by gradproof.render."""

from __future__ import annotations

from gradproof.expression.core import Add, Expr, Mul, Number, Pow, Relation
from gradproof.expression.nodes import (
    Binder,
    Bound,
    Constant,
    Derivative,
    Entry,
    Function,
    Index,
    Limit,
    Optimum,
    Symbol,
)


def plain(e: Expr) -> str:
    """The term on one line, with brackets wherever they might be needed."""
    parts = [plain(a) for a in e.args] if not isinstance(e, Index | Binder) else []
    if isinstance(e, Binder) and e.loose:
        return f"{type(e).__name__}({plain(e.args[1])})"  # part of a body: there is no letter to open it with
    if isinstance(e, Binder):
        index = e.fresh()
        return f"{type(e).__name__}_{index.name}({plain(e.open(index))})"
    match e:
        case Number() | Constant() | Bound():
            return f"#{e.data[0]}" if isinstance(e, Bound) else str(e.data[0])
        case Symbol() | Index():
            return e.name
        case Add():
            return "(" + " + ".join(parts).replace("+ -1*", "- ") + ")"
        case Mul():
            return "*".join(parts)
        case Pow():
            return f"{parts[0]}^{parts[1]}"
        case Function():
            return f"{e.name}({', '.join(parts)})"
        case Entry():
            return e.base.name + (f"[{', '.join(parts)}]" if parts else "")
        case Derivative():
            return f"d({parts[0]})/d({parts[1]})"
        case Relation():
            return f"{parts[0]} {e.operator} {parts[1]}"
    return _rare(e, parts)


def _rare(e: Expr, parts: list[str]) -> str:
    if isinstance(e, Limit):
        return f"lim({parts[0]}; {e.data[0].name} -> {parts[1]}{e.data[1]})"
    if isinstance(e, Optimum):
        return f"arg{e.data[0]} over {e.data[1].name} of {parts[0]} is {parts[1]}"
    return f"{type(e).__name__}({', '.join(parts)})"
