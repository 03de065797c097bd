"""How a term is written down: precedence, brackets, fractions, scopes. The signs themselves are in the two dialects.

Contract. The writing is one-to-one: a reader who takes a sum, a product sign, a limit, a derivative sign and an
unbracketed logarithm to reach over the factors that follow, and to end at + or -, gets the same term back. Factors and
terms stand in the order of the term. A bound index gets its own letter, unless that letter means something else on the
line or in an enclosing sum.

Blind spot. Names and definitions are printed, not their meaning; whoever reads a page back needs its declarations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

from gradproof import expression as x
from gradproof.expression import Expr, Number
from gradproof.render.signs import ATOM, FACTOR, RELATION, SUM, TERM, Piece, Scope, Signs
from gradproof.render.structure import (
    MINUS,
    Mask,
    coefficient,
    denominator,
    is_equivalence,
    is_only_variable,
    mask,
    masked,
    quotients,
    runs,
    seen,
)


class Grammar(Signs):
    """The printer, its signs left to a dialect."""

    unbracketed: ClassVar[frozenset[str]] = frozenset(("log", "tanh", "sin", "cos"))  # f x without brackets

    def formula(self, e: Expr, avoid: Iterable[str] = ()) -> str:
        """The whole line; letters in `avoid` are not given to bound indices."""
        return self.piece(e, self.scope(e, avoid)).text

    def scope(self, e: Expr, avoid: Iterable[str] = ()) -> Scope:
        """The letters that mean something in the term, those inside names such as x_t included."""
        moved = {t.data[0].name for t in x.subterms(e) if isinstance(t, x.Limit | x.Root | x.Expectation)}
        moved |= {t.data[1].name for t in x.subterms(e) if isinstance(t, x.Optimum)}
        named = x.names(e) | moved | set(avoid)
        inside = {letter for name in named for letter in re.findall(r"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])", name)}
        return Scope(frozenset(named | inside))

    def piece(self, e: Expr, scope: Scope) -> Piece:
        try:
            write = _WRITERS[type(e)]
        except KeyError:
            raise TypeError(f"no way to print a {type(e).__name__}: {e!r}") from None
        return write(self, e, scope)

    # -- sums and products ---------------------------------------------------------------------------------------

    def number(self, e: Expr, scope: Scope) -> Piece:
        value: Fraction = e.data[0]
        size = abs(value)
        piece = Piece(str(size.numerator), ATOM)
        if size.denominator != 1:
            piece = self.ratio(piece, Piece(str(size.denominator), ATOM), scope)
        return piece if value >= 0 else self.negated(piece)

    def negated(self, piece: Piece) -> Piece:
        inner = piece if piece.level >= TERM else self.bracket(piece)
        return Piece(f"-{inner.text}", SUM, inner.open, inner.tall)

    def signed_terms(self, e: Expr, scope: Scope) -> list[tuple[str, Expr, Piece]]:
        """The terms of a sum, each with its sign and without it."""
        found = []
        for t in e.args if isinstance(e, x.Add) else (e,):
            negative = coefficient(t) < 0
            size = x.mul(MINUS, t) if negative else t
            p = self.piece(size, scope)
            found.append(("-" if negative else "+", size, p if p.level >= TERM else self.bracket(p)))
        return found

    def sum_of_terms(self, e: Expr, scope: Scope) -> Piece:
        (sign, _, first), *rest = self.signed_terms(e, scope)
        text = ("-" if sign == "-" else "") + first.text + "".join(f" {s} {p.text}" for s, _, p in rest)
        return Piece(text, SUM, tall=first.tall or any(p.tall for _, _, p in rest))

    def product(self, e: Expr, scope: Scope) -> Piece:
        joined = self.join(self.factors(e, scope))
        return self.negated(joined) if coefficient(e) < 0 else joined

    def factors(self, e: Expr, scope: Scope) -> list[Piece]:
        """The factors of a product without its sign, quotients drawn together."""
        number = abs(coefficient(e))
        rest = e.args[1:] if isinstance(e.args[0], Number) else e.args
        pieces: list[Piece] = []
        for n, (above, below) in enumerate(quotients(rest)):
            pieces += self.quotient(above, below, number if n == 0 else Fraction(1), scope)
        return pieces

    def quotient(self, above: Sequence[Expr], below: Sequence[Expr], number: Fraction, scope: Scope) -> list[Piece]:
        tops = [self.piece(f, scope) for f in above]
        count = Piece(str(number.numerator), ATOM)
        if not below and number.denominator == 1:
            return [*([count] if number != 1 else []), *tops]
        short = len(above) == 1 and isinstance(above[0], x.Symbol | x.Entry)
        if not below and not scope.tight and not short:
            return [self.number(Number.of(number), scope), *tops]
        over = [*([count] if number.numerator != 1 or not tops else []), *tops]
        under = [Piece(str(number.denominator), ATOM)] if number.denominator != 1 else []
        return [self.ratio(self.join(over), self.join([*under, *(self.piece(f, scope) for f in below)]), scope)]

    def join(self, pieces: Sequence[Piece]) -> Piece:
        """The product of the pieces, bracketed where one would be misread."""
        if len(pieces) == 1:
            return pieces[0]
        last = len(pieces) - 1
        safe = [self.bracket(p) if p.level < FACTOR or (p.open and n < last) else p for n, p in enumerate(pieces)]
        text = safe[0].text
        for before, p in pairwise(safe):
            text += self.times(before.text, p.text) + p.text
        return Piece(text, TERM, safe[-1].open, any(p.tall for p in safe))

    def power(self, e: Expr, scope: Scope) -> Piece:
        below = denominator(e)
        if below is not None:
            return self.quotient((), (below,), Fraction(1), scope)[0]
        base, exponent = e.args
        if exponent == Number.of(Fraction(1, 2)):
            return self.root(self.piece(base, scope))
        p = self.piece(base, scope)
        return self.raised(p if p.level == ATOM else self.bracket(p), self.piece(exponent, scope.tightened()))

    # -- functions, sums over an index, derivatives ----------------------------------------------------------------

    def function(self, e: Expr, scope: Scope) -> Piece:
        name: str = e.data[0]
        if name == "exp" and not any(isinstance(t, x.Binder | x.Derivative) for t in x.subterms(e.args[0])):
            return self.raised(Piece("e", ATOM), self.piece(e.args[0], scope.tightened()))
        if (order := mask(e)) is not None:
            return self.ordered(self.counted(order.low.name), self.counted(order.high.name), order.strict)
        arguments = [self.piece(a, scope) for a in e.args]
        if name in self.unbracketed and self.stands_unbracketed(e.args[0], arguments[0]):
            return Piece(f"{self.function_name(name)} {arguments[0].text}", FACTOR, True, arguments[0].tall)
        return self.call(name, arguments)

    def application(self, e: Expr, scope: Scope) -> Piece:
        """f(u), f'(u), f''(u), and the order in brackets from the fourth derivative on."""
        assert isinstance(e, x.Application)
        head = self.primed(self.named(e.function.name, (), False), e.order)
        inner = self.bracket(self.piece(e.args[0], scope))
        return Piece(head + inner.text, ATOM, tall=inner.tall)

    def stands_unbracketed(self, e: Expr, piece: Piece) -> bool:
        if isinstance(e, x.Symbol | x.Entry | x.Index | x.Constant | x.Delta | Number):
            return piece.level == ATOM
        if isinstance(e, x.OfMatrix) and e.kind == "det":
            return True
        return isinstance(e, x.Sum | x.Product) or (isinstance(e, x.Mul | x.Pow) and self.is_fraction(piece))

    def over_index(self, e: Expr, scope: Scope) -> Piece:
        head, body = self.opened(e, scope)
        inner = body if body.level >= TERM else self.bracket(body)
        return Piece(f"{head} {inner.text}", FACTOR, True, True)

    def opened(self, e: Expr, scope: Scope) -> tuple[str, Piece]:
        """The sign of a sum or product with its letter, and what stands behind it."""
        assert isinstance(e, x.Binder)
        head, body, inner = self.opening(e, scope)
        return head, self.piece(body, inner)

    def opening(self, e: x.Binder, scope: Scope) -> tuple[str, Expr, Scope]:
        index = e.fresh(scope.taken)
        body = e.open(index)
        size = self.piece(e.size, scope.tightened()).text
        letter, inner = self.letter(index.name), scope.holding(index.name)
        if isinstance(e, x.Sum) and (found := masked(index, body)) is not None:
            order, body = found
            return self.big(e, *self.ends(order, index, letter, size)), body, inner
        return self.summed(e, letter, size, seen(index, body)), body, inner

    def ends(self, order: Mask, index: x.Index, letter: str, size: str) -> tuple[str, ...]:
        """What stands below and above a sum over the indices that lie on one side of another."""
        first = order.low == index
        other = self.letter((order.high if first else order.low).name)
        if order.strict:
            return (f"{letter} {self.relation_sign('<' if first else '>')} {other}",)
        return (f"{letter}=1", other) if first else (f"{letter}={other}", size)

    def derivative(self, e: Expr, scope: Scope) -> Piece:
        body, variables = e, []
        while isinstance(body, x.Derivative):
            variables.append(body.args[1])
            body = body.args[0]
        moving = [(self.piece(v, scope), n) for v, n in runs(variables)]
        total = len(set(variables)) == 1 and is_only_variable(body, variables[0])
        named = isinstance(body, x.Symbol | x.Entry)
        return self.differentiated(self.piece(body, scope), named, moving, total)

    def limit(self, e: Expr, scope: Scope) -> Piece:
        body, point = e.args
        symbol, side = e.data
        inner = self.piece(body, scope)
        place = self.piece(point, scope.tightened())
        place = self.bracket(place) if side and place.level < ATOM else place
        head = self.limit_sign(self.piece(symbol, scope).text, place.text, side)
        return Piece(f"{head} {(inner if inner.level >= TERM else self.bracket(inner)).text}", FACTOR, True, True)

    def solution(self, e: Expr, scope: Scope) -> Piece:
        assert isinstance(e, x.Root)
        said = self.relation(x.Relation.of(e.args[0], "=", e.args[1]), scope).text
        return Piece(f"{self.solution_sign(self.piece(e.unknown, scope).text)} {said}", RELATION, tall=True)

    def expectation(self, e: Expr, scope: Scope) -> Piece:
        """Brackets hold the body; a law without parameters is shown with its range."""
        symbol, law = e.data
        parameters = [self.piece(a, scope.tightened()).text for a in e.args[1:]] or ["0", "1"]
        letter = self.piece(symbol, scope).text
        return self.mean(self.piece(e.args[0], replace(scope, tight=False)), letter, law, parameters)

    # -- propositions ----------------------------------------------------------------------------------------------

    def relation(self, e: Expr, scope: Scope) -> Piece:
        least = e.args[0]
        about_zero = e.data[0] in (">", ">=") and e.args[1] == Number.of(0)
        if about_zero and isinstance(least, x.OfMatrix) and least.kind == "least eigenvalue":
            whole = self.named(least.base.name, (), isinstance(least.base, x.Definition))
            return Piece(self.definite(whole, e.data[0] == ">"), RELATION)
        sides = [self.piece(a, scope) for a in e.args]
        if e.data[0] == "<=>":  # "for all" on the left would be read as said of the equivalence
            left, right = e.args
            lone = isinstance(left, x.ForAll) or is_equivalence(left)
            sides[0] = self.bracket(sides[0]) if lone else sides[0]
            sides[1] = self.bracket(sides[1]) if is_equivalence(right) else sides[1]
        return Piece(f"{sides[0].text} {self.relation_sign(e.data[0])} {sides[1].text}", RELATION, tall=True)

    def for_all(self, e: Expr, scope: Scope) -> Piece:
        letters, body = [], e
        while isinstance(body, x.ForAll):
            index, size = body.fresh(scope.taken), self.piece(body.size, scope.tightened()).text
            inner = body.open(index)
            letters.append((self.letter(index.name), "" if seen(index, inner) else size))
            scope, body = scope.holding(index.name), inner
        p = self.piece(body, scope)
        said = self.bracket(p) if is_equivalence(body) else p
        return Piece(f"{said.text}{self.quantifier(letters)}", RELATION, tall=True)

    def optimum(self, e: Expr, scope: Scope) -> Piece:
        objective, point = (self.piece(a, scope) for a in e.args)
        kind, variable = e.data
        letter = self.named(variable.name, (), False).text
        inner = objective if objective.level >= TERM else self.bracket(objective)
        text = f"{self.optimum_sign(kind, letter)} {inner.text} {self.relation_sign('=')} {point.text}"
        return Piece(text, RELATION, tall=True)

    def vector(self, e: Expr, scope: Scope) -> Piece:
        """A family of entries; the family of all entries of an array is the array."""
        assert isinstance(e, x.Binder)
        body = e.args[1]
        if isinstance(body, x.Entry) and body.args == (x.Bound((), (0,)),) and body.base.shape == (e.size,):
            return self.named(body.base.name, (), isinstance(body.base, x.Definition))
        index = e.fresh(scope.taken)
        inner = self.piece(e.open(index), scope.holding(index.name))
        return self.family(inner, self.letter(index.name), self.piece(e.size, scope.tightened()).text)

    # -- names -----------------------------------------------------------------------------------------------------

    def constant(self, e: Expr, scope: Scope) -> Piece:
        return Piece(self.constant_sign(e.data[0]), ATOM)

    def symbol(self, e: Expr, scope: Scope) -> Piece:
        return self.named(e.data[0], (), False)

    def index(self, e: Expr, scope: Scope) -> Piece:
        return Piece(self.counted(e.data[0]), ATOM)

    def loose_index(self, e: Expr, scope: Scope) -> Piece:
        return Piece(f"#{e.data[0]}", ATOM)

    def entry(self, e: Expr, scope: Scope) -> Piece:
        base: x.Array | x.Definition = e.data[0]
        return self.named(base.name, self.subscripts(e, scope), isinstance(base, x.Definition))

    def of_matrix(self, e: Expr, scope: Scope) -> Piece:
        """An entry of the inverse, the determinant, the least eigenvalue: each by the name of the whole matrix."""
        kind, base = e.data
        whole = self.named(base.name, (), isinstance(base, x.Definition))
        if kind == "inverse":
            return self.inverted(whole, self.subscripts(e, scope))
        return self.of_whole(kind, whole)

    def ranking(self, e: Expr, scope: Scope) -> Piece:
        family, index = self.piece(e.args[0], scope.tightened()), self.subscript(e.args[1], scope)
        return Piece(self.ranking_sign(e.data[0], family.text, index), FACTOR)

    def delta(self, e: Expr, scope: Scope) -> Piece:
        return self.named("delta", self.subscripts(e, scope), False)

    def subscripts(self, e: Expr, scope: Scope) -> tuple[str, ...]:
        if isinstance(e, x.Entry) and _in_order(e):
            return (f"({self.subscript(e.args[0].args[1], scope)})",)
        return tuple(self.subscript(a, scope) for a in e.args)

    def subscript(self, e: Expr, scope: Scope) -> str:
        return self.letter(e.name) if isinstance(e, x.Index) else self.piece(e, scope.tightened()).text


