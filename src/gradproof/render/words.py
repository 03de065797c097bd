"""Words with mathematics in them, for each kind of page.

Contract. Prose is escaped, mathematics is set; a term in a sentence prints as it does on a line of its own.

Blind spot. Mathematics between dollar signs is passed on as it stands; a dollar sign itself cannot be written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil, floor

from gradproof import expression as x
from gradproof.document import Declared, Words
from gradproof.expression import REAL, Array, Expr, Interval, Number, Symbol, Unknown
from gradproof.render.formulas import LATEX, TEXT
from gradproof.render.grammar import Grammar
from gradproof.render.naming import plain

Spell = Callable[[str], str]
FEW = 4  # members of a set that are written out


@dataclass(frozen=True)
class Voice:
    """How one kind of page says things: formulas, prose between them, raw LaTeX in it, and the signs of domains."""

    grammar: Grammar
    prose: Spell
    formula: Spell  # a printed formula inside a sentence
    raw: Spell  # LaTeX from between dollar signs
    element: str
    reals: str
    integers: str
    braces: tuple[str, str]  # around the members of a set
    dots: str
    by: str  # between the sizes of a matrix
    comma: str  # between two statements about one name

    def say(self, words: Words, avoid: Iterable[str] = ()) -> str:
        return "".join(self._part(p, frozenset(avoid)) for p in words if p != "")

    def sentence(self, reasons: Iterable[Words], avoid: Iterable[str] = ()) -> str:
        """Several reasons for one line."""
        said, since = "", False
        for r in reasons:
            again = since and r[0] == "since "
            since = r[0] == "since "
            gap = " and " if again else "; "
            said += (self.prose(gap) if said else "") + self.say(r[1:] if again else r, avoid)
        return said

    def _part(self, part: str | Expr | Declared, avoid: frozenset[str]) -> str:
        if isinstance(part, Declared):
            first = part.bases[0]
            if isinstance(first, Unknown):
                return self._function(part, first)
            return self.formula(self.declared(part, first))
        if isinstance(part, Expr):
            return self.formula(self.grammar.formula(part, avoid))
        return "".join(self.raw(s) if n % 2 else self.prose(s) for n, s in enumerate(part.split("$")) if s)

    # -- declarations ----------------------------------------------------------------------------------------------

    def declared(self, part: Declared, first: Symbol | Array) -> str:
        """z in R^K; h, t > 0; 0 < q_i < 1; y_i in {0, 1}."""
        names = ", ".join(self.grammar.named(b.name, (), False).text for b in part.bases)
        where = f"{names} {self.element} {self._space(first)}"
        if isinstance(first, Symbol):
            return self._within(names, first.domain, where)
        entries = ", ".join(self.grammar.formula(_typical(b)) for b in part.bases if isinstance(b, Array))
        if first.into is not None:
            return f"{entries} {self.element} {self._set('1', '', self._size(first.into))}"
        return where if first.domain == REAL else f"{where}{self.comma}{self._within(entries, first.domain, where)}"

    def _function(self, part: Declared, first: Unknown) -> str:
        """f differentiable on (0, oo)."""
        names = ", ".join(self.grammar.named(b.name, (), False).text for b in part.bases)
        ends = (first.domain.low, first.domain.high)
        infinite = (f"-{self.grammar.constant_sign('oo')}", self.grammar.constant_sign("oo"))
        pairs = zip(ends, infinite, strict=True)
        low, high = (other if end is None else self.grammar.formula(Number.of(end)) for end, other in pairs)
        where = self.reals if first.domain == REAL else f"({low}, {high})"
        often = {0: "a function", 1: "differentiable", 2: "twice differentiable"}
        said = often.get(first.orders, f"{first.orders} times differentiable")
        return f"{self.formula(names)}{self.prose(f' {said} on ')}{self.formula(where)}"

    def _space(self, base: Symbol | Array) -> str:
        if not isinstance(base, Array):
            return self.reals
        sizes = self.by.join(map(self._size, base.shape))
        return f"{self.reals}^{sizes if len(sizes) == 1 else f'{{{sizes}}}'}"

    def _size(self, size: Expr) -> str:
        return self.grammar.piece(size, self.grammar.scope(Number.of(0)).tightened()).text

    def _within(self, names: str, domain: Interval, where: str) -> str:
        if domain.integer:
            return f"{names} {self.element} {self._whole(domain)}"
        low, high = (None if end is None else self.grammar.formula(Number.of(end)) for end in (domain.low, domain.high))
        below, above = (self.less if strict else self.at_most for strict in (domain.low_open, domain.high_open))
        if low is not None and high is not None:
            return f"{low} {below} {names} {above} {high}"
        if low is not None:
            return f"{names} {self.grammar.relation_sign('>' if domain.low_open else '>=')} {low}"
        return where if high is None else f"{names} {above} {high}"

    def _whole(self, domain: Interval) -> str:
        """The whole numbers of an interval as a set."""
        low = None if domain.low is None else floor(domain.low) + 1 if domain.low_open else ceil(domain.low)
        high = None if domain.high is None else ceil(domain.high) - 1 if domain.high_open else floor(domain.high)
        if low is None:
            return self.integers if high is None else self._set("", str(high - 1), str(high))
        if high is None:
            return self._set(str(low), str(low + 1), "")
        few = high - low < FEW
        return self._set(*map(str, range(low, high + 1))) if few else self._set(str(low), "", str(high))

    def _set(self, *members: str) -> str:
        """The members in braces, dots for one that is left open."""
        return ", ".join(m or self.dots for m in members).join(self.braces)

    @property
    def less(self) -> str:
        return self.grammar.relation_sign("<")

    @property
    def at_most(self) -> str:
        return self.grammar.relation_sign("<=")


def _typical(array: Array) -> Expr:
    letters = {1: "i", 2: "ni", 3: "nmi"}.get(len(array.shape), "nmijkl"[: len(array.shape)])
    return array[tuple(x.Index.of(a, n) for a, n in zip(letters, array.shape, strict=True))]


def latex_voice(prose: Spell, formula: Spell) -> Voice:
    """A voice whose mathematics is LaTeX; `formula` says how it is marked off."""
    braces = (r"\{", r"\}")
    sets = (r"\mathbb{R}", r"\mathbb{Z}", braces, r"\dots")
    return Voice(LATEX, prose, formula, formula, r"\in", *sets, r" \times ", r",\; ")


PLAIN = Voice(TEXT, lambda s: s, lambda s: s, plain, "in", "R", "Z", ("{", "}"), "...", " x ", ", ")
