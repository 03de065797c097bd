"""Index ranges and shapes of all formulas of a request together, inferred from use.

Contract. `infer` either explains every letter that stands where an index stands, or raises ReadError with the place. A
range comes from a sum, a declared shape, another use of the same array at the same place, the outcome of an expectation,
or, failing these, the other side of a delta; last, from the only declared size.

Blind spot. Free letters are shared by loss, expectation, claims and the right sides of hypotheses; definitions and the
left sides of hypotheses have their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradproof.expression import Array, Expr, Symbol
from gradproof.reader.axes import AxesFinder
from gradproof.reader.collecting import Collected, Spot, collect
from gradproof.reader.declarations import Declarations, is_size, labels_of
from gradproof.reader.errors import ReadError, Span
from gradproof.reader.opaque import Opaques
from gradproof.reader.ranges import Evidence, Ranges
from gradproof.reader.sizes import size_term
from gradproof.reader.splitting import Formula, Split, Splitter, Use
from gradproof.reader.syntax import (
    Big,
    Bracket,
    Call,
    Chain,
    Component,
    Deriv,
    Expect,
    Family,
    Grad,
    Indicator,
    Key,
    Kronecker,
    Letter,
    Member,
    Name,
    Node,
    Num,
    Part,
    Range,
    Terms,
    Verbatim,
)


@dataclass(frozen=True)
class Inferred:
    """The outcome: how each name is taken apart, how far each place runs, what each opaque call is."""

    declared: Declarations
    formulas: tuple[Formula, ...]
    splits: Mapping[Node, Split]
    splitter: Splitter
    ranges: Ranges
    opaques: Opaques
    sizes: frozenset[Key]

    def size_of(self, place: object) -> Expr | None:
        return self.ranges.of(place)


def infer(formulas: tuple[Formula, ...], declared: Declarations, labels: Mapping[Key, Expr] | None = None) -> Inferred:
    """Everything that can be known of the letters of these formulas; `labels` are arrays whose entries are indices."""
    return _Inference(formulas, declared, labels or {}).run()


class _Inference:
    def __init__(self, formulas: tuple[Formula, ...], declared: Declarations, labels: Mapping[Key, Expr]) -> None:
        self.formulas, self.declared = formulas, declared
        self.collected: Collected = collect(formulas)
        self.splitter = Splitter(declared, formulas, labels)
        self.ranges = Ranges()
        self.uses: dict[Node, Use] = {u.name: u for u in self.collected.uses}
        self.sizes = self.splitter.sizes
        self.sizes |= {key for key, thing in declared.things.items() if is_size(thing)}
        self.defined = self._defined()
        self.opaques = Opaques(declared, formulas, self.splitter, self.uses, self.defined)

    def run(self) -> Inferred:
        self._size_names()
        while self.splitter.changed:
            self.splitter.changed = False
            for use in self.collected.uses:
                self.splitter.split(use)
            for spot in self.collected.spots:
                self._letters(spot)
        splits: dict[Node, Split] = {u.name: self.splitter.split(u, final=True) for u in self.collected.uses}
        self.opaques.splits = splits
        self._scopes(splits)
        self._declared_ranges()
        for use in self.collected.uses:
            self._link(use, splits[use.name])
        for spot in self.collected.spots:
            self._range(spot)
        self._default()
        return Inferred(
            self.declared, self.formulas, splits, self.splitter, self.ranges, self.opaques, frozenset(self.sizes)
        )

    def _defined(self) -> frozenset[Key]:
        """The heads of names that this request defines."""
        found = set()
        for f in self.formulas:
            if f.role == "let" and isinstance(f.tree, Chain):
                left = f.tree.sides[0]
                left = left.name if isinstance(left, Call) else left
                if isinstance(left, Name):
                    found |= {Key(left.head, labels_of(left.parts[:n]), left.mark) for n in range(len(left.parts) + 1)}
        return frozenset(found)

    # -- which letters are indices ---------------------------------------------------------------------------------

    def _letters(self, spot: Spot) -> None:
        match spot.node:
            case Kronecker(left=left, right=right):
                for p in (left, right):
                    if p.kind == "letter" and self.splitter.label_of(p) is None:
                        self.splitter.learn(p.text, spot.bound, spot.formula)
            case Component(parts=parts):
                for p in parts:
                    if p.kind == "letter" and self.splitter.label_of(p) is None:
                        self.splitter.learn(p.text, spot.bound, spot.formula)
            case Indicator(left=left, relation=relation, right=right) if relation in ("=", "!="):
                if all(self._letter_of(s, spot) or isinstance(s, Num) or self._label(s) for s in (left, right)):
                    for side in (left, right):
                        self._learn_term(side, spot)
            case Big(low=low, conditions=conditions):
                for term in (low, *(term for _, term in conditions)):
                    if term is not None:
                        self._learn_term(term, spot)
            case Call(name=name, args=args) if self._is_entry(name):
                for a in args:
                    self._learn_term(a, spot)
            case Chain(sides=sides) if self.formulas[spot.formula].role == "let":
                self._learn_shape(sides[0], sides[-1])

    def _label(self, node: Node) -> Key | None:
        """The array of class labels that a name is an entry of."""
        inner = node.inner if isinstance(node, Bracket) else node
        if not isinstance(inner, Name):
            return None
        return self.splitter.label_of(Part(inner.at, "", "letter", entry=inner))

    def _letter_of(self, node: Node, spot: Spot) -> str:
        """The letter that a bare name is, unless it is declared as something else."""
        inner = node.inner if isinstance(node, Bracket) else node
        if isinstance(inner, Name) and inner.letter:
            declared = Key(inner.head, (), inner.mark) in self.declared.things and inner.letter not in spot.bound
            return "" if declared else inner.letter
        return ""

    def _learn_term(self, term: Node, spot: Spot) -> None:
        """The letters of i, i + 1, i - 1 are indices."""
        if isinstance(term, Terms):
            for _, t in term.terms:
                self._learn_term(t, spot)
        letter = self._letter_of(term, spot)
        if letter and Key(letter) not in self.sizes:
            self.splitter.learn(letter, spot.bound, spot.formula)

    def _is_entry(self, name: Name) -> bool:
        use = self.uses[name]
        key = self.splitter.split(use).key
        return isinstance(key, Key) and key not in self.declared.functions and bool(self.splitter.rank_of(key))

    def _learn_shape(self, left: Node, right: Node) -> None:
        """A bold name that is defined as a whole vector has that many axes."""
        if isinstance(left, Name) and not left.parts:
            axes = AxesFinder(self.splitter, self.uses, lambda a, b, n: None).of(right)
            if axes:
                self.splitter.learn_family(Key(left.head, (), left.mark), len(axes))

    # -- scopes ----------------------------------------------------------------------------------------------------

    def _scopes(self, splits: Mapping[Node, Split]) -> None:
        """No letter may be bound in one place of a formula and free in another."""
        binders: dict[int, dict[str, Node]] = {}
        for spot in self.collected.spots:
            if isinstance(spot.node, Big | Expect | Family | Range) and isinstance(spot.node.letter, Letter):
                binders.setdefault(spot.formula, {}).setdefault(spot.node.letter.text, spot.node.letter)
        if not binders:
            return
        for use in self.collected.uses:
            for letter, at in _free_letters(use):
                binder = binders.get(use.formula, {}).get(letter)
                if binder is not None:
                    self._bound_and_free(letter, binder, use, at)
        for spot in self.collected.spots:
            if isinstance(spot.node, Kronecker | Component):
                for p in _parts(spot.node):
                    binder = binders.get(spot.formula, {}).get(p.text)
                    if p.text not in spot.bound and binder is not None:
                        self._bound_and_free(p.text, binder, spot, p.at)

    def _bound_and_free(self, letter: str, binder: Node, use: Use | Spot, at: Span) -> None:
        source = self.formulas[use.formula].source
        after = at.start > binder.at.start
        advice = f"put what the sum over {letter} reaches into brackets" if after else ""
        another = f"use another letter than {letter} for the index of the sum"
        message = f"the index {letter} is bound by a sum and also stands outside it"
        raise ReadError(message, source, at, advice=f"{advice}, or {another}" if advice else another)

    # -- ranges ----------------------------------------------------------------------------------------------------

    def _size_names(self) -> None:
        for spot in self.collected.spots:
            n = spot.node
            ends: tuple[Node | None, ...] = ()
            if isinstance(n, Big):
                ends = (n.high,)
            elif isinstance(n, Family | Range):
                ends = (n.size,)
            elif isinstance(n, Member):
                ends = n.names if n.kind == "naturals" else n.bounds if n.kind == "reals" else ()
            for end in ends:
                self.sizes |= {Key(x.head, labels_of(x.parts), x.mark) for x in _names(end) if x.letter not in spot.bound}

    def _declared_ranges(self) -> None:
        nowhere = self.formulas[0].source
        for key, thing in self.declared.things.items():
            if not isinstance(thing, Symbol):
                for n, size in enumerate(thing.shape):
                    self.ranges.learn(("slot", key, n), size, Evidence(f"{key.latex()} is declared so", nowhere, Span(0, 1)))
        for word, thing in self.declared.words.items():
            if not isinstance(thing, Symbol):
                for n, size in enumerate(thing.shape):
                    self.ranges.learn(("slot", word, n), size, Evidence(f"{word} is declared so", nowhere, Span(0, 1)))
        for key, thing in self.declared.things.items():
            if isinstance(thing, Array) and thing.into is not None:
                self.ranges.learn(("into", key), thing.into, Evidence(f"{key.latex()} is declared so", nowhere, Span(0, 1)))
        for key, size in self.splitter.labels.items():
            self.ranges.learn(("into", key), size, Evidence(f"{key.latex()} is declared so", nowhere, Span(0, 1)))
        for letter, index in self.declared.indices.items():
            self.ranges.learn(("free", -1, letter), index.size, Evidence(f"{letter} is declared so", nowhere, Span(0, 1)))

    def _why(self, words: str, formula: int, at: Span) -> Evidence:
        source = self.formulas[formula].source
        return Evidence(words or source.piece(at), source, at)

    def _link(self, use: Use, split: Split) -> None:
        for n, part in enumerate(split.indices):
            if part.kind == "letter":
                why = self._why("", use.formula, use.name.at)
                self.ranges.same(self._part_place(part, use), ("slot", split.key, n), why)

    def _part_place(self, part: Part, where: Use | Spot) -> object:
        """The place whose range a part of a subscript shares: a letter, or what a class label points into."""
        label = self.splitter.label_of(part)
        if label is not None:
            return ("into", label)
        return self.splitter.letter(part.text, where.bound, where.formula)

    def _range(self, spot: Spot) -> None:
        n = spot.node
        match n:
            case Big():
                self._big(n, spot)
            case Family(size=size):
                self._learn_size(("bound", n), size, spot)
            case Range(size=size) if size is not None:
                self._learn_size(("bound", n), size, spot)
            case Expect():
                self._expectation(n, spot)
            case Kronecker(left=left, right=right):
                self._perhaps(left, right, spot)
            case Indicator(left=left, right=right):
                one, other = self._ref(left, spot), self._ref(right, spot)
                if one is not None and other is not None:
                    self.ranges.perhaps_same(one, other, self._why("", spot.formula, n.at))
            case Call():
                self._call(n, spot)
            case Deriv():
                self.opaques.link_derivative(n, spot, self.ranges, self._why("", spot.formula, n.at))
            case Chain(sides=sides):
                AxesFinder(self.splitter, self.uses, self._meet(spot))._agreeing(list(sides), n)
            case Component(base=base, parts=parts):
                axes = AxesFinder(self.splitter, self.uses, self._meet(spot)).of(base) or ()
                for part, place in zip(parts, axes, strict=False):
                    if part.kind == "letter":
                        self.ranges.same(self._part_place(part, spot), place, self._why("", spot.formula, part.at))
            case Grad():
                AxesFinder(self.splitter, self.uses, self._meet(spot)).of(n)

    def _meet(self, spot: Spot):  # type: ignore[no-untyped-def]
        return lambda a, b, where: self.ranges.same(a, b, self._why("", spot.formula, where.at))

    def _big(self, n: Big, spot: Spot) -> None:
        place = ("bound", n)
        why = self._why("", spot.formula, n.letter.at)
        if n.over:
            self.ranges.same(place, ("set", n.over), why)
        upper = self._ref(n.high, spot) if n.high is not None else None
        if upper is not None:
            self.ranges.same(place, upper, why)
        elif n.high is not None:
            self._learn_size(place, n.high, spot)
        if n.low is not None and (lower := self._ref(n.low, spot)) is not None:
            self.ranges.same(place, lower, why)
        for relation, term in n.conditions:
            self._condition(n, relation, term, spot)

    def _condition(self, n: Big, relation: str, term: Node, spot: Spot) -> None:
        other = self._ref(term, spot)
        if other is None:
            return
        if other[0] == "free" and n.low is None and n.high is None and self._only_inside(n, str(other[2]), spot):
            letters = f"{n.letter.text}, {other[2]}, or both"
            advice = rf"write the range of {n.letter.text} and of {other[2]} with a sum sign each"
            raise ReadError(f"does this sum run over {letters}?", self.formulas[spot.formula].source, term.at, advice=advice)
        self.ranges.perhaps_same(("bound", n), other, self._why("", spot.formula, term.at))

    def _only_inside(self, n: Big, letter: str, spot: Spot) -> bool:
        """Whether a free letter has no meaning outside this sum."""
        if letter in self.declared.indices:
            return False
        inside = (n.at.start, n.at.end)
        for use in self.collected.uses:
            shared = use.formula != spot.formula or not inside[0] <= use.name.at.start < inside[1]
            if shared and letter not in use.bound and any(letter == p.text for p in use.name.parts):
                return False
        return not any(
            isinstance(s.node, Kronecker) and letter in (s.node.left.text, s.node.right.text)
            and not (s.formula == spot.formula and inside[0] <= s.node.at.start < inside[1])
            for s in self.collected.spots
        )  # fmt: skip

    def _ref(self, node: Node, spot: Spot) -> tuple[object, ...] | None:
        """The letter that a node is, or that it shifts by a number, if it is an index."""
        if isinstance(node, Terms):
            found = [r for r in (self._ref(t, spot) for _, t in node.terms) if r is not None]
            return found[0] if len(found) == 1 else None
        label = self._label(node)
        if label is not None:
            return ("into", label)
        letter = self._letter_of(node, spot)
        if letter and self.splitter.is_index(letter, spot.bound, spot.formula):
            return self.splitter.letter(letter, spot.bound, spot.formula)  # type: ignore[return-value]
        return None

    def _learn_size(self, place: object, size: Node, spot: Spot) -> None:
        letter = getattr(spot.node, "letter", spot.node)
        said = f"{letter.text} runs to {self.formulas[spot.formula].source.piece(size.at)}"
        why = self._why(said, spot.formula, letter.at)
        self.ranges.learn(place, size_term(size, self.declared, self.formulas[spot.formula].source), why)

    def _expectation(self, n: Expect, spot: Spot) -> None:
        if n.letter is not None and isinstance(n.weights, Name):
            split = self.splitter.split(self.uses[n.weights])
            why = self._why("", spot.formula, n.weights.at)
            self.ranges.same(("bound", n), ("slot", split.key, len(split.indices)), why)

    def _perhaps(self, left: Part, right: Part, spot: Spot) -> None:
        if left.kind == right.kind == "letter":
            one, other = (self._part_place(p, spot) for p in (left, right))
            self.ranges.perhaps_same(one, other, self._why("", spot.formula, left.at))

    def _call(self, n: Call, spot: Spot) -> None:
        why = self._why("", spot.formula, n.at)
        if self._is_entry(n.name):
            split = self.splitter.split(self.uses[n.name])
            for position, a in enumerate(n.args, len(split.indices)):
                if (ref := self._ref(a, spot)) is not None:
                    self.ranges.same(ref, ("slot", split.key, position), why)
            return
        opaque = self.opaques.call(n, spot)
        for position, hole in enumerate(opaque.holes):
            if hole.kind == "letter":
                self.ranges.same(self.splitter.letter(hole.text, spot.bound, spot.formula), ("slot", opaque.text, position), why)

    def _default(self) -> None:
        """The only declared size is the range of what has none."""
        self.ranges.settle()
        sizes = self.declared.sizes
        if len(sizes) != 1:
            return
        nowhere = Evidence("the only declared size", self.formulas[0].source, Span(0, 1))
        places: list[object] = [("bound", s.node) for s in self.collected.spots if isinstance(s.node, Big | Range)]
        places += self.splitter.letters
        places += [("slot", k, n) for k, r in self.splitter.ranks.items() for n in range(max(r))]
        for place in places:
            if self.ranges.of(place) is None:
                self.ranges.learn(place, sizes[0], nowhere)


def _free_letters(use: Use) -> list[tuple[str, Span]]:
    """The letters of a name that no sum around it binds, the name itself included."""
    found = [(x, p.at) for p in use.name.parts for x in (p.text, *p.letters) if p.kind in ("letter", "other")]
    if isinstance(use.name, Name) and use.name.letter:
        found.append((use.name.letter, use.name.at))
    return [(x, at) for x, at in found if x not in use.bound]


def _parts(node: Kronecker | Component) -> tuple[Part, ...]:
    return node.parts if isinstance(node, Component) else (node.left, node.right)


def _names(node: Node | None) -> list[Name]:
    from gradproof.reader.syntax import children

    if node is None or isinstance(node, Verbatim):
        return []
    if isinstance(node, Name):
        return [node]
    return [x for child in children(node) for x in _names(child)]
