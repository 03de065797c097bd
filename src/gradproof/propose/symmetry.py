"""The symmetry of nested sums: sum_i sum_j f_ij is half of sum_i sum_j (f_ij + f_ji), and so on for three or more.

It is used where adding the images makes a denominator go: u_i / (u_i + u_j) and u_j / (u_i + u_j) add to 1. The images
are those under a rotation of the indices.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from gradproof.expression import Add, Expr, Index, Mul, Number, Sum, abstract, add, definitions, instantiate, mul
from gradproof.normal import Normal, Polynomial, TooLarge
from gradproof.propose.chain import Chain, Focus, at_place
from gradproof.propose.forms import arranged
from gradproof.propose.simplify import nodes

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ZERO = Number.of(0)
MOST = 4  # sums that are rotated
TIMES = {2: "half of it twice", 3: "a third of it three times", 4: "a quarter of it four times"}


def symmetrise(proposer: Proposer, chain: Chain) -> bool:
    """Add the images in the first nest of sums where a denominator goes by it."""
    for focus in nodes(chain.root, Sum):
        for body, indices in nests(focus):
            images = tuple(rotated(body, indices, n) for n in range(len(indices)))
            found, unfold = _shorter(proposer, body, add(*images))
            if found is None:
                continue
            _replace(focus, indices, images)
            chain.show()
            inside = next(f for f in nodes(chain.root, Sum) if f.term == nested(add(*images), indices))
            for _ in indices:
                inside = inside.child(1)
            while found == ZERO and inside.at and isinstance(_around(inside).term, Sum):
                inside = _around(inside)
            inside.algebra(found, unfold, reason="they cancel" if found == ZERO else "they add up")
            chain.show()
            return True
    return False


def nests(focus: Focus) -> Iterator[tuple[Expr, tuple[Index, ...]]]:
    """The body of two sums, three and so on, one right inside the other and over one range, with their indices."""
    size = focus.term.args[0]
    indices: tuple[Index, ...] = ()
    while isinstance(focus.term, Sum) and focus.term.size == size and len(indices) < MOST:
        focus = focus.child(1)
        indices = (*indices, Index.of(focus.opened[-1], size))
        if len(indices) > 1:
            yield focus.term, indices


def nested(body: Expr, indices: tuple[Index, ...]) -> Expr:
    for i in reversed(indices):
        body = Sum.over(i, body)
    return body


def rotated(e: Expr, indices: tuple[Index, ...], n: int) -> Expr:
    """The term with every index replaced by the n-th after it."""
    return instantiate(abstract(e, indices), indices[n:] + indices[:n])


def _shorter(proposer: Proposer, once: Expr, all_: Expr) -> tuple[Expr | None, tuple[str, ...]]:
    """The sum of the images of a term, where it has fewer denominators than the term; and what must be unfolded."""
    inside = tuple(d.name for d in definitions(once) if d.shape and not isinstance(d.body, Sum))
    for unfold in ((), inside):
        normal = Normal(proposer.signs, unfold)
        try:
            before, after = normal.of(once), normal.of(all_)
        except (TooLarge, RecursionError):
            continue
        if _denominators(after) < _denominators(before):
            return arranged(after), unfold
    return None, ()


def _denominators(p: Polynomial) -> int:
    return len({a for m in p for a, e in m if e < 0 and isinstance(a, Add)})


def _replace(focus: Focus, indices: tuple[Index, ...], images: tuple[Expr, ...]) -> None:
    """S = 1/n (S + ... + S), sums interchanged in all but the first, and all under one nest of sums."""
    chain, here, n = focus.chain, focus.term, len(indices)
    focus.algebra(mul(Number.of(Fraction(1, n)), add(*(here,) * n)), reason=TIMES[n])
    row = next(f for f in nodes(chain.root, Add) if f.term.args == (here,) * n)
    for turns in range(1, n):
        for _ in range(turns):
            _turn(row.child(turns), n)
    for depth, i in enumerate(indices):
        rest = tuple(nested(image, indices[depth + 1 :]) for image in images)
        row.rule("sum of a sum", backwards=True, terms=rest, index=i)
        row = row.child(1)
    while _number_out(chain):
        pass


def _turn(focus: Focus, n: int) -> None:
    """The innermost of n sums goes outermost."""
    for depth in reversed(range(n - 1)):
        place = focus
        for _ in range(depth):
            place = place.child(1)
        body = place.child(1).child(1)
        outer, inner = (Index.of(letter, place.term.args[0]) for letter in body.opened[-2:])
        place.rule("interchange of finite sums", body=body.term, outer=outer, inner=inner)


def _around(focus: Focus) -> Focus:
    inside = isinstance(at_place(focus.chain.line, focus.at[:-1], focus.opened), Sum)
    return Focus(focus.chain, focus.at[:-1], focus.opened[:-1] if inside else focus.opened)


def _number_out(chain: Chain) -> bool:
    """The number in front of a term leaves the sum around it."""
    for focus in nodes(chain.root, Sum):
        inside = focus.child(1)
        if isinstance(inside.term, Mul) and isinstance(inside.term.args[0], Number):
            index = Index.of(inside.opened[-1], focus.term.args[0])
            number, *rest = inside.term.args
            focus.rule("constant out of a sum", c=number, body=mul(*rest), index=index)
            return True
    return False
