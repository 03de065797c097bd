r"""The displays of a .tex or .md file checked: one verdict for every relation, with its place.

    review("appendix.tex").findings

Contract. Every relation of every display gets exactly one finding: definition, proved, refuted, not decided, not read.
A formula that cannot be read, rests on a definition that cannot be read, or holds under a condition that is not
understood, is never called right and never refuted.

Blind spot. A claim is judged under what the file says in formulas and pragmas; what it says in words is not understood.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from gradproof.api import described
from gradproof.claims.context import Context, gather
from gradproof.claims.findings import DEFINITION, GIVEN, NOT_READ, Finding, Review
from gradproof.claims.pages import Page, take_apart
from gradproof.claims.rows import EQUIVALENCES, Chain, chains
from gradproof.claims.verdict import REFUTED, UNDECIDED, Decision, Question, decide
from gradproof.derivation import Given
from gradproof.errors import BadInput, GradproofError
from gradproof.expression import Array, Definition, Derivative, Expr, Number, Relation, Symbol, subterms
from gradproof.reader import Said, Span
from gradproof.render.naming import latex_name

ZERO = Number.of(0)
LONGEST = 20_000  # characters of a display
OPERATORS = {
    r"\le": "<=",
    r"\leq": "<=",
    r"\ge": ">=",
    r"\geq": ">=",
    r"\lt": "<",
    r"\gt": ">",
    r"\ne": "!=",
    r"\neq": "!=",
}
MARKDOWN = (".md", ".markdown")
_DERIVATIVE = re.compile(r"\\partial|\\nabla|\\frac\s*\{\s*d(?![a-z])")
_FONT = r"(?:\\(?:mathbf|boldsymbol|bm|vec)\s*)?\{?\s*"
_MOVED = re.compile(rf"(?:\}}\s*\{{\s*(?:\\partial|d)|\\nabla\s*_)\s*\{{?\s*{_FONT}")  # below a line, or beside nabla


def review(path: str | Path, lets: Iterable[str] = (), givens: Iterable[str] = ()) -> Review:
    """Check a file. Raises BadInput where it cannot be read as text."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise BadInput("cannot read the file", where=str(path), found=str(why)) from why
    return review_text(text, str(path), lets, givens)


def review_text(text: str, path: str = "", lets: Iterable[str] = (), givens: Iterable[str] = ()) -> Review:
    page = take_apart(text, path.endswith(MARKDOWN))
    found: list[Finding] = []
    assumed: dict[tuple[str, int], None] = {}
    notes: dict[tuple[str, int], None] = {}
    before: Chain | None = None
    for start, end in _parts(page):
        rows, too_long, before = _chains(page, start, end, before)
        context = gather(page, rows, (start, end), tuple(lets), tuple(givens))
        ignored = [p.start for p in page.pragmas if p.words == "ignore" and start <= p.start < end]
        for chain in rows:
            found += _Chain(page, context, chain).findings() if not _ignored(chain, ignored, page) else ()
        found += [_unreadable(page, s, why) for s, why in too_long]
        told = sorted([*context.said, *context.givens], key=lambda k: k.start)
        assumed |= dict.fromkeys((k.text, _line(page, k.start)) for k in told)
        notes |= dict.fromkeys((note, _line(page, s)) for note, s in context.notes)
    found += [_unreadable(page, f.start, "this display is not closed") for f in page.open_ended]
    found.sort(key=lambda f: (f.line, f.column))
    return Review(path, tuple(found), tuple(assumed), tuple(notes))


def _parts(page: Page) -> Iterator[tuple[int, int]]:
    """The parts of a page between pragmas "fresh"."""
    edges = [0, *(p.start for p in page.pragmas if p.words == "fresh"), len(page.text) + 1]
    yield from pairwise(edges)


def _chains(
    page: Page, start: int, end: int, before: Chain | None
) -> tuple[list[Chain], list[tuple[int, str]], Chain | None]:
    found: list[Chain] = []
    too_long = []
    for display in page.displays:
        if not start <= display.start < end:
            continue
        if len(display.text) > LONGEST:
            too_long.append((display.start, f"this display has more than {LONGEST:,} characters"))
            continue
        rows = chains(display, before)
        found += rows
        before = rows[-1] if rows else before
    return found, too_long, before


