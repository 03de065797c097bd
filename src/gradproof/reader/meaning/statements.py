"""Terms, relations and propositions from whole formulas.

Contract. A chain becomes one relation for each sign in it, with its place. A relation of vectors or matrices is read
for every entry, at free indices whose letters nothing else uses; 0 stands for the zeros of any shape.
"""

from __future__ import annotations

from dataclasses import dataclass

from gradproof import expression as x
from gradproof.derivation import Given
from gradproof.expression import Array, Expr, Index, Number, Relation, Symbol
from gradproof.reader import syntax as s
from gradproof.reader.errors import Span
from gradproof.reader.meaning.elaborator import Elaborator
from gradproof.reader.meaning.tensors import Tensor, Value, fresh

ZERO = Number.of(0)


@dataclass(frozen=True)
class Said:
    """One relation of a chain, or one proposition, and where it stands in the text."""

    relation: Expr
    span: Span


@dataclass(frozen=True)
class Statements:
    """The statements of one formula; `axes` are letters for the entries of vectors and matrices."""

    elaborator: Elaborator
    axes: str

    def term(self, node: s.Node) -> tuple[Expr, tuple[Said, ...]]:
        """The term, or the first proposition with all that is said."""
        if isinstance(node, s.Chain):
            said = self.chain(node)
            return said[0].relation, said
        if is_proposition(node):
            found = self.proposition(node)
            return found, (Said(found, node.at),)
        return self._opened(self.elaborator.value(node), node), ()

    def number(self, node: s.Node) -> tuple[Expr, tuple[Said, ...]]:
        """As `term`, but a vector or matrix is refused: its entries would share letters with those of the variable."""
        return self.term(node) if is_proposition(node) else (self.elaborator.scalar(node), ())

    def chain(self, node: s.Chain) -> tuple[Said, ...]:
        if isinstance(node.sides[0], s.Best):
            return (Said(self._optimum(node, node.sides[0]), node.at),)
        values = [self.elaborator.value(side) for side in node.sides]
        found = []
        for n, (sign, _) in enumerate(node.relations):
            left, right = self._matching(values[n], values[n + 1], node, n)
            relation = Relation.of(left, "=" if sign == ":=" else sign, right)
            found.append(Said(relation, node.sides[n].at.to(node.sides[n + 1].at)))
        return tuple(found)

    def proposition(self, node: s.Node) -> Expr:
        match node:
            case s.Bracket(inner=inner):
                return self.proposition(inner)
            case s.Chain():
                said = self.chain(node)
                if len(said) > 1:
                    self.elaborator.fail("one relation is expected here", node)
                return said[0].relation
            case s.Equivalence(left=left, right=right):
                return Relation.of(self.proposition(left), "<=>", self.proposition(right))
            case s.Every(ranges=ranges, body=body):
                return self._every(ranges, body)
        return self.elaborator.fail("a relation is expected here", node)

    def givens(self, node: s.Node, local: frozenset[str]) -> list[Given]:
        """The hypotheses of a formula, for all values of the letters that are its own."""
        body, ranges = (node.body, node.ranges) if isinstance(node, s.Every) else (node, ())
        el = self.elaborator
        bound = tuple(Index.of(r.letter.text, el.size(("bound", r), r.letter)) for r in ranges)
        el.scope = {**el.scope, **{i.name: i for i in bound}}
        apart = tuple((i, el.letter(r.apart.text, r.apart)) for i, r in zip(bound, ranges, strict=True) if r.apart)
        relations = [m.relation for m in self.chain(body)] if isinstance(body, s.Chain) else [self.proposition(body)]
        own = {el.objects.index_name(a) for a in local} | set(self.axes)
        found = []
        for relation in relations:
            if not isinstance(relation, Relation):
                el.fail("a hypothesis is a relation", node)
            free = sorted((i for i in relation.free if isinstance(i, Index) and i.name in own), key=lambda i: i.name)
            found.append(Given(relation, bound or tuple(free), apart))  # type: ignore[arg-type]
        return found

    # -- parts -----------------------------------------------------------------------------------------------------

    def _opened(self, value: Value, at: s.Node) -> Expr:
        """A vector or matrix at free indices: the formula for every entry."""
        if isinstance(value, Expr):
            return value
        if value.ones:
            self.elaborator.fail("the length of the vector of ones is not known", at)
        return value.entry(tuple(Index.of(a, size) for a, size in zip(self.axes, value.shape, strict=False)))

    def _matching(self, a: Value, b: Value, node: s.Chain, n: int) -> tuple[Expr, Expr]:
        """Two sides for the same entry."""
        if isinstance(a, Tensor) and isinstance(b, Tensor) and not (a.ones or b.ones) and a.shape != b.shape:
            self.elaborator.fail("the two sides have different shapes", node)
        for one, other in ((a, b), (b, a)):
            if isinstance(one, Tensor) and isinstance(other, Expr) and other != ZERO:
                self.elaborator.fail("a vector or matrix on one side, a number on the other", node)
        return self._opened(a, node.sides[n]), self._opened(b, node.sides[n + 1])

    def _optimum(self, node: s.Chain, best: s.Best) -> Expr:
        el = self.elaborator
        if len(node.sides) != 2 or node.relations[0][0] != "=":
            el.fail("an optimum is claimed to be one point", node, expected=r"\arg\max_a f(a) = point")
        variable, point = el.value(best.variable), el.value(node.sides[1])
        objective = el.scalar(best.body)
        if isinstance(variable, Symbol) and isinstance(point, Expr):
            return x.Optimum((objective, point), (best.kind, variable))
        array = _whole_array(variable)
        if array is None or not isinstance(point, Tensor):
            el.fail("an optimum is over a symbol or a whole array, and its point is of that kind", node)
        if point.shape != array.shape:
            el.fail("the point has another shape than the variable", node.sides[1])
        index = fresh(point.shape[0])
        vector = x.Vector((index.size, x.abstract(point.entry((index,)), (index,))), (), "i")
        return x.Optimum((objective, vector), (best.kind, array))

    def _every(self, ranges: tuple[s.Range, ...], body: s.Node) -> Expr:
        if not ranges:
            return self.proposition(body)
        first, *rest = ranges
        if first.apart is not None:
            self.elaborator.decline("a claim for all indices but one", first)
        size = self.elaborator.size(("bound", first), first.letter)
        with self.elaborator.binding(first.letter.text, size) as index:
            return x.ForAll.over(index, self._every(tuple(rest), body))


def is_proposition(n: s.Node) -> bool:
    return isinstance(n, s.Chain | s.Every | s.Equivalence) or (isinstance(n, s.Bracket) and is_proposition(n.inner))


def _whole_array(variable: Value) -> Array | None:
    """The array of one index whose entries a tensor has in order."""
    if not isinstance(variable, Tensor) or len(variable.shape) != 1:
        return None
    index = fresh(variable.shape[0])
    entry = variable.entry((index,))
    whole = isinstance(entry, x.Entry) and isinstance(entry.base, Array) and entry.args == (index,)
    return entry.base if whole else None  # type: ignore[attr-defined]
