"""Which letters are indices, learned from where they stand.

Contract. A letter in a delta, in a condition of indices, at the end of a range, in the brackets of an array, or
behind something that is not a name is an index; what it is an index of is found elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gradproof.reader.declarations import labels_of
from gradproof.reader.inference.axes import AxesFinder
from gradproof.reader.inference.collecting import Spot
from gradproof.reader.inference.splitting import Splitter, Use
from gradproof.reader.syntax import (
    Big,
    Bracket,
    Call,
    Chain,
    Component,
    Indicator,
    Key,
    Kronecker,
    Member,
    Name,
    Node,
    Num,
    Part,
    Terms,
)


@dataclass
class Letters:
    """What `splitter` learns of letters; `uses` are the names of the request."""

    splitter: Splitter
    uses: dict[Node, Use]

    def learn(self, spot: Spot) -> None:
        """What one node says of letters."""
        match spot.node:
            case Kronecker(left=left, right=right):
                self._learn_parts((left, right), spot)
            case Component(parts=parts):
                self._learn_parts(parts, spot)
            case Indicator(left=left, relation="=" | "!=", right=right):
                if all(map(self._may_be_index, (left, right), (spot, spot))):
                    self._learn_terms((left, right), spot)
            case Big(low=low, conditions=conditions):
                self._learn_terms((low, *(term for _, term in conditions)), spot)
            case Call(name=name, args=args) if self.is_entry(name):
                self._learn_terms(args, spot)
            case Member(kind="labels", names=names):
                self._learn_terms((n for n in names if self.is_letter(n)), spot)
            case Member(kind="reals"):
                self._learn_said_shape(spot.node)
            case Chain(sides=sides) if self.splitter.formulas[spot.formula].role == "let":
                self._learn_shape(sides[0], sides[-1])

    def _learn_parts(self, parts: Iterable[Part], spot: Spot) -> None:
        for p in parts:
            if p.kind == "letter" and self.splitter.label_of(p) is None:
                self.splitter.learn(p.text, spot.bound, spot.formula)

    def _learn_terms(self, terms: Iterable[Node | None], spot: Spot) -> None:
        for term in terms:
            if term is not None:
                self._learn_term(term, spot)

    def _may_be_index(self, side: Node, spot: Spot) -> bool:
        return bool(self.letter_of(side, spot)) or isinstance(side, Num) or self.label(side) is not None

    def label(self, node: Node) -> Key | None:
        """The array of class labels that a name is an entry of."""
        inner = node.inner if isinstance(node, Bracket) else node
        if not isinstance(inner, Name):
            return None
        return self.splitter.label_of(Part(inner.at, "", "letter", entry=inner))

    def letter_of(self, node: Node, spot: Spot) -> str:
        """The letter that a bare name is, unless it is declared as something else."""
        inner = node.inner if isinstance(node, Bracket) else node
        if isinstance(inner, Name) and inner.letter:
            declared = (
                Key(inner.head, (), inner.mark) in self.splitter.declared.things and inner.letter not in spot.bound
            )
            return "" if declared else inner.letter
        return ""

    def _learn_term(self, term: Node, spot: Spot) -> None:
        """The letters of i, i + 1, i - 1 are indices."""
        if isinstance(term, Terms):
            for _, t in term.terms:
                self._learn_term(t, spot)
        letter = self.letter_of(term, spot)
        if letter and Key(letter) not in self.splitter.sizes:
            self.splitter.learn(letter, spot.bound, spot.formula)

    def is_entry(self, name: Name) -> bool:
        use = self.uses[name]
        key = self.splitter.split(use).key
        return isinstance(key, Key) and key not in self.splitter.declared.functions and bool(self.splitter.rank_of(key))

    def _learn_shape(self, left: Node, right: Node) -> None:
        """A bold name that is defined as a whole vector has that many axes."""
        if isinstance(left, Name) and not left.parts:
            axes = AxesFinder(self.splitter, self.uses, lambda a, b, n: None).of(right)
            if axes:
                self.splitter.learn_family(Key(left.head, (), left.mark), len(axes))

    def is_letter(self, n: Node) -> bool:
        r"""Whether a name is an index of its own: t in t \in \{1, ..., K\}, not the y of y_n."""
        return isinstance(n, Name) and not n.parts and not self.splitter.rank_of(Key(n.head, (), n.mark))

    def _learn_said_shape(self, n: Member) -> None:
        """A name that is defined may be said to be a vector, too."""
        for name in n.names:
            if isinstance(name, Name) and n.bounds:
                self.splitter.learn_family(Key(name.head, labels_of(name.parts), name.mark), len(n.bounds))

    def ref(self, node: Node, spot: Spot) -> tuple[object, ...] | None:
        """The letter that a node is, or that it shifts by a number, if it is an index."""
        if isinstance(node, Terms):
            found = [r for r in (self.ref(t, spot) for _, t in node.terms) if r is not None]
            return found[0] if len(found) == 1 else None
        label = self.label(node)
        if label is not None:
            return ("into", label)
        letter = self.letter_of(node, spot)
        if letter and self.splitter.is_index(letter, spot.bound, spot.formula):
            return self.splitter.letter(letter, spot.bound, spot.formula)  # type: ignore[return-value]
        return None

    def part_place(self, part: Part, where: Use | Spot) -> object:
        """The place whose range a part of a subscript shares: a letter, or what a class label points into."""
        label = self.splitter.label_of(part)
        if label is not None:
            return ("into", label)
        return self.splitter.letter(part.text, where.bound, where.formula)
