"""Names in a formula: letters, fonts, accents, subscripts, marks.

Contract. A name takes its whole subscript, cut into parts; which parts are indices is decided later.

Blind spot. Two letters without space between them are a product, as in LaTeX; three or more are refused unless each
of them is declared.
"""

from __future__ import annotations

from gradproof.reader.grammar import calls, expressions, subscripts
from gradproof.reader.grammar import commands as t
from gradproof.reader.grammar.commands import DIFFERENTIAL, EULER, MAX_WORD
from gradproof.reader.grammar.cursor import Cursor
from gradproof.reader.lexer import LETTER, NUMBER, Token, written
from gradproof.reader.syntax import Node, Verbatim


def name(c: Cursor) -> Node:
    """A name with everything that belongs to it: scripts, exponent, the bracket of a call."""
    start = c.token.at
    word = bare_word(c)
    if word:
        return expressions.postfix(c, calls.call_of_word(c, word, start), start)
    operator = c.text.startswith(r"\operatorname")
    head, bold = head_of(c)
    if head == "e" and c.text == "^":
        return expressions.euler(c, start)
    return subscripts.scripts(c, head if head != "e" or not _is_euler(c) else EULER, bold, start, operator)


def lone_head(c: Cursor) -> str:
    """The head of a letter that is an exponent without braces: a script behind it is not its own."""
    head, _ = head_of(c)
    if head != "e":
        return head
    _must_be_declared(c)
    return EULER


def _is_euler(c: Cursor) -> bool:
    """The letter e with a subscript, or declared, is a name; alone it would be read in two ways."""
    if c.text != "_":
        _must_be_declared(c)
    return True


def _must_be_declared(c: Cursor) -> None:
    if not c.vocabulary.quantity("e") and not c.vocabulary.quantity(EULER):
        c.fail("e alone: a name, or the base of the exponential?", advice=r"write \exp(1), or declare e")


def head_of(c: Cursor) -> tuple[str, bool]:
    """The head of a name in its one spelling, and whether a font says vector."""
    token = c.next()
    if token.kind == LETTER or token.text in t.GREEK:
        return DIFFERENTIAL if token.text == "d" else token.text, False
    if token.text in t.BOLD:
        return _inner(c, token)[0], True
    if token.text in t.STYLED:
        inner = written(c.group())
        if not inner.isalnum() or len(inner) > 1:
            c.fail(f"{token.text} goes over one letter", token.at, advice=rf"write a word as \mathrm{{{inner}}}")
        return f"{token.text}{{{inner}}}", False
    if token.text in t.UPRIGHT:
        word = word_of(c, one=True)
        if word.lower() in t.PROSE:
            c.decline("words have no meaning as a formula", token.at)
        return word_head(word, token.text), False
    if token.text in t.ACCENTS:
        inner, bold = _inner(c, token)
        return f"{t.ACCENTS[token.text]}{{{inner}}}", bold
    return c.fail(f"{token.text} is not a name", token.at)


def word_head(word: str, font: str = r"\mathrm") -> str:
    if word == "d":
        return DIFFERENTIAL
    if len(word) == 1 and word.isalpha():
        return EULER if (word, font) == ("e", r"\mathit") else word
    return rf"\mathrm{{{word}}}"


def word_of(c: Cursor, one: bool = False) -> str:
    """The word in a group, spaces left out; `one` refuses several words."""
    at = c.token.at
    tokens = c.group()
    if one and any(x.gap for x in tokens[1:]):
        c.decline("words have no meaning as a formula", at)
    word = "".join(x.text for x in tokens if x.text not in ("{", "}"))
    if not word or not all(x.kind in (LETTER, NUMBER) or x.text in "-.{}'" for x in tokens):
        c.fail("a word is expected here", at, expected="letters and digits")
    if len(word) > MAX_WORD:
        c.fail(f"a word of more than {MAX_WORD} letters", at)
    return word


def _inner(c: Cursor, font: Token) -> tuple[str, bool]:
    """The head below a font or an accent."""
    with c.nested():
        if c.text != "{":
            return head_of(c)
        opening = c.next()
        if c.text == "}":
            c.fail(f"nothing stands below {font.text}", opening.at)
        _subscript_outside(c)
        if c.token.kind == NUMBER:
            c.fail("a number is not a name", c.token.at)
        found = head_of(c)
        if c.text != "}":
            c.fail(f"{font.text} goes over one letter", expected="}")
        c.next()
    return found


def _subscript_outside(c: Cursor) -> None:
    r"""\hat{y_i} is \hat{y}_i: the subscript is put behind the braces."""
    depth, below, end = 0, None, None
    for n in range(c.place, len(c.tokens)):
        text = c.tokens[n].text
        if text == "}" and depth == 0:
            end = n
            break
        depth += (text == "{") - (text == "}")
        below = n if below is None and text == "_" and depth == 0 else below
    if below is not None and end is not None:
        inside = c.tokens[below:end]
        c.tokens[below : end + 1] = [c.tokens[end], *inside]


def bare_word(c: Cursor) -> str:
    """A function typed as plain letters, as ln(x); empty if the letters here are names."""
    run = _run(c)
    word = "".join(x.text for x in run)
    if len(run) < 2:
        return ""
    declared = [x.text for x in run if c.vocabulary.quantity(x.text)]
    at = run[0].at.to(run[-1].at)
    if word in t.BARE_WORDS:
        after = c.ahead(len(run))
        if len(declared) == len(run):
            c.fail(
                f"{word} is a word here, or the product of {', '.join(word)}?", at, advice=rf"write \{word} or spaces"
            )
        if after.text not in ("(", "[", r"\{"):
            c.fail(f"{word} without a backslash", at, advice=rf"write \{word}, or spaces for a product")
        c.place += len(run)
        return word
    if len(run) > 2 and len(declared) < len(run):
        c.fail(f"{word[:MAX_WORD]} is one word, or a product of letters?", at, advice=r"write \mathrm{...}, or spaces")
    return ""


def _run(c: Cursor) -> list[Token]:
    """The letters that stand together here, if this is the first of them."""
    before = c.tokens[c.place - 1] if c.place else None
    if before is not None and before.kind == LETTER and not c.token.gap and before.at.end == c.token.at.start:
        return []
    found: list[Token] = []
    while (x := c.ahead(len(found))).kind == LETTER and not (found and (x.gap or x.at.start != found[-1].at.end)):
        found.append(x)
    return found


def verbatim(c: Cursor) -> Node | None:
    """A declared name that is found word for word, the longest one."""
    for texts, which in c.vocabulary.verbatim.get(c.text, ()):
        tokens = c.tokens[c.place : c.place + len(texts)]
        if tuple(x.text for x in tokens) == texts:
            start = c.token.at
            c.place += len(texts)
            parts = subscripts.subscript(c) if c.taking("_") else ()
            return Verbatim(c.since(start), which, parts)
    return None
