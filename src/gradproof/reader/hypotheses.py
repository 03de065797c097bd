r"""What hypotheses declare: shapes, sizes, class labels, and the domain of a name between numbers.

Contract. \tau > 0, 0 < p_i < 1 and y_i \in \{0, 1\} say the domain of a symbol or of all entries of an array, if the
name is not defined and no definition that exists already rests on it; every other hypothesis stays a relation.

Blind spot. A bound that is not a number is a relation.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from gradproof.expression import BINARY, NATURAL, REAL, Array, Definition, Expr, Interval, Symbol
from gradproof.expression.intervals import is_empty
from gradproof.reader import syntax as s
from gradproof.reader.declarations import Declarations, is_size, labels_of, narrowed, spelled
from gradproof.reader.errors import NotReadable, ReadError, Source
from gradproof.reader.inference.infer import Inferred
from gradproof.reader.inference.sizes import size_term
from gradproof.reader.inference.splitting import Formula


def members(
    formulas: tuple[Formula, ...], declared: Declarations, defined: Collection[s.Key]
) -> tuple[Declarations, dict[s.Key, Expr]]:
    """The declarations of x in R^D and its like, and the class labels with what they index."""
    labels: dict[s.Key, Expr] = {}
    for f in formulas:
        if not isinstance(f.tree, s.Member):
            continue
        for n in f.tree.names:
            if not isinstance(n, s.Name):
                raise ReadError("a name is expected before the sign of membership", f.source, n.at)
            key = s.Key(n.head, labels_of(n.parts), n.mark)
            if f.tree.kind == "labels":
                labels[s.Key(n.head, (), n.mark)] = size_term(f.tree.bounds[0], declared, f.source)
            elif f.tree.kind == "naturals":
                declared = declared.with_thing(Symbol.of(spelled(key), NATURAL), key)
            elif f.tree.kind == "reals" and (f.tree.bounds or not n.parts) and key not in defined:
                shape = tuple(size_term(b, declared, f.source) for b in f.tree.bounds)
                declared = declared.with_thing(Array(spelled(key), shape) if shape else Symbol.of(spelled(key)), key)
    return declared, labels


class Domains:
    """`found` domains by key or opaque name; `said` are the hypotheses that say nothing else."""

    def __init__(self, inferred: Inferred, lets: Mapping[s.Key, int]) -> None:
        self.inferred, self.lets = inferred, lets
        self.found: dict[s.Key | str, Interval] = {}
        self.said: set[int] = set()
        for n, f in enumerate(inferred.formulas):
            if f.role == "given" and self._read(f):
                self.said.add(n)

    def _read(self, f: Formula) -> bool:
        if isinstance(f.tree, s.Member):
            interval = _interval_of(f.tree, f.source)
            for name in f.tree.names if interval is not None else ():
                self._restrict_member(name, interval, f)  # type: ignore[arg-type]
            return True
        bounded = _bounded(f.tree) if isinstance(f.tree, s.Chain) else None
        if bounded is None or not self._may_restrict(bounded[0]):
            return False
        self._restrict(*bounded, f)
        return True

    def _restrict_member(self, n: s.Node, interval: Interval, f: Formula) -> None:
        if self.inferred.splits[n].key not in self.lets and not self._may_restrict(n):
            advice = "write an inequality such as x_1 >= 0"
            raise ReadError("a set is given for a symbol or all entries of an array", f.source, n.at, advice=advice)
        self._restrict(n, interval, f)

    def _may_restrict(self, n: s.Node) -> bool:
        """Whether what is said of `n` is said of a real symbol, or of all entries of an array."""
        declared = self.inferred.declared
        if isinstance(n, s.Call):
            opaque = self.inferred.opaques.found.get(n)
            return opaque is not None and opaque.text not in declared.words and _says_all(opaque.holes)
        split = self.inferred.splits[n]
        if not _says_all(split.indices) or not isinstance(split.key, s.Key) or split.key in self.lets:
            return False
        thing = declared.things.get(split.key)
        if split.key in self.inferred.sizes or is_size(thing):  # ranges rest on the symbol as it is
            return False
        if thing is None or split.key in declared.assumed:
            return True
        used = any(isinstance(d, Definition) and thing in d.body.free for d in declared.things.values())
        return not isinstance(thing, Definition) and not used

    def _restrict(self, n: s.Node, interval: Interval, f: Formula) -> None:
        key = self.inferred.opaques.found[n].text if isinstance(n, s.Call) else self.inferred.splits[n].key
        if key in self.lets:
            raise ReadError("the domain of a defined name follows from its definition", f.source, n.at)
        found = narrowed(self.found.get(key, REAL), interval)
        if is_empty(found):
            raise ReadError("no number satisfies all that is given here", f.source, f.tree.at)
        self.found[key] = found


def _says_all(indices: tuple[s.Part, ...]) -> bool:
    """Whether the indices reach every entry: x_{ij} does, x_1, x_{ii} and the x_{n,y_n} of a class label do not."""
    letters = {p.text for p in indices if p.kind == "letter" and p.entry is None}
    return len(letters) == len(indices)


def _constant(n: s.Node) -> Fraction | None:
    match n:
        case s.Num(value=value):
            return value
        case s.Terms(terms=((-1, s.Num(value=value)),)):
            return -value
        case s.Frac(above=s.Num(value=a), below=s.Num(value=b)) if b:
            return a / b
    return None


def _bounded(chain: s.Chain) -> tuple[s.Node, Interval] | None:
    """A name between numbers, and the interval that says."""
    named = [n for n in chain.sides if isinstance(n, s.Name | s.Call)]
    if len(named) != 1 or len(chain.sides) > 3 or any(op not in ("<", "<=", ">", ">=") for op, _ in chain.relations):
        return None
    found = REAL
    for (operator, _), left, right in zip(chain.relations, chain.sides, chain.sides[1:], strict=False):
        number = _constant(left if right is named[0] else right)
        if number is None or named[0] not in (left, right):
            return None
        lower = (operator[0] == "<") == (right is named[0])
        is_open = len(operator) == 1
        one = Interval(number, None, is_open) if lower else Interval(None, number, True, is_open)
        found = narrowed(found, one)
    return named[0], found


def _interval_of(m: s.Member, source: Source) -> Interval | None:
    """The interval of a membership; None where it says a shape only."""
    if m.kind == "binary":
        return BINARY
    if m.kind != "interval":
        return None
    low, high = (_constant(b) for b in m.bounds)
    if low is None or high is None:
        raise NotReadable("an interval whose ends are not numbers", source, m.at)
    return Interval(low, high, m.brackets[0] == "(", m.brackets[1] == ")")
