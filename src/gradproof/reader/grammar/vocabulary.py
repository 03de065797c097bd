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
    """`kinds` of declared names; `verbatim`, by their first token, the declared names that are matched as they stand."""

    kinds: Mapping[Key, str] = field(default_factory=dict)
    verbatim: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]] = field(default_factory=dict)
    indices: frozenset[str] = frozenset()

    def kind(self, head: str, labels: tuple[str, ...], mark: str) -> str:
        """The kind of the longest declared name that the parts of a subscript may begin, or empty."""
        for n in range(len(labels), -1, -1):
            found = self.kinds.get(Key(head, labels[:n], mark))
            if found:
                return found
        return ""

    def quantity(self, head: str) -> bool:
        return self.kinds.get(Key(head), "") in (QUANTITY, FAMILY)
