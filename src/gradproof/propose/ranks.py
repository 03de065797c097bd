"""Sorted order: deltas of positions become deltas of ranks, rank undoes argsort, sums forget the order."""

from __future__ import annotations

from collections.abc import Iterator

from gradproof.expression import Binder, Delta, Entry, Expr, Index, Ranking, Sum, substitute, subterms
from gradproof.propose.chain import Chain, Focus
from gradproof.propose.simplify import MOST_REWRITES, nodes


def unrank(chain: Chain) -> bool:
    """One of the three, wherever it applies; whether any was done."""
    if not any(isinstance(t, Ranking) for t in subterms(chain.line)):
        return False
    for rounds in range(MOST_REWRITES):
        if not (_undone(chain) or _delta(chain) or _sorted_sum(chain)):
            return rounds > 0
    return True


def _delta(chain: Chain) -> bool:
    """delta(argsort_i, n) becomes delta(i, rank_n), so that the sum over i can contract it; one of two ranks too."""
    for focus in nodes(chain.root, Delta):
        for first, second in (focus.term.args, focus.term.args[::-1]):
            if isinstance(first, Ranking) and (first.data == ("argsort",) or _same_order(first, second)):
                if focus.term.args[0] != first:
                    focus.rule("symmetry of delta", i=second, j=first)
                focus.rule("delta of a rank", kind=first.data[0], family=first.family, left=first.args[1], right=second)
                return True
    return False


def _same_order(first: Ranking, second: Expr) -> bool:
    return isinstance(second, Ranking) and (second.data, second.family) == (first.data, first.family)


def _undone(chain: Chain) -> bool:
    """f at argsort(rank(n)) is f at n."""
    for kind in (Entry, Delta):
        for focus in nodes(chain.root, kind):
            for at in focus.term.args:
                if isinstance(at, Ranking) and _inverse(at):
                    _undo(focus, at)
                    return True
    return False


def _inverse(at: Ranking) -> bool:
    inner = at.args[1]
    return isinstance(inner, Ranking) and inner.family == at.family and inner.data != at.data


def _undo(focus: Focus, at: Ranking) -> None:
    hole = Index.of("?", at.family.size)
    args = tuple(hole if a == at else a for a in focus.term.args)
    inner = at.args[1]
    focus.rule(
        "rank and argsort",
        kind=at.data[0],
        family=at.family,
        at=inner.args[1],
        body=focus.term.rebuild(args),
        index=hole,
    )


def _sorted_sum(chain: Chain) -> bool:
    """The sum over i of f at argsort_i is the sum of f."""
    for focus in nodes(chain.root, Sum):
        here = focus.term
        assert isinstance(here, Binder)
        index = Index.of(chain.letter(here.hint, focus.opened), here.size)
        body = here.open(index)
        for at in _positions(body, index):
            plain = _put(body, at, hole := Index.of("?", here.size))
            if index not in plain.free:
                focus.rule(
                    "sum in sorted order",
                    kind=at.data[0],
                    family=at.family,
                    body=substitute(plain, hole, index),
                    index=index,
                )
                return True
    return False


def _positions(e: Expr, index: Index) -> Iterator[Ranking]:
    for t in subterms(e):
        if isinstance(t, Ranking) and t.args[1] == index and not t.loose and index not in t.family.free:
            yield t


def _put(e: Expr, old: Expr, new: Expr) -> Expr:
    """The term with `new` wherever `old` stands."""
    if e == old:
        return new
    return e.rebuild(tuple(_put(a, old, new) for a in e.args)) if e.args and not isinstance(e, Index) else e
