"""Inputs that mean harm, or nothing: `python hostile.py` reads each and prints how it went, for the test of memory."""

from __future__ import annotations

import json
import re
import resource
import string
import time
from pathlib import Path

B = "\\"


def parts(table: str) -> list[str]:
    """What stands in a table, three spaces or a new line between."""
    return re.split(r" {3}|\n", table.strip("\n"))


LETTERS = string.ascii_lowercase

DEEP = {
    "braces": "{" * 5000 + "x" + "}" * 5000,
    "many braces": "{" * 60 + "x" + "}" * 60,
    "brackets": "(" * 3000 + "x" + ")" * 3000,
    "some brackets": "(" * 90 + "x" + ")" * 90,
    "open brackets": "(" * 3000,
    "left": r"\left(" * 900 + "x" + r"\right)" * 900,
    "fractions": r"\frac{1}{" * 900 + "x" + "}" * 900,
    "roots": r"\sqrt{" * 900 + "x" + "}" * 900,
    "powers": "x^{" * 900 + "x" + "}" * 900,
    "subscripts": "x_{" * 900 + "x" + "}" * 900,
    "some subscripts": "x_{" * 45 + "x" + "}" * 45,
    "logarithms": r"\log " * 3000 + "x",
    "sums": r"\sum_{i=1}^{K} " * 900 + "x_i",
    "bracketed sums": r"\sum_{i=1}^{K} (x_i + " * 60 + "x" + ")" * 60,
    "sums in ends": r"\sum_{i=1}^{" * 40 + "K" + "}" * 40 + "x",
    "derivatives": r"\frac{\partial}{\partial x} " * 500 + "x",
    "limits": r"\lim_{x \to 0} " * 500 + "x",
    "gradients": r"\nabla_x " * 2000 + "x",
    "fonts": r"\mathbf{" * 900 + "x" + "}" * 900,
    "accents": r"\hat{" * 900 + "x" + "}" * 900,
    "words": r"\text{" * 900 + "x" + "}" * 900,
    "bars": "|" * 3000,
    "norms": r"\|" * 2000 + "x",
    "cases": r"\begin{cases} " * 300 + "x",
    "indicators": r"\mathbb{1}[" * 900,
    "expectations": r"\mathbb{E}_{x \sim p}[" * 400,
    "calls": "f(x | " * 900,
}
LONG = {
    "a megabyte of sums": "x+" * 1_000_000,
    "a megabyte of digits": "9" * 1_000_000,
    "a megabyte of letters": "a" * 1_000_000,
    "a megabyte of backslashes": B * 1_000_000,
    "five megabytes of spaces": " " * 5_000_000,
    "a long word": r"\mathrm{" + "a" * 10_000 + "}",
    "a long subscript": "x_{" + "a" * 10_000 + "}",
    "a long command": B + "a" * 15_000,
    "a long sum": "+".join(["x_i"] * 1600),
    "a long product": " ".join(["x_i"] * 1600),
    "slashes": "/".join(["x"] * 3900),
    "a long chain": "x" + "=x" * 3000,
    "equivalences": "x=x" + r"\iff x=x" * 1500,
    "minus signs": "-" * 5000 + "x",
    "mixed signs": "+-" * 3000 + "x",
    "primes": "x" + "'" * 5000,
    "scripts below": "x" + "_i" * 2000,
    "scripts above": "x" + "^i" * 2000,
    "commas": "f(" + "," * 5000 + ")",
    "semicolons": ";" * 5000,
    "colons": ":=" * 2000,
    "all pairs of letters": " ".join(f"x_{{{a}{b}}}" for a in LETTERS for b in LETTERS),
    "a sum over all letters": r"\sum_{" + ",".join(LETTERS * 20) + "} x",
    "many cases": r"\begin{cases}" + r"1 & x > 0 \\" * 1000 + r"\end{cases}",
    "many conditions": r"\sum_{i \neq " + r", i \neq ".join(LETTERS * 30) + "} x_i",
    "a matrix chain": " ".join(["A"] * 3000),
    "alternating sums": r"\sum_{i=1}^{K} x_i + " * 500 + "x",
}
NUMBERS = {
    "a tower": "9^{9^{9^{9^{9}}}}",
    "powers of powers": "((((((9^{64})^{64})^{64})^{64})^{64})^{64})",
    "a trillionth power": "10^{999999999999}",
    "a negative trillionth power": "x^{-999999999999}",
    "many large factors": r" \cdot ".join(["9^{64}"] * 100),
    "large denominators": r"\frac{1}{9^{64}} \cdot " * 60 + "x",
    "a large size": r"\sum_{i=1}^{" + "9" * 39 + "} x_i",
    "a large order": r"\frac{\partial^{999999999} L}{\partial x^{999999999}}",
    "an order too many": r"\frac{\partial^9 L}{\partial x^9}",
    "an exponent": "1e999999999",
    "division by zero": r"\frac{1}{0}",
    "zero to a negative power": "0^{-1}",
    "a long root": r"\sqrt[99999999]{x}",
    "nan": "nan",
    "inf": "inf",
}
_COMMANDS = r"""
input{/etc/passwd}   include{x}   def\a{\a}\a   gdef\a{}   edef\a{}   let\a\b   csname input\endcsname
immediate\write18{ls}   openin5=/etc/passwd   read5 to \a   catcode96=11   expandafter\a\b
loop\iftrue\repeat   special{x}   verb|x|   uppercase{x}   lowercase{x}   char65   directlua{os.exit()}
usepackage{x}   newcommand{\a}{\a\a}\a   newwrite\f   jobname   the\year   scantokens{x}   end{document}
begin{document}   label{x}   ref{x}   href{file:///etc/passwd}{x}   includegraphics{x}   lstinputlisting{x}
"""
COMMANDS = {text: B + text for text in parts(_COMMANDS)}
SIGNS = {
    "NUL": "x\x00y",
    "bell": "\x07",
    "delete": "\x7f",
    "escape": "\x1b[31mx",
    "a byte order mark": "\ufeffx",
    "right to left": "x\u202ey",
    "zero width": "x\u200by",
    "a Cyrillic a": "\u0430+b",
    "a Greek alpha": "\u03b1",
    "a Greek question mark": "x\u037e",
    "a full-width x": "\uff58",
    "a minus sign": "x \u2212 y",
    "a sum sign": "\u2211_i x_i",
    "a bold x": "\U0001d431",
    "an emoji": "\U0001f600",
    "a surrogate": "\ud800",
    "a combining accent": "x\u0301",
    "a wide space": "x\xa0y",
    "a division slash": "a \u2215 b",
    "an asterisk": "a \u2217 b",
    "a superscript": "x\xb2",
    "a curly quote": "x\u2019",
    "a long s": "\u017f",
    "a Kelvin sign": "\u212a",
    "caret notation": "^^41",
    "a lone backslash": B,
    "a last backslash": "x" + B,
    "a dollar": "$x$",
    "a hash": "#1",
    "an at": "a@b",
    "a percent sign": "% x",
    "a format": "%s%n{0.__class__}",
    "python": '__import__("os").system("ls")',
    "html": "<script>alert(1)</script>",
    "sql": "'; drop table x; --",
}
_BROKEN = r"""
.   {x   x}   (x   x)   \left( x   x \right)   \left x   \left   \frac   \frac{1}{x   \frac{}{}   x_   x^
x_{i   x^{   \begin{cases} a   \end{cases}   \begin{}   |x   \|x   \sqrt   \sum   \sum_   \sum_{}   \sum_{i
\sum_{i=1}^   \log   \exp()   ()   {}   []   \mathbb   \mathbb{E}_   \lim   \lim_{x}   \partial   \nabla
\nabla_   \frac{\partial}{\partial x}   \frac{\partial L}{}   \frac{d}{dx}   =   x =   = x   x ==   x < < y
x \iff   \iff   \forall i   x = y \forall   \text{   \text{for all} i   \hat   \hat{}   \hat{1}   \substack{}
\sum_{\substack{i   \mathbb{1}_   \mathbb{1}[   \delta_   \operatorname   \arg\max_   x''''^'   x^{'}_   f(
f(,)   p(x|   a:b   &   \\   !   '   _   ^   +   /   \cdot   \mid   \in   \dots
"""
BROKEN = {text: text for text in ("", "   ", *parts(_BROKEN))}
HOSTILE: dict[str, str] = {
    f"{kind}: {name or 'empty'}": text
    for kind, group in (
        ("deep", DEEP), ("long", LONG), ("number", NUMBERS), ("command", COMMANDS), ("sign", SIGNS), ("broken", BROKEN),
    )
    for name, text in group.items()
}  # fmt: skip


def peak() -> float:
    """Megabytes at most, of this process alone: ru_maxrss begins with what the process that started it had."""
    status = Path("/proc/self/status")
    if status.exists():
        row = next(r for r in status.read_text(encoding="ascii").splitlines() if r.startswith("VmHWM"))
        return int(row.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    from gradproof.errors import GradproofError
    from gradproof.reader import Environment, read, read_many

    known = Environment().size("K").array("A", "K", "K").array("x", "K")
    slowest = 0.0
    for text in HOSTILE.values():
        for reading in (read, lambda s: read(s, known), lambda s: read_many(lets=[s]), lambda s: read_many(givens=[s])):
            start = time.perf_counter()
            try:
                reading(text)  # type: ignore[operator]
            except GradproofError as why:
                str(why)
            slowest = max(slowest, time.perf_counter() - start)
    print(json.dumps({"slowest": slowest, "megabytes": peak()}))


if __name__ == "__main__":
    main()
