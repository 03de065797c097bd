"""Brackets, braces, lists, absolute values and norms.

Contract. A list stands only behind a name. A bar in the brackets of a call separates; elsewhere bars are absolute
values.
"""

from __future__ import annotations

from gradproof.reader.grammar import choices, expressions, groups, propositions
from gradproof.reader.grammar import commands as t
from gradproof.reader.grammar.commands import CLOSING, PLACEHOLDER
from gradproof.reader.grammar.cursor import Cursor
from gradproof.reader.lexer import written
from gradproof.reader.syntax import Apply, Bracket, Name, Node, Norm, Several


def bracket(c: Cursor, after_name: bool = False) -> Bracket | Several:
    """Something in brackets; a list only where a name stands before it."""
    opening = c.next()
    braced = opening.text == "{" and after_name
    if braced:
        opening = c.next()
    closing = CLOSING[opening.text]
    with c.nested():
        c.listing = after_name
        items: list[Node] = []
        separators: list[str] = []
        while True:
            items.append(_placeholder(c) or (expressions.additive(c) if after_name else propositions.proposition(c)))
            if not after_name and c.text != ",":
                break
            separator = _separator(c)
            if not separator:
                break
            separators.append(separator)
        if c.text != closing:
            c.fail("this bracket is not closed", opening.at if c.ended else None, expected=closing)
        c.next()
        if braced:
            c.expect("}")
    at = c.since(opening.at)
    if separators:
        return Several(at, tuple(items), tuple(separators))
    return Bracket(at, items[0], opening.text)


def _placeholder(c: Cursor) -> Node | None:
    if c.text == PLACEHOLDER and c.ahead().text in (")", "]", *t.SEPARATORS):
        return Name(c.next().at, PLACEHOLDER)
    return None


def _separator(c: Cursor) -> str:
    found = t.SEPARATORS.get(c.text, "")
    if found:
        _not_thousands(c)
        c.next()
        if found == r"\mid" and c.text == "|":
            c.next()
            return r"\|"
    return found


def _not_thousands(c: Cursor) -> None:
    before, after = c.tokens[c.place - 1], c.ahead()
    grouped = c.text == "," and not after.gap and after.text.isdigit() and len(after.text) == 3
    if grouped and before.text.isdigit() and len(before.text) <= 3:
        c.fail("two numbers, or one of more than three digits?", advice="write 1000, or a space behind the comma")


def parenthesis(c: Cursor) -> Node:
    found = bracket(c)
    if isinstance(found, Several):
        c.fail("a list has no value", found.at)
    return choices.iverson(c, found)


def braces(c: Cursor) -> Node:
    start = c.token.at
    inner = groups.braced_group(c)
    return Bracket(c.since(start), inner, "{")


def set_braces(c: Cursor) -> Node:
    return choices.array_cases(c) or parenthesis(c)


def bars(c: Cursor) -> Node:
    """An absolute value or a norm."""
    opening = c.next()
    sign = opening.text
    double = sign == "|" and c.text == "|" and c.token.at.start == opening.at.end and not opening.side
    if double:
        c.next()
    with c.nested():
        c.bars = 1
        inner = expressions.additive(c)
        if c.text != sign:
            c.fail("this bar is not closed", opening.at, expected=sign)
        c.next()
        if double:
            c.expect("|", "this norm is not closed")
    at = c.since(opening.at)
    if sign == "|" and not double:
        return Apply(at, "abs", (inner,))
    order = 2
    if c.taking("_"):
        written_order = written(c.group())
        if written_order not in ("1", "2"):
            c.decline(f"the norm of order {written_order[:20]}", at)
        order = int(written_order)
    return Norm(c.since(opening.at), inner, order)
