"""The symbols, arrays and definitions that the names of a request stand for.

Contract. One object for each name, made when it is first needed: a declared one, the definition the request gives, or
a new real symbol or array with the range that was inferred and the domain that the hypotheses say.

Blind spot. A name that is declared nowhere is a real number of its own: it depends on nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gradproof import expression as x
from gradproof.expression import NATURAL, REAL, Array, Definition, Entry, Expr, Index, Interval, Symbol
from gradproof.reader.declarations import Declarations, Thing, narrowed, spelled
from gradproof.reader.errors import NotReadable, RangeUnknown, ReadError
from gradproof.reader.inference.infer import Inferred
from gradproof.reader.inference.opaque import Opaque
from gradproof.reader.meaning.tensors import Tensor, Value, fresh
from gradproof.reader.syntax import Call, Chain, Key, Name, Node

if TYPE_CHECKING:
    from gradproof.reader.meaning.elaborator import Elaborator

AXES = "ijlmn"


@dataclass
class Objects:
    declared: Declarations
    inferred: Inferred
    domains: Mapping[Key | str, Interval]
    lets: Mapping[Key, int]  # a defined name -> its formula
    made: dict[Key | str, Thing] = field(default_factory=dict)
    mentions: dict[str, frozenset[Key]] = field(default_factory=dict)
    hidden: dict[Key, tuple[Index, ...]] = field(default_factory=dict)  # of the definitions of this request
    under_way: list[Key] = field(default_factory=list)

    def thing(self, key: Key, at: Node, elaborator: Elaborator) -> Thing:
        found = self.made.get(key)
        if found is None:
            found = self.made[key] = self._make(key, at, elaborator)
        return found

    def _make(self, key: Key, at: Node, elaborator: Elaborator) -> Thing:
        if key in self.lets:
            return self._define(key, at, elaborator)
        declared = self.declared.things.get(key)
        domain = self.domains.get(key)
        if declared is not None:
            return self._refined(declared, domain)
        rank = self.inferred.splitter.rank_of(key)
        name = spelled(key)
        if rank is None:
            if isinstance(at, Name) and at.bold:
                advice = rf"declare it: {key.latex()} \in \mathbb{{R}}^{{D}}"
                elaborator.fail(f"the shape of the vector {key.latex()} is not known", at, advice=advice)
            return Symbol.of(name, NATURAL if key in self.inferred.sizes else domain or REAL)
        into = self.inferred.splitter.labels.get(key)
        shape = self._shape(key, key.latex(), rank, at, elaborator)
        return Array(name, shape, domain or REAL) if into is None else Array(name, shape, NATURAL, into)

    def _refined(self, declared: Thing, domain: Interval | None) -> Thing:
        if domain is None or isinstance(declared, Definition):
            return declared
        if isinstance(declared, Symbol):
            return Symbol.of(declared.name, narrowed(declared.domain, domain))
        return Array(declared.name, declared.shape, narrowed(declared.domain, domain), declared.into)

    def _shape(self, key: Key | str, shown: str, rank: int, at: Node, elaborator: Elaborator) -> tuple[Expr, ...]:
        sizes = []
        for n in range(rank):
            size = self.inferred.size_of(("slot", key, n))
            if size is None:
                place = f"index {n + 1} of {shown}" if rank > 1 else f"the index of {shown}"
                advice = r"write the range at a sum, as in \sum_{i=1}^{K}, or declare a size"
                raise RangeUnknown(f"how far {place} runs is not known", elaborator.source, at.at, advice=advice)
            sizes.append(size)
        return tuple(sizes)

    def index_name(self, letter: str) -> str:
        return spelled(Key(letter)) if letter.startswith("\\") else letter

    # -- unknown functions -----------------------------------------------------------------------------------------

    def opaque(self, found: Opaque, at: Node, elaborator: Elaborator) -> Symbol | Array | Definition:
        known = self.declared.words.get(found.text) or self.made.get(found.text)
        if known is not None:
            return known
        domain = self.domains.get(found.text, REAL)
        rank = len(found.holes)
        made: Thing = Symbol.of(found.text, domain)
        if rank:
            made = Array(found.text, self._shape(found.text, found.text, rank, at, elaborator), domain)
        self.made[found.text] = made
        self.mentions[found.text] = found.mentions
        return made

    def mentioned(self, name: str) -> frozenset[Key]:
        return self.mentions.get(name) or self.declared.depends.get(name, frozenset())

    def check_derivative(self, n: Node, body: Value, variables: list[Value], elaborator: Elaborator) -> None:
        """No derivative of something unknown is taken for 0."""
        inner = body.entry(_dummies(body)) if isinstance(body, Tensor) else body
        for v in variables:
            entry = v.entry(_dummies(v)) if isinstance(v, Tensor) else v
            if not isinstance(entry, Symbol) and not (isinstance(entry, Entry) and isinstance(entry.base, Array)):
                elaborator.fail("a derivative is taken in a symbol, or in an entry of an array that is not defined", n)
            self._check_one(n, inner, x.moved(entry), elaborator)

    def _check_one(self, n: Node, body: Expr, moved: Symbol | Array, elaborator: Elaborator) -> None:
        keys = {k for k, thing in (*self.made.items(), *self.declared.things.items()) if thing == moved}
        for f in body.free:
            mentioned = self.mentioned(f.name)
            moving = [k for k in mentioned if k in keys or moved in _free(self.made.get(k))]
            if moving or (mentioned and _is(body, f)):
                message = f"the derivative of {f.name}, of which nothing is known"
                raise NotReadable(message, elaborator.source, n.at, advice="define it")
        if moved not in body.free:
            unknown = sorted(f.name for f in body.free if isinstance(f, Symbol | Array) and self._is_assumed(f))
            if unknown:
                message = f"nothing here depends on {moved.name}, so this derivative would be 0"
                raise ReadError(message, elaborator.source, n.at, advice=f"define or declare {', '.join(unknown)}")

    def _is_assumed(self, thing: Symbol | Array) -> bool:
        told = any(t == thing and k not in self.declared.assumed for k, t in self.declared.things.items())
        return not told and thing not in self.declared.words.values()

    # -- definitions -----------------------------------------------------------------------------------------------

    def is_applied(self, key: Key) -> bool:
        return key in self.declared.applied

    def defined_call(self, key: Key, n: Call, elaborator: Elaborator) -> Value:
        """L(theta), where that is how L was defined."""
        wanted = self.declared.applied[key]
        found = elaborator.source.text[n.name.at.end : n.at.end]
        if "".join(found.split()) != "".join(wanted.split()):
            advice = "gradproof has no substitution into defined functions: write the arguments out"
            elaborator.decline(
                f"{key.latex()} is defined as {key.latex()}{wanted} and used otherwise", n, advice=advice
            )
        return elaborator.entry(self.thing(key, n, elaborator), (), n, self.hidden_of(key))

    def hidden_of(self, key: Key) -> tuple[Index, ...]:
        """The indices that a defined name depends on and is written without."""
        return self.hidden.get(key) or self.declared.hidden.get(key, ())

    def _define(self, key: Key, at: Node, asking: Elaborator) -> Definition:
        from gradproof.reader.meaning.elaborator import Elaborator

        if key in self.under_way:
            asking.fail(f"{key.latex()} is defined through itself", at)
        self.under_way.append(key)
        own = Elaborator(self, self.lets[key])
        tree = self.inferred.formulas[self.lets[key]].tree
        assert isinstance(tree, Chain)
        params = self._parameters(tree.sides[0], own)
        body, axes = _written_out(own.value(tree.sides[-1]))
        self.under_way.pop()
        loose = [i for i in body.free if isinstance(i, Index) and i not in (*params, *axes)]
        hidden = self.hidden[key] = tuple(sorted(loose, key=lambda i: i.name))
        if axes and hidden:
            own.fail("a vector that depends on a free index", tree.sides[-1], advice="write its entries")
        indices = (*params, *axes, *hidden)
        shown = [a for a in AXES if a not in {i.name for i in indices}]
        names = [*(i.name for i in params), *shown[: len(axes)], *(i.name for i in hidden)]
        return Definition(_defined_name(key), tuple(i.size for i in indices), x.abstract(body, indices), tuple(names))

    def _parameters(self, side: Node, own: Elaborator) -> tuple[Index, ...]:
        """The letters on the left of a definition."""
        left = side.name if isinstance(side, Call) else side
        parts = self.inferred.splits[left].indices if isinstance(left, Name) else ()
        letters = {p.text: p for p in parts if p.kind == "letter"}
        if len(letters) < len(parts):
            own.fail("a definition is for all values of its indices, each with its own letter", left)
        return tuple(i for i in (own.letter(text, p) for text, p in letters.items()) if isinstance(i, Index))


def _written_out(body: Value) -> tuple[Expr, tuple[Index, ...]]:
    """The entry of a vector or matrix at fresh indices, and these: a letter might be bound inside, or free."""
    if isinstance(body, Expr):
        return body, ()
    indices = tuple(map(fresh, body.shape))
    return body.entry(indices), indices


def _defined_name(key: Key) -> str:
    return "L" if key == Key(r"\mathcal{L}") else spelled(key)


def _dummies(t: Tensor) -> tuple[Expr, ...]:
    return tuple(map(fresh, t.shape))


def _free(thing: object) -> frozenset[object]:
    return thing.body.free if isinstance(thing, Definition) else frozenset((thing,))


def _is(body: Expr, thing: object) -> bool:
    """Whether the term is the thing itself, or an entry of it."""
    return body == thing or (isinstance(body, Entry) and body.base == thing)
