"""Certificate -> Document: choose the lines to show, say why each holds, tell a delta by cases.

Contract. Every formula of the page is a formula of the derivation, or one of its two readings by cases. Hidden steps
leave their reasons and their relations to the next line shown; the last line of a chain is always shown.

Blind spot. The order and the grouping of the lines are the derivation's; nothing is rearranged here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from gradproof import expression as x
from gradproof.derivation import AuditReport, Certificate, Derivation, Given, Step, Theorem
from gradproof.document.cases import Reading, Split, split
from gradproof.document.page import (
    Chain,
    Declared,
    Display,
    Document,
    Line,
    Paragraph,
    Part,
    Section,
    Words,
    introduced,
)
from gradproof.document.reasons import called, given_words, inference_words, merged, reason
from gradproof.document.status import formulas, size_symbols, status
from gradproof.expression import Array, Definition, Expr, Relation, Symbol, Unknown, definitions, names
from gradproof.rule import Rule
from gradproof.statement import Statement

DETAIL = {"full": 0, "normal": 1, "brief": 2}
STYLES = ("delta", "cases")
STRICT = ("<", ">")


def build(
    certificate: Certificate,
    statement: Statement | None,
    audit: AuditReport | None,
    rules: Mapping[str, Rule],
    *,
    style: str = "delta",
    detail: str = "normal",
) -> Document:
    """The page of an accepted derivation; `rules` supplies the words beside the lines."""
    if detail not in DETAIL:
        raise ValueError(f"detail is one of {', '.join(DETAIL)}, not {detail!r}")
    if style not in STYLES:
        raise ValueError(f"style is one of {', '.join(STYLES)}, not {style!r}")
    derivation = certificate.derivation
    shown = [(t, _chain(t, derivation, rules, DETAIL[detail])) for t in derivation.theorems]
    printed = [*formulas(derivation)]
    known = _known_definitions(printed, statement)
    return Document(
        title=statement.title if statement else derivation.title,
        number=(statement.number if statement else "") or derivation.number,
        givens=_givens(derivation.givens, printed, known),
        definitions=tuple(Relation.of(d[d.parameters()], "=", d.unfold(d.parameters())) for d in known),
        claims=tuple(t.statement for t in derivation.claims),
        sections=tuple(_section(t, c, derivation, rules, style) for t, c in shown),
        status=status(certificate, audit),
        source=(statement.source if statement else "") or derivation.source,
        note=statement.note if statement else "",
    )


# -- what is given ---------------------------------------------------------------------------------------------------


def _known_definitions(printed: Iterable[Expr], statement: Statement | None) -> tuple[Definition, ...]:
    extra = statement.definitions if statement else ()
    found: dict[Definition, None] = {}
    for term in printed:
        found.update(dict.fromkeys(definitions(term)))
    for d in extra:
        found.update(dict.fromkeys((*definitions(d.body), d)))
    return tuple(found)


def _givens(givens: tuple[Given, ...], printed: list[Expr], known: tuple[Definition, ...]) -> tuple[Words, ...]:
    bodies = [d.body for d in known]
    sizes = size_symbols([*printed, *bodies])
    named = {v for t in (*printed, *bodies) for v in t.free if isinstance(v, Symbol | Array | Unknown)}
    said: list[list[str | Expr | Declared]] = [[d] for d in introduced(named - sizes)]
    return _attached(said, givens, sizes)


def _attached(
    declared: list[list[str | Expr | Declared]], givens: tuple[Given, ...], sizes: set[Symbol]
) -> tuple[Words, ...]:
    """A hypothesis about one array alone is said where the array is introduced."""
    apart: list[Words] = []
    for g in givens:
        about = {v for v in g.relation.free if isinstance(v, Symbol | Array | Unknown) and v not in sizes}
        own = [d for d in declared if isinstance(d[0], Declared) and set(d[0].bases) == about]
        home = own[0] if own and not g.text and not definitions(g.relation) else None
        if home is None:
            apart.append(given_words(g))
        else:
            home += [" with " if len(home) == 1 else ", ", *given_words(g)]
    return (*map(tuple, declared), *apart)


# -- theorems ----------------------------------------------------------------------------------------------------------


def _chain(theorem: Theorem, derivation: Derivation, rules: Mapping[str, Rule], coarsest: int) -> Chain | None:
    if theorem.start is None:
        return None
    return Chain(theorem.start, _lines(theorem.start, theorem.steps, derivation, rules, coarsest))


def _lines(
    start: Expr, steps: tuple[Step, ...], derivation: Derivation, rules: Mapping[str, Rule], coarsest: int
) -> tuple[Line, ...]:
    lines: list[Line] = []
    relation, waiting = "=", list[Words]()
    for n, step in enumerate(steps):
        waiting.append(reason(step, derivation, rules))
        relation = composed(relation, step.relation)
        if n == len(steps) - 1 or step.shown >= coarsest:
            add_line(lines, start, Line(relation, step.result, merged(waiting)), last=n == len(steps) - 1)
            if lines and lines[-1].formula == step.result:
                relation, waiting = "=", []
    return tuple(lines)


def add_line(lines: list[Line], start: Expr, line: Line, *, last: bool) -> None:
    """Append the line; one that repeats the line before only adds its reasons to it."""
    before = lines[-1].formula if lines else start
    if line.formula != before or line.relation not in ("=", "<=>"):
        lines.append(line)
    elif lines:
        lines[-1] = replace(lines[-1], reasons=merged((*lines[-1].reasons, *line.reasons)))
    elif last:
        lines.append(line)


def composed(first: str, second: str) -> str:
    """The relation of a to c from that of a to b and of b to c."""
    if "=" in (first, second):
        return second if first == "=" else first
    strict = next((r for r in (first, second) if r in STRICT), None)
    return strict or second


def _section(
    theorem: Theorem, chain: Chain | None, derivation: Derivation, rules: Mapping[str, Rule], style: str
) -> Section:
    parts: tuple[Part, ...]
    if chain is None:
        assert theorem.by is not None, f"theorem {theorem.name} has neither a chain nor an inference"
        parts = (Display(theorem.statement, (inference_words(theorem, derivation, rules),)),)
    else:
        parts = (chain,)
    found = split(theorem.statement)
    if found:
        parts = _by_cases(theorem, chain, found) if style == "cases" and chain else (*parts, _that_is(theorem, found))
    printed = [theorem.statement, *theorem.over, *(chain.formulas if chain else ())]
    avoid = frozenset(n for e in printed for n in names(e))
    proof = theorem.role == "claim"
    return Section(_heading(theorem, derivation), () if proof else _title(theorem), parts, avoid, proof)


def _title(theorem: Theorem) -> Words:
    """What a lemma is about, where it says so or is the derivative, or the sum, of a defined family."""
    if theorem.title:
        return (theorem.title,)
    left = theorem.statement.args[0] if isinstance(theorem.statement, Relation) else theorem.statement
    if isinstance(left, x.Derivative) and isinstance(left.args[0], x.Entry):
        return ("the derivative of ", left.args[0])
    whole = theorem.statement == Relation.of(left, "=", x.Number.of(1))
    if (
        whole
        and isinstance(left, x.Sum)
        and isinstance(left.args[1], x.Entry)
        and isinstance(left.args[1].base, Definition)
    ):
        base = left.args[1].base
        return (base[base.parameters()], " sums to one")
    return ()


def _heading(theorem: Theorem, derivation: Derivation) -> str:
    name = called(derivation, theorem.name)
    if theorem.role == "claim":
        return "Proof" if name == "claim" else f"Proof of {name}"
    return name.capitalize()


# -- cases -------------------------------------------------------------------------------------------------------------


def _that_is(theorem: Theorem, found: Split) -> Paragraph:
    """delta form first, then the two cases in words."""
    result = theorem.statement.args[1]
    equal, different = found.where_equal(result), found.where_different(result)
    words = ("that is, ", equal, " for ", found.equal, " and ", different, " for ", found.different)
    return Paragraph(words, ((equal, found.equal), (different, found.different)))


def _by_cases(theorem: Theorem, chain: Chain, found: Split) -> tuple[Part, ...]:
    """Each case with its own lines, then both together."""
    return (
        Paragraph(("Case ", found.equal, ".")),
        _read(chain, found.where_equal, found.equal),
        Paragraph(("Case ", found.different, ".")),
        _read(chain, found.where_different, found.different),
        Paragraph(("Put together:",)),
        Display(theorem.statement),
    )


def _read(chain: Chain, reading: Reading, case: Relation) -> Chain:
    """The chain in one case; the case is named beside the first line that uses it."""
    lines: list[Line] = []
    start, used = reading(chain.start), False
    for n, line in enumerate(chain.lines):
        named = not used and any(isinstance(t, x.Delta) for t in x.subterms(line.formula))
        used = used or named
        reasons = (*line.reasons, (case,)) if named else line.reasons
        add_line(lines, start, Line(line.relation, reading(line.formula), reasons), last=n == len(chain.lines) - 1)
    return Chain(start, tuple(lines))
