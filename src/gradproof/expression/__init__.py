"""The expression language: immutable terms of real numbers, finite sums, derivatives and propositions.

Contract. A term never rewrites itself beyond what `add`, `mul` and `power` say in their docstrings, so a step of a
derivation cannot vanish. Binders (sum, product, for all) are locally nameless: a bound index is `Bound(n)`, its letter
is a hint for the printer only. Hence `==` is equality up to renaming, and substitution cannot capture.
Indices run from 1 to their size. A defined name carries its definition, so "free of z" looks through it.

Blind spot. Terms are not typed beyond index / number / proposition; whether a term is defined (no division by zero, no
logarithm of a negative number) is the business of `gradproof.signs`.
"""

from fractions import Fraction

from gradproof.expression.binders import (
    Binder,
    Bound,
    ForAll,
    Product,
    Sum,
    Vector,
    abstract,
    fresh_letter,
    holds,
    instantiate,
)
from gradproof.expression.calculus import Derivative, Expectation, Limit, Optimum, Root, moved
from gradproof.expression.continuity import continuous
from gradproof.expression.core import Add, Expr, Mul, Number, Pow, Relation, Scalar, add, coerce, divide, mul, power
from gradproof.expression.domains import BINARY, COUNTS, NATURAL, NEGATIVE, NONNEGATIVE, POSITIVE, REAL, UNIT, Interval
from gradproof.expression.families import Array, Definition, Entry, OfMatrix, Ranking
from gradproof.expression.laws import LAWS, Law
from gradproof.expression.sizes import greatest, in_range, is_size, is_whole, least, out_of_range
from gradproof.expression.symbols import Application, Constant, Delta, Function, Index, Symbol, Unknown
from gradproof.expression.traversal import definitions, names, replace_array, substitute, subterms

__all__ = [
    "Add",
    "Application",
    "Array",
    "BINARY",
    "COUNTS",
    "Binder",
    "Bound",
    "Constant",
    "Definition",
    "Delta",
    "Derivative",
    "Entry",
    "Expectation",
    "Expr",
    "ForAll",
    "Function",
    "Index",
    "Interval",
    "LAWS",
    "Law",
    "Limit",
    "Mul",
    "NATURAL",
    "NEGATIVE",
    "NONNEGATIVE",
    "Number",
    "OfMatrix",
    "Optimum",
    "POSITIVE",
    "Pow",
    "Product",
    "REAL",
    "Ranking",
    "Relation",
    "Root",
    "Scalar",
    "Sum",
    "Symbol",
    "UNIT",
    "Unknown",
    "Vector",
    "abstract",
    "add",
    "coerce",
    "continuous",
    "definitions",
    "divide",
    "fresh_letter",
    "greatest",
    "holds",
    "in_range",
    "instantiate",
    "is_size",
    "is_whole",
    "least",
    "moved",
    "mul",
    "names",
    "out_of_range",
    "power",
    "replace_array",
    "substitute",
    "subterms",
    "Fraction",
]
