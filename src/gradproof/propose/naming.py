"""Names for parts that a reader would name: a partition sum S = sum_j e^{z_j}, and p_i = e^{z_i} / S.

A loss may come without definitions. Every positive sum of exponentials gets a name, and so does the family of
its normalised terms, with the indices around it as parameters. The names are definitions like any other: the kernel
looks through them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from gradproof.expression import (
    Binder,
    Definition,
    Derivative,
    Entry,
    Expr,
    Function,
    Index,
    Mul,
    Number,
    Pow,
    Sum,
    abstract,
    mul,
    names,
)
from gradproof.normal import Normal
from gradproof.propose.shapes import match, split_product
from gradproof.signs import Signs

ONE = Number.of(1)
FAMILY_NAMES = ("p", "q", "r", "s", "t", "u", "v", "w")
SUM_NAMES = ("S", "T", "U", "V", "W", "Z")


@dataclass(frozen=True)
class Part:
    """A named sum and the named family of its normalised terms."""

    total: Definition
    share: Definition
    pattern: Sum  # the sum at `holes`
    holes: tuple[Index, ...]


def define(name: str, params: tuple[Index, ...], body: Expr) -> Definition:
    return Definition(name, tuple(p.size for p in params), abstract(body, params), tuple(p.name for p in params))


def parts(
    e: Expr, signs: Signs, known: Collection[Definition] = (), reserved: Collection[str] = ()
) -> list[Part]:  # fmt: skip
    """The parts of a term that deserve a name; one that is among the `known` definitions keeps its name.

    `reserved` are names that something else has, elsewhere.
    """
    found: list[Part] = []
    taken = names(e) | {"e"} | {d.name for d in known} | set(reserved)
    normal = Normal(signs, None)

    def visit(t: Expr, letters: frozenset[str]) -> None:
        if isinstance(t, Entry | Derivative):
            return
        if isinstance(t, Binder):
            index = t.fresh(letters | {x.name for x in e.free})
            body = t.open(index)
            visit(body, letters | {index.name})
            if isinstance(t, Sum) and _exponential(body, index) and signs.positive(body):
                _note(found, t, index, taken, known, normal)
            return
        for a in t.args:
            visit(a, letters)

    visit(e, frozenset())
    return found


def _exponential(body: Expr, index: Index) -> bool:
    return any(isinstance(f, Function) and f.name == "exp" and index in f.free for f in split_product(body))


def _note(
    found: list[Part], t: Sum, index: Index, taken: set[str], known: Collection[Definition], normal: Normal
) -> None:
    if any(match(p.pattern, t, p.holes) is not None for p in found):
        return
    params = tuple(sorted((i for i in t.free if isinstance(i, Index)), key=lambda i: i.name))
    total = _known(known, params, t, normal) or define(_next(SUM_NAMES, taken), params, t)
    body = t.open(index) / Entry.of(total, params)
    share = _known(known, (*params, index), body, normal) or define(_next(FAMILY_NAMES, taken), (*params, index), body)
    holes = tuple(Index.of(f"?{n}", i.size) for n, i in enumerate(params))
    pattern = total.unfold(holes)
    assert isinstance(pattern, Sum)
    found.append(Part(total, share, pattern, holes))


def _known(known: Collection[Definition], params: tuple[Index, ...], body: Expr, normal: Normal) -> Definition | None:
    """The definition that stands for the same already."""
    sizes = tuple(p.size for p in params)
    return next((d for d in known if d.shape == sizes and normal.equal(d.unfold(params), body)), None)


def _next(choices: Iterable[str], taken: set[str]) -> str:
    options = list(choices)
    name = next((c for c in options if c not in taken), None)
    if name is None:
        name = next(f"{options[0]}{n}" for n in range(2, 1000) if f"{options[0]}{n}" not in taken)
    taken.add(name)
    return name


def named(e: Expr, found: list[Part]) -> Expr:
    """The term with the parts by name: quotients by their share, other sums by their total."""
    if isinstance(e, Binder):
        for part in found:
            values = match(part.pattern, e, part.holes)
            if values is not None:
                return Entry.of(part.total, values)
        index = e.fresh()
        return type(e)((e.size, abstract(named(e.open(index), found), (index,))), e.data, e.hint)
    if isinstance(e, Entry) or not e.args:
        return e
    if isinstance(e, Mul):
        e = _shares(e, found)
        if not isinstance(e, Mul):
            return named(e, found)
    return e.rebuild(tuple(named(a, found) for a in e.args))


def _shares(e: Mul, found: list[Part]) -> Expr:
    """Put p_i for e^{z_i} / S in a product, and 1/p_i for S / e^{z_i}."""
    for whole in e.args:
        below = isinstance(whole, Pow) and whole.args[1] == Number.of(-1)
        total = whole.args[0] if below else whole
        for part in found:
            values = match(part.pattern, total, part.holes)
            if values is None:
                continue
            assert isinstance(total, Sum)
            rest = [f if below else ONE / f for f in e.args if f is not whole]
            at = _member(total, rest)
            if at is not None:
                for m in split_product(total.open(at)):
                    rest.remove(m)
                share = Entry.of(part.share, (*values, at))
                return _again(mul(*rest, share) if below else mul(*(ONE / f for f in rest), ONE / share), found)
    return e


def _again(e: Expr, found: list[Part]) -> Expr:
    return _shares(e, found) if isinstance(e, Mul) else e


def _member(total: Sum, factors: list[Expr]) -> Expr | None:
    """The index at which the body of the sum is among the factors."""
    hole = Index.of("?", total.size)
    wanted = next(w for w in split_product(total.open(hole)) if hole in w.free)
    for f in factors:
        at = match(wanted, f, (hole,))
        if at and all(m in factors for m in split_product(total.open(at[0]))):
            return at[0]
    return None
