r"""Sums, products, powers, brackets, functions: the expression grammar.

Contract. A sum sign, a derivative sign and a limit reach over the factors that follow and end at + or -. A function
without brackets takes one factor; where a second one follows, it is not known where the argument ends, and that is
refused. So is a factor behind a quotient written with a slash.

Blind spot. Names stand for nothing yet; that a sum ends before a term that uses its letter is noticed later.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from gradproof.reader import commands as t
from gradproof.reader import naming
from gradproof.reader.cursor import Cursor
from gradproof.reader.errors import Span
from gradproof.reader.lexer import COMMAND, LETTER, NUMBER, Token, written
from gradproof.reader.syntax import (
    Apply,
    Big,
    Bracket,
    Component,
    Const,
    Deriv,
    Expect,
    Factors,
    Flipped,
    Frac,
    Grad,
    Known,
    Lim,
    Name,
    Node,
    Norm,
    Num,
    Power,
    Several,
    Terms,
)

CLOSING = {"(": ")", "[": "]", r"\{": r"\}", "{": "}"}
REACHING = (Big, Deriv, Expect, Lim, Grad)
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
        elif token.text == "/":
            c.next()
            factors.append(("/", factor(c)))
        elif starts_factor(c):
            factors.append(("", _beside(c, factors)))
        else:
            break
    if len(factors) == 1:
        return factors[0][1]
    for _, f in factors:
        _visible(c, f)
    return Factors(c.since(start), tuple(factors))


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


def _visible(c: Cursor, node: Node) -> None:
    """Braces do not show: a sum in them would be read as one without."""
    if isinstance(node, Bracket) and node.sign == "{" and isinstance(node.inner, Terms):
        c.fail("braces do not show, so this sum looks unbracketed", node.at, advice="write round brackets")


def starts_factor(c: Cursor) -> bool:
    token = c.token
    if token.kind in (LETTER, NUMBER):
        return True
    text = token.text
    if text in ("|", r"\|"):
        return token.side == "open" or not (token.side or c.bars or c.listing)
    return text in _OPENERS or (token.kind == COMMAND and text not in _STOPS and not _words_follow(c))


def _words_follow(c: Cursor) -> bool:
    r"""Whether \text{for all} and its like stand here."""
    if c.text not in t.UPRIGHT:
        return False
    words, n = "", 1
    while c.ahead(n).text not in ("}", "") and n < 16:
        words += c.ahead(n).text
        n += 1
    return words.strip("{ ").lower() in FOR_ALL | CONDITION_WORDS


FOR_ALL = frozenset(("forall", "forevery", "foreach", "for", "forany"))
CONDITION_WORDS = frozenset(("if", "otherwise", "else", "when", "where"))


# -- factors -----------------------------------------------------------------------------------------------------------


def factor(c: Cursor) -> Node:
    """One factor with its exponent."""
    with c.nested():
        found = naming.verbatim(c)
        start = c.token.at if found is None else found.at
        return postfix(c, atom(c) if found is None else found, start)


def atom(c: Cursor) -> Node:
    token = c.token
    if token.kind == NUMBER:
        return _number(c)
    special = ATOMS.get(token.text)
    if special is not None:
        return special(c)
    if token.kind == LETTER or token.text in _NAMES:
        return naming.name(c)
    if token.text in t.NOT_EXPRESSIBLE:
        return c.decline(f"{t.NOT_EXPRESSIBLE[token.text]} is not something gradproof has a term for")
    if token.kind == COMMAND:
        return c.fail(f"unknown command {token.text[:40]}", advice=r"define it with \newcommand, or write it out")
    return c.fail("a formula is expected here")


_NAMES = frozenset().union(t.GREEK, t.BOLD, t.STYLED, t.UPRIGHT, t.ACCENTS)


def _number(c: Cursor) -> Node:
    token = c.next()
    after = c.token
    if after.text in ("e", "E") and after.at.start == token.at.end and c.ahead().text in "+-0123456789" and c.ahead().text:
        if c.ahead().at.start == after.at.end:
            c.fail("a number with an exponent, or e times?", token.at, advice=r"write 10^{-3}, or spaces")
    return Num(token.at, Fraction(token.text))


def postfix(c: Cursor, node: Node, start: Span) -> Node:
    """Exponents, transposes and components of something that is not a plain name."""
    from gradproof.reader.operators import family, family_follows

    while c.text in ("^", "_", "'"):
        if isinstance(node, Power | Flipped):
            c.fail("a second script", advice="use brackets")
        if c.text == "'":
            c.fail("a prime on something that is not a name")
        if c.text == "_":
            if isinstance(node, Bracket) and node.sign == "{" and isinstance(node.inner, Name) and not node.inner.parts:
                return naming.scripts(c, node.inner.head, node.inner.bold, start)
            if not isinstance(node, Bracket | Known | Component):
                c.fail("a subscript on something that is not a name")
            if family_follows(c):
                return family(c, node, start)
            c.next()
            node = Component(c.since(start), node, naming.subscript(c))
            continue
        c.next()
        if naming.is_transpose(c):
            node = Flipped(c.since(start), node)
        else:
            _visible(c, node)
            exponent = script(c)
            node = Power(c.since(start), node, exponent)
    return node


def script(c: Cursor) -> Node:
    """What is raised: a group, or one token."""
    token = c.token
    with c.nested():
        if token.text == "{":
            c.next()
            if c.text == "}":
                c.fail("an empty exponent", token.at)
            found = additive(c)
            c.expect("}", "the exponent does not end here")
            return found
        if token.kind == NUMBER and len(token.text) > 1:
            c.fail("LaTeX raises the first digit only", advice=f"write ^{{{token.text}}}")
        if token.kind == LETTER or token.text in t.GREEK:
            c.next()
            return Const(token.at, "pi") if token.text == r"\pi" else Name(token.at, token.text)
        if token.kind == NUMBER:
            return _number(c)
    return c.fail("an exponent is expected here", advice="put it into braces")


def argument(c: Cursor) -> Node:
    r"""An argument of \frac or \sqrt: a group, or one token."""
    token = c.token
    if token.kind == NUMBER and len(token.text) > 1 and token.text.isdigit():
        rest = Token(NUMBER, token.text[1:], Span(token.at.start + 1, token.at.end))
        c.tokens[c.place : c.place + 1] = [Token(NUMBER, token.text[0], Span(token.at.start, token.at.start + 1)), rest]
    return script(c) if c.text != "{" else _group(c)


def _group(c: Cursor) -> Node:
    opening = c.expect("{")
    with c.nested():
        if c.text == "}":
            c.fail("nothing stands in these braces", opening.at)
        found = additive(c)
        c.expect("}", "the group does not end here")
    return found


def euler(c: Cursor, start: Span) -> Node:
    c.expect("^")
    return Apply(c.since(start), "exp", (script(c),))


def fraction(c: Cursor) -> Node:
    from gradproof.reader.operators import derivative

    start = c.next().at
    found = derivative(c, start)
    if found is not None:
        return found
    above = argument(c)
    below = argument(c)
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
    inner = argument(c)
    at = c.since(start)
    if degree == 2:
        return Apply(at, "sqrt", (inner,))
    return Power(at, Bracket(inner.at, inner, "("), Num(at, Fraction(1, degree)))


# -- brackets ----------------------------------------------------------------------------------------------------------


def bracket(c: Cursor, after_name: bool = False) -> Bracket | Several:
    """Something in brackets; a list only where a name stands before it."""
    from gradproof.reader.propositions import proposition

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
            items.append(_placeholder(c) or (additive(c) if after_name else proposition(c)))
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
    if c.text == naming.PLACEHOLDER and c.ahead().text in (")", "]", *t.SEPARATORS):
        return Name(c.next().at, naming.PLACEHOLDER)
    return None


def _separator(c: Cursor) -> str:
    found = t.SEPARATORS.get(c.text, "")
    if found:
        c.next()
        if found == r"\mid" and c.text == "|":
            c.next()
            return r"\|"
    return found


def parenthesis(c: Cursor) -> Node:
    from gradproof.reader.propositions import iverson

    found = bracket(c)
    if isinstance(found, Several):
        c.fail("a list has no value", found.at)
    return iverson(c, found)


def braces(c: Cursor) -> Node:
    start = c.token.at
    inner = _group(c)
    return Bracket(c.since(start), inner, "{")


def set_braces(c: Cursor) -> Node:
    from gradproof.reader.propositions import array_cases

    return array_cases(c) or parenthesis(c)


def bars(c: Cursor) -> Node:
    """An absolute value or a norm."""
    opening = c.next()
    sign = opening.text
    double = sign == "|" and c.text == "|" and c.token.at.start == opening.at.end and not opening.side
    if double:
        c.next()
    with c.nested():
        c.bars = 1
        inner = additive(c)
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


# -- functions ---------------------------------------------------------------------------------------------------------


def function(c: Cursor) -> Node:
    r"""\log, \exp, \max and their like, with their argument."""
    token = c.next()
    which = t.FUNCTIONS[token.text]
    start, exponent, base = token.at, None, None
    while c.text in ("^", "_"):
        if c.next().text == "^":
            exponent = script(c)
        elif which == "log":
            base = script(c)
        else:
            c.decline(f"{token.text} over an index")
    found = _over_base(c, _function_value(c, which, token, start), base)
    return Power(c.since(start), found, exponent) if exponent is not None else found


def _over_base(c: Cursor, value: Node, base: Node | None) -> Node:
    if base is None:
        return value
    if not isinstance(base, Num):
        c.decline("a logarithm to a base that is not a number", value.at)
    return Bracket(value.at, Frac(value.at, value, Apply(value.at, "log", (base,))), "(")


def _function_value(c: Cursor, which: str, token: Token, start: Span) -> Node:
    if c.text in ("(", "[", r"\{"):
        inside = bracket(c, after_name=True)
        if c.text == "^" and which in t.LOOSE and which != "exp":
            c.fail(f"is the power of the argument or of {token.text}?", advice=rf"write ({token.text} x)^2")
        items = inside.items if isinstance(inside, Several) else (inside.inner,)
        if isinstance(inside, Several) and set(inside.separators) != {","}:
            c.fail("these arguments need commas", inside.at)
        return applied(c, which, items, start)
    if which not in t.LOOSE:
        c.fail(f"{token.text} needs brackets", token.at, expected=f"{token.text}(...)")
    return applied(c, which, (_tight(c, token),), start)


def applied(c: Cursor, which: str, items: tuple[Node, ...], start: Span) -> Node:
    at = c.since(start)
    low, high = t.ARITY.get(which, (1, 1))
    if not low <= len(items) <= high:
        c.fail(f"{which} with {len(items)} arguments", at, expected=f"{low}" if low == high else f"{low} or more")
    for item in items:
        if isinstance(item, Name) and item.head == naming.PLACEHOLDER:
            c.fail("a placeholder is not an argument", item.at)
    if which == "logsigmoid":
        return Apply(at, "log", (Apply(at, "sigmoid", items),))
    return Apply(at, which, items)


def _tight(c: Cursor, token: Token) -> Node:
    """The argument of a function without brackets: one factor, or a product that starts with a number."""
    with c.nested():
        if not starts_factor(c):
            c.fail(f"{token.text} lacks its argument", token.at)
        first = factor(c)
        if isinstance(first, Num) and starts_factor(c) and not _ends_argument(c):
            return _numbered(c, first)
    if isinstance(first, REACHING) or not (starts_factor(c) or c.text == "/" or c.text in t.MULTIPLICATIONS):
        return first
    if _ends_argument(c):
        return first
    return c.fail(f"where does the argument of {token.text} end?", advice=rf"write {token.text}(...)")


def _numbered(c: Cursor, first: Node) -> Node:
    factors = [("", first)]
    while starts_factor(c) and not _ends_argument(c):
        factors.append(("", factor(c)))
    if c.text == "/" or c.text in t.MULTIPLICATIONS:
        c.fail("where does the argument end?", advice="use brackets")
    return Factors(c.since(first.at), tuple(factors))


def _ends_argument(c: Cursor) -> bool:
    """Another function begins: a new factor, as in p log p log q."""
    return c.text in t.FUNCTIONS and (c.text not in (r"\sigma", r"\Gamma") or c.ahead().text in ("(", "["))


def sigma(c: Cursor) -> Node:
    return naming.name(c)


def pi(c: Cursor) -> Node:
    """The constant, unless a subscript, a mark, a call or a declaration makes it a name."""
    following = c.ahead().text
    name = following in ("_", "'") or bool(c.vocabulary.kind(r"\pi", (), "")) or _marked(c)
    if not name and following in ("(", "["):
        place = c.place
        c.next()
        inside = bracket(c, after_name=True)
        simple = isinstance(inside, Bracket) and isinstance(inside.inner, Name)
        c.place = place
        if isinstance(inside, Several):
            return naming.name(c)
        if simple:
            c.fail(r"\pi(...): a policy, or the constant times a bracket?", advice=r"declare \pi as a function")
    if name:
        return naming.name(c)
    return Const(c.next().at, "pi")


def _marked(c: Cursor) -> bool:
    return c.ahead().text == "^" and (c.ahead(2).text in t.MARKS or c.ahead(3).text in t.MARKS)


def _infinity(c: Cursor) -> Node:
    return Const(c.next().at, "oo")


ATOMS: dict[str, Callable[[Cursor], Node]] = {
    "(": parenthesis, "[": parenthesis, "{": braces, r"\{": set_braces, "|": bars, r"\|": bars,
    r"\frac": fraction, r"\dfrac": fraction, r"\tfrac": fraction, r"\sqrt": root,
    r"\infty": _infinity, r"\pi": pi,
    **dict.fromkeys((r"\log", r"\ln", r"\exp", r"\tanh", r"\max", r"\min"), function),
}  # fmt: skip
