"""Declaring what a statement speaks of: sizes, indices, numbers, families, definitions, unknown functions.

Contract. Each word makes one term, or one thing that entries are taken of; a definition may depend on no index but its
parameters. Nothing is registered anywhere: a name is what the statement binds it to.

Blind spot. Two declarations of one name with different domains are two symbols, and nothing here notices.
"""

from __future__ import annotations

from gradproof import expression as x
from gradproof.expression import NATURAL, POSITIVE, REAL, Array, Definition, Index, Interval, Scalar, Symbol, coerce

pi = x.Constant((), ("pi",))
infinity = x.Constant((), ("oo",))


def size(name: str) -> Symbol:
    """A symbolic size: any whole number >= 1."""
    return Symbol.of(name, NATURAL)


def index(name: str, over: Scalar) -> Index:
    """An index that runs from 1 to `over`."""
    return Index.of(name, coerce(over))


def indices(letters: str, over: Scalar) -> tuple[Index, ...]:
    """Several indices over one range: indices("i j k", K)."""
    return tuple(index(a, over) for a in letters.split())


def scalar(name: str, domain: Interval = REAL) -> Symbol:
    """A real number in `domain`."""
    return Symbol.of(name, domain)


def scalars(letters: str, domain: Interval = REAL) -> tuple[Symbol, ...]:
    return tuple(scalar(a, domain) for a in letters.split())


def array(name: str, *shape: Scalar, domain: Interval = REAL) -> Array:
    """A family of reals with one index for each size."""
    return Array(name, tuple(coerce(n) for n in shape), domain)


def vector(name: str, length: Scalar, domain: Interval = REAL) -> Array:
    return array(name, length, domain=domain)


def matrix(name: str, rows: Scalar, columns: Scalar, domain: Interval = REAL) -> Array:
    return array(name, rows, columns, domain=domain)


def labels(name: str, *shape: Scalar, classes: Scalar | None = None) -> Array:
    """Class labels: an index from 1 to `classes`, the last size if it is not named, for each example."""
    *front, last = shape if classes is None else (*shape, classes)
    return Array(name, tuple(coerce(n) for n in front), NATURAL, coerce(last))


def distribution(name: str, *shape: Scalar, domain: Interval = POSITIVE) -> Array:
    """Probabilities over the last index, each positive (full support); claim their sum with `sums_to_one`."""
    return array(name, *shape, domain=domain)


def let(name: str, body: Scalar) -> x.Entry:
    """A name for a term that depends on no index: S = let("S", Sum(exp(z[j]), j))."""
    return define(name, body)[()]


def define(name: str, *parts: Index | Scalar) -> Definition:
    """A name for a family of terms: p = define("p", i, body); then p[k]."""
    *params, body = parts
    letters = tuple(p for p in params if isinstance(p, Index))
    if len(letters) != len(params):
        raise TypeError(f"define({name!r}, ...): the parameters before the body must be indices")
    term = coerce(body)
    return Definition(name, tuple(p.size for p in letters), x.abstract(term, letters), tuple(p.name for p in letters))


def function(name: str, domain: Interval = REAL, derivatives: int = 1) -> x.Unknown:
    """An unknown function on an open interval with so many derivatives: f(u), f.derivative(u)."""
    return x.Unknown(name, domain, derivatives)
