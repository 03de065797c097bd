"""What a dialect (LaTeX, terminal) supplies to the grammar: its signs, and how they are set together.

Contract. No precedence here: each method gets pieces that the grammar has bracketed already, and returns one piece with
its own level. `bracket` makes a piece that can stand anywhere.

Blind spot. Widths and line breaks; see `gradproof.render.breaking`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gradproof.expression import Binder

# How tightly a piece holds together: a proposition, a sum, a product, one factor of a product, the base of a power.
RELATION, SUM, TERM, FACTOR, ATOM = range(5)


@dataclass(frozen=True)
class Piece:
    """Printed text; `open` if a factor written after it would be read as part of it, `tall` if it outgrows its line."""

    text: str
    level: int
    open: bool = False
    tall: bool = False


@dataclass(frozen=True)
class Scope:
    """The letters that mean something here, and whether we are in an exponent or an index."""

    taken: frozenset[str]
    tight: bool = False

    def tightened(self) -> Scope:
        return replace(self, tight=True)

    def holding(self, letter: str) -> Scope:
        return replace(self, taken=self.taken | {letter})


class Signs(ABC):
    """The signs of a dialect."""

    wide_brackets: tuple[str, str]  # around a sum that is broken over several rows
    flat: bool  # whether terms are one line of signs, which may be broken wherever a sum stands

    @abstractmethod
    def bracket(self, piece: Piece) -> Piece: ...

    @abstractmethod
    def times(self, before: str, after: str) -> str:
        """What stands between two factors."""

    @abstractmethod
    def ratio(self, above: Piece, below: Piece, scope: Scope) -> Piece: ...

    @abstractmethod
    def root(self, inner: Piece) -> Piece: ...

    @abstractmethod
    def raised(self, base: Piece, exponent: Piece) -> Piece: ...

    @abstractmethod
    def function_name(self, name: str) -> str: ...

    @abstractmethod
    def call(self, name: str, arguments: Sequence[Piece]) -> Piece: ...

    def primed(self, name: Piece, order: int) -> str:
        """The name of a derivative of a function."""
        return name.text + "'" * order if order < 4 else self.raised(name, Piece(f"({order})", ATOM)).text

    @abstractmethod
    def is_fraction(self, piece: Piece) -> bool:
        """Whether the piece is one fraction with a bar, which holds together without brackets."""

    @abstractmethod
    def big(self, e: Binder, below: str, above: str = "") -> str:
        """The sign of a sum or product with what stands below it and above it."""

    @abstractmethod
    def summed(self, e: Binder, letter: str, size: str, range_is_clear: bool) -> str:
        """The sign of a sum or product with its letter, which runs from 1 to the size."""

    @abstractmethod
    def ordered(self, low: str, high: str, strict: bool) -> Piece:
        """The indicator that one index is at most, or less than, another."""

    @abstractmethod
    def differentiated(self, body: Piece, named: bool, moving: Sequence[tuple[Piece, int]], total: bool) -> Piece:
        """The derivative of a piece in `moving`, pairs of variable and order, the last differentiated first."""

    @abstractmethod
    def limit_sign(self, letter: str, point: str, side: str) -> str: ...

    @abstractmethod
    def solution_sign(self, letter: str) -> str:
        """The words before an equation: the value of the letter at which it holds."""

    @abstractmethod
    def ranking_sign(self, kind: str, family: str, index: str) -> str: ...

    @abstractmethod
    def mean(self, body: Piece, letter: str, law: str, parameters: Sequence[str]) -> Piece:
        """The expectation of a piece under a law, in square brackets."""

    @abstractmethod
    def relation_sign(self, operator: str) -> str: ...

    @abstractmethod
    def quantifier(self, letters: Sequence[tuple[str, str]]) -> str:
        """The words "for all" with the letters, each with its size if that must be said."""

    @abstractmethod
    def optimum_sign(self, kind: str, letter: str) -> str: ...

    @abstractmethod
    def family(self, body: Piece, letter: str, size: str) -> Piece: ...

    @abstractmethod
    def constant_sign(self, name: str) -> str: ...

    @abstractmethod
    def named(self, name: str, indices: Sequence[str], defined: bool) -> Piece: ...

    @abstractmethod
    def inverted(self, matrix: Piece, indices: Sequence[str]) -> Piece:
        """An entry of the inverse of a matrix."""

    @abstractmethod
    def of_whole(self, kind: str, matrix: Piece) -> Piece:
        """The determinant or the least eigenvalue."""

    @abstractmethod
    def definite(self, matrix: Piece, strictly: bool) -> str:
        """The proposition that the matrix is positive definite, or semidefinite."""

    @abstractmethod
    def letter(self, name: str) -> str:
        """The letter of an index."""

    @abstractmethod
    def counted(self, name: str) -> str:
        """The letter of an index that stands for its number."""
