r"""What stands in a display and is no formula, blanked: labels, tags, wrapping environments, \boxed, braces' labels.

Contract. The text keeps its length and its lines, so that places in it are places in the file.

Blind spot. Nothing is expanded: a macro that holds a label is not seen to.
"""

from __future__ import annotations

import re

_ROWS = r"\{(?:aligned|split|gathered)\}"
_WRAPPER = re.compile(
    rf"\\left\s*\\(?:\{{|lbrace)\s*\\begin{_ROWS}|\\end{_ROWS}\s*\\right\s*\.|"  # a system of equations
    r"\\(?:begin|end)\s*\{(?:split|aligned|alignedat|gathered|align|alignat|gather|equation|multlined|multline|flalign"
    r"|eqnarray)\*?\}(?:\[[tbc]\])?(?:\{\d+\})?"
)
_DROPPED = re.compile(
    r"\\(?:label|tag\*?|hspace\*?|vspace\*?|color)\s*\{[^{}]*\}|\\textcolor\s*\{[^{}]*\}"
    r"|\\(?:nonumber|notag|qedhere|allowdisplaybreaks|numberthis|hfill|hfil|underbrace|overbrace)(?![A-Za-z])"
    r"|%\s*\]\]>|\\q?quad\s*\(\s*\d+(?:\.\d+)*[a-z]?\s*\)(?=\s*(?:\\\\|$))"  # a number written by hand
)
_ANNOTATED = re.compile(r"\\(?:overset|underset|stackrel)\s*\{(?:[^{}!]|\{[^{}]*\})*\}\s*\{\s*=\s*\}")
_BRACE_LABEL = re.compile(r"\\(?:under|over)brace")
_BOXED = re.compile(r"\\boxed\s*\{")
_INTERTEXT = re.compile(r"\\(?:short)?intertext\s*\{")


def simplified(text: str) -> str:
    """Labels, tags, wrapping environments and \\boxed blanked."""
    out = text

    def blank(start: int, end: int) -> None:
        nonlocal out
        out = blanked(out, start, end)

    for m in _BRACE_LABEL.finditer(text):
        body = _closing(text, text.find("{", m.end()))
        label = re.compile(r"\s*[_^]\s*\{").match(text, body + 1)
        if body > 0 and label:
            blank(body + 1, _closing(text, label.end() - 1) + 1)
    for pattern in (_WRAPPER, _DROPPED):
        for m in pattern.finditer(text):
            blank(*m.span())
    for m in _ANNOTATED.finditer(text):
        blank(*m.span())
        out = f"{out[: m.end() - 1]}={out[m.end() :]}"
    for m in _BOXED.finditer(text):
        end = _closing(text, m.end() - 1)
        if end > 0:
            blank(*m.span())
            blank(end, end + 1)
    for m in _INTERTEXT.finditer(text):
        end = _closing(text, m.end() - 1)
        if end > 0 and end + 1 - m.start() > 2:
            blank(m.start(), end + 1)
            out = out[: m.start()] + r"\\" + out[m.start() + 2 :]
    return out


def _closing(text: str, opening: int) -> int:
    """The brace that closes the one at `opening`, or -1."""
    if opening < 0:
        return -1
    depth, place = 0, opening
    while place < len(text):
        c = text[place]
        if c == "\\":
            place += 2
            continue
        depth += (c == "{") - (c == "}")
        if depth == 0:
            return place
        place += 1
    return -1


def blanked(text: str, start: int, end: int) -> str:
    """The text with a piece of it blanked."""
    return text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]


def bare(text: str) -> str:
    r"""A formula without the punctuation and spacing behind it; \right. is no punctuation."""
    while True:
        short = text.rstrip()
        if short.endswith((r"\,", r"\;", r"\:", r"\!")):
            short = short[:-2]
        elif short.endswith((".", ",", ";")) and not short.endswith(r"\right."):
            short = short[:-1]
        if short == text:
            return short.lstrip()
        text = short
