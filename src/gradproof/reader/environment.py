r"""What a reader of formulas has been told: sizes, arrays, symbols, functions, definitions, hypotheses.

    e = Environment().let(r"p_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}").given(r"\sum_{i=1}^{K} y_i = 1")
    read(r"-\sum_i y_i \log p_i", e)

Contract. Immutable: every method returns another environment. Definitions and hypotheses are kept as text and read
together whenever one is added; each must be readable with those before it. Where ranges come from formulas still to
be read, read all of them at once with `read_many`.

Blind spot. A symbol of a term read before its domain was given is another symbol than the one after.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import cast

from gradproof.derivation import Given
from gradproof.expression import NATURAL, POSITIVE, REAL, Array, Definition, Expr, Index, Interval, Symbol
from gradproof.reader.declarations import Declarations, Thing, key_from, letter_from, spelled
from gradproof.reader.errors import Source
from gradproof.reader.grammar.commands import KNOWN_COMMANDS
from gradproof.reader.grammar.formula import parse
from gradproof.reader.grammar.vocabulary import Vocabulary
from gradproof.reader.inference.sizes import size_term
from gradproof.reader.macros import macros_in
from gradproof.reader.request import Line, Outcome, read_lines
from gradproof.reader.syntax import Key


@dataclass(frozen=True)
class Environment:
    """`declared` is what was declared outright, `lines` the definitions and hypotheses, `known` all of it as read."""

    declared: Declarations = field(default_factory=Declarations)
    lines: tuple[Line, ...] = ()
    known: Declarations = field(default_factory=Declarations)
    definitions: tuple[Definition, ...] = ()
    givens: tuple[Given, ...] = ()

    # -- declarations ----------------------------------------------------------------------------------------------

    def size(self, *names: str) -> Environment:
        """Symbolic sizes: any whole number >= 1. The only one declared is the range of every index that has none."""
        found = self.declared
        for name in names:
            symbol = Symbol.of(spelled(key_from(name)), NATURAL)
            found = found.with_thing(symbol, key_from(name))
            found = replace(found, sizes=tuple(dict.fromkeys((*found.sizes, symbol))))
        return self._with(found)

    def scalar(self, name: str, domain: Interval = REAL) -> Environment:
        return self._with(self.declared.with_thing(Symbol.of(spelled(key_from(name)), domain), key_from(name)))

    def array(self, name: str, *sizes: str, domain: Interval = REAL) -> Environment:
        r"""A vector or matrix: array("X", "N", "D")."""
        key = key_from(name)
        shape, declared = self._sizes(sizes)
        return self._with(declared.with_thing(Array(spelled(key), shape, domain), key))

    def distribution(self, name: str, size: str) -> Environment:
        """Positive probabilities over 1..size; that they sum to 1 is given separately."""
        return self.array(name, size, domain=POSITIVE)

    def index(self, letters: str, size: str) -> Environment:
        """Free indices over 1..size: index("i k", "K")."""
        (n,), declared = self._sizes((size,))
        found = dict(self.declared.indices)
        for letter in letters.split():
            text = letter_from(letter)
            found[text] = Index.of(spelled(Key(text)) if text.startswith("\\") else text, n)
        return self._with(replace(declared, indices=found))

    def function(self, *names: str) -> Environment:
        r"""Functions of which nothing is known: function("f", r"\pi_\theta")."""
        keys = frozenset(map(key_from, names))
        return self._with(replace(self.declared, functions=self.declared.functions | keys))

    def macros(self, text: str) -> Environment:
        r"""The \newcommand definitions in a text."""
        found = {**self.declared.macros, **macros_in(text, KNOWN_COMMANDS)}
        return self._with(replace(self.declared, macros=found))

    def with_wide_sums(self) -> Environment:
        """Let a sum reach over the later terms that use its letter, as some papers mean it."""
        return self._with(replace(self.declared, wide_sums=True))

    def declaring(self, thing: Thing) -> Environment:
        """A symbol, array or definition that exists already, under the name that gradproof prints for it."""
        return self._with(self.declared.with_thing(thing))

    def let(self, latex: str) -> Environment:
        r"""A definition: let(r"p_i = \frac{e^{z_i}}{S}")."""
        return self._and(Line(latex, "let", "definition"))

    def given(self, latex: str) -> Environment:
        r"""A hypothesis: an equation, a sign, a range, y_i = \delta_{it}, or X \in \mathbb{R}^{N \times D}."""
        return self._and(Line(latex, "given", "hypothesis"))

    def labels(self, name: str, length: str, classes: str) -> Environment:
        r"""Class labels, which are indices: labels("y", "N", "K") for y_n \in \{1, \dots, K\}."""
        key = key_from(name)
        (n, k), declared = self._sizes((length, classes))
        return self._with(declared.with_thing(Array(spelled(key), (n,), NATURAL, k), key))

    def _sizes(self, texts: Iterable[str]) -> tuple[tuple[Expr, ...], Declarations]:
        """Sizes, and the declarations with their symbols known as sizes."""
        found: list[Expr] = []
        declared = self.declared
        for text in texts:
            source = Source(text)
            found.append(size_term(parse(source, Vocabulary(), {}), declared, source))
            for symbol in found[-1].free:
                declared = declared.with_thing(symbol)
        return tuple(found), declared

    def _with(self, declared: Declarations) -> Environment:
        return replace(self, declared=declared)._read()

    def _and(self, line: Line) -> Environment:
        return replace(self, lines=(*self.lines, line))._read()

    def _read(self) -> Environment:
        if not self.lines:
            return replace(self, known=self.declared)
        found = read_lines(self.lines, self.declared)
        return replace(self, known=found.declared, definitions=found.definitions, givens=found.givens)

    # -- what is known ---------------------------------------------------------------------------------------------

    @property
    def arrays(self) -> tuple[Array, ...]:
        return cast(tuple[Array, ...], self._of(lambda t: isinstance(t, Array)))

    @property
    def scalars(self) -> tuple[Symbol, ...]:
        return cast(tuple[Symbol, ...], self._of(lambda t: isinstance(t, Symbol) and t.domain != NATURAL))

    @property
    def sizes(self) -> tuple[Symbol, ...]:
        return cast(tuple[Symbol, ...], self._of(lambda t: isinstance(t, Symbol) and t.domain == NATURAL))

    def _of(self, wanted) -> tuple[Thing, ...]:  # type: ignore[no-untyped-def]
        return tuple(dict.fromkeys(t for t in (*self.known.things.values(), *self.known.words.values()) if wanted(t)))

    def reading(self, lines: Iterable[Line]) -> Outcome:
        """Read more lines with all that is known."""
        return read_lines(lines, self.known)
