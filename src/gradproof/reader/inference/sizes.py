"""Sizes as they are written: K, 2N, N + 1.

Contract. A size is at least 1 for all values of its symbols, or it is refused.
"""

from __future__ import annotations

from gradproof.expression import Expr, Number, Symbol, add, mul
from gradproof.notation import size
from gradproof.reader.declarations import Declarations, is_size, labels_of, spelled
from gradproof.reader.errors import NotReadable, ReadError, Source
from gradproof.reader.syntax import Bracket, Factors, Key, Name, Node, Num, Terms


def size_term(node: Node, declared: Declarations, source: Source) -> Expr:
    """A symbol over the natural numbers, a number, or a sum or product of these."""
    match node:
        case Num(value=value) if value.denominator == 1 and value >= 1:
            return Number.of(value)
        case Name():
            key = Key(node.head, labels_of(node.parts), node.mark)
            thing = declared.things.get(key)
            if thing is not None and not is_size(thing):
                raise ReadError(f"{key.latex()} is not declared as a size", source, node.at, expected="a size")
            return thing if isinstance(thing, Symbol) else size(spelled(key))
        case Bracket(inner=inner):
            return size_term(inner, declared, source)
        case Terms(terms=terms) if all(sign > 0 for sign, _ in terms):
            return add(*(size_term(t, declared, source) for _, t in terms))
        case Factors(factors=factors) if all(op != "/" for op, _ in factors):
            return mul(*(size_term(f, declared, source) for _, f in factors))
        case Num() | Terms() | Factors():
            raise NotReadable("this end of a range may be less than 1", source, node.at, advice="name the size")
    raise ReadError("the end of a range is a size", source, node.at, expected="K, 2N, a whole number")
