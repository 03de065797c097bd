"""Which parts of a subscript are indices, and which belong to the name.

Contract. A letter is an index if a sum binds it, if it is declared or stands in a delta or condition, or if the array
it stands at is known to be indexed there; this is found by repeating until nothing changes. Every other part is a
piece of the name.

Blind spot. A subscript of three letters or more side by side of which some are indices and others not is refused.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from gradproof.expression import Array, Definition, Expr
from gradproof.reader.declarations import Declarations, labels_of, rank
from gradproof.reader.errors import NotReadable, ReadError, Source
from gradproof.reader.syntax import Key, Member, Name, Node, Part, Verbatim

Letter = Hashable  # ("bound", node) or ("free", formula or -1, letter)


@dataclass(frozen=True)
class Formula:
    """One formula of a request; `local` letters are its own, the others are shared with the rest."""

    tree: Node
    source: Source
    role: str = "term"  # let, given, term, loss
    local: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Use:
    """A name where it stands."""

    name: Name | Verbatim
    bound: Mapping[str, Node]
    formula: int
    opaque: bool = False  # inside the brackets of an unknown function
    callee: bool = False  # before the brackets of one, where a letter is a label unless it is bound


@dataclass(frozen=True)
class Split:
    """A name taken apart: its key (or word) and the parts that are indices."""

    key: Key | str
    indices: tuple[Part, ...]


@dataclass
class Splitter:
    declared: Declarations
    formulas: tuple[Formula, ...]
    labels: Mapping[Key, Expr] = field(default_factory=dict)  # arrays of class labels, and what they index
    sizes: set[Key] = field(default_factory=set)
    ranks: dict[Key, set[int]] = field(default_factory=dict)  # of families that are not declared
    letters: set[Letter] = field(default_factory=set)  # free letters that are indices
    raised: dict[Key, bool] = field(default_factory=dict)  # whether a family is written x^{(i)}
    changed: bool = True

    def letter(self, text: str, bound: Mapping[str, Node], formula: int) -> Letter:
        """What a letter at a place stands for."""
        if text in bound:
            return ("bound", bound[text])
        return ("free", formula if text in self.formulas[formula].local else -1, text)

    def is_index(self, text: str, bound: Mapping[str, Node], formula: int) -> bool:
        found = self.letter(text, bound, formula)
        return text in bound or found in self.letters or (found[1] == -1 and text in self.declared.indices)  # type: ignore[index]

    def label_of(self, part: Part) -> Key | None:
        """The array of class labels that a part such as y_n is an entry of."""
        if not isinstance(part.entry, Name):
            return None
        n = part.entry
        for count in range(len(n.parts) + 1):
            key = Key(n.head, labels_of(n.parts[:count]), n.mark)
            thing = self.declared.things.get(key)
            if key in self.labels or (isinstance(thing, Array) and thing.into is not None):
                return key
        return None

    def stands_for_index(self, part: Part, use: Use) -> bool:
        return self.is_index(part.text, use.bound, use.formula) or self.label_of(part) is not None

    def learn(self, text: str, bound: Mapping[str, Node], formula: int) -> None:
        """The letter is an index."""
        found = self.letter(text, bound, formula)
        if text not in bound and found not in self.letters:
            self.letters.add(found)
            self.changed = True

    def learn_family(self, key: Key, count: int) -> None:
        if key not in self.declared.things and count not in self.ranks.setdefault(key, set()):
            self.ranks[key].add(count)
            self.changed = True

    def rank_of(self, key: Key) -> int | None:
        thing = self.declared.things.get(key)
        if thing is not None:
            return self.declared.rank_of(key)
        found = self.ranks.get(key)
        return max(found) if found else None

    def split(self, use: Use, final: bool = False) -> Split:
        """The name taken apart by what is known now; `final` complains where that is not in order."""
        n = use.name
        if isinstance(n, Verbatim):
            self._learn_letters(n.parts, use)
            return Split(n.name, n.parts)
        forced = [p for p in n.parts if p.kind == "letter" and self.stands_for_index(p, use)]
        label = use.callee or Key(n.head, labels_of(n.parts), n.mark) in self.declared.functions
        indices = tuple(forced) if label else self._known_family(n, forced, use)
        if indices is None:
            whole = Key(n.head, labels_of(n.parts), n.mark)
            scalar = self.declared.things.get(whole)
            bound = [p for p in forced if p.text in use.bound]
            if scalar is not None and not isinstance(scalar, Array) and not rank(scalar) and not bound:
                return Split(whole, ())
            indices = tuple(forced)
        key = Key(n.head, labels_of(tuple(p for p in n.parts if p not in indices)), n.mark)
        if indices:
            self._learn_letters(indices, use)
            if not self._is_slice(n, key, len(indices)):
                self.learn_family(key, len(indices))
        if final:
            self._complain(use, n, key, indices)
        return Split(key, indices)

    def _learn_letters(self, parts: tuple[Part, ...], use: Use) -> None:
        for p in parts:
            if p.kind == "letter" and self.label_of(p) is None:
                self.learn(p.text, use.bound, use.formula)

    def _known_family(self, n: Name, forced: list[Part], use: Use) -> tuple[Part, ...] | None:
        """The parts that are indices of a family that is known."""
        able = [p for p in n.parts if self._able(p)]
        counts = range(len(able), 0, -1)
        declared = self.declared.things
        for inferred, order in ((False, reversed(counts)), (True, counts)):
            for count in order:
                indices = tuple(able[len(able) - count :])
                if any(p not in indices for p in forced):
                    continue
                key = Key(n.head, labels_of(tuple(p for p in n.parts if p not in indices)), n.mark)
                thing = declared.get(key)
                if inferred and count in self.ranks.get(key, ()) and thing is None:
                    return indices
                if not inferred and isinstance(thing, Array | Definition) and rank(thing) >= count:
                    written = (rank(thing), self.declared.rank_of(key))
                    row = len(indices) == len(n.parts) and (n.bold or all(p.kind == "letter" for p in indices))
                    if count in written or row:
                        return indices
        return None

    def _able(self, p: Part) -> bool:
        """Whether a part can be an index: a letter that is not a size, or a number from 1 on."""
        if p.kind == "letter":
            return Key(p.text) not in self.sizes
        return p.kind == "number" and int(p.text) >= 1

    def _is_slice(self, n: Name, key: Key, count: int) -> bool:
        """A row of a matrix, as bold w_j where w_{ji} is known."""
        thing = self.declared.things.get(key)
        if thing is not None:
            return rank(thing) > count
        return n.bold and max(self.ranks.get(key, {0})) > count

    def _complain(self, use: Use, n: Name, key: Key, indices: tuple[Part, ...]) -> None:
        source = self.formulas[use.formula].source
        for p in n.parts:
            moving = [x for x in p.letters if self.is_index(x, use.bound, use.formula)]
            if p.kind == "other" and moving:
                raise NotReadable("an index must be a letter or a number", source, p.at, advice="shift the index")
            if p.entry is not None and moving and self.label_of(p) is None:
                advice = rf"declare the class labels: {p.text} \in \{{1, \dots, K\}}"
                raise ReadError(f"{p.text} is not known to be an index", source, p.at, advice=advice)
        self._check_row(use, n, key, source)
        if indices and self.raised.setdefault(key, indices[0].raised) != indices[0].raised:
            message = f"{n.head} has an index above and below: one array, or two?"
            raise ReadError(message, source, n.at, advice="write the index in one place, or use another name")
        _check_order(n, indices, source)
        self._check_rank(use, n, key, indices, source)

    def _check_row(self, use: Use, n: Name, key: Key, source: Source) -> None:
        r"""x_n \in R^D says how long one row is; where n is an index, how many there are must be said, too."""
        whole = Key(n.head, labels_of(n.parts), n.mark)
        said_here = isinstance(self.formulas[use.formula].tree, Member)
        if whole != key and isinstance(self.declared.things.get(whole), Array) and not said_here:
            message = f"{whole.latex()} is declared as one vector, and its subscript is an index here"
            advice = rf"declare all rows at once: {n.head} \in \mathbb{{R}}^{{N \times D}}"
            raise ReadError(message, source, n.at, advice=advice)

    def _check_rank(self, use: Use, n: Name, key: Key, indices: tuple[Part, ...], source: Source) -> None:
        thing, count = self.declared.things.get(key), len(indices)
        if thing is not None and count > rank(thing):
            message = f"{key.latex()} takes {rank(thing) or 'no'} indices, found {count}"
            raise ReadError(message, source, n.at, advice="declare it with more indices, or use another name")
        if thing is None and not indices and n.parts and not use.callee:
            self._check_label(n, source)
        found = self.ranks.get(key, {count})
        if thing is None and indices and len(found) > 1 and count < max(found) and not n.bold:
            message = f"{key.latex()} is used with {max(found)} indices and with {count}"
            advice = "write all its indices, or a row in bold"
            raise ReadError(message, source, n.at, expected=f"{max(found)} indices", advice=advice)

    def _check_label(self, n: Name, source: Source) -> None:
        """A subscript that belongs to the name must not look like an index of an array of that name."""
        known, last = self.rank_of(Key(n.head, (), n.mark)), n.parts[-1]
        if not known:
            return
        if last.kind == "other":
            raise NotReadable(
                "an index must be a letter or a number", source, last.at, advice="put commas between indices"
            )
        if Key(last.text) in self.sizes:
            raise NotReadable("an entry whose index is a size", source, last.at, advice="name the index")
        numbers = last.kind == "number" and int(last.text) > 0
        if numbers or all(p.kind == "letter" for p in n.parts):
            message = (
                f"{n.head} takes {known} {'index' if known == 1 else 'indices'}, and is written with {len(n.parts)}"
            )
            raise ReadError(message, source, n.at, advice="write all its indices with commas, or use another name")


def _check_order(n: Name, indices: tuple[Part, ...], source: Source) -> None:
    """Pieces of the name stand before its indices, and apart from them."""
    after = [p for p in n.parts[n.parts.index(indices[0]) :] if p not in indices] if indices else []
    if any(p.kind == "letter" for p in after):
        message = f"{indices[0].text} is an index here, and nothing says that {after[0].text} is one"
        raise ReadError(message, source, n.at, advice=f"declare the shape of {n.head}, or the range of {after[0].text}")
    run = {p.run for p in indices}
    mixed = [p for p in n.parts if p.run in run and p not in indices and p.kind == "letter"]
    together = [p for p in n.parts if p.run in run]
    if mixed and len(together) > 2 and indices and not any(p.raised for p in together):
        message = f"{indices[0].text} is an index here, {mixed[0].text} is not"
        raise ReadError(message, source, n.at, advice="put a comma between the name and its indices")