def _ignored(chain: Chain, pragmas: Sequence[int], page: Page) -> bool:
    """Whether a pragma "ignore" stands before the chain, no other display between."""
    last = max((p for p in pragmas if p < chain.start), default=-1)
    return last >= 0 and not any(last < d.start and d.start + len(d.text) < chain.start for d in page.displays)


def _line(page: Page, start: int) -> int:
    return page.place(start)[0] if start >= 0 else 0


def _unreadable(page: Page, start: int, why: str) -> Finding:
    line, column = page.place(start)
    piece = " ".join(page.text[start : start + 60].split())
    return Finding(line, column, piece, NOT_READ, why, end=(line, column + 1))


def _why(error: GradproofError) -> str:
    """What is wrong with a formula, where in it, and what to do."""
    found = f" ({error.found})" if error.found else ""
    advice = f"; what to do: {error.advice}" if error.advice else ""
    return f"{error.summary}{found}{advice}"


def _begins(text: str, head: str) -> bool:
    """Whether the text begins with the name."""
    return text.startswith(head) and not (
        head[-1].isalpha() and "\\" in head and text[len(head) : len(head) + 1].isalpha()
    )


@dataclass(frozen=True)
class Read:
    """The relations of a chain, and what they are asked under."""

    said: tuple[Said, ...]
    givens: tuple[Given, ...]
    definitions: tuple[Definition, ...]


