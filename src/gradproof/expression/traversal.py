"""Substitution, and walking over terms. TRUSTED.

Contract. `substitute` and `replace_array` look through definitions and cannot capture; where a term moves or binds what
would be replaced or put in, they refuse by ValueError. `definitions` lists each definition after those it uses.

Blind spot. `subterms` gives the bodies of binders as they are stored, with loose bound indices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from gradproof.expression.binders import Binder, Vector, abstract, descend, fresh_letter, holds
from gradproof.expression.core import Expr
from gradproof.expression.families import Array, Definition, Entry, OfMatrix
from gradproof.expression.symbols import Index


def substitute(e: Expr, old: Expr, new: Expr) -> Expr:
    """Replace a free symbol or index by a term; refused under a derivative or limit that moves it."""
    if old not in e.free:
        return e
    if e == old:
        return new
    _not_moved(e, old, *new.free)
    if isinstance(e, OfMatrix) and any(old in n.free for n in e.base.shape):
        raise ValueError(f"{old!r} is the size of {e!r} and may not be replaced there")
    if isinstance(e, Entry | OfMatrix) and isinstance(e.base, Definition) and old in e.base.body.free:
        body = substitute(e.base.body, old, new)
        return _over(e, body, tuple(substitute(a, old, new) for a in e.args))
    return descend(e, lambda a, _: substitute(a, old, new), 0)


def _over(e: Entry | OfMatrix, body: Expr, args: tuple[Expr, ...]) -> Expr:
    """The same node over a definition with another body."""
    base = e.base
    assert isinstance(base, Definition)
    return type(e)(args, (*e.data[:-1], Definition(base.name, base.shape, body, base.letters)))


def _not_moved(e: Expr, *touched: Any) -> None:
    """Refuse to put a name into, or to replace it in, what moves or binds that name."""
    inside = holds(e)
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
    if isinstance(e, Entry | OfMatrix) and isinstance(e.base, Definition) and array in e.base.body.free:
        inner = tuple(replace_array(a, array, family) for a in e.args)
        rewritten = _rewritten(e.base, family.free, lambda body: replace_array(body, array, family))
        return _over(e, rewritten.body, inner)
    if isinstance(e, Binder):  # open it, so that the family is never put under a binder with a loose index
        index = e.fresh(x.name for x in family.free)
        body = replace_array(e.open(index), array, family)
        return e.rebuild((replace_array(e.size, array, family), abstract(body, (index,))))
    return descend(e, lambda a, _: replace_array(a, array, family), 0)


def _rewritten(d: Definition, avoid: Iterable[Any], rewrite: Callable[[Expr], Expr]) -> Definition:
    """The definition with its body rewritten, opened first so that no parameter is put under a binder as loose."""
    taken = {x.name for x in (*d.body.free, *avoid)}
    params: list[Index] = []
    for n, size in enumerate(d.shape):
        params.append(Index.of(fresh_letter(d.letters[n] if d.letters else "i", taken), size))
        taken.add(params[-1].name)
    return Definition(d.name, d.shape, abstract(rewrite(d.unfold(tuple(params))), tuple(params)), d.letters)


def subterms(e: Expr) -> Iterator[Expr]:
    """The term and all below it, outermost first; bodies of binders as they are stored."""
    yield e
    for a in e.args:
        yield from subterms(a)


def names(e: Expr) -> set[str]:
    """The names of everything the term depends on and of the definitions it mentions."""
    found = {x.name for x in e.free}
    for t in subterms(e):
        if isinstance(t, Entry | OfMatrix):
            found.add(t.base.name)
    return found


def definitions(e: Expr) -> tuple[Definition, ...]:
    """The definitions a term rests on, each after those it uses."""
    found: dict[Definition, None] = {}

    def visit(t: Expr) -> None:
        for s in subterms(t):
            if isinstance(s, Entry | OfMatrix) and isinstance(s.base, Definition) and s.base not in found:
                visit(s.base.body)
                found[s.base] = None

    visit(e)
    return tuple(found)
