r"""\newcommand in bounds: definitions are data, expansion counts every token it makes.

Contract. A macro has at most nine arguments and no optional one, may not redefine what the reader knows, and is
expanded before parsing; the tokens it makes stand at the place of its call. At most MAX_MADE tokens are made in one
formula.

Blind spot. No scoping, no \def, no conditionals, no environments.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from gradproof.reader.errors import NotReadable, ReadError, Source, Span
from gradproof.reader.lexer import NUMBER, Token, tokenize

MAX_MADE = 10_000

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)(%[^\n]*)")

# No part of it can match the same text in two ways, so that a hostile file takes time in proportion to its length.
_DEFINITION = re.compile(
    r"\\(?P<how>newcommand|renewcommand|providecommand|DeclareMathOperator)(?P<star>\*?)\s*+"
    r"(?:\{\s*+(?P<braced>\\[A-Za-z]+)\s*+\}|(?P<bare>\\[A-Za-z]+))\s*+"
    r"(?:\[(?P<arity>[0-9])\]\s*+)?(?:\[(?P<default>[^\]]{0,200})\]\s*+)?\{"
)


@dataclass(frozen=True)
class Macro:
    """`body` with the numbers of its arguments in place of #1, #2, ..."""

    name: str
    arity: int
    body: tuple[Token | int, ...]


Macros = Mapping[str, Macro]


def macros_in(text: str, known: frozenset[str] = frozenset(), label: str = "") -> dict[str, Macro]:
    """The macros that a text defines. Raises where one redefines a command in `known` or takes an optional argument."""
    source = Source(_uncommented(text), label)
    found: dict[str, Macro] = {}
    for match in _DEFINITION.finditer(source.text):
        at = Span(*match.span())
        name = match["braced"] or match["bare"]
        if match["how"] == "providecommand" and (name in found or name in known):
            continue  # it defines only what has no meaning yet
        if name in known:
            raise ReadError(f"{name} has a meaning already and is not redefined", source, at)
        if match["default"] is not None:
            raise NotReadable(f"{name} takes an optional argument", source, at, advice="define it with plain arguments")
        body = _balanced(source, match.end())
        if match["how"] == "DeclareMathOperator":
            body = rf"\operatorname{match['star']}{{{body}}}"
        found[name] = Macro(name, int(match["arity"] or 0), _body(body, at))
    return found


def _uncommented(text: str) -> str:
    """Comments as spaces, so that a definition that is commented out defines nothing and places stay right."""
    return _COMMENT.sub(lambda match: match[1] + " " * len(match[2]), text)


def _balanced(source: Source, start: int) -> str:
    depth, place = 1, start
    while place < len(source.text) and depth:
        c = source.text[place]
        place += 2 if c == "\\" else 1
        depth += (c == "{") - (c == "}")
    if depth:
        raise ReadError("this definition is not closed", source, Span(start - 1, start), expected="}")
    return source.text[start : place - 1]


def _body(body: str, at: Span) -> tuple[Token | int, ...]:
    parts: list[Token | int] = []
    for n, piece in enumerate(re.split(r"#([1-9])", body)):
        if n % 2:
            parts.append(int(piece))
        else:
            parts += [replace(t, at=at) for t in tokenize(Source(piece))]
    return tuple(parts)


def expand(tokens: list[Token], macros: Macros, source: Source) -> list[Token]:
    """The tokens with every macro expanded."""
    if not any(t.text in macros for t in tokens):
        return tokens
    pending, found, made = deque(tokens), [], 0
    while pending:
        token = pending.popleft()
        macro = macros.get(token.text)
        if macro is None:
            found.append(token)
            continue
        arguments = [_argument(pending, macro, token, source) for _ in range(macro.arity)]
        expansion = _expansion(macro, arguments, token, source)
        made += len(expansion) + 1
        if made > MAX_MADE:
            raise ReadError("the macros of this formula expand without end", source, token.at, found=token.text)
        pending.extendleft(reversed(expansion))
    return found


def _expansion(macro: Macro, arguments: list[list[Token]], call: Token, source: Source) -> list[Token]:
    found: list[Token] = []
    for part in macro.body:
        if isinstance(part, int):
            if part > macro.arity:
                raise ReadError(f"{macro.name} has no argument #{part}", source, call.at)
            found += arguments[part - 1]
        else:
            found.append(replace(part, at=call.at, gap=part.gap or not found))
        if len(found) > MAX_MADE:
            raise ReadError("the macros of this formula expand without end", source, call.at, found=macro.name)
    return found


def _argument(pending: deque[Token], macro: Macro, call: Token, source: Source) -> list[Token]:
    """One token, or what stands between braces; digits are taken one by one, as LaTeX does."""
    if not pending:
        raise ReadError(f"{macro.name} lacks an argument", source, call.at, expected=f"{macro.arity} arguments")
    first = pending.popleft()
    if first.kind == NUMBER and len(first.text) > 1:
        pending.appendleft(replace(first, text=first.text[1:], at=Span(first.at.start + 1, first.at.end), gap=False))
        return [replace(first, text=first.text[0])]
    if first.text != "{":
        return [first]
    found, depth = list[Token](), 1
    while pending:
        token = pending.popleft()
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0:
            return found
        found.append(token)
    raise ReadError(f"the argument of {macro.name} is not closed", source, call.at, expected="}")


def joined(tables: Iterable[Macros]) -> dict[str, Macro]:
    """Several tables as one, later ones first."""
    found: dict[str, Macro] = {}
    for table in tables:
        found.update(table)
    return found
