r"""Several formulas read together: definitions, hypotheses and terms of one request.

Contract. Ranges, shapes and domains are found over all of them; a definition may stand before or after its use. What a
hypothesis says of one name and numbers becomes its domain (\tau > 0, 0 < p_i, y_i \in \{0, 1\}), everything else a
`Given` for all values of the letters on its left side.

Blind spot. A definition whose name a previous reading has declared replaces nothing: it is an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gradproof import expression as x
from gradproof.derivation import Given
from gradproof.expression import BINARY, NATURAL, Array, Definition, Expr, Index, Interval, Number, Relation, Symbol
from gradproof.expression.intervals import is_empty, meet
from gradproof.reader import syntax as s
from gradproof.reader.declarations import Declarations, Thing, labels_of, name_from, spelled
from gradproof.reader.elaboration import Elaborator
from gradproof.reader.errors import NotReadable, ReadError, Source, Span
from gradproof.reader.inference import Inferred, infer
from gradproof.reader.lexer import written
from gradproof.reader.objects import Objects
from gradproof.reader.propositions import first_side, parse
from gradproof.reader.sizes import size_term
from gradproof.reader.splitting import Formula
from gradproof.reader.tensors import Tensor, Value
from gradproof.reader.vocabulary import FAMILY, FUNCTION, QUANTITY, Vocabulary
from gradproof.reader.wide import widened

LETTERS = "kijlmnrstuv"


@dataclass(frozen=True)
class Line:
    """One formula of a request: its text, its role (let, given, term), and what to call it in messages."""

    text: str
    role: str = "term"
    label: str = ""


@dataclass(frozen=True)
class Said:
    """One relation of a chain and where it stands."""

    relation: Relation | Expr
    span: Span


@dataclass(frozen=True)
class Outcome:
    """What the lines say; `terms` has one entry for each line of that role, in order."""

    declared: Declarations
    terms: tuple[tuple[Expr, tuple[Said, ...]], ...]
    definitions: tuple[Definition, ...]
    givens: tuple[Given, ...]


def read_lines(lines: Iterable[Line], declared: Declarations) -> Outcome:
    """Read all lines together. Raises ReadError or NotReadable."""
    rows = tuple(lines)
    try:
        return _Request(rows, declared).outcome()
    except RecursionError:
        source = Source(max((r.text for r in rows), key=len), "")
        raise ReadError("the formula is nested too deeply", source, Span(0, 1)) from None


class _Request:
    def __init__(self, lines: tuple[Line, ...], declared: Declarations) -> None:
        self.lines = lines
        self.sources = tuple(Source(line.text, line.label) for line in lines)
        self.lets: dict[s.Key, int] = {}
        self.declared = self._with_defined_names(declared)
        vocabulary = self._vocabulary()
        trees = [parse(source, vocabulary, self.declared.macros) for source in self.sources]
        if self.declared.wide_sums:
            trees = [widened(t) for t in trees]
        self.formulas = tuple(
            Formula(t, source, line.role, _local(t, line.role))
            for t, source, line in zip(trees, self.sources, lines, strict=True)
        )
        self._check_roles()
        self.domains: dict[s.Key | str, Interval] = {}
        self.labels: dict[s.Key, Expr] = {}
        self._members()
        self.inferred: Inferred = infer(self.formulas, self.declared, self.labels)
        self._find_lets()
        self._domains()
        self.objects = Objects(self.declared, self.inferred, self.domains, self.lets)
        self.axes = self._axis_letters()

    # -- definitions -----------------------------------------------------------------------------------------------

    def _with_defined_names(self, declared: Declarations) -> Declarations:
        """The left sides of definitions, so that p(1 - p) or L(theta) are understood in every line."""
        applied = dict(declared.applied)
        self.heads: dict[s.Key, str] = {}
        for line, source in zip(self.lines, self.sources, strict=True):
            if line.role != "let":
                continue
            tokens = first_side(source, Vocabulary(), declared.macros)
            opening = next((n for n, x in enumerate(tokens) if x.text == "(" and n and tokens[n - 1].text != "{"), None)
            if not tokens or opening == 0:
                raise ReadError("a definition says name = formula", source, Span(0, 1), expected="p_i = ...")
            name = name_from(written(tokens[:opening]))
            if opening is not None:
                key = s.Key(name.head, labels_of(name.parts), name.mark)
                applied[key] = line.text[tokens[opening].at.start : tokens[-1].at.end]
                self.heads[key] = FUNCTION
            else:
                self.heads[s.Key(name.head, (), name.mark)] = FAMILY if name.parts or name.bold else QUANTITY
                self.heads[s.Key(name.head, labels_of(name.parts), name.mark)] = QUANTITY if name.parts else FAMILY if name.bold else QUANTITY
        return replace(declared, applied=applied)

    def _vocabulary(self) -> Vocabulary:
        known = self.declared.vocabulary()
        if not self.heads:
            return known
        return replace(known, kinds={**self.heads, **known.kinds})

    def _check_roles(self) -> None:
        for f in self.formulas:
            if f.role == "let":
                good = isinstance(f.tree, s.Chain) and len(f.tree.sides) == 2 and f.tree.relations[0][0] in ("=", ":=")
                if not good or not isinstance(f.tree.sides[0], s.Name | s.Call):  # type: ignore[attr-defined]
                    raise ReadError("a definition says name = formula", f.source, f.tree.at, expected="p_i = ...")
            elif f.role == "given" and not isinstance(f.tree, s.Chain | s.Every | s.Member | s.Equivalence | s.Bracket):
                raise ReadError("a hypothesis is a relation", f.source, f.tree.at, expected=r"\sum_i y_i = 1, \tau > 0")
            elif f.role == "term" and isinstance(f.tree, s.Member):
                raise ReadError("a membership is a declaration, not a formula", f.source, f.tree.at)

    def _find_lets(self) -> None:
        for n, f in enumerate(self.formulas):
            if f.role != "let" or not isinstance(f.tree, s.Chain):
                continue
            left = f.tree.sides[0]
            left = left.name if isinstance(left, s.Call) else left
            key = self.inferred.splits[left].key
            if key in self.lets or (key in self.declared.things and key not in self.declared.assumed):
                raise ReadError(f"{left.head} is defined twice", f.source, left.at)  # type: ignore[attr-defined]
            if key in self.inferred.sizes:
                raise ReadError(f"{left.head} is defined, and used as a size", f.source, left.at)  # type: ignore[attr-defined]
            self.lets[key] = n  # type: ignore[index]

    # -- declarations ----------------------------------------------------------------------------------------------

    def _members(self) -> None:
        """x in R^D and its like become declarations."""
        for f in self.formulas:
            if not isinstance(f.tree, s.Member):
                continue
            for n in f.tree.names:
                if not isinstance(n, s.Name):
                    raise ReadError("a name is expected before the sign of membership", f.source, n.at)
                key = s.Key(n.head, labels_of(n.parts), n.mark)
                if f.tree.kind == "labels":
                    self.labels[s.Key(n.head, (), n.mark)] = size_term(f.tree.bounds[0], self.declared, f.source)
                elif f.tree.kind == "naturals":
                    self._declare(Symbol.of(spelled(key), NATURAL), key)
                elif f.tree.kind == "reals" and (f.tree.bounds or not n.parts):
                    shape = tuple(size_term(b, self.declared, f.source) for b in f.tree.bounds)
                    if key not in self.lets and key not in self.heads:
                        self._declare(Array(spelled(key), shape) if shape else Symbol.of(spelled(key)), key)

    def _declare(self, thing: Thing, key: s.Key) -> None:
        self.declared = self.declared.with_thing(thing, key)

    def _domains(self) -> None:
        self.plain: set[int] = set()  # hypotheses that only say a domain
        for n, f in enumerate(self.formulas):
            if f.role != "given":
                continue
            if isinstance(f.tree, s.Member):
                self.plain.add(n)
                interval = _member_interval(f.tree, f.source)
                for name in f.tree.names:
                    if interval is not None:
                        self._restrict(name, interval, f)
            elif isinstance(f.tree, s.Chain):
                found = _interval(f.tree)
                if found is not None and self._can_restrict(found[0]):
                    self._restrict(found[0], found[1], f)
                    self.plain.add(n)

    def _can_restrict(self, n: s.Node) -> bool:
        if isinstance(n, s.Call):
            return n in self.inferred.opaques.found and self.inferred.opaques.found[n].text not in self.declared.words
        split = self.inferred.splits[n]
        if any(p.kind != "letter" for p in split.indices) or not isinstance(split.key, s.Key) or split.key in self.lets:
            return False
        thing = self.declared.things.get(split.key)
        if thing is None or split.key in self.declared.assumed:
            return True
        used = any(isinstance(d, Definition) and thing in d.body.free for d in self.declared.things.values())
        return not isinstance(thing, Definition) and not used

    def _restrict(self, n: s.Node, interval: Interval, f: Formula) -> None:
        key = self.inferred.opaques.found[n].text if isinstance(n, s.Call) else self.inferred.splits[n].key
        if key in self.lets:
            raise ReadError("the domain of a defined name follows from its definition", f.source, n.at)
        known = self.domains.get(key, x.REAL)
        found = meet(known, interval)
        if is_empty(found):
            raise ReadError("no number satisfies all that is given here", f.source, f.tree.at)
        self.domains[key] = found

    # -- results ---------------------------------------------------------------------------------------------------

    def outcome(self) -> Outcome:
        terms, givens = [], []
        definitions: dict[s.Key, Definition] = {}
        for n, f in enumerate(self.formulas):
            elaborator = Elaborator(self.objects, n)
            if f.role == "let":
                left = f.tree.sides[0]  # type: ignore[attr-defined]
                key = self.inferred.splits[left.name if isinstance(left, s.Call) else left].key
                thing = self.objects.thing(key, left, elaborator)  # type: ignore[arg-type]
                assert isinstance(thing, Definition)
                definitions[key] = thing  # type: ignore[index]
            elif f.role == "given" and n not in self.plain:
                givens += self._given(f, elaborator)
            elif f.role == "term":
                terms.append(self._term(f.tree, elaborator))
        return Outcome(self._result(definitions), tuple(terms), tuple(definitions.values()), tuple(givens))

    def _result(self, definitions: dict[s.Key, Definition]) -> Declarations:
        found = self.declared
        for key, thing in self.objects.made.items():
            if isinstance(key, str):
                found = replace(found, words={**found.words, key: thing})
            elif key not in found.things or key in found.assumed:
                found = found.with_thing(thing, key, assumed=key not in definitions)
            elif found.things[key] != thing:
                found = replace(found, things={**found.things, key: thing})
        for key, thing in definitions.items():
            printed = found.with_thing(thing).things
            found = replace(found, things={**printed, key: thing}, assumed=found.assumed - {key})
        return replace(found, depends={**found.depends, **self.objects.mentions})

    def _axis_letters(self) -> str:
        used = set(self.declared.indices).union(*(_all_letters(f.tree) for f in self.formulas))
        return "".join(a for a in LETTERS if a not in used)

    def open(self, value: Value, at: s.Node, elaborator: Elaborator) -> Expr:
        """A vector or matrix at free indices: the formula for every entry."""
        if isinstance(value, Expr):
            return value
        if value.ones:
            elaborator.fail("the length of the vector of ones is not known", at)
        return value.entry(tuple(Index.of(a, size) for a, size in zip(self.axes, value.shape, strict=False)))

    def _term(self, node: s.Node, elaborator: Elaborator) -> tuple[Expr, tuple[Said, ...]]:
        if isinstance(node, s.Chain):
            said = self._chain(node, elaborator)
            return said[0].relation, said
        if isinstance(node, s.Every | s.Equivalence) or (isinstance(node, s.Bracket) and _is_proposition(node.inner)):
            found = self._proposition(node, elaborator)
            return found, (Said(found, node.at),)
        return self.open(elaborator.value(node), node, elaborator), ()

    def _chain(self, node: s.Chain, elaborator: Elaborator) -> tuple[Said, ...]:
        if isinstance(node.sides[0], s.Best):
            return (Said(self._optimum(node, elaborator), node.at),)
        values = [elaborator.value(side) for side in node.sides]
        found = []
        for n, (relation, _) in enumerate(node.relations):
            pair = self._matching(values[n], values[n + 1], node, n, elaborator)
            operator = "=" if relation == ":=" else relation
            span = node.sides[n].at.to(node.sides[n + 1].at)
            found.append(Said(Relation.of(pair[0], operator, pair[1]), span))
        return tuple(found)

    def _matching(self, a: Value, b: Value, node: s.Chain, n: int, elaborator: Elaborator) -> tuple[Expr, Expr]:
        """Two sides for the same entry; 0 stands for the vector of zeros."""
        if isinstance(a, Tensor) and isinstance(b, Tensor) and not (a.ones or b.ones) and a.shape != b.shape:
            elaborator.fail("the two sides have different shapes", node)
        zero = Number.of(0)
        for one, other in ((a, b), (b, a)):
            if isinstance(one, Tensor) and isinstance(other, Expr) and other != zero:
                elaborator.fail("a vector or matrix on one side, a number on the other", node)
        return self.open(a, node.sides[n], elaborator), self.open(b, node.sides[n + 1], elaborator)

    def _optimum(self, node: s.Chain, elaborator: Elaborator) -> Expr:
        best = node.sides[0]
        assert isinstance(best, s.Best)
        if len(node.sides) != 2 or node.relations[0][0] != "=":
            elaborator.fail("an optimum is claimed to be one point", node, expected=r"\arg\max_a f(a) = point")
        variable, point = elaborator.value(best.variable), elaborator.value(node.sides[1])
        objective = elaborator.scalar(best.body)
        if isinstance(variable, Symbol) and isinstance(point, Expr):
            return x.Optimum((objective, point), (best.kind, variable))
        family = variable.entry(tuple(Index.of("\0", n) for n in variable.shape)) if isinstance(variable, Tensor) else variable
        whole = isinstance(variable, Tensor) and len(variable.shape) == 1 and isinstance(family, x.Entry)
        if not whole or not isinstance(family, x.Entry) or not isinstance(family.base, Array) or not isinstance(point, Tensor):
            elaborator.fail("an optimum is over a symbol or a whole array, and its point is of that kind", node)
        if point.shape != family.base.shape:
            elaborator.fail("the point has another shape than the variable", node.sides[1])
        index = Index.of("\0", point.shape[0])
        vector = x.Vector((index.size, x.abstract(point.entry((index,)), (index,))), (), "i")
        return x.Optimum((objective, vector), (best.kind, family.base))

    def _proposition(self, node: s.Node, elaborator: Elaborator) -> Expr:
        match node:
            case s.Bracket(inner=inner):
                return self._proposition(inner, elaborator)
            case s.Chain():
                said = self._chain(node, elaborator)
                if len(said) > 1:
                    elaborator.fail("one relation is expected here", node)
                return said[0].relation
            case s.Equivalence(left=left, right=right):
                return Relation.of(self._proposition(left, elaborator), "<=>", self._proposition(right, elaborator))
            case s.Every(ranges=ranges, body=body):
                return self._every(ranges, body, elaborator)
        elaborator.fail("a relation is expected here", node)

    def _every(self, ranges: tuple[s.Range, ...], body: s.Node, elaborator: Elaborator) -> Expr:
        if not ranges:
            return self._proposition(body, elaborator)
        first, *rest = ranges
        if first.apart is not None:
            elaborator.decline("a claim for all indices but one", first)
        size = elaborator._size(("bound", first), first.letter)
        with elaborator.binding(first.letter.text, size) as index:
            return x.ForAll.over(index, self._every(tuple(rest), body, elaborator))

    def _given(self, f: Formula, elaborator: Elaborator) -> list[Given]:
        body, ranges = (f.tree.body, f.tree.ranges) if isinstance(f.tree, s.Every) else (f.tree, ())
        bound: list[Index] = []
        for r in ranges:
            index = Index.of(r.letter.text, elaborator._size(("bound", r), r.letter))
            bound.append(index)
            elaborator.scope = {**elaborator.scope, r.letter.text: index}
        apart = tuple(
            (elaborator.scope[r.letter.text], elaborator.letter(r.apart.text, r.apart)) for r in ranges if r.apart is not None
        )
        found = []
        relations = [said.relation for said in self._chain(body, elaborator)] if isinstance(body, s.Chain) else [
            self._proposition(body, elaborator)]  # fmt: skip
        for relation in relations:
            assert isinstance(relation, Relation)
            free = sorted((i for i in relation.free if isinstance(i, Index)), key=lambda i: i.name)
            local = [i for i in free if i.name in {self.objects.index_name(a) for a in f.local} or i.name in self.axes]
            found.append(Given(relation, tuple(bound) or tuple(local), apart))  # type: ignore[arg-type]
        return found


def _is_proposition(n: s.Node) -> bool:
    return isinstance(n, s.Chain | s.Every | s.Equivalence) or (isinstance(n, s.Bracket) and _is_proposition(n.inner))


def _local(tree: s.Node, role: str) -> frozenset[str]:
    """The letters that belong to a formula alone: of a definition its parameters, of a hypothesis those on its left."""
    if role == "let" and isinstance(tree, s.Chain):
        left = tree.sides[0]
        return _letters(left.name if isinstance(left, s.Call) else left)
    if role == "given" and isinstance(tree, s.Chain):
        first = _letters(tree.sides[0])
        return first or frozenset().union(*map(_letters, tree.sides))
    if role == "given" and isinstance(tree, s.Member):
        return frozenset().union(*map(_letters, tree.names))
    return frozenset()


def _letters(n: s.Node) -> frozenset[str]:
    own = {p.text for p in s.children(n) if isinstance(p, s.Part) and p.kind == "letter"}
    below = [_letters(c) for c in s.children(n) if not isinstance(c, s.Part)]
    bound = {letter for c in s.children(n) for letter, _ in s.bound_in(n, c)}
    return frozenset(own.union(*below) - bound)


def _all_letters(n: s.Node) -> frozenset[str]:
    own = {n.text} if isinstance(n, s.Part | s.Letter) else {n.letter} if isinstance(n, s.Name) else set()
    bound = {n.letter.text} if isinstance(n, s.Big | s.Family | s.Range) else set()
    return frozenset(own | bound).union(*map(_all_letters, s.children(n)))


def _constant(n: s.Node) -> x.Fraction | None:
    match n:
        case s.Num(value=value):
            return value
        case s.Terms(terms=((-1, s.Num(value=value)),)):
            return -value
        case s.Frac(above=s.Num(value=a), below=s.Num(value=b)) if b:
            return a / b
    return None


def _interval(chain: s.Chain) -> tuple[s.Node, Interval] | None:
    """A name between numbers, and the interval that says."""
    named = [n for n in chain.sides if isinstance(n, s.Name | s.Call)]
    if len(named) != 1 or len(chain.sides) > 3 or any(op not in ("<", "<=", ">", ">=") for op, _ in chain.relations):
        return None
    found = x.REAL
    for (operator, _), left, right in zip(chain.relations, chain.sides, chain.sides[1:], strict=False):
        number = _constant(left if right is named[0] else right)
        if number is None or named[0] not in (left, right):
            return None
        below = (operator[0] == "<") == (right is named[0])  # the number is a lower end
        strict = len(operator) == 1
        found = meet(found, Interval(number, None, strict) if below else Interval(None, number, True, strict))
    return named[0], found


def _member_interval(m: s.Member, source: Source) -> Interval | None:
    if m.kind == "binary":
        return BINARY
    if m.kind != "interval":
        return None
    ends = [_constant(b) for b in m.bounds]
    if any(e is None for e in ends):
        raise NotReadable("an interval whose ends are not numbers", source, m.at)
    return Interval(ends[0], ends[1], m.brackets[0] == "(", m.brackets[1] == ")")