@dataclass
class _Chain:
    """One chain on its way to its findings."""

    page: Page
    context: Context
    chain: Chain

    def findings(self) -> Iterator[Finding]:
        if not self.chain.signs:
            if self.chain.holds_inner_relation:
                yield _unreadable(self.page, self.chain.start, "its relation stands in brackets")
            return
        if self.chain.start in self.context.given:
            yield from (self._finding(n, GIVEN) for n in range(len(self.chain.signs)))
            return
        if any(self.chain.sign(n) in EQUIVALENCES for n in range(len(self.chain.signs))):
            yield self._as_a_whole()
            return
        defining = self.chain.start in self.context.defining
        if defining:
            yield self._finding(0, DEFINITION)
        rest = range(int(defining), len(self.chain.signs))
        if not rest:
            return
        whole = self._read(self.chain)
        if isinstance(whole, Read) and len(whole.said) == len(self.chain.signs):
            yield from (self._judged(n, whole.said[n].relation, whole) for n in rest)
        else:
            yield from (self._alone(n) for n in rest)

    def _as_a_whole(self) -> Finding:
        """An equivalence, whose sides are relations."""
        found = self._read(self.chain)
        sign = next(n for n in range(len(self.chain.signs)) if self.chain.sign(n) in EQUIVALENCES)
        if isinstance(found, GradproofError):
            return self._finding(sign, NOT_READ, reason=_why(found))
        if len(found.said) != 1:
            return self._finding(sign, NOT_READ, reason="several equivalences in a row")
        return self._judged(sign, found.said[0].relation, found)

    def _alone(self, n: int) -> Finding:
        """A relation of a chain that cannot be read as a whole."""
        found = self._read(self.chain.pair(n))
        if isinstance(found, GradproofError):
            apart = self._side_by_side(n)
            if apart is None:
                return self._finding(n, NOT_READ, reason=_why(found))
            found = apart
        if len(found.said) != 1:
            return self._finding(n, NOT_READ, reason="several relations where one was found")
        return self._judged(n, found.said[0].relation, found)

    def _read(self, chain: Chain) -> Read | GradproofError:
        """The relations of a chain; where it differentiates in a name that is defined, that name is left free."""
        try:
            found = self.context.read(chain.text)
        except GradproofError as why:
            moved = self._moved(chain.text)
            if not moved:
                return why
            try:
                found = self.context.read(chain.text, moved)
            except GradproofError as still:
                return still
        return Read(found.claims[0], found.givens, found.definitions)

    def _side_by_side(self, n: int) -> Read | None:
        """A relation whose sides use one letter differently, as sum_i a_i = b_i, if everything else agrees."""
        operator = OPERATORS.get(self.chain.sign(n), self.chain.sign(n))
        try:
            found = self.context.read_term(self.chain.side(n))
            left, right = found.loss, self.context.read_term(self.chain.side(n + 1)).loss
            assert left is not None
            assert right is not None
            relation = Relation.of(left, operator, right)
        except (GradproofError, ValueError):
            return None
        names = {b.name: b for b in left.free}
        if any(names.get(b.name, b) != b for b in right.free):
            return None
        return Read((Said(relation, Span(0, 0)),), found.givens, found.definitions)

    def _moved(self, text: str) -> frozenset[str]:
        """The defined names that the text differentiates in."""
        plain = self.context.plain(text)
        below = [plain[m.end() : m.end() + 80] for m in _MOVED.finditer(plain)]
        heads = {let.name: name.head for let in self.context.lets if (name := self.context.name(let.name))}
        return frozenset(n for n, head in heads.items() if any(_begins(variable, head) for variable in below))

    def _judged(self, n: int, relation: Expr, read: Read) -> Finding:
        rests_on = self._unread_names(relation)
        if rests_on:
            return self._finding(n, NOT_READ, reason=f"it rests on {rests_on}")
        try:
            decision = decide(Question(relation, read.givens, read.definitions), strict=False)
        except GradproofError as why:
            detail = " ".join(part for part in (why.found, why.expected) if part)
            return self._finding(n, UNDECIDED, reason=f"{why.summary}{detail and ': '}{detail}")
        except Exception as why:  # one formula must not cost the report on all others
            if os.environ.get("GRADPROOF_TRACEBACK"):
                raise
            return self._finding(
                n, UNDECIDED, reason=f"a fault of gradproof, please report it: {type(why).__name__}: {why}"
            )
        if decision.proof is not None and decision.proof.assumptions and not decision.proof.audit.points:
            return self._finding(n, UNDECIDED, reason="no point was found that satisfies all that is taken as given")
        restriction = self._restriction(n, relation) if decision.status == REFUTED else ""
        if restriction and decision.counterexample is not None:
            where = described(decision.counterexample)
            return self._finding(n, UNDECIDED, reason=f"it may hold only under {restriction}; it fails at {where}")
        return self._finding(n, decision.status, decision=decision, reason=decision.reason)

    def _restriction(self, n: int, relation: Expr) -> str:
        """What may restrict a relation that is not true everywhere."""
        vanishes = isinstance(relation, Relation) and relation.operator == "=" and relation.args[1] == ZERO
        if vanishes and any(isinstance(t, Derivative) for t in subterms(relation)):
            return "the condition that it states: a stationary point"
        if vanishes and _DERIVATIVE.search(self.context.plain(self.chain.text)):
            return "the condition that it states: a stationary point"
        known = {k.text for k in (*self.context.lets, *self.context.givens)}
        cases = [f"the case {case}" for case in self.chain.cases if case not in known]
        return self.chain.condition or self.chain.remark(n) or ", ".join(cases)

    def _unread_names(self, relation: Expr) -> str:
        """The name whose definition was not read, if the relation mentions one."""
        for base in sorted((b for b in relation.free if isinstance(b, Symbol | Array)), key=lambda b: b.name):
            head = latex_name(base.name).head
            for unread, (_, start) in self.context.unread.items():
                if head == unread or (head.startswith(unread) and "(" in head):
                    return f"{unread}, whose definition in line {_line(self.page, start)} was not read"
        return ""

    def _finding(self, n: int, status: str, decision: Decision | None = None, reason: str = "") -> Finding:
        chain = self.chain
        (first, _), (_, last) = chain.sides[n], chain.sides[n + 1]
        sign = chain.signs[n][0]
        line, column = self.page.place(chain.at(sign if n else max(first, chain.prefix)))
        body = " ".join(chain.text[first:last].split())
        end = self.page.place(max(chain.at(last), chain.at(sign) + 1))
        return Finding(line, column, body, status, reason, decision, end)
