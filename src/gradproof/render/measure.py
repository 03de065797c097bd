r"""How wide a LaTeX formula will be, in em of its font: an estimate, without TeX.

Contract. Display style, Computer Modern; errs on the wide side, so that a line judged to fit does fit.

Blind spot. Font changes, and macros of raw names that it does not know, which count as their letters.
"""

from __future__ import annotations

import re
from functools import cache

TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|.")
SMALLER = 0.74  # scripts against the line
SPACES = {r"\,": 0.17, r"\quad": 1.0, r"\qquad": 2.0, r"\;": 0.28, r"\!": -0.17, r"\ ": 0.33}
NOTHING = frozenset((r"\displaystyle", r"\limits"))
RELATIONS = frozenset(("=", "<", ">", r"\le", r"\ge", r"\ne"))
WIDTHS = {
    r"\log": 1.5, r"\exp": 1.75, r"\tanh": 2.2, r"\sin": 1.4, r"\cos": 1.55, r"\max": 2.0, r"\min": 1.85,
    r"\lim": 1.5, r"\iff": 2.8, r"\to": 1.3,
    r"\sum": 1.6, r"\prod": 1.45, r"\cdot": 0.8, r"\mathcal": 0.0, r"\mathrm": 0.0, r"\mathit": 0.0, r"\mathbb": 0.0,
    r"\mathbf": 0.0, r"\biggl": 0.4, r"\biggr": 0.4, r"\left": 0.55, r"\right": 0.55, r"\mid": 0.8,
}  # fmt: skip
LIMITS = frozenset((r"\sum", r"\prod", r"\lim", r"\operatorname*"))
NARROW = {"(": 0.42, ")": 0.42, ",": 0.46, "|": 0.3, "'": 0.25, "i": 0.36, "j": 0.43, "l": 0.33, "t": 0.38, "/": 0.52}


@cache
def width(latex: str) -> float:
    """The width in em."""
    return _Reader(latex).sequence()


class _Reader:
    def __init__(self, latex: str) -> None:
        self.tokens = [t for t in TOKEN.findall(latex) if not t.isspace()]
        self.at = 0
        self.depth = 0  # of fractions: inside them limits stand beside the sign

    def sequence(self) -> float:
        """The width up to a closing brace or the end."""
        total = 0.0
        while self.at < len(self.tokens) and self.tokens[self.at] != "}":
            total += self.with_scripts()
        return total

    def group(self) -> float:
        """One argument: a group, or a single token."""
        if self.at < len(self.tokens) and self.tokens[self.at] == "{":
            self.at += 1
            found = self.sequence()
            self.at += 1
            return found
        return self.atom()

    def with_scripts(self) -> float:
        head = self.tokens[self.at]
        base, scripts = self.atom(), [0.0]
        while self.at < len(self.tokens) and self.tokens[self.at] in "_^":
            self.at += 1
            scripts.append(SMALLER * self.group())
        return max(base, *scripts) + 0.17 if head in LIMITS and not self.depth else base + max(scripts)

    def atom(self) -> float:
        token = self.tokens[self.at]
        if token == "{":
            return self.group()
        self.at += 1
        if token in (r"\frac", r"\tfrac", r"\dfrac"):
            self.depth += 1
            found = max(self.group(), self.group()) + 0.35
            self.depth -= 1
            return found
        if token == r"\sqrt":
            return self.group() + 0.95
        if token in (r"\text", r"\operatorname", r"\operatorname*"):
            return self.words()
        return self.sign(token)

    def words(self) -> float:
        start = self.at
        self.group()
        return 0.5 * sum(len(t.strip("{}\\,")) for t in self.tokens[start : self.at]) + 0.5

    def sign(self, token: str) -> float:
        if token in SPACES or token in NOTHING:
            return SPACES.get(token, 0.0)
        if token in RELATIONS:
            return 1.35
        if token in "+-":
            return 1.25
        if token in WIDTHS:
            return WIDTHS[token]
        return NARROW.get(token, 0.85 if token.isupper() else 0.62)
