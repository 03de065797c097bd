"""The range of every index, found from use like a type: places that share a range, and what is known of it.

Contract. `same` joins two places, `learn` says how far one runs; two different sizes that meet are an error that
names both. Weak links, from a delta or a condition, only pass a range on to a place that has none.

Blind spot. Two sizes are the same only if they are written the same.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from gradproof.expression import Expr, Number, Symbol
from gradproof.reader.errors import ReadError, Source, Span

Place = Hashable


@dataclass(frozen=True)
class Evidence:
    """Where something about a range is written, in words and as a place of a formula."""

    words: str
    source: Source
    at: Span


class Ranges:
    def __init__(self) -> None:
        self.parent: dict[Place, Place] = {}
        self.size: dict[Place, tuple[Expr, Evidence]] = {}
        self.weak: list[tuple[Place, Place, Evidence]] = []

    def find(self, place: Place) -> Place:
        root = place
        while (above := self.parent.get(root, root)) != root:
            root = above
        while place != root:
            self.parent[place], place = root, self.parent.get(place, root)
        return root

    def learn(self, place: Place, size: Expr, why: Evidence) -> None:
        root = self.find(place)
        known = self.size.setdefault(root, (size, why))
        if known[0] != size:
            _conflict(known, (size, why), why)

    def same(self, one: Place, other: Place, why: Evidence) -> None:
        a, b = self.find(one), self.find(other)
        if a == b:
            return
        known, new = self.size.get(a), self.size.get(b)
        if known and new and known[0] != new[0]:
            _conflict(known, new, why)
        self.parent[b] = a
        if new and not known:
            self.size[a] = new

    def perhaps_same(self, one: Place, other: Place, why: Evidence) -> None:
        self.weak.append((one, other, why))

    def settle(self) -> None:
        """Pass ranges along the weak links until nothing is learned."""
        moving = True
        while moving:
            moving = False
            for one, other, why in self.weak:
                if (self.of(one) is None) != (self.of(other) is None):
                    self.same(one, other, why)
                    moving = True
        for one, other, why in self.weak:
            if self.of(one) is None and self.of(other) is None:
                self.same(one, other, why)

    def of(self, place: Place) -> Expr | None:
        known = self.size.get(self.find(place))
        return known[0] if known else None


def shown(size: Expr) -> str:
    """A size in a message."""
    if isinstance(size, Symbol):
        return size.name
    return str(size.data[0]) if isinstance(size, Number) else repr(size)


def _conflict(known: tuple[Expr, Evidence], new: tuple[Expr, Evidence], where: Evidence) -> None:
    (one, first), (other, second) = known, new
    message = f"one index with two ranges, 1..{shown(one)} and 1..{shown(other)}"
    seen = f"1..{shown(one)} because {_place(first)}; 1..{shown(other)} because {_place(second)}"
    raise ReadError(message, where.source, where.at, found=seen, advice="use another letter, or one size for both")


def _place(e: Evidence) -> str:
    return f"{e.words} ({e.source.where(e.at)})" if e.at.end > 1 else e.words
