"""Indicators and cases.

Contract. A relation in square brackets, or behind a blackboard 1, is 1 where it holds, else 0; in round brackets it
stays a proposition.
"""

from __future__ import annotations

from gradproof.reader.errors import Span
from gradproof.reader.grammar import commands as t
from gradproof.reader.grammar import expressions, formula, names, operators, propositions
from gradproof.reader.grammar.cursor import Cursor, nesting
from gradproof.reader.lexer import written
from gradproof.reader.syntax import Bracket, Cases, Chain, Indicator, Node, Ones


def condition(c: Cursor) -> Indicator:
    """One relation between two terms."""
    begin = c.token.at
    found = propositions.chain(c)
    if not isinstance(found, Chain) or len(found.relations) != 1:
        c.fail("one relation is expected here", c.since(begin), expected="i = k")
    return Indicator(found.at, found.sides[0], found.relations[0][0], found.sides[1])


def iverson(c: Cursor, found: Bracket) -> Node:
    """A relation in square brackets is 1 or 0; in round ones it stays a proposition."""
    inner = found.inner
    if found.sign == "[" and isinstance(inner, Chain):
        if len(inner.relations) != 1:
            c.fail("one relation is expected here", found.at)
        return Indicator(found.at, inner.sides[0], inner.relations[0][0], inner.sides[1])
    return found


def blackboard(c: Cursor) -> Node:
    r"""\mathbb{1}[i = k], \mathbf{1}, \mathbb{E}; else a name."""
    place, begin = c.place, c.token.at
    font = c.next().text
    inner = written(c.group())
    if inner == "E" and font != r"\mathbf":
        return operators.expectation(c, begin)
    if inner == "1" or (inner == "I" and font == r"\mathbb"):
        return indicator(c, begin) or _ones(c, inner, font, begin)
    c.place = place
    return names.name(c)


def _ones(c: Cursor, inner: str, font: str, begin: Span) -> Node:
    if inner == "I":
        c.fail(r"\mathbb{I} without a condition", begin, advice=r"write \mathbb{I}[i = k], or \mathbf{1} for ones")
    if font != r"\mathbf" and c.text in ("(", "["):
        c.fail("an indicator without a relation", c.since(begin), expected=rf"{font}{{1}}[i = k]")
    return Ones(c.since(begin))


def upright(c: Cursor) -> Node:
    place, begin = c.place, c.token.at
    c.next()
    if written(c.group()) == "E" and c.text in ("_", "["):
        return operators.expectation(c, begin)
    c.place = place
    return operators.operator_name(c)


def indicator(c: Cursor, begin: Span) -> Node | None:
    if c.taking("_"):
        inside = c.inside(c.group())
        found = _bracketed(inside) if inside.text in t.CLOSING else condition(inside)
        formula.finish(inside)
    elif c.text in ("[", "(", r"\{", "{") and _holds_relation(c):
        found = _bracketed(c)
    else:
        return None
    return Indicator(c.since(begin), found.left, found.relation, found.right)


def _holds_relation(c: Cursor) -> bool:
    for token, depth in nesting(c.tokens[c.place :]):
        if depth == 0:
            return False
        if depth == 1 and token.text in t.RELATIONS:
            return True
    return False


def _bracketed(c: Cursor) -> Indicator:
    closing = t.CLOSING[c.next().text]
    with c.nested():
        found = condition(c)
        c.expect(closing)
    return found


def environment(c: Cursor) -> Node:
    begin = c.next().at
    name = written(c.group())
    if name != "cases":
        c.decline(f"the environment {name[:30]}", begin)
    return _rows(c, "cases", begin)


def array_cases(c: Cursor) -> Node | None:
    r"""\left\{ \begin{array}{ll} ... \end{array} \right."""
    if [c.ahead(n).text for n in (1, 2)] != [r"\begin", "{"]:
        return None
    begin = c.next().at
    c.next()
    name = written(c.group())
    if name not in ("array", "aligned"):
        c.decline(f"the environment {name[:30]}", begin)
    if name == "array":
        c.group()
    return _rows(c, name, begin)


def _rows(c: Cursor, name: str, begin: Span) -> Node:
    rows: list[tuple[Node, Indicator | None]] = []
    with c.nested():
        while c.text != r"\end":
            if c.ended:
                c.fail("this environment is not closed", begin, expected=rf"\end{{{name}}}")
            value = expressions.additive(c)
            c.taking(",")
            c.taking("&")
            rows.append((value, _case(c)))
            while c.text in (",", ".", ";"):
                c.next()
            if not c.taking(r"\\") and c.text != r"\end" and not c.ended:
                c.fail("this case does not end here", expected=r"\\")
        c.next()
        if written(c.group()) != name:
            c.fail("another environment is closed here", begin)
    return Cases(c.since(begin), tuple(rows))


def _case(c: Cursor) -> Indicator | None:
    if c.text in t.UPRIGHT:
        word = names.word_of(propositions.rest_of(c)).lower().strip(".")
        if word not in t.CONDITION_WORDS | t.FOR_ALL:
            c.fail("a condition is expected here", expected=r"\text{if } i = k, or \text{otherwise}")
        c.next()
        names.word_of(c)
        if word in ("otherwise", "else"):
            return None
    c.taking("&")
    return condition(c)
