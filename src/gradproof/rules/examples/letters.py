"""The letters that the examples of rules are written in.

The notation of statements stands above the rules and may not be used here; this is the little of it that examples need.
"""

from __future__ import annotations

from gradproof.expression import (
    BINARY,
    NATURAL,
    POSITIVE,
    UNIT,
    Array,
    Definition,
    Entry,
    Expr,
    Index,
    Number,
    Relation,
    Sum,
    Symbol,
    abstract,
)
from gradproof.rules.terms import exp

ONE = Number.of(1)
K, N = Symbol.of("K", NATURAL), Symbol.of("N", NATURAL)
i, j, k, t = (Index.of(letter, K) for letter in "ijkt")
m, n = Index.of("m", N), Index.of("n", N)
one = Index.of("i", ONE)  # runs over a single value
a, b, x = (Symbol.of(letter) for letter in "abx")  # any reals
r, s = Symbol.of("r", POSITIVE), Symbol.of("s", POSITIVE)
q = Symbol.of("q", UNIT)
bit = Symbol.of("b", BINARY)
z, w = Array("z", (K,)), Array("w", (K,))  # any reals
y, p = Array("y", (K,), POSITIVE), Array("p", (K,), POSITIVE)
W = Array("W", (N, K))
single = Array("v", (ONE,))


def number(value: int) -> Number:
    return Number.of(value)


def define(name: str, parameters: tuple[Index, ...], body: Expr) -> Definition:
    return Definition(name, tuple(c.size for c in parameters), abstract(body, parameters))


def equation(left: Expr, right: Expr) -> Relation:
    return Relation.of(left, "=", right)


S: Entry = define("S", (), Sum.over(j, exp(z[j])))[()]  # a name that hides z
softmax = define("p", (i,), exp(z[i]) / S)
