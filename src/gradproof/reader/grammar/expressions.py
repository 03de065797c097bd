"""Sums, products, powers and their factors: the middle of the grammar.

Contract. A sum sign, a derivative sign and a limit reach over the factors that follow and end at + or -. A factor
behind a quotient written with a slash is refused, since it is not known where the quotient ends.

Blind spot. Names stand for nothing yet; that a sum ends before a term that uses its letter is noticed later.
"""

from __future__ import annotations

from fractions import Fraction

from gradproof.reader.errors import Span
from gradproof.reader.grammar import brackets, calls, derivatives, groups, names, subscripts, sums
from gradproof.reader.grammar import commands as t
from gradproof.reader.grammar.commands import CONDITION_WORDS, FOR_ALL, KNOWN_COMMANDS, NAMES
from gradproof.reader.grammar.cursor import Cursor
from gradproof.reader.lexer import COMMAND, LETTER, NUMBER
from gradproof.reader.syntax import (
    REACHING,
    Apply,
    Bracket,
    Component,
    Const,
    Factors,
    Flipped,
    Frac,
    Known,
    Name,
    Node,
    Num,
    Power,
    Several,
    Terms,
)

_OPENERS = frozenset(("(", "[", "{", r"\{"))

_STOPS = frozenset(
    (r"\\", r"\}", r"\mid", r"\parallel", r"\in", r"\end", r"\forall", *t.RELATIONS, *t.EQUIVALENCES, *t.ARROWS,
     *t.NOT_CLAIMS)
)  # fmt: skip


def additive(c: Cursor) -> Node:
    """Terms with + and - between them."""
    start = c.token.at
    terms: list[tuple[int, Node]] = []
    sign = _sign(c) or 1
    while True:
        terms.append((sign, product(c)))
        sign = _sign(c)
        if sign == 0:
            break
    if len(terms) == 1 and terms[0][0] == 1:
        return terms[0][1]
    for _, term in terms:
        groups.must_show(c, term)
    return Terms(c.since(start), tuple(terms))


def _sign(c: Cursor) -> int:
    if c.text not in ("+", "-"):
        return 0
    sign = -1 if c.next().text == "-" else 1
    if c.text in ("+", "-"):
        c.fail("two signs in a row", advice="put the second into brackets")
    return sign


def product(c: Cursor) -> Node:
    """Factors with nothing, a product sign or a slash between them."""
    start = c.token.at
    factors: list[tuple[str, Node]] = [("", factor(c))]
    while True:
        token = c.token
        if token.text in t.MULTIPLICATIONS:
            c.next()
            factors.append((t.MULTIPLICATIONS[token.text], factor(c)))
            if token.text == r"\circ":
                _not_composed(c, token.at, factors[-2][1], factors[-1][1])
        elif token.text == "/":
            c.next()
            factors.append(("/", factor(c)))
        elif starts_factor(c):
            factors.append(("", _beside(c, factors)))
        else:
            break
    if len(factors) == 1:
        return factors[0][1]
    for n, (sign, f) in enumerate(factors, 1):
        groups.must_show(c, f, _open_ended(sign, last=n == len(factors)))
    return Factors(c.since(start), tuple(factors))


def _open_ended(sign: str, last: bool) -> tuple[type[Node], ...]:
    """What would reach further than the braces around it, behind this sign."""
    return (Terms, *(() if last else REACHING), *((Factors,) if sign == "/" else ()))


def _not_composed(c: Cursor, at: Span, *sides: Node) -> None:
    if any(isinstance(side, Name) and calls.is_function(c, side) for side in sides):
        c.fail("a composition, or a product of entries?", at, advice=r"write f(g(x)), or \odot")


def _beside(c: Cursor, before: list[tuple[str, Node]]) -> Node:
    """A factor without a sign before it."""
    token = c.token
    if token.kind == NUMBER:
        c.fail("a number behind a factor", advice=r"write \cdot between them, or the number first")
    found = factor(c)
    if before[-1][0] == "/" and not isinstance(found, REACHING):
        advice = r"write \frac{..}{..}, or brackets"
        c.fail("does the quotient end before this factor?", token.at, advice=advice)
    return found


def operand(c: Cursor) -> Node:
    """The factors that a sum, a derivative, a limit takes in."""
    found = product(c)
    groups.must_show(c, found)
    return found


def starts_factor(c: Cursor) -> bool:
    token = c.token
    if token.kind in (LETTER, NUMBER):
        return True
    text = token.text
    if text in ("|", r"\|"):
        return token.side == "open" or not (token.side or c.bars or c.listing)
    return text in _OPENERS or (token.kind == COMMAND and text not in _STOPS and not words_follow(c))


