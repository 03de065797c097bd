"""What is written at a name: subscripts cut into parts, marks, exponents, transposes.

Contract. A superscript is an exponent unless it is a star, a prime, a word, an index in round brackets or a
transpose; one that looks like a label as much as like a power is refused.
"""

from __future__ import annotations

from itertools import pairwise, takewhile

from gradproof.reader.errors import Span
from gradproof.reader.grammar import brackets, calls, expressions, groups, names
from gradproof.reader.grammar import commands as t
from gradproof.reader.grammar.commands import MAX_WORD
from gradproof.reader.grammar.cursor import Cursor
from gradproof.reader.grammar.vocabulary import FAMILY
from gradproof.reader.lexer import COMMAND, LETTER, NUMBER, Token, written
from gradproof.reader.syntax import (
    Bracket,
    Component,
    Flipped,
    Key,
    Kronecker,
    Name,
    Node,
    Num,
    Part,
    Power,
    Verbatim,
)
from gradproof.render.naming import join_indices


class _Scripts:
    """What has been read at a head so far."""

    def __init__(self, c: Cursor, head: str, bold: bool, start: Span) -> None:
        self.c, self.head, self.bold, self.start = c, head, bold, start
        self.parts: tuple[Part, ...] = ()
        self.raised: tuple[Part, ...] = ()
        self.mark = ""
        self.exponent: Node | None = None
        self.flipped = self.subscripted = False

    @property
    def name(self) -> Name:
        return Name(self.c.since(self.start), self.head, (*self.raised, *self.parts), self.mark, self.bold)

    def prime(self, at: Span) -> None:
        self.mark += "'"
        if len(self.mark) > MAX_WORD:
            self.c.fail("so many primes", at)

    def below(self, at: Span) -> None:
        if self.subscripted:
            self.c.fail("a second subscript", at, advice="put both into one: x_{i,j}")
        if self.exponent is not None and not (isinstance(self.exponent, Num) and self.exponent.value > 0):
            self.c.fail("an entry of a power, or a power of an entry?", at, advice="write the subscript first")
        self.parts, self.subscripted = subscript(self.c), True

    def above(self, at: Span) -> None:
        if self.exponent is not None or self.flipped:
            self.c.fail("a second superscript", at, advice="use brackets")
        if (more := mark_of(self.c)) is not None:
            self.mark += more
        elif (index := raised_index(self.c)) is not None:
            self.raised = (index,) if index.kind == "letter" else ()
            self.mark += "" if self.raised else f"({index.text})"
        elif is_transpose(self.c):
            self.flipped = True
        else:
            self.exponent = exponent_of(self.c, self.name)


def scripts(c: Cursor, head: str, bold: bool, start: Span, operator: bool = False) -> Node:
    """What is written at a head: subscript, marks, an exponent, a transpose; then a call if it is one."""
    found = _Scripts(c, head, bold, start)
    reading = {"_": found.below, "^": found.above, "'": found.prime}
    while c.text in reading and not c.ended:
        sign = c.next()
        reading[sign.text](sign.at)
    parts = found.parts
    if head == r"\delta" and len(parts) == 1 and parts[0].kind == "other" and len(parts[0].letters) == 1:
        c.fail("a delta of one index, or of two?", parts[0].at, advice=r"write \delta_{1,k}")
    if head == r"\delta" and len(parts) == 2 and not (found.mark or found.raised) and _is_kronecker(c, parts):
        return _finished_delta(c, parts, found.exponent, start)
    return finished(c, found.name, found.exponent, found.flipped, operator, start)


def finished(c: Cursor, found: Name, exponent: Node | None, flipped: bool, operator: bool, start: Span) -> Node:
    if exponent is None and not flipped:
        return expressions.postfix(c, calls.called(c, found, operator), start)
    if c.text in ("(", "[") and exponent is not None and calls.is_function(c, found) and not _factor_follows(c, found):
        c.fail("an exponent between a function and its argument", found.at, advice=r"write f(x)^2")
    calls.must_be_applied(c, found, operator)
    return Flipped(c.since(start), found) if flipped else Power(c.since(start), found, exponent or found)


