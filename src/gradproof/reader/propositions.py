r"""Relations, chains, "for all", membership, indicators and cases; and the reading of a whole formula.

Contract. `parse` reads all of the text or raises at the first token that is left over.

Blind spot. A trailing full stop, comma or semicolon is punctuation.
"""

from __future__ import annotations

from gradproof.reader import commands as t
from gradproof.reader import grammar, naming, operators
from gradproof.reader.cursor import Cursor
from gradproof.reader.errors import Source, Span
from gradproof.reader.lexer import Token, tokenize, written
from gradproof.reader.macros import Macros, expand
from gradproof.reader.syntax import (
    Bracket,
    Cases,
    Chain,
    Equivalence,
    Every,
    Indicator,
    Letter,
    Member,
    Node,
    Ones,
    Range,
)
from gradproof.reader.vocabulary import Vocabulary


def start(source: Source, vocabulary: Vocabulary, macros: Macros) -> Cursor:
    """A cursor at the beginning of a formula, punctuation at its end dropped."""
    tokens = expand(tokenize(source), macros, source)
    while tokens and tokens[-1].text in (".", ",", ";"):
        tokens.pop()
    c = Cursor(tokens, source, vocabulary)
    if c.ended:
        c.fail("there is no formula here", Span(0, 1))
    return c


def parse(source: Source, vocabulary: Vocabulary, macros: Macros) -> Node:
    """One formula: a term, a chain of relations, an equivalence, a membership."""
    c = start(source, vocabulary, macros)
    found = membership(c) if _is_membership(c) else proposition(c)
    finish(c)
    return found


def finish(c: Cursor) -> None:
    if c.ended:
        return
    if c.text in t.NOT_CLAIMS:
        c.decline(f"{t.NOT_CLAIMS[c.text]} is not a claim gradproof can decide")
    if c.text in (")", "]", "}", r"\}"):
        c.fail("this bracket was never opened")
    if c.text in ("&", r"\\"):
        c.fail("several rows", advice="give one formula at a time")
    if c.text == "!":
        c.decline("a factorial")
    c.fail("the formula could end here, but goes on", advice="remove what follows, or connect it")


# -- relations ---------------------------------------------------------------------------------------------------------


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
    sides = [grammar.additive(c)]
    relations: list[tuple[str, Span]] = []
    while c.text in t.RELATIONS or (c.text == ":" and c.ahead().text == "="):
        token = c.next()
        if token.text == ":":
            c.next()
            relations.append((":=", token.at))
        else:
            relations.append((t.RELATIONS[token.text], token.at))
        sides.append(grammar.additive(c))
    if not relations:
        return sides[0]
    return Chain(c.since(begin), tuple(sides), tuple(relations))


def _for_all(c: Cursor) -> tuple[Range, ...]:
    if c.text == r"\forall":
        c.next()
    elif c.text in t.UPRIGHT and grammar._words_follow(c):
        if naming.word_of(_copy(c)).lower() not in grammar.FOR_ALL:
            return ()
        c.next()
        naming.word_of(c)
    else:
        return ()
    found = [_range(c)]
    while c.taking(","):
        found.append(_range(c))
    return tuple(found)


def _copy(c: Cursor) -> Cursor:
    other = c.inside(c.tokens[c.place + 1 : -1])
    return other


def _range(c: Cursor) -> Range:
    """i, i = 1, \\dots, K, i \\in \\{1, \\dots, K\\}, or j \\ne t."""
    begin = c.token.at
    letter = operators._letter(c)
    if letter is None:
        c.fail("an index is expected here", expected=r"\text{for all } i")
    size: Node | None = None
    apart: Letter | None = None
    if c.taking("="):
        c.expect("1", "an index runs from 1")
        c.expect(",")
        if c.text not in t.DOTS:
            c.fail("a range is written with dots", expected=r"i = 1, \dots, K")
        c.next()
        c.taking(",")
        size = grammar.additive(c)
    elif c.taking(r"\in"):
        size = operators.counted_set(c)
    elif t.RELATIONS.get(c.text) == "!=":
        c.next()
        apart = operators._letter(c)
        if apart is None:
            c.fail("another index is expected here")
    return Range(c.since(begin), letter, size, apart)


# -- membership --------------------------------------------------------------------------------------------------------


def _is_membership(c: Cursor) -> bool:
    """Whether a sign "in" stands outside all brackets, before any relation."""
    depth = 0
    for token in c.tokens:
        depth += (token.text in grammar.CLOSING) - (token.text in (")", "]", "}", r"\}"))
        if depth == 0 and token.text == r"\in":
            return True
        if depth == 0 and token.text in t.RELATIONS:
            return False
    return False


def membership(c: Cursor) -> Node:
    begin = c.token.at
    names = [grammar.factor(c)]
    while c.taking(","):
        names.append(grammar.factor(c))
    c.expect(r"\in")
    kind, bounds, brackets = _set(c)
    return Member(c.since(begin), tuple(names), kind, bounds, brackets)


