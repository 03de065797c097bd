r"""LaTeX as a flat row of tokens, each with its place.

Contract. Only what is listed here is a token; nothing is executed and no category code changes. Spacing disappears
and is remembered as a gap; \left, \right and \big leave their mark on the bracket behind them. Input is bounded.

Blind spot. A comment runs to the end of its line, as in LaTeX, and is dropped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from gradproof.reader.errors import ReadError, Source, Span

MAX_CHARACTERS, MAX_TOKENS, MAX_DIGITS = 20_000, 8_000, 40

COMMAND, LETTER, NUMBER, SYMBOL, END = "command", "letter", "number", "symbol", "end"

SPACING = frozenset(
    [
        r"\,",
        r"\;",
        r"\:",
        r"\!",
        r"\>",
        r"\quad",
        r"\qquad",
        r"\thinspace",
        r"\medspace",
        r"\thickspace",
        r"\negthinspace",
        r"\enspace",
        r"\displaystyle",
        r"\textstyle",
        r"\scriptstyle",
        r"\limits",
        r"\nolimits",
        r"\nonumber",
        r"\notag",
        r"\noindent",
        r"\relax",
        r"\/",
    ]
) | {"\\ "}

SIDES = {
    **dict.fromkeys((r"\left", r"\bigl", r"\Bigl", r"\biggl", r"\Biggl"), "open"),
    **dict.fromkeys((r"\right", r"\bigr", r"\Bigr", r"\biggr", r"\Biggr"), "close"),
    **dict.fromkeys((r"\big", r"\Big", r"\bigg", r"\Bigg", r"\bigm", r"\Bigm", r"\biggm"), ""),
    r"\middle": "middle",
}

DELIMITERS = frozenset(
    [
        r"(",
        r")",
        r"[",
        r"]",
        r"|",
        r".",
        r"<",
        r">",
        r"/",
        r"\{",
        r"\}",
        r"\|",
        r"\lvert",
        r"\rvert",
        r"\lVert",
        r"\rVert",
        r"\vert",
        r"\Vert",
        r"\langle",
        r"\rangle",
        r"\lbrace",
        r"\rbrace",
    ]
)

SPELLINGS = {r"\vert": "|", r"\lbrace": r"\{", r"\rbrace": r"\}", r"\Vert": r"\|", r"\lbrack": "[", r"\rbrack": "]"}

_SIDED = {r"\lvert": ("|", "open"), r"\rvert": ("|", "close"), r"\lVert": (r"\|", "open"), r"\rVert": (r"\|", "close")}

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n~]+|%[^\n]*)|(?P<command>\\operatorname\*|\\[A-Za-z]+|\\[\x20-\x7e])"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<letter>[A-Za-z])|(?P<symbol>[-{}()\[\]|+*/=<>_^,.:;!'&])"
)


@dataclass(frozen=True, slots=True)
class Token:
    """`gap`: space stands before it; `side`: what \\left or \\right said of a bracket."""

    kind: str
    text: str
    at: Span
    gap: bool = False
    side: str = ""


def tokenize(source: Source) -> list[Token]:
    """The tokens of a formula, without an end mark. Raises ReadError at the first character that is none."""
    text = source.text
    if len(text) > MAX_CHARACTERS:
        message = f"the formula is longer than {MAX_CHARACTERS:,} characters"
        raise ReadError(message, source, Span(0, 1), found=f"{len(text):,} characters")
    tokens: list[Token] = []
    gap, side = False, None
    for kind, found, at in _pieces(source):
        if kind == "space" or found in SPACING:
            gap = True
        elif found in SIDES:
            if side is not None:
                raise _no_bracket(source, at, found)
            side, gap = SIDES[found], True
        else:
            token = _token(source, kind, found, at, gap)
            if side is not None:
                token, side = _sided(source, token, side), None
            if token.text:
                tokens.append(token)
            gap = False
    if side is not None:
        raise _no_bracket(source, Span(len(text), len(text) + 1), "the end of the formula")
    if len(tokens) > MAX_TOKENS:
        raise ReadError(f"the formula has more than {MAX_TOKENS:,} parts", source, tokens[MAX_TOKENS].at)
    return tokens


def _pieces(source: Source) -> Iterator[tuple[str, str, Span]]:
    """What stands in the text, spaces and comments included: kind, spelling, place."""
    place = 0
    while place < len(source.text):
        match = _TOKEN.match(source.text, place)
        if match is None:
            raise _stranger(source, place)
        yield str(match.lastgroup), match.group(), Span(place, match.end())
        place = match.end()


def _token(source: Source, kind: str, found: str, at: Span, gap: bool) -> Token:
    if kind == NUMBER and len(found) > MAX_DIGITS:
        raise ReadError(f"a number of more than {MAX_DIGITS} digits", source, at)
    if found in _SIDED:
        spelled, side = _SIDED[found]
        return Token(SYMBOL, spelled, at, gap, side)
    spelled = SPELLINGS.get(found, found)
    return Token(SYMBOL if len(spelled) == 1 and kind == COMMAND else kind, spelled, at, gap)


def _sided(source: Source, token: Token, side: str) -> Token:
    """The bracket behind \\left, \\right, \\big; the empty one disappears."""
    if token.text not in DELIMITERS:
        raise _no_bracket(source, token.at, token.text)
    if side == "middle":
        return replace(token, kind=COMMAND, text=r"\mid" if token.text == "|" else token.text)
    return replace(token, side=side, text="" if token.text == "." and side else token.text)


def _no_bracket(source: Source, at: Span, found: str) -> ReadError:
    advice = r"write a bracket behind \left, \right or \big, or \left. for none"
    return ReadError("a bracket is missing here", source, at, expected="a bracket", found=found, advice=advice)


def _stranger(source: Source, place: int) -> ReadError:
    character = source.text[place]
    name = unicodedata.name(character, "a control character")
    named = f"U+{ord(character):04X} {name}"
    advice = "write it as a LaTeX command or an ASCII letter"
    if character in '$#@"`?':
        named, advice = f"the character {character}", "give the formula alone, without it"
    return ReadError(f"{named} has no place in a formula", source, Span(place, place + 1), advice=advice)


def written(tokens: list[Token] | tuple[Token, ...]) -> str:
    """Tokens as LaTeX with a space only where a command would run into a letter."""
    text = ""
    for t in tokens:
        if text and t.kind in (LETTER, NUMBER) and re.search(r"\\[A-Za-z]+$", text):
            text += " "
        text += t.text
    return text