def _in_order(e: x.Entry) -> bool:
    """Whether it is the i-th smallest entry of its array, a_(i)."""
    if len(e.args) != 1 or len(e.base.shape) != 1 or not isinstance(at := e.args[0], x.Ranking):
        return False
    whole = x.Vector((e.base.shape[0], x.Entry.of(e.base, (x.Bound((), (0,)),))))
    return at.data == ("argsort",) and at.family == whole


Writer = Callable[[Grammar, Expr, Scope], Piece]
_WRITERS: dict[type[Expr], Writer] = {
    Number: Grammar.number,
    x.Constant: Grammar.constant,
    x.Symbol: Grammar.symbol,
    x.Index: Grammar.index,
    x.Bound: Grammar.loose_index,
    x.Add: Grammar.sum_of_terms,
    x.Mul: Grammar.product,
    x.Pow: Grammar.power,
    x.Function: Grammar.function,
    x.Application: Grammar.application,
    x.Delta: Grammar.delta,
    x.OfMatrix: Grammar.of_matrix,
    x.Entry: Grammar.entry,
    x.Sum: Grammar.over_index,
    x.Product: Grammar.over_index,
    x.ForAll: Grammar.for_all,
    x.Vector: Grammar.vector,
    x.Derivative: Grammar.derivative,
    x.Limit: Grammar.limit,
    x.Expectation: Grammar.expectation,
    x.Optimum: Grammar.optimum,
    x.Root: Grammar.solution,
    x.Ranking: Grammar.ranking,
    x.Relation: Grammar.relation,
}
