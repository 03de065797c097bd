"""From what a formula says to the term it means.

Contract. Each kind of node has one reading, in the table at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, NoReturn

from gradproof import expression as x
from gradproof.expression import Expr, Index, Number
from gradproof.reader import syntax as s
from gradproof.reader.declarations import Thing
from gradproof.reader.errors import NotReadable, RangeUnknown, ReadError
from gradproof.reader.meaning import arithmetic, binders, calls, choices
from gradproof.reader.meaning import functions as f
from gradproof.reader.meaning.objects import Objects
from gradproof.reader.meaning.tensors import ONES, Mismatch, Tensor, Value


class Elaborator:
    """Terms of one formula."""

    def __init__(self, objects: Objects, formula: int) -> None:
        self.objects, self.formula = objects, formula
        self.inferred = objects.inferred
        self.source = self.inferred.formulas[formula].source
        self.scope: dict[str, Expr] = {}

    # -- entry points ----------------------------------------------------------------------------------------------

    def value(self, node: s.Node) -> Value:
        try:
            return READINGS[type(node)](self, node)
        except Mismatch as why:
            advice = r"a name of no known shape is a number; a vector is declared so: z \in \mathbb{R}^K"
            raise ReadError(f"these shapes do not fit: {why}", self.source, node.at, advice=advice) from None
        except f.TooLarge:
            raise ReadError("a number too large to be meant", self.source, node.at) from None

    def scalar(self, node: s.Node) -> Expr:
        found = self.value(node)
        if isinstance(found, Tensor):
            what = self.source.piece(node.at)
            self.fail(f"{what} is a vector or matrix here, and a number is needed", node, advice="write its indices")
        return found

    def fail(self, message: str, node: s.Node, *, expected: str = "", advice: str = "") -> NoReturn:
        raise ReadError(message, self.source, node.at, expected=expected, advice=advice)

    def decline(self, message: str, node: s.Node, *, advice: str = "") -> NoReturn:
        raise NotReadable(message, self.source, node.at, advice=advice)

    @contextmanager
    def binding(self, letter: str, size: Expr) -> Iterator[Index]:
        index = Index.of(letter, size)
        before = self.scope
        self.scope = {**before, letter: index}
        yield index
        self.scope = before

    # -- names -----------------------------------------------------------------------------------------------------

    def index(self, part: s.Part, size: Expr | None) -> Expr:
        if part.kind == "number":
            n = int(part.text)
            if isinstance(size, Number) and n > size.value:
                self.fail(f"the index {n} is beyond the range 1..{size.value}", part)
            return Number.of(n)
        if self.inferred.splitter.label_of(part) is not None:
            assert isinstance(part.entry, s.Name)
            return self.scalar(part.entry)
        return self.letter(part.text, part)

    def letter(self, text: str, at: s.Node) -> Expr:
        """An index letter at a place."""
        if text in self.scope:
            return self.scope[text]
        declared = self.objects.declared.indices.get(text)
        if declared is not None and text not in self.inferred.formulas[self.formula].local:
            return declared
        size = self.inferred.size_of(self.inferred.splitter.letter(text, {}, self.formula))
        if size is None:
            self._no_range(text, at)
        return Index.of(self.objects.index_name(text), size)

    def _no_range(self, letter: str, at: s.Node) -> NoReturn:
        advice = rf"write \sum_{{{letter}=1}}^{{K}}, or declare a size or the shape of what {letter} indexes"
        raise RangeUnknown(f"the range of the index {letter} is not known", self.source, at.at, advice=advice)

    def name(self, n: s.Name) -> Value:
        if n.letter in self.scope:
            return self.scope[n.letter]
        split = self.inferred.splits[n]
        assert isinstance(split.key, s.Key)
        bare = n.letter and not split.indices and split.key not in self.objects.declared.things
        if bare and self.inferred.splitter.is_index(n.letter, {}, self.formula):
            return self.letter(n.letter, n)
        thing = self.objects.thing(split.key, n, self)
        return self.entry(thing, split.indices, n, self.objects.hidden_of(split.key))

    def verbatim(self, n: s.Verbatim) -> Value:
        return self.entry(self.objects.declared.words[n.name], n.parts, n)

    def entry(self, thing: Thing, parts: tuple[s.Part, ...], at: s.Node, hidden: tuple[Index, ...] = ()) -> Value:
        """The entry of a thing at indices, `hidden` ones added; a tensor over the axes that are left."""
        if isinstance(thing, x.Symbol):
            if parts:
                self.fail(f"{thing.name} takes no index", at)
            return thing
        indices = tuple(self.index(p, n) for p, n in zip(parts, thing.shape, strict=False))
        if len(parts) < len(thing.shape):
            self._check_hidden(hidden, at)
            indices = (*indices, *hidden)
        if len(parts) > len(thing.shape):
            self.fail(f"{thing.name} takes {len(thing.shape)} indices, found {len(parts)}", at)
        rest = thing.shape[len(indices) :]
        if rest and not hidden:
            return Tensor(rest, lambda i: thing[(*indices, *i)])
        try:
            return thing[indices]
        except ValueError as why:
            self.fail(str(why), at)

    def _check_hidden(self, hidden: tuple[Index, ...], at: s.Node) -> None:
        """An index that a definition leaves out is not the one of a sum that the name happens to stand under."""
        for index in hidden:
            if index in self.scope.values():
                what = self.source.piece(at.at)
                message = f"{what} depends on {index.name} by its definition, and {index.name} is bound here"
                self.fail(message, at, advice=f"write {index.name} as an index where it is defined, and here")

    def size(self, place: object, letter: s.Letter) -> Expr:
        size = self.inferred.size_of(place)
        return size if size is not None else self._no_range(letter.text, letter)


def _misplaced(el: Elaborator, n: s.Node) -> NoReturn:
    if isinstance(n, s.Best):
        el.decline("the argument of a maximum as a value", n, advice=r"claim it: \arg\max_a f(a) = point")
    el.fail("this has no value here", n)


READINGS: dict[type[s.Node], Callable[[Elaborator, Any], Value]] = {
    s.Num: lambda _, n: Number.of(Fraction(n.value)),
    s.Const: lambda _, n: x.Constant((), (n.name,)),
    s.Name: Elaborator.name,
    s.Verbatim: Elaborator.verbatim,
    s.Terms: arithmetic.terms,
    s.Factors: arithmetic.factors,
    s.Frac: arithmetic.fraction,
    s.Power: arithmetic.power,
    s.Apply: arithmetic.apply,
    s.Call: calls.call,
    s.Known: arithmetic.known,
    s.Bracket: arithmetic.bracket,
    s.Big: binders.big,
    s.Expect: binders.expect,
    s.Deriv: binders.derivative,
    s.Grad: binders.gradient,
    s.Lim: binders.limit,
    s.Kronecker: choices.kronecker,
    s.Indicator: choices.indicator,
    s.Cases: choices.cases,
    s.Component: arithmetic.component,
    s.Family: binders.family,
    s.Flipped: arithmetic.flipped,
    s.Norm: arithmetic.norm,
    s.Ones: lambda _, __: ONES,
    s.Best: _misplaced,
    s.Chain: _misplaced,
    s.Every: _misplaced,
    s.Equivalence: _misplaced,
    s.Member: _misplaced,
    s.Several: _misplaced,
}
