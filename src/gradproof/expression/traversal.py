"""Substitution, and walking over terms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gradproof.expression.core import Expr
from gradproof.expression.nodes import (
    Array,
    Binder,
    Definition,
    Derivative,
    Entry,
    Expectation,
    Limit,
    Optimum,
    Vector,
    abstract,
    descend,
)


def substitute(e: Expr, old: Expr, new: Expr) -> Expr:
    """Replace a free symbol or index by a term; refused under a derivative or limit that moves it."""
    if old not in e.free:
        return e
    if e == old:
        return new
    _not_moved(e, old, *new.free)
    if isinstance(e, Entry) and isinstance(e.base, Definition) and old in e.base.body.free:
        base = e.base
        body = substitute(base.body, old, new)
        return Entry(
            tuple(substitute(a, old, new) for a in e.args), (Definition(base.name, base.shape, body, base.letters),)
        )
    return descend(e, lambda a, _: substitute(a, old, new), 0)


def _not_moved(e: Expr, *touched: Any) -> None:
    """Refuse to put a name into, or to replace it in, what moves or binds that name."""
    inside = e.moved if isinstance(e, Derivative) else None
    if isinstance(e, Limit | Optimum | Expectation):
        inside = e.data[1] if isinstance(e, Optimum) else e.data[0]
    if inside is not None and inside in touched:
        kind = type(e).__name__.lower()
        article = "an" if kind[0] in "aeiou" else "a"
        raise ValueError(f"{inside.name} is moved or bound by {article} {kind} and may not be replaced there")


def replace_array(e: Expr, array: Array, family: Vector) -> Expr:
    """Replace every entry array[i] by the i-th member of `family`, which has the array's only size."""
    if array.shape != (family.size,):
        raise ValueError(f"a family for {array.name} must have its size, {array.shape}, not {family.size!r}")
    if array not in e.free:
        return e
    _not_moved(e, array, *family.free)
    if isinstance(e, Entry) and e.base == array:
        return family.open(replace_array(e.args[0], array, family))
    if isinstance(e, Entry) and isinstance(e.base, Definition) and array in e.base.body.free:
        base = e.base
        body = replace_array(base.body, array, family)
        inner = tuple(replace_array(a, array, family) for a in e.args)
        return Entry(inner, (Definition(base.name, base.shape, body, base.letters),))
    if isinstance(e, Binder):  # open it, so that the family is never put under a binder with a loose index
        index = e.fresh(x.name for x in family.free)
        body = replace_array(e.open(index), array, family)
        return e.rebuild((replace_array(e.size, array, family), abstract(body, (index,))))
    return descend(e, lambda a, _: replace_array(a, array, family), 0)


def subterms(e: Expr) -> Iterator[Expr]:
    """The term and all below it, outermost first; bodies of binders as they are stored."""
    yield e
    for a in e.args:
        yield from subterms(a)


def names(e: Expr) -> set[str]:
    """The names of everything the term depends on and of the definitions it mentions."""
    found = {x.name for x in e.free}
    for t in subterms(e):
        if isinstance(t, Entry):
            found.add(t.base.name)
    return found


def definitions(e: Expr) -> tuple[Definition, ...]:
    """The definitions a term rests on, each after those it uses."""
    found: dict[Definition, None] = {}

    def visit(t: Expr) -> None:
        for s in subterms(t):
            if isinstance(s, Entry) and isinstance(s.base, Definition) and s.base not in found:
                visit(s.base.body)
                found[s.base] = None

    visit(e)
    return tuple(found)
