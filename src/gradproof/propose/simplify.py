"""From a line without derivatives to a short one: cancel, distribute sums, contract deltas, use the givens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gradproof.expression import (
    Add,
    Definition,
    Delta,
    Derivative,
    Entry,
    Expr,
    Index,
    Limit,
    Mul,
    Number,
    OfMatrix,
    Pow,
    Sum,
    add,
    definitions,
    in_range,
    mul,
    power,
)
from gradproof.normal import Normal
from gradproof.propose.chain import Chain, Focus
from gradproof.propose.shapes import (
    constant_part,
    denominator,
    expanded,
    match,
    mentions,
    split_product,
    tidy,
    transposed,
)
from gradproof.propose.words import told

MOST_REWRITES = 400


def cancel(chain: Chain, reason: str = "cancel") -> bool:
    """Merge powers and like terms everywhere."""
    to = tidy(chain.line)
    if to == chain.line:
        return False
    chain.root.algebra(to, reason=reason)
    return True


def merge_roots(chain: Chain) -> bool:
    """(r^2)^(1/2) is r where r is known to be >= 0; a name for r^2 is looked through."""
    changed = False
    for focus in list(nodes(chain.root, Pow)):
        base, n = focus.term.args
        named = isinstance(base, Entry) and isinstance(base.base, Definition)
        inner = base.base.unfold(base.args) if named else base  # type: ignore[attr-defined]
        if isinstance(inner, Pow) and isinstance(n, Number) and n.value.denominator > 1:
            to, unfold = power(inner.args[0], mul(inner.args[1], n)), [base.base.name] if named else []  # type: ignore[attr-defined]
            if Normal(chain.signs, unfold).equal(focus.term, to):
                focus.algebra(to, unfold, told(focus.term, to, definitions(base), unfold))
                changed = True
    return changed


def contract(chain: Chain) -> bool:
    """Distribute every sum with a delta in its index and let the delta keep its term."""
    before = len(chain.steps)
    changed = each_sum(chain, lambda f: _delta_in(f.term), _contract_step)
    if any(s.rule == "sum of a sum" for s in chain.steps[before:]):
        pull_constants(chain)
        for focus in [f for f in nodes(chain.root, Mul) if _minus_sum(f.term)]:
            focus.algebra(add(*(-t for t in focus.term.args[1].args)), reason="distribute")
    return changed


def each_sum(chain: Chain, wanted: Callable[[Focus], bool], rewrite: Callable[[Focus], None]) -> bool:
    """Rewrite one sum after the other, innermost first, till none is wanted; whether any was.

    The places are looked for again each time, since a new term may melt into the sum or product around it.
    """
    for rounds in range(MOST_REWRITES):
        found = next((f for f in nodes(chain.root, Sum, above=True) if wanted(f)), None)
        if found is None:
            return rounds > 0
        rewrite(found)
    return True


def _minus_sum(e: Expr) -> bool:
    return len(e.args) == 2 and e.args[0] == Number.of(-1) and isinstance(e.args[1], Add)


def reached(focus: Focus, path: tuple[int, ...], kind: type[Expr]) -> Focus | None:
    """The term of this kind at a path, unless a rewrite nearby has moved it: then a later round finds it."""
    for n in path:
        if n >= len(focus.term.args):
            return None
        focus = focus.child(n)
    return focus if isinstance(focus.term, kind) else None


def nodes(focus: Focus, kind: type, above: bool = False) -> Iterator[Focus]:
    """Places of the nodes of a class, innermost first, last first; not inside derivatives, limits or indices.

    `above`: only those that stand in no denominator.
    """
    here = focus.term
    if not isinstance(here, Entry | OfMatrix | Derivative | Limit) and not (above and denominator(here)):
        for n in range(len(here.args) - 1, -1, -1):
            if mentions(here.args[n], kind):
                yield from nodes(focus.child(n), kind, above)
    if isinstance(here, kind):
        yield focus


def _delta_in(e: Expr) -> bool:
    """Whether the sum has a delta that joins its index with another of the same range."""
    if not isinstance(e, Sum):
        return False
    index = e.fresh()
    return _has_delta(e.open(index), index)


def _has_delta(body: Expr, index: Index) -> bool:
    if isinstance(body, Delta):
        other = [a for a in body.args if a != index]
        return len(other) == 1 and index not in other[0].free and in_range(other[0], index.size)
    return isinstance(body, Mul | Add) and any(_has_delta(a, index) for a in body.args if index in a.free)


def _contract_step(focus: Focus) -> None:
    """One rewrite of a sum with a delta: multiply out what the delta multiplies, split, pull constants out, contract.

    Only one, since the new term may melt into the sum or product around it.
    """
    inside = focus.child(1)
    here = focus.term
    assert isinstance(here, Sum)
    index = Index.of(inside.opened[-1], here.size)
    inside.algebra(_multiplied_out(inside.term, index), reason="distribute")
    body = inside.term
    if isinstance(body, Add):
        focus.rule("sum of a sum", terms=body.args, index=index)
        return
    still, moving = constant_part(body, index)
    if still != mul():
        inside.algebra(mul(still, moving), reason="")
        focus.rule("constant out of a sum", c=still, body=moving, index=index)
        return
    delta = next(f for f in split_product(body) if isinstance(f, Delta) and _has_delta(f, index))
    rest = mul(*(f for f in split_product(body) if f is not delta))
    inside.algebra(mul(delta, rest), reason="")
    focus.rule("delta contraction", delta=delta, body=rest, index=index)


def _multiplied_out(e: Expr, index: Index) -> Expr:
    """The body as a sum of products in which every delta of the index is a plain factor."""
    if isinstance(e, Mul) and any(isinstance(f, Add) and _has_delta(f, index) for f in e.args):
        kept = [mul(*(f for f in e.args if not (isinstance(f, Add) and _has_delta(f, index))))]
        split = [f for f in e.args if isinstance(f, Add) and _has_delta(f, index)]
        wide = expanded(mul(*kept, *split)) if not isinstance(kept[0], Add) else _over(kept[0], split)
        return _multiplied_out(wide, index)
    if isinstance(e, Add):
        return add(*(_multiplied_out(t, index) for t in e.args))
    return e


def _over(whole: Expr, split: Sequence[Expr]) -> Expr:
    """A sum kept as one factor while the others are multiplied out."""
    rows: list[tuple[Expr, ...]] = [(whole,)]
    for f in split:
        rows = [(*r, t) for r in rows for t in f.args]
    return add(*(mul(*r) for r in rows))


def pull_constants(chain: Chain) -> bool:
    """Take the factors that are free of its index out of every sum, and sum constants."""
    return each_sum(chain, _movable, _pull)


def minus_out(chain: Chain) -> bool:
    """-sum a where sum (-a) stands."""
    return each_sum(chain, lambda f: _leading_number(f.term) == MINUS, _minus)


MINUS = Number.of(-1)


def _leading_number(e: Expr) -> Expr | None:
    body = e.args[1] if isinstance(e, Sum) else e
    return body.args[0] if isinstance(body, Mul) and isinstance(body.args[0], Number) else None


def _minus(focus: Focus) -> None:
    index, body, _, _ = _parts(focus)
    focus.rule("constant out of a sum", c=MINUS, body=mul(*body.args[1:]), index=index)


def _parts(focus: Focus) -> tuple[Index, Expr, Expr, Expr]:
    here = focus.term
    assert isinstance(here, Sum)
    index = Index.of(focus.chain.letter(here.hint, focus.opened), here.size)
    body = here.open(index)
    return index, body, *constant_part(body, index)


def _movable(focus: Focus) -> bool:
    return _parts(focus)[2] != mul()


def _pull(focus: Focus) -> None:
    index, body, still, moving = _parts(focus)
    if moving == mul():
        focus.rule("sum of a constant", c=body, index=index)
        return
    inside = focus.child(1)
    inside.algebra(mul(still, moving), reason="")
    focus.rule("constant out of a sum", c=still, body=moving, index=index)


def use_givens(chain: Chain) -> bool:
    """Replace what a given equation says, wherever its left side stands."""
    changed = False
    for number, g in enumerate(chain.givens):
        left = g.relation.args[0]
        if g.relation.operator != "=" or g.apart or transposed(g.relation):  # a transpose brings nothing nearer
            continue
        for _ in range(50):
            found = _first_match(chain, left, g.over) or _interchanged(chain, left, g.over)
            if found is None:
                break
            focus, values = found
            focus.given(number, values)
            changed = True
    return changed


def _interchanged(chain: Chain, left: Expr, over: tuple[Index, ...]) -> tuple[Focus, tuple[Expr, ...]] | None:
    """A match of a double sum whose sums stand in the other order, after they have been interchanged."""
    double = isinstance(left, Sum) and isinstance(left.args[1], Sum)
    rows = (match_sum(f, left, over) for f in nodes(chain.root, Sum)) if double else ()
    return next((found for found in rows if found is not None), None)


def match_sum(focus: Focus, left: Expr, over: tuple[Index, ...]) -> tuple[Focus, tuple[Expr, ...]] | None:
    """The place and the values of a match of a sum, of a double sum also after interchanging its sums."""
    if (values := match(left, focus.term, over)) is not None:
        return focus, values
    inside = focus.child(1)
    if not isinstance(inside.term, Sum):
        return None
    body = inside.child(1)
    outer, inner = (
        Index.of(c, n) for c, n in zip(body.opened[-2:], (focus.term.args[0], inside.term.size), strict=True)
    )
    values = match(left, Sum.over(inner, Sum.over(outer, body.term)), over)
    if values is None:
        return None
    focus.rule("interchange of finite sums", body=body.term, outer=outer, inner=inner)
    return focus, values


def _first_match(chain: Chain, left: Expr, over: tuple[Index, ...]) -> tuple[Focus, tuple[Expr, ...]] | None:
    for focus in nodes(chain.root, type(left)):
        values = match(left, focus.term, over)
        if values is not None:
            return focus, values
    return None
