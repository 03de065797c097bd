"""Matrices on the way to a result: indices of symmetric ones in one order, M^-1 M contracted, moments gathered.

An index that is free, or bound further out, comes first: Lambda_kj stands for Lambda_jk. A sum that joins a matrix to
its inverse is brought next to both and replaced by a delta.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from gradproof.conditions import Conditions
from gradproof.derivation import Given
from gradproof.expression import Array, Definition, Entry, Expr, Index, Number, OfMatrix, Sum, mul
from gradproof.propose.chain import Chain, Focus
from gradproof.propose.shapes import match, mentions, split_product, transposed
from gradproof.propose.simplify import nodes
from gradproof.rule import Condition

Matrix = Array | Definition
ZERO = Number.of(0)


def symmetric(chain: Chain, entry: Expr) -> bool:
    matrix = Entry(entry.args, (entry.base,))  # type: ignore[attr-defined]
    known = Conditions(chain.givens, lambda number, signs: None)
    return known.satisfied(Condition("symmetric", (matrix,)), chain.signs)


def sort_symmetric(chain: Chain) -> bool:
    """Write every entry of a symmetric matrix, or of its inverse, with its outer index first."""
    changed = False
    given = {m: n for n, g in enumerate(chain.givens) if (m := transposed(g.relation))}
    if not given and not mentions(chain.line, OfMatrix):
        return False
    for focus in [*nodes(chain.root, OfMatrix), *nodes(chain.root, Entry)]:
        here = focus.term
        if len(here.args) != 2 or not _out_of_order(focus, here):
            continue
        if isinstance(here, Entry) and here.base in given:
            g = chain.givens[given[here.base]]
            focus.given(given[here.base], here.args if g.relation.args[0].args == g.over else here.args[::-1])
            changed = True
        elif isinstance(here, OfMatrix) and symmetric(chain, here):
            focus.rule("inverse of a symmetric matrix", m=here.base, i=here.args[0], j=here.args[1])
            changed = True
    return changed


def _out_of_order(focus: Focus, e: Expr) -> bool:
    def rank(i: Expr) -> tuple[int, str]:
        name = i.name if isinstance(i, Index) else ""
        return (focus.opened.index(name) + 1 if name in focus.opened else 0, i.key)

    return rank(e.args[0]) > rank(e.args[1])


# -- M^-1 M -----------------------------------------------------------------------------------------------------------


def contract_inverses(chain: Chain) -> bool:
    """Every sum over the index that joins a matrix to its inverse becomes a delta."""
    changed = False
    while mentions(chain.line, OfMatrix) and any(_contracted(f) for f in list(nodes(chain.root, Sum)) if f.alive):
        changed = True
    return changed


def _contracted(focus: Focus) -> bool:
    """Whether the sums from this place inwards held such an index; then it is gone."""
    indices, factors = flattened(focus)
    found = next(_joined(focus.chain, factors, indices), None)
    if found is None:
        return False
    j, inverse, matrix = found
    rest = mul(*(f for f in factors if f not in (inverse, matrix)))
    body = mul(rest, Sum.over(j, mul(inverse, matrix)))
    for index in reversed([i for i in indices if i != j]):
        body = Sum.over(index, body)
    focus.algebra(body)
    alone = Sum.over(j, mul(inverse, matrix))
    _use_rule(next(f for f in nodes(focus, Sum) if _same_sum(f.term, alone, indices)), inverse, matrix, j)
    return True


def flattened(focus: Focus) -> tuple[list[Index], list[Expr]]:
    """The indices of nested sums, also of sums that are factors, and the factors of what is summed."""
    indices: list[Index] = []
    factors: list[Expr] = [focus.term]
    while sums := [f for f in factors if isinstance(f, Sum)]:
        letter = focus.chain.letter(sums[0].hint, (*focus.opened, *(i.name for i in indices)))
        indices.append(Index.of(letter, sums[0].size))
        at = factors.index(sums[0])
        factors[at : at + 1] = split_product(sums[0].open(indices[-1]))
    return indices, factors


def _joined(chain: Chain, factors: Sequence[Expr], indices: Sequence[Index]) -> Iterator[tuple[Index, OfMatrix, Entry]]:
    """An index of which only an inverse and its matrix know, with both, if they can be multiplied that way."""
    for j in indices:
        pair = [f for f in factors if j in f.free]
        inverse = next((f for f in pair if isinstance(f, OfMatrix) and f.kind == "inverse"), None)
        matrix = next((f for f in pair if isinstance(f, Entry)), None)
        if len(pair) != 2 or inverse is None or matrix is None or inverse.base != matrix.base:
            continue
        if not inverse.args.count(j) == 1 == matrix.args.count(j):
            continue
        if inverse.args.index(j) != matrix.args.index(j) or symmetric(chain, inverse):
            yield j, inverse, matrix


def _same_sum(e: Expr, wanted: Expr, indices: Sequence[Index]) -> bool:
    """Equal up to the letters that the sums around have now."""
    return isinstance(e, Sum) and [type(f) for f in split_product(e.args[1])] == [
        type(f) for f in split_product(wanted.args[1])
    ]


def _use_rule(focus: Focus, inverse: OfMatrix, matrix: Entry, j: Index) -> None:
    """The inverse and the matrix, in this order below their own sum."""
    inside = focus.child(1)
    j = Index.of(inside.opened[-1], matrix.base.shape[0])
    inverse, matrix = inside.term.args  # type: ignore[assignment]
    if inverse.args.index(j) == matrix.args.index(j):
        inside.child(0).rule("inverse of a symmetric matrix", m=inverse.base, i=inverse.args[0], j=inverse.args[1])
        inverse = inside.term.args[0]  # type: ignore[assignment]
    if inverse.args[1] == j:
        focus.rule("inverse times matrix", m=matrix.base, i=inverse.args[0], k=matrix.args[1])
    else:
        inside.algebra(mul(matrix, inverse))
        focus.rule("matrix times inverse", m=matrix.base, i=matrix.args[0], k=inverse.args[1])


# -- moments ----------------------------------------------------------------------------------------------------------


def gather_givens(chain: Chain) -> bool:
    """Bring what a given says of a sum together, where it is spread over nested sums: sum_n w_n x_ni x_nj."""
    sums = [(n, g) for n, g in enumerate(chain.givens) if isinstance(g.relation.args[0], Sum) and not g.apart]
    wanted = [(n, g) for n, g in sums if g.relation.operator == "="]
    changed = False
    while wanted and any(_gathered(f, wanted) for f in list(nodes(chain.root, Sum)) if f.alive):
        changed = True
    return changed


def _gathered(focus: Focus, wanted: Sequence[tuple[int, Given]]) -> bool:
    indices, factors = flattened(focus)
    if len(indices) < 2:
        return False
    for number, g in wanted:
        for n in indices:
            about = [f for f in factors if n in f.free]
            left = g.relation.args[0]
            for order in permutations(about) if len(about) <= 4 and n.size == left.args[0] else ():
                values = match(left, Sum.over(n, mul(*order)), g.over)
                if values is not None:
                    body = mul(*(f for f in factors if f not in about), Sum.over(n, mul(*order)))
                    for index in reversed([i for i in indices if i != n]):
                        body = Sum.over(index, body)
                    focus.algebra(body)
                    found = [(f, match(left, f.term, g.over)) for f in nodes(focus, Sum)]
                    inner, now = next((f, v) for f, v in found if v is not None)
                    inner.given(number, now)
                    if g.relation.args[1] == ZERO:
                        focus.algebra(ZERO)
                    return True
    return False