def _set(c: Cursor) -> tuple[str, tuple[Node, ...], str]:
    token = c.next()
    if token.text == r"\mathbb":
        letter = written(c.group())
        if letter == "R":
            return ("reals", _shape(c), "")
        if letter == "N" and c.text not in ("_", "^"):
            return ("naturals", (), "")
    if token.text in ("(", "["):
        low = grammar.additive(c)
        c.expect(",")
        high = grammar.additive(c)
        closing = c.next().text
        if closing not in (")", "]"):
            c.fail("this interval is not closed", token.at)
        return ("interval", (low, high), token.text + closing)
    if token.text == r"\{" and [x.text for x in c.tokens[c.place : c.place + 4]] == ["0", ",", "1", r"\}"]:
        c.place += 4
        return ("binary", (), "")
    if token.text == r"\{":
        c.place -= 1
        return ("labels", (operators.counted_set(c),), "")
    advice = r"write \mathbb{R}, \mathbb{R}^{N \times D}, \mathbb{N}, (0, 1), [0, 1] or \{0, 1\}"
    return c.fail("this set is not one that gradproof knows", token.at, advice=advice)


def _shape(c: Cursor) -> tuple[Node, ...]:
    if c.text == "_":
        c.fail("a part of the reals", advice=r"declare the sign by itself, as \tau > 0")
    if not c.taking("^"):
        return ()
    inside = c.inside(c.group())
    sizes = [grammar.factor(inside)]
    while inside.taking(r"\times"):
        sizes.append(grammar.factor(inside))
    if not inside.ended:
        inside.fail("the sizes of a space stand with \\times between", expected=r"\mathbb{R}^{N \times D}")
    return tuple(sizes)


# -- indicators and cases ----------------------------------------------------------------------------------------------


def condition(c: Cursor) -> Indicator:
    """One relation between two terms."""
    begin = c.token.at
    found = chain(c)
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
        return _indicator(c, begin) or Ones(c.since(begin))
    c.place = place
    return naming.name(c)


def upright(c: Cursor) -> Node:
    place, begin = c.place, c.token.at
    c.next()
    if written(c.group()) == "E" and c.text in ("_", "["):
        return operators.expectation(c, begin)
    c.place = place
    return operators.operator_name(c)


def _indicator(c: Cursor, begin: Span) -> Node | None:
    if c.taking("_"):
        inside = c.inside(c.group())
        found = _bracketed(inside) if inside.text in grammar.CLOSING else condition(inside)
        finish(inside)
    elif c.text in ("[", "(", r"\{", "{") and _holds_relation(c):
        found = _bracketed(c)
    else:
        return None
    return Indicator(c.since(begin), found.left, found.relation, found.right)


def _holds_relation(c: Cursor) -> bool:
    depth = 0
    for token in c.tokens[c.place :]:
        depth += (token.text in grammar.CLOSING) - (token.text in (")", "]", "}", r"\}"))
        if depth == 0:
            return False
        if depth == 1 and token.text in t.RELATIONS:
            return True
    return False


def _bracketed(c: Cursor) -> Indicator:
    closing = grammar.CLOSING[c.next().text]
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
            value = grammar.additive(c)
            c.taking(",")
            c.taking("&")
            rows.append((value, _case(c)))
            while c.text in (",", ".", ";"):
                c.next()
            if not c.taking(r"\\") and c.text != r"\end":
                c.fail("this case does not end here", expected=r"\\")
        c.next()
        if written(c.group()) != name:
            c.fail("another environment is closed here", begin)
    return Cases(c.since(begin), tuple(rows))


def _case(c: Cursor) -> Indicator | None:
    if c.text in t.UPRIGHT:
        word = naming.word_of(_copy(c)).lower()
        if word not in grammar.CONDITION_WORDS | grammar.FOR_ALL:
            c.fail("a condition is expected here", expected=r"\text{if } i = k, or \text{otherwise}")
        c.next()
        naming.word_of(c)
        if word in ("otherwise", "else"):
            return None
    c.taking("&")
    return condition(c)


def first_side(source: Source, vocabulary: Vocabulary, macros: Macros) -> list[Token]:
    """The tokens before the first relation outside all brackets."""
    found: list[Token] = []
    depth = 0
    for token in start(source, vocabulary, macros).tokens:
        depth += (token.text in grammar.CLOSING) - (token.text in (")", "]", "}", r"\}"))
        if depth == 0 and (token.text in t.RELATIONS or token.text == ":"):
            return found
        found.append(token)
    return []


grammar.ATOMS.update(
    {
        **dict.fromkeys((r"\mathbb", r"\mathbf", r"\mathds", r"\boldsymbol", r"\bm"), blackboard),
        **dict.fromkeys((r"\mathrm", r"\operatorname", r"\text", r"\mathsf"), upright),
        r"\begin": environment,
    }
)
