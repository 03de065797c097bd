"""The front of the book: title page, and what the signs and the words mean.

Contract. The table of signs lists those that occur in the book, no others.

Blind spot. What a sign means is said here in words; what it is, the rules and the audit say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gradproof.render.latex import VOICE

# kind of node or name of a function: the sign, and what it means
SIGNS = {
    "Sum": (r"\sum_{i=1}^{K} a_i", "finite sum; indices run from 1"),
    "Product": (r"\prod_{n=1}^{N} a_n", "finite product"),
    "Delta": (r"\delta_{ik}", "Kronecker delta: 1 where $i = k$, 0 elsewhere"),
    "Derivative": (
        r"\frac{\partial L}{\partial z_k}",
        "partial derivative; it moves all that is defined by $z$, so $p_i$ moves with $z$",
    ),
    "log": (r"\log x", "natural logarithm, so that information is in nats; $x > 0$"),
    "exp": (r"e^{x},\ \exp(x)", "exponential function"),
    "sigmoid": (r"\sigma(x)", r"logistic function $\frac{1}{1 + e^{-x}}$"),
    "softplus": (r"\operatorname{softplus}(x)", r"$\log(1 + e^{x})$"),
    "tanh": (r"\tanh(x)", "hyperbolic tangent"),
    "sin": (r"\sin(x)", "sine"),
    "cos": (r"\cos(x)", "cosine"),
    "relu": (r"\max(0, x)", "positive part; its derivative is stated away from the kink at 0"),
    "abs": (r"\left|x\right|", "magnitude; its derivative is stated away from 0"),
    "step": (r"\mathbf{1}[x > 0]", "indicator: 1 where $x > 0$, 0 elsewhere"),
    "sign": (r"\operatorname{sign}(x)", r"$-1$, 0 or 1"),
    "relentr": (r"\operatorname{relentr}(x, y)", r"$x \log \frac{x}{y}$ where $x > 0$, and 0 where $x = 0$"),
    "lgamma": (r"\log \Gamma(x)", "logarithm of the gamma function"),
    "Limit": (r"\lim_{x \to a} f", "limit, from both sides if no side is named"),
    "Optimum": (
        r"\operatorname*{arg\,max}_{q} f",
        "the only maximiser (likewise arg min); an equation with it says that the maximum is attained there alone",
    ),
    "ForAll": (r"\text{for all } i", "the relation before it holds for each value of the index"),
}

WORDS = (
    "Every entry states what is given, what is claimed, and where the result is found. $K$, $N$, $D$ and other sizes"
    " are any whole numbers from 1 on, and a statement holds for all of them at once unless it says otherwise. A"
    " family introduced with an index, such as $p_i$, is defined by the formula beside it; where a proof folds a"
    " formula back into such a name, the line says so.",
    "The reason beside a line says why it follows from the line above it. Conditions under which a rule may be used"
    " stand with it, as in: chain rule for log, $p_i > 0$.",
    "*Proved* means that a small program, the kernel, has checked every step, including those that are not printed"
    " here. *Audited* means that another program, which shares nothing with the kernel, has evaluated every line at"
    " random sizes and points, and found the two sides equal up to the difference that is named.",
    "What is used without proof, the rules, are listed at the end of the book, each with the entries that use it.",
)


def title_page(title: str, version: str, entries: int, steps: int, partial: str) -> Iterator[str]:
    yield r"\hypersetup{pageanchor=false}\begin{titlepage}\thispagestyle{empty}\centering\vspace*{0.2\textheight}"
    yield rf"{{\Huge\bfseries {title}\par}}\bigskip"
    yield r"{\Large Gradients, identities, bounds and optima,\par derived step by step\par}\bigskip\bigskip"
    if partial:
        yield rf"{{\large {partial}\par}}\bigskip"
    yield r"\vspace{0.12\textheight}\rule{0.4\textwidth}{0.4pt}\par\bigskip"
    yield rf"{{\large {entries} results in {steps} steps,\par each checked by machine\par}}"
    yield rf"\vfill{{\small written by gradproof {version}\par}}\end{{titlepage}}"


def notation(used: Collection[str]) -> Iterator[str]:
    """How to read the book, and its signs."""
    yield r"\chapter*{Notation}\addcontentsline{toc}{chapter}{Notation}\markboth{Notation}{Notation}"
    for paragraph in WORDS:
        yield rf"{emphasised(VOICE.say((paragraph,)))}\par\medskip"
    rows = [rf"${sign}$ & {VOICE.say((meaning,))} \\[5pt]" for kind, (sign, meaning) in SIGNS.items() if kind in used]
    if rows:
        yield r"\medskip\begin{tabular}{@{}l@{\qquad}p{0.68\textwidth}@{}}"
        yield from rows
        yield r"\end{tabular}\par"


def emphasised(text: str) -> str:
    """Words between asterisks in italics."""
    return "".join(rf"\emph{{{part}}}" if n % 2 else part for n, part in enumerate(text.split("*")))
