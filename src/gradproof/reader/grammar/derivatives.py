r"""Derivatives and gradients.

Contract. A fraction with \partial or d first above and below the line is a derivative, whatever is declared; its
variables are kept in the order written, the last taken first. A derivative sign before a bracket with further factors
behind it is refused: it is not known whether they are differentiated too.
"""

from __future__ import annotations

from gradproof.reader.errors import Span
from gradproof.reader.grammar import commands as t
from gradproof.reader.grammar import expressions, groups
from gradproof.reader.grammar.cursor import Cursor
from gradproof.reader.lexer import LETTER
from gradproof.reader.syntax import Bracket, Deriv, Factors, Grad, Node, Num, Power

MAX_ORDER = 8


def _differential(c: Cursor) -> bool:
    r"""Step over \partial or d."""
    if c.text == r"\partial":
        c.next()
        return True
    if c.text in (r"\mathrm", r"\text", r"\operatorname") and [c.ahead(n).text for n in (1, 2, 3)] == ["{", "d", "}"]:
        c.place += 4
        return True
    if c.token.kind == LETTER and c.text == "d" and c.ahead().text != "_":
        c.next()
        return True
    return False


def derivative(c: Cursor, start: Span) -> Node | None:
    r"""The rest of a \frac that is a derivative, or None if it is a quotient."""
    place = c.place
    is_one = _is_derivative(c)
    c.place = place
    if not is_one:
        return None
    with c.nested():
        c.expect("{")
        _differential(c)
        degree = order(c)
        body = None if c.text == "}" else expressions.operand(c)
        c.expect("}", "the numerator of the derivative does not end here")
        c.expect("{")
        variables: list[Node] = []
        while _differential(c):
            variables += _variable(c)
        c.expect("}", "the denominator of the derivative does not end here")
    if len(variables) != degree:
        c.fail(f"a derivative of order {degree} needs {degree} variables, not {len(variables)}", c.since(start))
    named = body is not None
    if body is None:
        body = _differentiated(c, start)
    return Deriv(c.since(start), body, tuple(variables), named)


def _is_derivative(c: Cursor) -> bool:
    """Whether \\partial or d stands first above and below the line."""
    if c.text != "{":
        return False
    tokens = c.group()
    if not tokens or c.text != "{":
        return bool(tokens) and tokens[0].text == r"\partial"
    above = c.inside(tokens)
    below = c.inside(c.group())
    if not _differential(above):
        return False
    bracketed = below.taking("(")  # (dx)^2: no quotient; it is refused below, since dx^2 is how it is written
    if not _differential(below):
        return tokens[0].text == r"\partial"
    variable = below.text
    named = below.token.kind == LETTER or variable in t.NAMES
    return bool(variable) and (named or (variable == "(" and not bracketed))


def order(c: Cursor) -> int:
    return degree_of(c) if c.taking("^") else 1


def degree_of(c: Cursor) -> int:
    token = c.token
    found = "".join(x.text for x in c.group())
    if not found.isdigit() or not 1 <= int(found[:9]) <= MAX_ORDER:
        c.fail(f"the order of a derivative is a number up to {MAX_ORDER}", token.at)
    return int(found)


def _variable(c: Cursor) -> list[Node]:
    """One variable below the line, as often as its exponent says."""
    start = c.token.at
    found = expressions.factor(c)
    times = 1
    if isinstance(found, Power):
        if not isinstance(found.exponent, Num) or not 2 <= found.exponent.value <= MAX_ORDER:
            c.fail("the order of a derivative is a number", start)
        times, found = int(found.exponent.value), found.base
    found = found.inner if isinstance(found, Bracket) else found
    return [found] * times


def operand(c: Cursor, start: Span) -> Node:
    if not expressions.starts_factor(c):
        advice = "write the term behind it, in brackets if it begins with a minus"
        c.fail("nothing follows that this sign could apply to", start, advice=advice)
    with c.nested():
        return expressions.operand(c)


def _differentiated(c: Cursor, start: Span) -> Node:
    """What follows a derivative sign; behind a bracket it is not known whether later factors belong to it."""
    found = operand(c, start)
    first = found.factors[0][1] if isinstance(found, Factors) else found
    if first is not found and isinstance(first, Bracket) and first.sign in ("(", "["):
        c.fail("does the derivative end with this bracket?", first.at, advice="put all of it into one bracket")
    return found


def partial(c: Cursor) -> Node:
    r"""\partial_{z_k} L, or \partial L / \partial z_k."""
    start = c.next().at
    if c.text == "_":
        c.next()
        variable = expressions.factor(c) if c.text != "{" else groups.argument(c)
        body = _differentiated(c, start)
        return Deriv(c.since(start), body, (variable,), False)
    degree = order(c)
    body = expressions.factor(c)
    if not (c.text == "/" and c.ahead().text == r"\partial"):
        c.fail(r"\partial without a denominator", start, expected=r"\frac{\partial L}{\partial z_k}")
    variables: list[Node] = []
    c.next()
    while c.taking(r"\partial"):
        variables += _variable(c)
    if len(variables) != degree:
        c.fail(f"a derivative of order {degree} needs {degree} variables", c.since(start))
    return Deriv(c.since(start), body, tuple(variables), True)


def nabla(c: Cursor) -> Node:
    r"""\nabla_z L, \nabla_z^2 L."""
    start = c.next().at
    variable: Node | None = None
    degree = 1
    for sign in c.scripts():
        if sign == "^":
            degree = degree_of(c)
        else:
            variable = groups.argument(c)
    if variable is None:
        c.fail(r"\nabla does not say in what", start, advice=r"write \nabla_z")
    if degree > 2:
        c.decline("a gradient of an order above two", start)
    body = _differentiated(c, start)
    return Grad(c.since(start), variable, degree, body)