def _factor_follows(c: Cursor, n: Name) -> bool:
    r"""\sigma^2 (a + b): a symbol, since no bracket follows it directly, and a sum, which is no argument of a power."""
    place = c.place
    inside = brackets.bracket(c, after_name=True) if n.head in t.FUNCTIONS else None
    c.place = place
    return isinstance(inside, Bracket) and not isinstance(inside.inner, Name | Component | Verbatim)


def _is_kronecker(c: Cursor, parts: tuple[Part, ...]) -> bool:
    """Unless delta with these indices is declared as something else; a declared number delta has none."""
    texts = tuple(p.text for p in parts)
    return c.vocabulary.kinds.get(Key(r"\delta")) != FAMILY and Key(r"\delta", texts) not in c.vocabulary.kinds


def _finished_delta(c: Cursor, parts: tuple[Part, ...], exponent: Node | None, start: Span) -> Node:
    for p in parts:
        if p.kind not in ("letter", "number"):
            c.fail("an index of a delta is a letter or a number", p.at)
    delta = Kronecker(c.since(start), parts[0], parts[1])
    if isinstance(exponent, Name) and not calls.kind_of(c, exponent):
        c.fail("a power of a delta, or a third index?", exponent.at, advice=r"write (\delta_{ij})^l for a power")
    return delta if exponent is None else Power(c.since(start), delta, exponent)


def mark_of(c: Cursor) -> str | None:
    """A superscript that belongs to the name: a star, primes, a word."""
    place = c.place
    tokens = c.group() if c.text == "{" or c.text in t.MARKS else []
    found = [t.MARKS.get(x.text) for x in tokens]
    if tokens and all(found) and (len(tokens) == 1 or set(found) == {"'"}):
        return "".join(x or "" for x in found)
    c.place = place
    braced = c.text == "{"
    font = c.ahead(1 if braced else 0).text
    if font in t.UPRIGHT and font != r"\mathit":
        c.place += 2 if braced else 1
        word = names.word_of(c)
        known = c.vocabulary.quantity(names.word_head(word))
        if word != "T" and not known and (not braced or c.taking("}")):
            return rf"\mathrm{{{word}}}"
        c.place = place
    return None


def raised_index(c: Cursor) -> Part | None:
    """x^{(i)}, x^{[l]}: one letter or number in brackets."""
    place = c.place
    texts = [x.text for x in c.group()] if c.text == "{" else []
    tokens = c.tokens[place + 1 : place + 1 + len(texts)]
    if len(texts) >= 3 and (texts[0], texts[-1]) in (("(", ")"), ("[", "]")):
        inside = c.inside(tokens[1:-1])
        parts = chunk_parts(inside, tokens[1:-1], 0)
        if len(parts) == 1 and parts[0].kind in ("letter", "number"):
            p = parts[0]
            return Part(p.at, p.text, p.kind, -1, p.letters, True, p.entry)
    c.place = place
    return None


def is_transpose(c: Cursor) -> bool:
    r"""Step over ^\top and its like; whether a plain T is one is seen later, when shapes are known."""
    place = c.place
    tokens = c.group() if c.text == "{" else [c.next()]
    texts = [x.text for x in tokens]
    if len(texts) == 1 and texts[0] in t.TRANSPOSES:
        return True
    if texts and texts[0] in t.UPRIGHT and [x for x in texts[1:] if x not in "{}"] == ["T"]:
        return True
    c.place = place
    return False


def exponent_of(c: Cursor, base: Name) -> Node:
    """A power, unless the superscript looks like a label."""
    inside = takewhile(lambda x: x.text != "}", c.tokens[c.place + 1 :])
    if _is_like_a_label(c, base, list(inside) if c.text == "{" else [c.token]):
        advice = r"write \mathrm{...} for a label, (\pi) or A \cdot B for a power"
        c.fail("a power, or a label of the name?", advice=advice)
    return groups.exponent(c)


def _is_like_a_label(c: Cursor, base: Name, raised: list[Token]) -> bool:
    r"""Capitals side by side; over a name that is not declared also \pi, brackets, and an index beside a subscript."""
    texts = [x.text for x in raised]
    if len(raised) > 1 and all(x.kind == LETTER and x.text.isupper() for x in raised):
        return not all(map(c.vocabulary.quantity, texts))
    delta = base.head == r"\delta"
    if (
        (delta and len(base.parts) == 2)
        or c.vocabulary.kind(base.head, base.texts, base.mark)
        or calls.is_letter(c, base)
    ):
        return False
    if texts == [r"\pi"] or (texts and (texts[0], texts[-1]) in (("(", ")"), ("[", "]"))):
        return True
    single = texts[0] if len(texts) == 1 else ""
    index = single in c.bound or single in c.vocabulary.indices
    mixed = delta and single.isalpha()  # \delta_i^k is \delta_{ik} as often as a power
    return bool(base.parts) and (index or mixed)


