r"""What one token or a pair of braces holds: exponents and arguments.

Contract. Without braces LaTeX takes one letter or one digit; more is refused. Braces do not show, so what they hold
must read the same on the page as if they were not there; else it is refused.
"""

from __future__ import annotations

from gradproof.reader.errors import Span
from gradproof.reader.grammar import commands as t
from gradproof.reader.grammar import expressions, names
from gradproof.reader.grammar.cursor import Cursor
from gradproof.reader.lexer import LETTER, NUMBER, Token
from gradproof.reader.syntax import Apply, Bracket, Const, Name, Node, Power, Terms


def exponent(c: Cursor) -> Node:
    r"""What is raised; in e^\sigma(x) the bracket stands on the line, though it was hardly meant so."""
    lone = c.text
    found = script(c)
    if lone in t.FUNCTIONS and c.text in ("(", "["):
        c.fail("does the exponent end before this bracket?", advice=r"write ^{...}, or \cdot between")
    return found


def script(c: Cursor) -> Node:
    """What is raised: a group, or one token."""
    token = c.token
    with c.nested():
        if token.text == "{":
            c.next()
            if c.text == "}":
                c.fail("an empty exponent", token.at)
            found = expressions.additive(c)
            c.expect("}", "the exponent does not end here")
            return found
        if token.kind == NUMBER and len(token.text) > 1:
            c.fail("LaTeX raises the first digit only", advice=f"put {token.text} into braces")
        if token.text == r"\pi" and not c.vocabulary.kind(r"\pi", (), ""):
            return Const(c.next().at, "pi")
        if token.kind == LETTER or token.text in t.GREEK:
            return Name(token.at, names.lone_head(c))
        if token.kind == NUMBER:
            return expressions.number(c)
    return c.fail("one letter, one digit or braces are expected here", advice="put it into braces")


def argument(c: Cursor) -> Node:
    r"""An argument of \frac or \sqrt: a group, or one token."""
    token = c.token
    if token.kind == NUMBER and len(token.text) > 1 and token.text.isdigit():
        rest = Token(NUMBER, token.text[1:], Span(token.at.start + 1, token.at.end))
        c.tokens[c.place : c.place + 1] = [Token(NUMBER, token.text[0], Span(token.at.start, token.at.start + 1)), rest]
    return script(c) if c.text != "{" else braced_group(c)


def braced_group(c: Cursor) -> Node:
    opening = c.expect("{")
    with c.nested():
        if c.text == "}":
            c.fail("nothing stands in these braces", opening.at)
        found = expressions.additive(c)
        c.expect("}", "the group does not end here")
    return found


def hidden(node: Node) -> Node | None:
    """What stands in braces, which do not show."""
    if not (isinstance(node, Bracket) and node.sign == "{"):
        return None
    while isinstance(node, Bracket) and node.sign == "{":
        node = node.inner
    return node


def must_show(c: Cursor, node: Node, kinds: tuple[type[Node], ...] = (Terms,)) -> None:
    """Braces do not show: what they hold would be read on the page as if they were not there."""
    inner = hidden(node)
    if isinstance(inner, kinds) or (Power in kinds and isinstance(inner, Apply) and inner.name in t.LOOSE):
        c.fail("braces do not show, so on the page this looks unbracketed", node.at, advice="write round brackets")
