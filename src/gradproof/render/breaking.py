"""Long formulas over several rows: broken before + and -, inside a bracketed sum if need be, before a relation.

Contract. The rows, read one after the other, are the formula; only a bracket that is broken changes its look, and a
fraction that is too wide for a row is written as 1/b (a + ...). A formula that cannot be broken stays one row.

Blind spot. Denominators, exponents and arguments of functions are never broken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from gradproof import expression as x
from gradproof.expression import Expr
from gradproof.render.grammar import Grammar
from gradproof.render.signs import TERM, Scope
from gradproof.render.structure import denominator

Width = Callable[[str], float]
RAISED = re.compile(r"(\^(\w|\{[^{}]*\}))?")  # what may stand behind a sum that is broken


def rows(grammar: Grammar, e: Expr, avoid: Iterable[str], limit: float, width: Width) -> list[str]:
    """The formula in rows of at most `limit`, as far as it can be broken."""
    parts = _Breaker(grammar, limit, width).parts(e, grammar.scope(e, avoid))
    found = [parts[0]]
    for part in parts[1:]:
        joined = f"{found[-1]} {part}"
        if width(joined) <= limit:
            found[-1] = joined
        else:
            found.append(part)
    return [r for row in found for r in _folded(row, int(limit))] if grammar.flat else found


def _folded(row: str, limit: int) -> list[str]:
    """A row of plain text that is still too long, cut between factors."""
    found = [row]
    while len(found[-1]) > limit and (cut := _last_space(found[-1], limit)):
        found[-1:] = [found[-1][:cut], found[-1][cut + 1 :]]
    return found


def _last_space(row: str, limit: int) -> int:
    """The last space up to `limit` that stands in no bracket and beside no sign; 0 if there is none."""
    depth, found = 0, 0
    for n, c in enumerate(row[:limit]):
        depth += (c in "([{") - (c in ")]}")
        if c == " " and depth == 0 and n > limit // 2 and row[n - 1] not in "+-/=<>*" and row[n + 1] not in "+-/=<>*":
            found = n
    return found


class _Breaker:
    def __init__(self, grammar: Grammar, limit: float, width: Width) -> None:
        self.grammar, self.limit, self.width = grammar, limit, width

    def parts(self, e: Expr, scope: Scope, before: float = 0.0) -> list[str]:
        """Pieces that may start a row each; `before` is the width of what stands before the first."""
        whole = self.grammar.piece(e, scope)
        if before + self.width(whole.text) <= self.limit:
            return [whole.text]
        if isinstance(e, x.Add):
            return self.terms(e, scope)
        if isinstance(e, x.Relation):
            left, right = (self.parts(a, scope) for a in e.args)
            return [*left, f"{self.grammar.relation_sign(e.operator)} {right[0]}", *right[1:]]
        if (turned := _turned(e)) is not None:
            return self.parts(turned, scope, before)
        tail = self.tail(e, scope)
        return self.around(whole.text, *tail, before) if tail else [whole.text]

    def terms(self, e: Expr, scope: Scope) -> list[str]:
        found: list[str] = []
        for n, (sign, size, piece) in enumerate(self.grammar.signed_terms(e, scope)):
            inner = [piece.text] if self.width(piece.text) <= self.limit else self.around(piece.text, size, scope)
            lead = {"+": "", "-": "-"}[sign] if n == 0 else f"{sign} "
            found += [lead + inner[0], *inner[1:]]
        return found

    def around(self, whole: str, last: Expr, scope: Scope, before: float = 0.0) -> list[str]:
        """The formula broken inside `last`, the term that its text ends with, bracketed or not."""
        piece = self.grammar.piece(last, scope)
        bracketed = self.grammar.bracket(piece).text
        left, right = self.grammar.wide_brackets if piece.level < TERM and bracketed in whole else ("", "")
        ending = bracketed if left else piece.text
        stem, found, after = whole.rpartition(ending)
        if not found or not (self.grammar.flat or RAISED.fullmatch(after)):
            return [whole]
        lead, right = stem + left, right + after
        inner = self.parts(last, scope, before + self.width(lead) + self.width(right))
        if len(inner) == 1:
            return [whole]
        inner[-1] += right
        fits = self.width(lead + inner[0]) <= self.limit or self.width(inner[0]) > self.limit
        return [lead + inner[0], *inner[1:]] if fits else [lead.rstrip(), *inner]

    def tail(self, e: Expr, scope: Scope) -> tuple[Expr, Scope] | None:
        """What the text of the term ends with, and the letters that are taken there."""
        if isinstance(e, x.Sum | x.Product):
            _, body, inner = self.grammar.opening(e, scope)
            return body, inner
        if isinstance(e, x.Mul):
            return (e.args[-1], scope) if denominator(e.args[-1]) is None else None
        if isinstance(e, x.Derivative | x.Limit | x.Pow):
            return e.args[0], scope
        return None


def _turned(e: Expr) -> Expr | None:
    """1/b (a + ...) for (a + ...)/b, so that the sum stands last, where it can be broken."""
    if not isinstance(e, x.Mul):
        return None
    sums = [n for n, f in enumerate(e.args) if isinstance(f, x.Add | x.Sum | x.Derivative)]
    if not sums or sums[-1] == len(e.args) - 1:
        return None
    last = max(sums, key=lambda n: len(repr(e.args[n])))
    return x.mul(*e.args[:last], *e.args[last + 1 :], e.args[last])