def subscript(c: Cursor) -> tuple[Part, ...]:
    """The parts of a subscript; commas separate them, letters side by side are parts too."""
    at = c.token.at
    if c.text != "{":
        return (_lone_part(c),)
    tokens = c.group()
    with c.nested():
        parts: list[Part] = []
        for run, chunk in enumerate(_chunks(tokens)):
            if not chunk:
                c.fail("an empty place in a subscript", at)
            parts += chunk_parts(c.inside(chunk), chunk, run)
    return tuple(parts)


def _lone_part(c: Cursor) -> Part:
    token = c.token
    if token.kind == NUMBER and len(token.text) > 1:
        c.fail("LaTeX lowers the first digit only", advice=f"write _{{{token.text}}}")
    if token.kind not in (LETTER, NUMBER, COMMAND):
        c.fail("an index is expected here")
    return unit(c, 0, lone=True)


def _chunks(tokens: list[Token]) -> list[list[Token]]:
    """The tokens between the commas that stand outside braces and brackets."""
    found: list[list[Token]] = [[]]
    depth = 0
    for x in tokens:
        depth += (x.text in ("{", "(", "[")) - (x.text in ("}", ")", "]"))
        if x.text == "," and depth == 0:
            found.append([])
        else:
            found[-1].append(x)
    return found


def chunk_parts(c: Cursor, tokens: list[Token], run: int) -> list[Part]:
    """Letters, numbers and words side by side; anything else is one part of its own kind."""
    parts: list[Part] = []
    simple = all(map(_is_simple, tokens)) and tokens[0].text not in ("_", "'")
    while simple and not c.ended:
        if c.text == "{":  # braces that do not show, as in k \neq {i}
            inner = c.group()
            parts += chunk_parts(c.inside(inner), inner, run) if inner else []
        else:
            parts.append(unit(c, run))
    numbers_first = any(a.kind == "number" and b.kind != "number" for a, b in pairwise(parts))
    if simple and not numbers_first:
        return parts
    at = tokens[0].at.to(tokens[-1].at)
    letters = tuple(x.text for x in tokens if x.kind == LETTER or x.text in t.GREEK)
    return [Part(at, written(tokens), "other", run, letters)]


def _is_simple(x: Token) -> bool:
    """Whether a token may stand in a subscript that is letters, numbers and words only."""
    return x.kind in (LETTER, NUMBER) or x.text in "_{}'" or x.text in t.NAMES


def unit(c: Cursor, run: int, lone: bool = False) -> Part:
    """One letter with its primes and its own subscript, a number, or a word; `lone` if no braces stand around it."""
    token = c.token
    if token.kind == NUMBER:
        c.next()
        return Part(token.at, token.text, "number" if token.text.isdigit() else "other", run)
    if token.text in t.UPRIGHT and token.text != r"\mathit":
        c.next()
        word = names.word_of(c)
        return Part(c.since(token.at), word if len(word) == 1 else rf"\mathrm{{{word}}}", "word", run)
    if token.kind == COMMAND and not (token.text in t.GREEK or token.text in t.ACCENTS or token.text in t.BOLD
                                      or token.text in t.STYLED or token.text == r"\mathit"):  # fmt: skip
        c.fail(f"{token.text} has no place in a subscript")
    text, _ = names.head_of(c)
    text = text[8] if text.startswith(r"\mathit{") else text
    while not lone and c.taking("'"):
        text += "'"
    if lone or not c.taking("_"):
        return Part(c.since(token.at), text, "letter", run, (text,))
    inner = subscript(c)
    at = c.since(token.at)
    below = join_indices([p.text for p in inner])
    whole = f"{text}_{below}" if len(below) == 1 else f"{text}_{{{below}}}"
    mark = "'" * (len(text) - len(text.rstrip("'")))
    own = Name(at, text.rstrip("'"), inner, mark)
    return Part(at, whole, "letter", run, (text, *(p.text for p in inner)), False, own)
