"""Limits, expectations, arg max.

Contract. An expectation says over which distribution; one over several variables at once is not readable.
"""

from __future__ import annotations

from dataclasses import replace

from gradproof.reader.errors import Span
from gradproof.reader.grammar import brackets, derivatives, expressions, groups, names, sums
from gradproof.reader.grammar import commands as t
from gradproof.reader.grammar.commands import PLACEHOLDER
from gradproof.reader.grammar.cursor import Cursor
from gradproof.reader.syntax import Best, Call, Expect, Letter, Lim, Name, Node, Verbatim


def limit(c: Cursor) -> Node:
    start = c.next().at
    c.expect("_", r"\lim does not say where")
    inside = c.inside(c.group())
    variable = expressions.factor(inside)
    arrow = inside.next()
    if not isinstance(variable, Name | Verbatim) or arrow.text not in t.ARROWS:
        c.fail("a limit says which symbol tends where", start, expected=r"\lim_{\tau \to 0}")
    point, side = _point(inside)
    if arrow.text in (r"\downarrow", r"\searrow"):
        side = "+"
    elif arrow.text in (r"\uparrow", r"\nearrow"):
        side = "-"
    body = derivatives.operand(c, start)
    return Lim(c.since(start), variable, point, side, body)


def _point(c: Cursor) -> tuple[Node, str]:
    """The point, and the side if a + or - is raised at its end."""
    tokens = c.tokens[c.place : -1]
    texts = [x.text for x in tokens]
    side = ""
    for tail in (["^", "+"], ["^", "-"], ["^", "{", "+", "}"], ["^", "{", "-", "}"]):
        if texts[-len(tail) :] == tail:
            side = tail[-1] if len(tail) == 2 else tail[2]
            tokens = tokens[: -len(tail)]
    inside = c.inside(tokens)
    point = expressions.additive(inside)
    if not inside.ended:
        inside.fail("the point of the limit does not end here")
    return point, side


def expectation(c: Cursor, start: Span) -> Node:
    r"""\mathbb{E}_{x \sim p}[...], \mathbb{E}_p[...]."""
    if not c.taking("_"):
        c.decline(
            "an expectation that does not say over which distribution", start, advice=r"write \mathbb{E}_{x \sim p}"
        )
    inside = c.inside(c.group())
    letter: Letter | None = None
    place = inside.place
    if inside.text in ("(", "["):
        c.decline("an expectation over several variables at once", start)
    letter = sums.index_letter(inside)
    if letter is None or not inside.taking(r"\sim"):
        letter, inside.place = None, place
    weights = expressions.factor(inside)
    if not inside.ended:
        if inside.text in (",", r"\sim"):
            c.decline("an expectation over several variables at once", start)
        inside.fail("the distribution of the expectation does not end here", expected=r"x \sim p")
    weights = _without_outcome(weights, letter)
    with c.binding([letter.text] if letter else []):
        body = brackets.parenthesis(c) if c.text in ("[", "(", r"\{") else derivatives.operand(c, start)
    return Expect(c.since(start), letter, weights, body)


def _without_outcome(weights: Node, letter: Letter | None) -> Node:
    """x ~ p(x) is x ~ p; x ~ p(. | z) is x ~ p(x | z)."""
    if isinstance(weights, Call) and len(weights.args) == 1:
        only = weights.args[0]
        if isinstance(only, Name) and only.letter in (PLACEHOLDER, letter.text if letter else None):
            return weights.name
    if isinstance(weights, Call) and letter is not None:
        own = Name(letter.at, letter.text)
        args = tuple(own if isinstance(a, Name) and a.letter == PLACEHOLDER else a for a in weights.args)
        return replace(weights, args=args)
    return weights


def best(c: Cursor) -> Node:
    r"""\arg\max_\theta f, \operatorname*{arg\,max}_{\theta} f."""
    start = c.token.at
    kind = best_kind(c)
    if not c.taking("_"):
        c.decline("an arg max that does not say over what", start)
    variable = groups.argument(c)
    body = derivatives.operand(c, start)
    return Best(c.since(start), kind, variable, body)


def best_kind(c: Cursor) -> str:
    if c.taking(r"\arg"):
        return c.next().text.removeprefix("\\") if c.text in (r"\max", r"\min") else c.fail("arg of what?")
    token = c.next()
    if token.text in (r"\argmax", r"\argmin"):
        return token.text[-3:]
    return t.ARGUMENTS_OF_THE_BEST[names.word_of(c)]


def is_best(c: Cursor) -> bool:
    if c.text in (r"\arg", r"\argmax", r"\argmin"):
        return True
    if not c.text.startswith(r"\operatorname"):
        return False
    return "".join(c.ahead(n).text for n in range(2, 8)) in t.ARGUMENTS_OF_THE_BEST and c.ahead(8).text == "}"


def operator_name(c: Cursor) -> Node:
    return best(c) if is_best(c) else names.name(c)