def words_follow(c: Cursor) -> bool:
    r"""Whether \text{for all} and its like stand here."""
    if c.text not in t.UPRIGHT:
        return False
    words, n = "", 1
    while c.ahead(n).text not in ("}", "") and n < 16:
        words += c.ahead(n).text
        n += 1
    return words.strip("{ ").lower() in FOR_ALL | CONDITION_WORDS


def factor(c: Cursor) -> Node:
    """One factor with its exponent."""
    with c.nested():
        found = names.verbatim(c)
        start = c.token.at if found is None else found.at
        return postfix(c, atom(c) if found is None else found, start)


def atom(c: Cursor) -> Node:
    from gradproof.reader.grammar.atoms import ATOMS  # which needs all of the grammar

    token = c.token
    if token.kind == NUMBER:
        return number(c)
    special = ATOMS.get(token.text)
    if special is not None:
        return special(c)
    if token.kind == LETTER or token.text in NAMES:
        return names.name(c)
    if token.text in t.NOT_EXPRESSIBLE:
        return c.decline(f"{t.NOT_EXPRESSIBLE[token.text]} is not something gradproof has a term for")
    if token.kind == COMMAND and token.text not in KNOWN_COMMANDS:
        return c.fail(f"unknown command {token.text[:40]}", advice=r"define it with \newcommand, or write it out")
    return c.fail("a formula is expected here")


def number(c: Cursor) -> Node:
    token = c.next()
    after = c.token
    third = c.ahead()
    together = after.at.start == token.at.end and third.at.start == after.at.end
    if together and after.text in ("e", "E") and third.text[:1] in tuple("+-0123456789"):
        c.fail("a number with an exponent, or e times?", token.at, advice=r"write 10^{-3}, or spaces")
    return Num(token.at, Fraction(token.text))


def postfix(c: Cursor, node: Node, start: Span) -> Node:
    """Exponents, transposes and components of something that is not a plain name."""
    while c.text in ("^", "_", "'"):
        if isinstance(node, Power | Flipped):
            c.fail("a second script", advice="use brackets")
        if c.text == "'":
            c.fail("a prime on something that is not a name")
        if c.text == "_":
            if isinstance(node, Bracket) and node.sign == "{" and isinstance(node.inner, Name) and not node.inner.parts:
                return subscripts.scripts(c, node.inner.head, node.inner.bold, start)
            if not isinstance(node, Bracket | Known | Component):
                c.fail("a subscript on something that is not a name")
            if sums.family_follows(c):
                return sums.family(c, node, start)
            c.next()
            parts = subscripts.subscript(c)
            node = Component(c.since(start), node, parts)
            continue
        c.next()
        if subscripts.is_transpose(c):
            node = Flipped(c.since(start), node)
        else:
            groups.must_show(c, node, (Terms, Factors, Power, Flipped, *REACHING))
            raised = groups.exponent(c)
            node = Power(c.since(start), node, raised)
    return node


def euler(c: Cursor, start: Span) -> Node:
    c.expect("^")
    raised = groups.exponent(c)
    return Apply(c.since(start), "exp", (raised,))


def fraction(c: Cursor) -> Node:
    start = c.next().at
    found = derivatives.derivative(c, start)
    if found is not None:
        return found
    above = groups.argument(c)
    below = groups.argument(c)
    return Frac(c.since(start), above, below)


def root(c: Cursor) -> Node:
    start = c.next().at
    degree = 2
    if c.taking("["):
        token = c.next()
        c.expect("]")
        if not (token.text.isdigit() and 2 <= int(token.text) <= 99):
            c.fail("the degree of a root is a number", token.at)
        degree = int(token.text)
    inner = groups.argument(c)
    at = c.since(start)
    if degree == 2:
        return Apply(at, "sqrt", (inner,))
    return Power(at, Bracket(inner.at, inner, "("), Num(at, Fraction(1, degree)))


def pi(c: Cursor) -> Node:
    """The constant, unless a subscript, a mark, a call or a declaration makes it a name."""
    following = c.ahead().text
    name = following in ("_", "'") or bool(c.vocabulary.kind(r"\pi", (), "")) or _marked(c)
    if not name and following in ("(", "["):
        place = c.place
        c.next()
        inside = brackets.bracket(c, after_name=True)
        simple = isinstance(inside, Bracket) and isinstance(inside.inner, Name)
        c.place = place
        if isinstance(inside, Several):
            return names.name(c)
        if simple:
            c.fail(r"\pi(...): a policy, or the constant times a bracket?", advice=r"declare \pi as a function")
    if name:
        return names.name(c)
    return Const(c.next().at, "pi")


def _marked(c: Cursor) -> bool:
    return c.ahead().text == "^" and (c.ahead(2).text in t.MARKS or c.ahead(3).text in t.MARKS)


def infinity(c: Cursor) -> Node:
    return Const(c.next().at, "oo")
