r"""Names as a page shows them: tau -> \tau, pi_ref -> \pi_{\mathrm{ref}}, y_hat -> \hat{y}; and back to plain text.

Contract. A name that holds a backslash, a brace or a bracket is taken as LaTeX already and only split into head,
subscript and superscript, so that an index can join the subscript: no double subscripts, never {z}_{k}.

Blind spot. Two names may look alike on the page (the symbol z1 and the entry z_1 of an array); the reader of the page
is told what is declared, and whoever declares both has asked for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

LETTERS = """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega
    Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell varepsilon vartheta varphi
"""
GREEK = frozenset(LETTERS.split())
SPOKEN = {"al": "alpha", "gam": "gamma", "eps": "epsilon", "lam": "lambda", "Lam": "Lambda", "th": "theta"}
ACCENTS = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde"}
SUPERSCRIPTS = {"star": "*", "prime": r"\prime"}


@dataclass(frozen=True)
class Name:
    """The parts of a name in LaTeX; `label` belongs to the name itself, indices are added behind it."""

    head: str
    label: str = ""
    superscript: str = ""

    @property
    def plain(self) -> bool:
        """Whether a power may be set on it without brackets."""
        return not self.superscript and not any(c in self.head for c in "('") and not self.head.startswith(r"\frac")

    def latex(self, indices: Sequence[str] = ()) -> str:
        subscript = ",".join(filter(None, (self.label, join_indices(indices))))
        above = f"^{_group(self.superscript)}" if self.superscript else ""
        return f"{self.head}{above}{f'_{_group(subscript)}' if subscript else ''}"


@cache
def latex_name(name: str, defined: bool = False) -> Name:
    """The LaTeX parts of a declared name; a defined scalar L is the loss."""
    if any(c in name for c in "\\{}("):
        return _split_raw(name)
    first, *labels = [part for part in name.split("_") if part]
    head = _word(first)
    bare = re.fullmatch(r"([A-Za-z]+?)(\d+)", first)
    if bare:
        head, labels = _word(bare[1]), [bare[2], *labels]
    if first == "L" and defined:
        head = r"\mathcal{L}"
    superscript = "".join(SUPERSCRIPTS[x] for x in labels if x in SUPERSCRIPTS)
    for accent in labels:
        head = f"{ACCENTS[accent]}{{{head}}}" if accent in ACCENTS else head
    kept = [_word(x) for x in labels if x not in ACCENTS and x not in SUPERSCRIPTS]
    return Name(head, join_indices(kept), superscript)


def text_name(name: str, indices: Sequence[str] = ()) -> str:
    """The name for a terminal, with its indices: y_i, z_{n,1}, pi_{ref,i}."""
    raw = any(c in name for c in "\\{}(")
    parts = _split_raw(name) if raw else Name(*(name.strip("_").split("_", 1)))
    label = plain(parts.label) if raw else parts.label.replace("_", ",")
    above = f"^{plain(parts.superscript)}" if parts.superscript else ""
    subscript = ",".join(filter(None, (label, join_indices(indices))))
    simple = re.fullmatch(r"\w+'*", subscript)
    below = "" if not subscript else f"_{subscript}" if simple else f"_{{{subscript}}}"
    return f"{plain(parts.head)}{above}{below}"


def join_indices(indices: Sequence[str]) -> str:
    """ni where all are single letters, n,i otherwise."""
    return ("" if all(re.fullmatch(r"[A-Za-z]'*", i) for i in indices) else ",").join(indices)


def _word(word: str) -> str:
    spoken = SPOKEN.get(word, word)
    if spoken in GREEK:
        return f"\\{spoken}"
    if word in ("d", "e"):
        return (
            rf"\mathit{{{word}}}"  # the letters alone are read as the sign of a derivative, the base of the exponential
        )
    return word if re.fullmatch(r"[A-Za-z]'*|\d+", word) else f"\\mathrm{{{word}}}"


def _group(script: str) -> str:
    return script if len(script) == 1 else f"{{{script}}}"


def _split_raw(name: str) -> Name:
    r"""Head and scripts; what is applied to something in brackets, as p_\theta(y), is a head as a whole."""
    found = {"_": "", "^": ""}
    whole = _applied(name)
    head, depth, place = name[:whole], 0, ""
    for c in name[whole:]:
        depth += (c in "{(") - (c in "})")
        if c in "_^" and depth == 0:
            place = c
        elif place:
            found[place] += c
        else:
            head += c
    return Name(head, _ungroup(found["_"]), _ungroup(found["^"]))


def _applied(name: str) -> int:
    """The end of the last bracket that stands outside all braces, 0 if there is none."""
    depth = end = 0
    for n, c in enumerate(name, 1):
        depth += (c == "{") - (c == "}")
        end = n if c == ")" and depth == 0 else end
    return end


def _ungroup(script: str) -> str:
    return script[1:-1] if script.startswith("{") and script.endswith("}") else script


_WORDS = {
    r"\partial": "d", r"\neq": "!=", r"\ne": "!=", r"\leq": "<=", r"\le": "<=", r"\geq": ">=", r"\ge": ">=",
    r"\to": "->", r"\cdot": "*", r"\times": "*", r"\infty": "oo", r"\dots": "...", r"\ldots": "...", r"\cdots": "...",
    r"\|": "||", r"\Vert": "||", r"\mid": "|", r"\iff": "<=>", r"\implies": "=>", r"\Rightarrow": "=>",
    r"\left": "", r"\right": "", r"\bigl": "", r"\bigr": "", r"\Bigl": "", r"\Bigr": "", r"\,": " ", r"\;": " ",
    r"\!": "", r"\quad": " ", r"\qquad": " ", r"\ ": " ", r"\prime": "'", r"\{": "{", r"\}": "}", r"\%": "%",
}  # fmt: skip
_FONT = re.compile(r"\\(?:mathcal|mathrm|mathbf|mathit|mathbb|boldsymbol|text|operatorname\*?)\s*\{([^{}]*)\}")
_ACCENT = re.compile(r"\\(hat|bar|tilde)\s*(?:\{([^{}]*)\}|([A-Za-z]|\\[A-Za-z]+))")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{((?:[^{}]|\{[^{}]*\})*)\}\s*\{((?:[^{}]|\{[^{}]*\})*)\}")


def plain(latex: str) -> str:
    r"""LaTeX mathematics from a name or a reason, readable in a terminal: \delta_{ik} -> delta_ik."""
    found = _FONT.sub(r"\1", latex)
    found = _ACCENT.sub(lambda m: f"{m[2] or m[3]}_{m[1]}", found)
    while _FRACTION.search(found):
        found = _FRACTION.sub(lambda m: f"{_bracketed(m[1])}/{_bracketed(m[2])}", found)
    found = re.sub(r"\\(?:[A-Za-z]+|[^A-Za-z])", lambda m: _WORDS.get(m[0], m[0][1:]), found)
    if r"\partial" in latex:
        found = re.sub(r"\bd (?=[A-Za-z])", "d", re.sub(r" */ *", "/", found))
    found = re.sub(r"([_^])\{(\w+'*)\}", r"\1\2", found)
    return re.sub(r"\s+", " ", found).strip()


def _bracketed(part: str) -> str:
    inner = part.strip()
    return f"({inner})" if re.search(r"[-+]|\S \S", inner) and r"\partial" not in inner else inner
