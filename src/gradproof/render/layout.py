"""A chain of lines cut into rows, for any page: what stands left of the relation, what right, which reason goes where.

Contract. Rows read from top to bottom are the chain. A short left side stands beside the first line, a long one above
it. The reason belongs to the last row of its line.

Blind spot. Only widths are known here, not heights.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from gradproof.document import Chain, Display, Document, Paragraph, Words
from gradproof.expression import Expr
from gradproof.render.breaking import Width, rows
from gradproof.render.grammar import Grammar

RELATION_ROOM = 3.5  # em for the sign of the relation, or for what sets a continued row in


@dataclass(frozen=True)
class Row:
    """One row: the left side if it starts here, the relation if it does, the formula, and reasons if the line ends.

    `depth` says how far it is set in: 0 a left side or a formula that stands alone, 1 a line, 2 what continues one.
    """

    formula: str
    depth: int = 1
    left: str = ""
    relation: str = ""
    reasons: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Ruler:
    """The grammar of a page, the width of its lines, and the widest left side that stands beside a line.

    `indent` is the least room that every line leaves for left sides, where all chains of a page are aligned.
    """

    grammar: Grammar
    line: float
    left: float
    width: Width
    indent: float = 0.0

    def broken(self, e: Expr, avoid: frozenset[str], limit: float | None = None) -> list[str]:
        return rows(self.grammar, e, avoid, self.line if limit is None else limit, self.width)

    def chain(self, chain: Chain, avoid: frozenset[str]) -> list[Row]:
        start = self.broken(chain.start, avoid)
        beside = self._stands_beside(start)
        found = [] if beside else [Row(r, 2 if n else 0) for n, r in enumerate(start)]
        room = self.line - max(self.indent, self.width(start[0]) if beside else 0.0) - RELATION_ROOM
        for n, line in enumerate(chain.lines):
            first, *rest = self.broken(line.formula, avoid, room)
            left = start[0] if beside and n == 0 else ""
            found.append(Row(first, 1, left, self.grammar.relation_sign(line.sign)))
            found += [Row(r, 2) for r in rest]
            found[-1] = replace(found[-1], reasons=line.reasons)
        return found

    def _stands_beside(self, start: list[str]) -> bool:
        return len(start) == 1 and self.width(start[0]) <= self.left

    def aligned(self, document: Document) -> Ruler:
        """The ruler that leaves room in every line for the widest left side beside one."""
        parts = ((p, s.avoid) for s in document.sections for p in s.parts)
        starts = [self.broken(p.start, avoid) for p, avoid in parts if isinstance(p, Chain)]
        return replace(self, indent=max((self.width(s[0]) for s in starts if self._stands_beside(s)), default=0.0))

    def display(self, display: Display, avoid: frozenset[str]) -> list[Row]:
        found = [Row(p, 2 if n else 0) for n, p in enumerate(self.broken(display.formula, avoid))]
        return [*found[:-1], replace(found[-1], reasons=display.reasons)]

    def part(self, part: Chain | Display, avoid: frozenset[str]) -> list[Row]:
        return self.chain(part, avoid) if isinstance(part, Chain) else self.display(part, avoid)

    def page(self, document: Document) -> dict[int, list[Row]]:
        """The rows of every chain and display, by the `id` of the part."""
        parts = ((p, s.avoid) for s in document.sections for p in s.parts)
        return {id(p): self.part(p, avoid) for p, avoid in parts if not isinstance(p, Paragraph)}

    def widest(self, page: Iterable[list[Row]], limit: float) -> float:
        """The widest row with a reason among those that leave room for one beside it."""
        widths = (w for rows_ in page for w in self._widths(rows_))
        return max((w for w in widths if w <= limit), default=0.0)

    def _widths(self, found: list[Row]) -> Iterator[float]:
        left = max(self.width(r.left) for r in found)
        yield from (left + RELATION_ROOM + self.width(r.formula) for r in found if r.reasons)
