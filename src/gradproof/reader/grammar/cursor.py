"""A place in a row of tokens, and how to complain there.

Contract. A cursor only moves forward, except `back_to` a place it has been at. `nested` bounds how deep a formula
goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from gradproof.reader.errors import NotReadable, ReadError, Source, Span
from gradproof.reader.grammar.commands import CLOSING
from gradproof.reader.grammar.vocabulary import Vocabulary
from gradproof.reader.lexer import END, Token

MAX_DEPTH = 100


def nesting(tokens: list[Token]) -> Iterator[tuple[Token, int]]:
    """Each token with the brackets that are open behind it."""
    depth = 0
    for token in tokens:
        depth += (token.text in CLOSING) - (token.text in CLOSING.values())
        yield token, depth


class Cursor:
    def __init__(self, tokens: list[Token], source: Source, vocabulary: Vocabulary) -> None:
        last = len(source.text.rstrip()) or 1
        self.tokens = [*tokens, Token(END, "", Span(last, last + 1))]
        self.place, self.source, self.vocabulary = 0, source, vocabulary
        self.depth = 0
        self.bars = 0  # absolute values that are open here
        self.bound: frozenset[str] = frozenset()  # letters of the sums around the place
        self.listing = False  # in the brackets of a call, where a bar separates

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    @property
    def text(self) -> str:
        return self.tokens[self.place].text

    @property
    def ended(self) -> bool:
        return self.token.kind == END

    def ahead(self, n: int = 1) -> Token:
        return self.tokens[min(self.place + n, len(self.tokens) - 1)]

    def next(self) -> Token:
        token = self.tokens[self.place]
        if token.kind != END:
            self.place += 1
        return token

    def taking(self, text: str) -> bool:
        """Step over this token if it stands here."""
        if self.tokens[self.place].text != text or self.ended:
            return False
        self.place += 1
        return True

    def expect(self, text: str, why: str = "") -> Token:
        if self.text != text or self.ended:
            self.fail(why or f"{text} is missing here", expected=text)
        return self.next()

    def scripts(self) -> Iterator[str]:
        """The signs _ and ^ that follow, stepped over; a second one of a kind is refused."""
        seen = ""
        while not self.ended and self.text in ("_", "^"):
            if self.text in seen:
                self.fail("a second subscript" if self.text == "_" else "a second superscript", advice="use braces")
            seen += self.text
            yield self.next().text

    def since(self, at: Span) -> Span:
        """From the start of `at` to the last token read."""
        return at.to(self.tokens[max(self.place - 1, 0)].at)

    def found(self) -> str:
        return "the end of the formula" if self.ended else self.text

    def fail(self, message: str, at: Span | None = None, *, expected: str = "", advice: str = "") -> NoReturn:
        found = self.found() if at is None else ""
        raise ReadError(message, self.source, at or self.token.at, expected=expected, found=found, advice=advice)

    def decline(self, message: str, at: Span | None = None, *, advice: str = "") -> NoReturn:
        raise NotReadable(message, self.source, at or self.token.at, advice=advice)

    @contextmanager
    def nested(self) -> Iterator[None]:
        """One level deeper; absolute values opened outside cannot be closed inside."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"the formula is nested more than {MAX_DEPTH} levels deep", self.token.at)
        before, self.bars, self.listing = (self.bars, self.listing), 0, False
        yield
        self.bars, self.listing = before
        self.depth -= 1

    def group(self) -> list[Token]:
        """The tokens of a balanced {...}, the braces left out, or one token."""
        if self.text != "{":
            if self.ended or self.text == "}":
                self.fail("something is missing here")
            return [self.next()]
        opening, depth, found = self.next(), 1, list[Token]()
        while True:
            if self.ended:
                self.fail("this brace is not closed", opening.at, expected="}")
            token = self.next()
            depth += (token.text == "{") - (token.text == "}")
            if depth == 0:
                return found
            found.append(token)

    def inside(self, tokens: list[Token]) -> Cursor:
        """A cursor over some tokens of this one."""
        other = Cursor(tokens, self.source, self.vocabulary)
        if tokens:
            end = tokens[-1].at.end
            other.tokens[-1] = Token(END, "", Span(end, end + 1))
        other.depth, other.bound = self.depth + 1, self.bound
        return other

    @contextmanager
    def binding(self, letters: Iterable[str]) -> Iterator[None]:
        """Inside the sum over some letters."""
        before = self.bound
        self.bound = before | frozenset(letters)
        yield
        self.bound = before
