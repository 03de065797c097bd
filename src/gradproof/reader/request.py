r"""Several formulas read together: definitions, hypotheses and terms of one request.

Contract. Ranges, shapes and domains are found over all of them; a definition may stand before or after its use. What
a hypothesis says of one name and numbers becomes its domain, everything else a `Given` for all values of the letters
on its left side, or of those behind "for all".

Blind spot. A definition whose name a previous reading has declared replaces nothing: it is an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gradproof.derivation import Given
from gradproof.expression import Definition, Expr
from gradproof.reader import syntax as s
from gradproof.reader.declarations import Declarations, labels_of, name_from
from gradproof.reader.errors import ReadError, Source, Span
from gradproof.reader.grammar.formula import first_side, parse
from gradproof.reader.grammar.vocabulary import FAMILY, FUNCTION, QUANTITY, Vocabulary
from gradproof.reader.grammar.walking import bound_in, children
from gradproof.reader.grammar.wide import widened
from gradproof.reader.hypotheses import Domains, members
from gradproof.reader.inference.infer import Inferred, infer
from gradproof.reader.inference.splitting import Formula
from gradproof.reader.lexer import written
from gradproof.reader.meaning.elaborator import Elaborator
from gradproof.reader.meaning.objects import Objects
from gradproof.reader.meaning.statements import Said, Statements

AXES = "kijlmnrstuv"
TERMS = ("term", "loss")  # a loss is a number, never the vector of its entries
RELATIONS = (s.Chain, s.Every, s.Member, s.Equivalence, s.Bracket)


@dataclass(frozen=True)
class Line:
    """One formula of a request: its text, its role (let, given, term, loss), and what to call it in messages."""

    text: str
    role: str = "term"
    label: str = ""


@dataclass(frozen=True)
class Outcome:
    """What the lines say; `terms` has one entry for each term and each loss, in order."""

    declared: Declarations
    terms: tuple[tuple[Expr, tuple[Said, ...]], ...]
    definitions: tuple[Definition, ...]
    givens: tuple[Given, ...]


def read_lines(lines: Iterable[Line], declared: Declarations) -> Outcome:
    """Read all lines together. Raises ReadError or NotReadable."""
    rows = tuple(lines)
    try:
        return _read(rows, declared)
    except RecursionError:
        source = Source(max((r.text for r in rows), key=len))
        raise ReadError("the formula is nested too deeply", source, Span(0, 1)) from None


def _read(lines: tuple[Line, ...], declared: Declarations) -> Outcome:
    sources = tuple(Source(line.text, line.label) for line in lines)
    declared, heads = _defined_heads(lines, sources, declared)
    vocabulary = declared.vocabulary()
    vocabulary = replace(vocabulary, kinds={**heads, **vocabulary.kinds}) if heads else vocabulary
    formulas = _shared(tuple(_formula(n, s, declared, vocabulary) for n, s in zip(lines, sources, strict=True)))
    declared, labels = members(formulas, declared, heads)
    inferred = infer(formulas, declared, labels)
    lets = _lets(inferred)
    domains = Domains(inferred, lets)
    return _outcome(inferred, Objects(declared, inferred, domains.found, lets), domains.said)


# -- definitions -------------------------------------------------------------------------------------------------------


def _defined_heads(
    lines: tuple[Line, ...], sources: tuple[Source, ...], declared: Declarations
) -> tuple[Declarations, dict[s.Key, str]]:
    """The left sides of definitions, so that p(1 - p) or L(theta) are understood in every line."""
    applied = dict(declared.applied)
    heads: dict[s.Key, str] = {}
    for line, source in zip(lines, sources, strict=True):
        if line.role != "let":
            continue
        tokens = first_side(source, Vocabulary(), declared.macros)
        opening = next((n for n, x in enumerate(tokens) if x.text == "(" and n and tokens[n - 1].text != "{"), None)
        if not tokens:
            raise ReadError("a definition says name = formula", source, Span(0, 1), expected="p_i = ...")
        name = name_from(written(tokens[:opening]), source, tokens[0].at)
        key = s.Key(name.head, labels_of(name.parts), name.mark)
        if opening is not None:
            applied[key] = line.text[tokens[opening].at.start : tokens[-1].at.end]
            heads[key] = FUNCTION
        else:
            heads[s.Key(name.head, (), name.mark)] = FAMILY
            heads[key] = FAMILY if name.bold and not name.parts else QUANTITY
    return replace(declared, applied=applied), heads


def _formula(line: Line, source: Source, declared: Declarations, vocabulary: Vocabulary) -> Formula:
    tree = parse(source, vocabulary, declared.macros)
    tree = widened(tree) if declared.wide_sums else tree
    if line.role == "let":
        good = isinstance(tree, s.Chain) and len(tree.sides) == 2 and tree.relations[0][0] in ("=", ":=")
        if not good or not isinstance(_left(tree), s.Name):
            raise ReadError("a definition says name = formula", source, tree.at, expected="p_i = ...")
    elif line.role == "given" and not isinstance(tree, RELATIONS):
        raise ReadError("a hypothesis is a relation", source, tree.at, expected=r"\sum_i y_i = 1, \tau > 0")
    elif line.role in TERMS and isinstance(tree, s.Member):
        raise ReadError("a membership is a declaration, not a formula", source, tree.at)
    return Formula(tree, source, line.role, _local(tree, line.role))


def _left(tree: s.Node) -> s.Node:
    """The name that a definition defines."""
    assert isinstance(tree, s.Chain)
    left = tree.sides[0]
    return left.name if isinstance(left, s.Call) else left


def _shared(formulas: tuple[Formula, ...]) -> tuple[Formula, ...]:
    """In s = z_t the letter t is that of the loss, if it has one: the hypothesis is not meant for every t."""
    others = [_letters(f.tree) - f.local for f in formulas if f.role != "given"]
    free = frozenset().union(*others)
    return tuple(
        replace(f, local=f.local - free) if f.role == "given" and _names_on_the_left(f.tree) else f for f in formulas
    )


def _names_on_the_left(tree: s.Node) -> bool:
    """Whether the left side is about something, and about no index."""
    return isinstance(tree, s.Chain) and not _letters(tree.sides[0]) and _has_name(tree.sides[0])


def _has_name(n: s.Node) -> bool:
    return isinstance(n, s.Name | s.Verbatim) or any(map(_has_name, children(n)))


def _local(tree: s.Node, role: str) -> frozenset[str]:
    """The letters that belong to a formula alone: of a definition its parameters, of a hypothesis those on its left."""
    if role == "let":
        return _letters(_left(tree))
    if role == "given" and isinstance(tree, s.Chain):
        return _letters(tree.sides[0]) or frozenset().union(*map(_letters, tree.sides))
    if role == "given" and isinstance(tree, s.Member):
        return frozenset().union(*map(_letters, tree.names))
    return frozenset()


def _letters(n: s.Node) -> frozenset[str]:
    """The letters in the subscripts of a formula that it does not bind itself."""
    own = {p.text for p in children(n) if isinstance(p, s.Part) and p.kind == "letter"}
    below = [_letters(c) for c in children(n) if not isinstance(c, s.Part)]
    bound = {letter for c in children(n) for letter, _ in bound_in(n, c)}
    return frozenset(own.union(*below) - bound)


def _lets(inferred: Inferred) -> dict[s.Key, int]:
    """The defined names, each with its formula."""
    found: dict[s.Key, int] = {}
    for n, f in enumerate(inferred.formulas):
        if f.role != "let":
            continue
        left = _left(f.tree)
        key = inferred.splits[left].key
        assert isinstance(key, s.Key)
        known = key in inferred.declared.things and key not in inferred.declared.assumed
        if key in found or known:
            raise ReadError(f"{key.latex()} is defined twice", f.source, left.at)
        if key in inferred.sizes:
            raise ReadError(f"{key.latex()} is defined, and used as a size", f.source, left.at)
        found[key] = n
    return found


# -- results -----------------------------------------------------------------------------------------------------------


def _outcome(inferred: Inferred, objects: Objects, said: set[int]) -> Outcome:
    used = _used_letters(inferred)
    axes = "".join(a for a in AXES if a not in used)
    terms, givens = [], list[Given]()
    for n, f in enumerate(inferred.formulas):
        statements = Statements(Elaborator(objects, n), axes)
        if f.role == "given" and n not in said:
            givens += statements.givens(f.tree, f.local)
        elif f.role in TERMS:
            terms.append(statements.number(f.tree) if f.role == "loss" else statements.term(f.tree))
    definitions = {key: _definition(key, n, objects) for key, n in objects.lets.items()}
    return Outcome(_declared(objects, definitions), tuple(terms), tuple(definitions.values()), tuple(givens))


def _definition(key: s.Key, n: int, objects: Objects) -> Definition:
    found = objects.thing(key, _left(objects.inferred.formulas[n].tree), Elaborator(objects, n))
    assert isinstance(found, Definition)
    return found


def _declared(objects: Objects, definitions: dict[s.Key, Definition]) -> Declarations:
    """All that is known after the reading."""
    found = objects.declared
    things, assumed = dict(found.things), set(found.assumed)
    words = dict(found.words)
    for key, thing in objects.made.items():
        if isinstance(key, str):
            words[key] = thing
            continue
        if key not in things:
            assumed.add(key)
        things[key] = thing
    found = replace(found, things=things, words=words, assumed=frozenset(assumed) - set(definitions))
    for key, definition in definitions.items():
        found = replace(found.with_thing(definition), things={**found.with_thing(definition).things, key: definition})
    hidden = {**found.hidden, **{key: indices for key, indices in objects.hidden.items() if indices}}
    return replace(found, depends={**found.depends, **objects.mentions}, hidden=hidden)


def _used_letters(inferred: Inferred) -> set[str]:
    hidden = {index.name for indices in inferred.declared.hidden.values() for index in indices}
    return hidden.union(inferred.declared.indices, *(_all_letters(f.tree) for f in inferred.formulas))


def _all_letters(n: s.Node) -> frozenset[str]:
    own = {n.text} if isinstance(n, s.Part | s.Letter) else {n.letter} if isinstance(n, s.Name) else set()
    bound = {n.letter.text} if isinstance(n, s.Big | s.Family | s.Range) else set()
    return frozenset(own | bound).union(*map(_all_letters, children(n)))
