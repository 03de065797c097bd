"""The reading of a whole formula.

Contract. `parse` reads all of the text or raises at the first token that is left over.

Blind spot. A trailing full stop, comma or semicolon is punctuation.
"""

from __future__ import annotations

from gradproof.reader.errors import Source, Span
from gradproof.reader.grammar import commands as t
from gradproof.reader.grammar import propositions
from gradproof.reader.grammar.cursor import Cursor, nesting
from gradproof.reader.grammar.vocabulary import Vocabulary
from gradproof.reader.lexer import Token, tokenize
from gradproof.reader.macros import Macros, expand
from gradproof.reader.syntax import Node


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
    found = propositions.membership(c) if propositions.is_membership(c) else propositions.proposition(c)
    finish(c)
    return found


def finish(c: Cursor) -> None:
    if c.ended:
        return
    if c.text in t.NOT_CLAIMS:
        c.decline(f"{t.NOT_CLAIMS[c.text]} is not a claim gradproof can decide")
    if c.text in t.CLOSING.values():
        c.fail("this bracket was never opened")
    if c.text in ("&", r"\\"):
        c.fail("several rows", advice="give one formula at a time")
    if c.text == "!":
        c.decline("a factorial")
    c.fail("the formula could end here, but goes on", advice="remove what follows, or connect it")


def first_side(source: Source, vocabulary: Vocabulary, macros: Macros) -> list[Token]:
    """The tokens before the first relation outside all brackets."""
    found: list[Token] = []
    for token, depth in nesting(start(source, vocabulary, macros).tokens):
        if depth == 0 and (token.text in t.RELATIONS or token.text == ":"):
            return found
        found.append(token)
    return []
