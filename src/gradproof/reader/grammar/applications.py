"""Functions that every reader knows, with their argument.

Contract. A function without brackets takes one factor, or a product that starts with a number; where another factor
follows, it is not known where the argument ends, and that is refused.
"""

from __future__ import annotations

from gradproof.reader.errors import Span
from gradproof.reader.grammar import brackets, expressions, groups
from gradproof.reader.grammar import commands as t
from gradproof.reader.grammar.commands import PLACEHOLDER
from gradproof.reader.grammar.cursor import Cursor
from gradproof.reader.lexer import Token
from gradproof.reader.syntax import REACHING, Apply, Bracket, Factors, Frac, Name, Node, Num, Power, Several, Terms


def function(c: Cursor) -> Node:
    r"""\log, \exp, \max and their like, with their argument."""
    token = c.next()
    which = t.FUNCTIONS[token.text]
    start, exponent, base = token.at, None, None
    for sign in c.scripts():
        if sign == "^":
            exponent = _exponent(c, token)
        elif which == "log":
            base = groups.script(c)
        else:
            c.decline(f"{token.text} over an index")
    found = _over_base(c, _function_value(c, which, token, start), base)
    return Power(c.since(start), found, exponent) if exponent is not None else found


def _exponent(c: Cursor, token: Token) -> Node:
    exponent = groups.exponent(c)
    negative = isinstance(exponent, Terms) and exponent.terms[0][0] < 0
    if negative:
        advice = rf"write \frac{{1}}{{{token.text} x}}, or the inverse by its name"
        c.fail("an inverse function, or a reciprocal?", token.at.to(exponent.at), advice=advice)
    return exponent


def _over_base(c: Cursor, value: Node, base: Node | None) -> Node:
    if base is None:
        return value
    if not isinstance(base, Num):
        c.decline("a logarithm to a base that is not a number", value.at)
    return Bracket(value.at, Frac(value.at, value, Apply(value.at, "log", (base,))), "(")


def _function_value(c: Cursor, which: str, token: Token, start: Span) -> Node:
    if c.text in ("(", "[", r"\{"):
        inside = brackets.bracket(c, after_name=True)
        if c.text == "^" and which in t.LOOSE and which != "exp":
            c.fail(f"is the power of the argument or of {token.text}?", advice=rf"write ({token.text} x)^2")
        items = inside.items if isinstance(inside, Several) else (inside.inner,)
        if isinstance(inside, Several) and set(inside.separators) != {","}:
            c.fail("these arguments need commas", inside.at)
        return applied(c, which, items, start)
    if which not in t.LOOSE:
        c.fail(f"{token.text} needs brackets", token.at, expected=f"{token.text}(...)")
    argument = _tight(c, token)
    if which == "log" and isinstance(argument, Apply) and argument.name == "gamma":
        return Apply(c.since(start), "lgamma", argument.args)  # which has a value where the gamma function is too large
    return applied(c, which, (argument,), start)


def applied(c: Cursor, which: str, items: tuple[Node, ...], start: Span) -> Node:
    at = c.since(start)
    low, high = t.ARITY.get(which, (1, 1))
    if not low <= len(items) <= high:
        c.fail(f"{which} with {len(items)} arguments", at, expected=f"{low}" if low == high else f"{low} or more")
    for item in items:
        if isinstance(item, Name) and item.head == PLACEHOLDER:
            c.fail("a placeholder is not an argument", item.at)
    if which == "logsigmoid":
        return Apply(at, "log", (Apply(at, "sigmoid", items),))
    return Apply(at, which, items)


def _tight(c: Cursor, token: Token) -> Node:
    """The argument of a function without brackets: one factor, or a product that starts with a number."""
    with c.nested():
        if not expressions.starts_factor(c):
            c.fail(f"{token.text} lacks its argument", token.at)
        first = expressions.factor(c)
        inner = groups.hidden(first)
        if isinstance(inner, Terms) and len(inner.terms) > 1:
            groups.must_show(c, first)
        if isinstance(first, Num) and expressions.starts_factor(c) and not _ends_argument(c):
            return _numbered(c, first)
    if isinstance(first, REACHING) or not (
        expressions.starts_factor(c) or c.text == "/" or c.text in t.MULTIPLICATIONS
    ):
        return first
    if _ends_argument(c):
        return first
    return c.fail(f"where does the argument of {token.text} end?", advice=rf"write {token.text}(...)")


def _numbered(c: Cursor, first: Node) -> Node:
    factors = [("", first)]
    while expressions.starts_factor(c) and not _ends_argument(c):
        factors.append(("", expressions.factor(c)))
    if c.text == "/" or c.text in t.MULTIPLICATIONS:
        c.fail("where does the argument end?", advice="use brackets")
    return Factors(c.since(first.at), tuple(factors))


def _ends_argument(c: Cursor) -> bool:
    """Another function begins: a new factor, as in p log p log q."""
    return c.text in t.FUNCTIONS and (c.text not in (r"\sigma", r"\Gamma") or c.ahead().text in ("(", "["))
