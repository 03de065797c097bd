r"""Sums and products over an index, however their range is written.

Contract. Every habit (\sum_i, \sum_{i=1}^K, \sum_j^C, \sum_{i \ne k}, \sum_{i,j}, \sum_{1 \le i \le n}, \substack,
sets) becomes the same node; what is not written stays open.

Blind spot. A sum over a condition on two letters, as i < j, binds the first letter; whether the second has a meaning
outside is seen later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gradproof.reader.errors import Span
from gradproof.reader.grammar import commands as t
from gradproof.reader.grammar import expressions, groups, subscripts
from gradproof.reader.grammar.cursor import Cursor
from gradproof.reader.lexer import LETTER, SYMBOL, Token, written
from gradproof.reader.syntax import Big, Bracket, Family, Letter, Node, Num, Terms

BIG = {r"\sum": "sum", r"\prod": "prod"}


@dataclass(frozen=True)
class Limits:
    """What the scripts of a sum say of one letter."""

    letter: Letter
    low: Node | None = None
    high: Node | None = None
    over: str = ""
    conditions: tuple[tuple[str, Node], ...] = ()


def big(c: Cursor) -> Node:
    """A sum or product with its body, one node for each letter."""
    start = c.next()
    limits: list[Limits] = []
    high: Node | None = None
    for sign in c.scripts():
        if sign == "_":
            limits = lower_limits(c)
        else:
            high = _upper(c)
    if not limits:
        c.fail(f"{start.text} has no index", start.at, expected=rf"{start.text}_{{i=1}}^{{K}}")
    with c.binding(one.letter.text for one in limits):
        body = _body(c)
    for one in reversed(limits):
        top = one.high if one.high is not None else high
        at = c.since(start.at)
        body = Big(at, BIG[start.text], one.letter, one.low, top, one.over, one.conditions, body)
    return body


def _body(c: Cursor) -> Node:
    """The factors that follow; a minus may stand first."""
    with c.nested():
        start = c.token.at
        if c.taking("-"):
            negated = expressions.operand(c)
            return Terms(c.since(start), ((-1, negated),))
        return expressions.operand(c)


def _upper(c: Cursor) -> Node | None:
    if c.text == "{" and c.ahead().text == "}":
        c.place += 2
        return None
    return groups.script(c)


def lower_limits(c: Cursor) -> list[Limits]:
    if c.text != "{":
        token = c.token
        letter = index_letter(c)
        if letter is None:
            c.fail("the index of a sum is a letter", token.at)
        return [Limits(letter)]
    tokens = c.group()
    if tokens and tokens[0].text == r"\substack":
        inner = c.inside(tokens[1:])
        rows = inner.group()
        tokens = [replace(x, kind=SYMBOL, text=",") if x.text == r"\\" else x for x in rows]
    found: list[Limits] = []
    inside = c.inside(tokens)
    with c.nested():
        while not inside.ended:
            _clause(inside, found)
            if not inside.taking(",") and not inside.ended:
                inside.fail(
                    "this range is not something gradproof reads", expected=r"i=1, i \neq k, or i \in \mathcal{X}"
                )
    return _with_shared_start(found)


def _with_shared_start(found: list[Limits]) -> list[Limits]:
    """i, j = 2: both start at 2; a letter behind the start of another has none."""
    low: Node | None = None
    shared: list[Limits] = []
    for one in reversed(found):
        low = one.low if one.low is not None else low
        bare = one.low is None and not (one.over or one.conditions)
        shared.append(replace(one, low=low) if bare else one)
    return shared[::-1]


def index_letter(c: Cursor) -> Letter | None:
    """An index letter, with primes or a subscript of its own."""
    if not (
        c.token.kind == LETTER or c.text in t.GREEK or c.text in t.BOLD or c.text in t.STYLED or c.text == r"\mathit"
    ):
        return None
    part = subscripts.unit(c, 0)
    return Letter(part.at, part.text)


def _clause(c: Cursor, found: list[Limits]) -> None:
    """i, i=1, i \\neq k, i \\in S, or 1 \\le i \\le n."""
    place = c.place
    letter = index_letter(c)
    if letter is None or not (c.ended or c.text == "," or c.text in t.RELATIONS or c.text == r"\in"):
        c.place = place
        _double(c, found)
        return
    relation = t.RELATIONS.get(c.text, "")
    if c.ended or c.text == ",":
        found.append(Limits(letter))
    elif c.taking(r"\in"):
        found.append(_over_set(c, letter))
    elif relation == "=":
        c.next()
        found.append(Limits(letter, expressions.additive(c)))
    else:
        c.next()
        term = expressions.additive(c)
        _restrict(found, letter, relation, term)
        if c.text in t.RELATIONS:
            c.fail("a range with two relations starts with a number", advice=r"write 1 \le i \le n")


def _restrict(found: list[Limits], letter: Letter, relation: str, term: Node) -> None:
    for n, one in enumerate(found):
        if one.letter.text == letter.text:
            found[n] = replace(one, conditions=(*one.conditions, (relation, term)))
            return
    found.append(Limits(letter, conditions=((relation, term),)))


def _double(c: Cursor, found: list[Limits]) -> None:
    start = c.token.at
    low = expressions.additive(c)
    first = t.RELATIONS.get(c.next().text, "")
    letter = index_letter(c)
    second = t.RELATIONS.get(c.text, "")
    if letter is None or first not in ("<", "<=") or second not in ("<", "<="):
        c.fail("this range is not something gradproof reads", start, advice=r"write \sum_{i=1}^{K}")
    c.next()
    high = expressions.additive(c)
    conditions = ((">", low),) if first == "<" else ()
    if second == "<":
        c.decline("a range that stops before its end", start, advice=r"write \sum_{i=1}^{K}")
    found.append(Limits(letter, None if first == "<" else low, high, "", conditions))


def _over_set(c: Cursor, letter: Letter) -> Limits:
    if c.text == "[":  # i in [K]
        c.next()
        high = expressions.additive(c)
        c.expect("]")
        return Limits(letter, None, high)
    if c.text == r"\{":
        return Limits(letter, None, counted_set(c))
    tokens: list[Token] = []
    while not c.ended and c.text != ",":
        tokens.append(c.next())
    if not tokens:
        c.fail("a set is expected here")
    return Limits(letter, None, None, written(tokens))


def counted_set(c: Cursor) -> Node:
    r"""\{1, \dots, K\}: the K."""
    c.expect(r"\{")
    high = counted(c)
    c.expect(r"\}")
    return high


def counted(c: Cursor) -> Node:
    r"""1, \dots, K or 1, 2, \dots, K: the K."""
    c.expect("1", "an index runs from 1")
    c.expect(",")
    if c.taking("2"):
        c.expect(",")
    if c.text not in t.DOTS:
        c.fail("a range is written with dots", expected=r"1, \dots, K")
    c.next()
    c.taking(",")
    return expressions.additive(c)


def family_follows(c: Cursor) -> bool:
    r"""Whether _{i=1}^{K} stands here."""
    place = c.place
    below = c.group() if c.taking("_") and c.text == "{" else []
    c.place = place
    return any(x.text == "=" for x in below)


def family(c: Cursor, body: Node, start: Span) -> Node:
    c.expect("_")
    limits = lower_limits(c)
    if len(limits) != 1 or not isinstance(limits[0].low, Num) or limits[0].low.value != 1:
        c.fail("a family runs over one index from 1", start)
    c.expect("^", "the family has no end")
    size = groups.script(c)
    inner = body.inner if isinstance(body, Bracket) else body
    return Family(c.since(start), limits[0].letter, size, inner)
