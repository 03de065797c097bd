"""What the parser must know of names to tell a call from a product.

Contract. Only what is declared counts: a quantity, a function, or a name that is not built like one and is found word
for word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gradproof.reader.syntax import Key

QUANTITY, FAMILY, FUNCTION = "quantity", "family", "function"


@dataclass(frozen=True)
class Vocabulary:
    """`kinds` of declared names; `verbatim`, by first token, those that are matched as they stand; free `indices`."""

    kinds: Mapping[Key, str] = field(default_factory=dict)
    verbatim: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]] = field(default_factory=dict)
    indices: frozenset[str] = frozenset()

    def kind(self, head: str, labels: tuple[str, ...], mark: str) -> str:
        """The kind of the name, or of the array that it may be an entry of; empty if it is not declared."""
        found = self.kinds.get(Key(head, labels, mark), "")
        for n in range(len(labels) - 1, -1, -1) if not found else ():
            if self.kinds.get(Key(head, labels[:n], mark)) == FAMILY:
                return FAMILY
        return found

    def quantity(self, head: str) -> bool:
        return self.kinds.get(Key(head), "") in (QUANTITY, FAMILY)
