"""Relations, chains, "for all", membership.

Contract. A chain keeps the place of each of its relations.
"""

from __future__ import annotations

from gradproof.reader.errors import Span
from gradproof.reader.grammar import commands as t
from gradproof.reader.grammar import expressions, names, sums
from gradproof.reader.grammar.cursor import Cursor, nesting
from gradproof.reader.lexer import written
from gradproof.reader.syntax import Bracket, Chain, Equivalence, Every, Letter, Member, Node, Range


def proposition(c: Cursor) -> Node:
    begin = c.token.at
    left = quantified(c)
    if c.text not in t.EQUIVALENCES:
        return left
    c.next()
    right = quantified(c)
    if c.text in t.EQUIVALENCES:
        c.fail("two equivalences in a row", advice="use brackets")
    return Equivalence(c.since(begin), left, right)


def quantified(c: Cursor) -> Node:
    begin = c.token.at
    body = chain(c)
    place = c.place
    if isinstance(body, Chain | Bracket):
        c.taking(",")
        ranges = _for_all(c)
        if ranges:
            return Every(c.since(begin), ranges, body)
    c.place = place
    return body


def chain(c: Cursor) -> Node:
    begin = c.token.at
    sides = [expressions.additive(c)]
    relations: list[tuple[str, Span]] = []
    while c.text in t.RELATIONS or (c.text == ":" and c.ahead().text == "="):
        token = c.next()
        if token.text == ":":
            c.next()
            relations.append((":=", token.at))
        else:
            relations.append((t.RELATIONS[token.text], token.at))
        sides.append(expressions.additive(c))
    if not relations:
        return sides[0]
    return Chain(c.since(begin), tuple(sides), tuple(relations))


def _for_all(c: Cursor) -> tuple[Range, ...]:
    if c.text == r"\forall":
        c.next()
    elif c.text in t.UPRIGHT and expressions.words_follow(c):
        if names.word_of(rest_of(c)).lower() not in t.FOR_ALL:
            return ()
        c.next()
        names.word_of(c)
    else:
        return ()
    found = [_range(c)]
    while c.taking(","):
        found.append(_range(c))
    return tuple(found)


def rest_of(c: Cursor) -> Cursor:
    """What comes after the present token."""
    return c.inside(c.tokens[c.place + 1 : -1])


def _range(c: Cursor) -> Range:
    """i, i = 1, \\dots, K, i \\in \\{1, \\dots, K\\}, or j \\ne t."""
    begin = c.token.at
    letter = sums.index_letter(c)
    if letter is None:
        c.fail("an index is expected here", expected=r"\text{for all } i")
    size: Node | None = None
    apart: Letter | None = None
    if c.taking("="):
        size = sums.counted(c)
    elif c.taking(r"\in"):
        size = sums.counted_set(c)
    elif t.RELATIONS.get(c.text) == "!=":
        c.next()
        apart = sums.index_letter(c)
        if apart is None:
            c.fail("another index is expected here")
    return Range(c.since(begin), letter, size, apart)


def is_membership(c: Cursor) -> bool:
    """Whether a sign "in" stands outside all brackets, before any relation."""
    for token, depth in nesting(c.tokens):
        if depth == 0 and token.text == r"\in":
            return True
        if depth == 0 and token.text in t.RELATIONS:
            return False
    return False


def membership(c: Cursor) -> Node:
    begin = c.token.at
    members = [expressions.factor(c)]
    while c.taking(","):
        members.append(expressions.factor(c))
    c.expect(r"\in")
    kind, bounds, sides = _set(c)
    return Member(c.since(begin), tuple(members), kind, bounds, sides)


def _set(c: Cursor) -> tuple[str, tuple[Node, ...], str]:
    token = c.next()
    if token.text == r"\mathbb":
        letter = written(c.group())
        if letter == "R":
            return ("reals", _shape(c), "")
        if letter == "N" and c.text not in ("_", "^"):
            return ("naturals", (), "")
    if token.text in ("(", "["):
        low = expressions.additive(c)
        c.expect(",")
        high = expressions.additive(c)
        closing = c.next().text
        if closing not in (")", "]"):
            c.fail("this interval is not closed", token.at)
        return ("interval", (low, high), token.text + closing)
    if token.text == r"\{" and [x.text for x in c.tokens[c.place : c.place + 4]] == ["0", ",", "1", r"\}"]:
        c.place += 4
        return ("binary", (), "")
    if token.text == r"\{":
        c.place -= 1
        return ("labels", (sums.counted_set(c),), "")
    advice = r"write \mathbb{R}, \mathbb{R}^{N \times D}, \mathbb{N}, (0, 1), [0, 1] or \{0, 1\}"
    return c.fail("this set is not one that gradproof knows", token.at, advice=advice)


def _shape(c: Cursor) -> tuple[Node, ...]:
    if c.text == "_":
        c.fail("a part of the reals", advice=r"declare the sign by itself, as \tau > 0")
    if not c.taking("^"):
        return ()
    inside = c.inside(c.group())
    sizes = [expressions.factor(inside)]
    while inside.taking(r"\times"):
        sizes.append(expressions.factor(inside))
    if not inside.ended:
        inside.fail("the sizes of a space stand with \\times between", expected=r"\mathbb{R}^{N \times D}")
    return tuple(sizes)
