r"""What a file says before anything in it is judged: definitions, hypotheses, macros.

Contract. The first "x = ..." of a name not yet known defines it, in a display or in the text; "with $a = 0$", "at $i =
k$" and what stands behind "if" are cases and define nothing. Pragmas and the command line come first. What the text is
taken to define and to assume (sets, ranges, sums equal to 1, behind "where", "assume", ...) is listed, so that the
reader of a report can object.

Blind spot. A name that a file uses for two things is taken for one, unless a pragma "fresh" stands between.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from gradproof.claims import words
from gradproof.claims.cleaning import bare
from gradproof.claims.pages import Formula, Page, Pragma
from gradproof.claims.rows import Chain, chains
from gradproof.errors import BadInput, GradproofError
from gradproof.expression import Definition, Entry, Symbol
from gradproof.reader import Environment, Reading, Source, read_many, read_relation
from gradproof.reader.declarations import labels_of, name_from
from gradproof.reader.lexer import tokenize, written
from gradproof.reader.macros import expand
from gradproof.reader.syntax import Key, Name

_NOT_A_NAME = re.compile(r"\\(?:[dt]?frac|sqrt)(?![A-Za-z])")
_CALL = re.compile(r"\s*(?:\\left|\\bigl?|\\Bigl?)?\s*\(")
DEFINING = (":=", r"\coloneqq", r"\triangleq", r"\doteq")


@dataclass(frozen=True)
class Known:
    """A definition or hypothesis: its LaTeX and where in the file it stands (-1: not in the file)."""

    text: str
    start: int
    name: str = ""  # of a definition, as it is written


@dataclass
class Context:
    """What is known in one part of a file."""

    base: Environment = field(default_factory=Environment)
    lets: list[Known] = field(default_factory=list)
    givens: list[Known] = field(default_factory=list)
    unread: dict[str, tuple[str, int]] = field(default_factory=dict)  # head of a name -> why its definition is unknown
    defining: set[int] = field(default_factory=set)  # where the chains stand whose first relation defines
    given: set[int] = field(default_factory=set)  # where the chains stand that only say a range
    said: list[Known] = field(default_factory=list)  # definitions of the text between displays
    notes: list[tuple[str, int]] = field(default_factory=list)
    environment: Environment = field(default_factory=Environment)

    def plain(self, text: str) -> str:
        """The text with the macros of the file expanded; as it is where that fails."""
        try:
            source = Source(text)
            return written(expand(tokenize(source), self.base.declared.macros, source))
        except GradproofError:
            return text

    def name(self, left: str) -> Name | None:
        """The left side as a bare name, brackets with arguments dropped; None if it is anything else."""
        plain = self.plain(left)
        try:
            opening = _CALL.search(plain)
            if opening and opening.start() and plain.rstrip().endswith(")"):
                plain = plain[: opening.start()]
            return name_from(plain)
        except GradproofError:
            return None

    def defines(self, name: Name) -> bool:
        """Whether the name has a definition, or was declared by a pragma."""
        known = self.environment.known.things
        for count in range(len(name.parts) + 1):
            key = Key(name.head, labels_of(name.parts[:count]), name.mark)
            thing = known.get(key)
            is_known = isinstance(thing, Definition) or key in self.base.declared.things
            if is_known and len(getattr(thing, "shape", ())) == len(name.parts) - count:
                return True
        return False

    def read(self, claim: str, without: frozenset[str] = frozenset()) -> Reading:
        """Read a chain together with all that is known, but the definitions of the names that are left free."""
        lets = [let.text for let in self.lets if let.name not in without]
        environment = self.base
        for name in sorted(without):
            environment = self._shaped(environment, name)
        return read_many(claims=[claim], lets=lets, givens=[g.text for g in self.givens], environment=environment)

    def _shaped(self, environment: Environment, left: str) -> Environment:
        """The environment in which a name that has lost its definition keeps its shape."""
        name = self.name(left)
        if name is None:
            return environment
        defined = self.environment.known.things.get(Key(name.head, (), name.mark))
        sizes = [s.name for s in getattr(defined, "shape", ()) if isinstance(s, Symbol)]
        shaped = _attempt(lambda head: environment.array(head, *sizes), name.head) if sizes else None
        return shaped or environment

    def read_term(self, term: str) -> Reading:
        lets, givens = [let.text for let in self.lets], [g.text for g in self.givens]
        return read_many(loss=term, lets=lets, givens=givens, environment=self.base)


def _attempt(method: Callable[[str], Environment], text: str) -> Environment | None:
    try:
        return method(text)
    except GradproofError:
        return None


def gather(
    page: Page, rows: Iterable[Chain], span: tuple[int, int], lets: Iterable[str], givens: Iterable[str]
) -> Context:
    """The context of the part of the page between two places."""
    found = Context()
    inside = [p for p in page.pragmas if span[0] <= p.start < span[1]]
    _macros(found, page)
    _pragmas(found, inside, lets, givens)
    texts = [f for f in page.inlines if span[0] <= f.start < span[1]]
    shown = list(rows)
    assumptions = _assume(found, _assumptions(texts))
    _ranges(found, shown)
    _definitions(found, shown, texts)
    for known in _assume(found, assumptions):
        found.notes.append((f"not read, so not taken as given: {known.text}", known.start))
    return found


def _macros(found: Context, page: Page) -> None:
    for m in page.macros:
        extended = _attempt(found.base.macros, m.text)
        if extended is None:
            found.notes.append((f"this macro is not used: {' '.join(m.text.split())[:60]}", m.start))
        found.base = extended or found.base
    found.environment = found.base


def _pragmas(found: Context, pragmas: Iterable[Pragma], lets: Iterable[str], givens: Iterable[str]) -> None:
    """Sizes, arrays, functions and the like first, then definitions and hypotheses in any order."""
    declaring: dict[str, Callable[[list[str]], Environment]] = {
        "size": lambda w: found.base.size(*w),
        "sizes": lambda w: found.base.size(*w),
        "scalar": lambda w: found.base.scalar(w[0]),
        "array": lambda w: found.base.array(w[0], *w[1:]),
        "function": lambda w: found.base.function(*w),
        "index": lambda w: found.base.index(" ".join(w[:-1]), w[-1]),
    }
    said = [("let", text, -1) for text in lets] + [("given", text, -1) for text in givens]
    for p in pragmas:
        verb, _, rest = p.words.partition(" ")
        if verb in declaring and rest:
            try:
                found.base = declaring[verb](rest.split())
            except (GradproofError, IndexError) as why:
                found.notes.append((f"pragma not understood: {p.words} ({_summary(why)})", p.start))
        elif verb in ("let", "given") and rest:
            said.append((verb, rest, p.start))
        elif verb not in ("fresh", "ignore"):
            found.notes.append((f"unknown pragma: {p.words}", p.start))
    found.environment = found.base
    for verb, text, start in said:
        if verb == "let":
            found.lets.append(Known(text, start, _left(text)))
        else:
            found.givens.append(Known(text, start))
    _settle(found)


def _summary(why: Exception) -> str:
    return why.summary if isinstance(why, GradproofError) else "something is missing"


def _left(text: str) -> str:
    return text.partition("=")[0].rstrip(": ").strip()


def _settle(found: Context) -> None:
    """Read definitions and hypotheses in whatever order they can be read."""
    waiting: list[tuple[str, Known]] = [("let", k) for k in found.lets] + [("given", k) for k in found.givens]
    found.lets, found.givens = [], []
    while waiting:
        left = []
        for role, known in waiting:
            why = _take(found, role, known)
            if why is not None:
                left.append((role, known, why))
        if len(left) == len(waiting):
            for role, known, why in left:
                if known.start < 0:
                    raise BadInput("not read", where=f"--{role} {known.text}", found=why.summary, advice=why.advice)
                found.notes.append((f"not read: {known.text} ({why.summary})", known.start))
            return
        waiting = [(role, known) for role, known, _ in left]


def _take(found: Context, role: str, known: Known) -> GradproofError | None:
    """Add a definition or hypothesis; what was wrong if that fails."""
    method = found.environment.let if role == "let" else found.environment.given
    try:
        found.environment = method(known.text)
    except GradproofError as why:
        return why
    (found.lets if role == "let" else found.givens).append(known)
    return None


def _assumptions(texts: Sequence[Formula]) -> list[Known]:
    """What the text assumes; ranges that tell cases apart are no assumptions."""
    cases = words.cases_of_ranges(texts)
    return [Known(bare(f.text), f.start) for f in texts if words.assumes(f) and f.start not in cases]


def _assume(found: Context, assumptions: Iterable[Known]) -> list[Known]:
    """Take as given what can be read; what cannot, yet."""
    return [known for known in assumptions if _take(found, "given", known) is not None]


def _ranges(found: Context, rows: Iterable[Chain]) -> None:
    """Displays that say no more than between which numbers a name lies, as 0 < a < 1."""
    for chain in rows:
        named = [s for s in map(chain.side, range(len(chain.sides))) if not words.NUMBER.fullmatch(s)]
        ordered = all(chain.sign(n) not in ("=", *DEFINING) for n in range(len(chain.signs)))
        if chain.signs and ordered and not chain.prefix and len(named) == 1 and found.name(named[0]) is not None:
            known = Known(bare(chain.text), chain.start)
            if _take(found, "given", known) is None:
                found.given.add(chain.start)


def _definitions(found: Context, rows: Iterable[Chain], texts: Iterable[Formula]) -> None:
    """The first "x = ..." of each name, in displays and in the text."""
    said = [(c.start, c, True) for c in rows if c.signs and not c.prefix]
    said += [(f.start, c, False) for f in texts if "=" in f.text and (c := _inline(f)).signs and _says(found, f, c)]
    waiting = sorted(said, key=lambda s: s[0])
    for start, chain, shown in waiting:
        name = _defined_name(found, chain)
        if name is None:
            continue
        text = bare(chain.pair(0).text)
        why = _take(found, "let", Known(text, start, chain.side(0)))
        if why is None:
            _defined(found, start, shown)
        elif why is not None and not _solves(found, text):
            found.unread.setdefault(name.head, (why.summary, start))
    _retry(found, waiting)


def _solves(found: Context, text: str) -> bool:
    """Whether an equation is solved for a name that its other side rests on: a claim, not a definition."""
    try:
        (said,) = read_relation(text, found.environment)
    except (GradproofError, ValueError):
        return False
    left, right = said.relation.args
    base = left.base if isinstance(left, Entry) else left
    return base in right.free


def _defined_name(found: Context, chain: Chain) -> Name | None:
    """The name that the first relation of a chain defines, if it does."""
    if chain.sign(0) != "=" and chain.sign(0) not in DEFINING:
        return None
    name = found.name(chain.side(0))
    return None if name is None or found.defines(name) or name.head in found.unread else name


def _retry(found: Context, waiting: Iterable[tuple[int, Chain, bool]]) -> None:
    """Definitions that could only be read once others were."""
    for _, chain, shown in waiting:
        name = found.name(chain.side(0))
        if name is None or found.unread.get(name.head, ("", -1))[1] != chain.start:
            continue
        if _take(found, "let", Known(bare(chain.pair(0).text), chain.start, chain.side(0))) is None:
            del found.unread[name.head]
            _defined(found, chain.start, shown)


def _defined(found: Context, start: int, shown: bool) -> None:
    """Note where the last definition stands: in a display, whose first relation it is, or in the text."""
    if shown:
        found.defining.add(start)
    else:
        found.said.append(found.lets[-1])


def _says(found: Context, f: Formula, chain: Chain) -> bool:
    """Whether an equation in the text defines: behind "where", or no case ("with $a = 0$") and no stationary point."""
    if words.defines(f):
        return True
    if words.restricts(f):
        return False
    right = found.plain(chain.side(1))
    return found.name(right) is None and any(c.isalpha() for c in _NOT_A_NAME.sub("", right))


def _inline(f: Formula) -> Chain:
    found = chains(Formula(f.text, f.start))
    return found[0] if len(found) == 1 else Chain("", f.start)
