r"""What the words beside formulas say of them, as far as it matters: a definition, an assumption, a case.

Contract. Words only decide how a formula is taken: as a definition, as given, or as what may restrict others. What may
restrict a claim and is not understood keeps it from being refuted.

Blind spot. Only the last sentence before a formula is looked at, and a few words of English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from gradproof.claims.cleaning import bare
from gradproof.claims.pages import Formula

_DEFINES = re.compile(r"\b(?:where|let|define[sd]?|denote[sd]?|write|call)\W*$", re.I)
_ASSUMES = re.compile(r"\b(?:where|with|let|assum\w*|suppos\w*|given|such that|satisf\w*|and)\W*$", re.I)
_DECLARES = re.compile(
    r"\b(?:where|with|let|assum\w*|suppos\w*|given|such that|satisf\w*|for|throughout)\b[^.;:]*$", re.I
)
_CONDITION = re.compile(r"\b(?:if|when|whenever|unless|iff|once|case)\b[^.;:]*$", re.I)
_FOR_ONLY = re.compile(r"\b(?:for|with)\W*$", re.I)
NUMBER = re.compile(r"\s*[-+]?\d+(?:\.\d+)?\s*")
_ORDER = re.compile(r"[<>]|\\[lg]eq?(?![a-z])|\\[lg]t(?![a-z])")
_DOMAIN = re.compile(rf"\\in(?![a-z])|{_ORDER.pattern}")
_NORMALISED = re.compile(r"\s*\\sum.*=\s*1\s*", re.DOTALL)
# What the text before a display may say that holds for it and is not understood: a case, a stationary point.
_CASE = re.compile(
    r"\b(?:if|when|whenever|case|unless|provided|suppos\w*|assum\w*|consider\w*|for|with|at|taking|under)\b([^.]*)$",
    re.I,
)
_CASE_FORMULA = re.compile(
    r"(?:\$\$?|\\\()(?![^$]*\\[lc]?dots)([^$]*?(?:[=<>]|\\(?:neq?|[lg]eq?|[lg]t)(?![a-z]))[^$]*?)(?:\$\$?|\\\))"
)
_STATIONARY = re.compile(
    r"\b(?:setting|set|sol[uv]\w*|optim\w*|stationar\w*|critical|vanish\w*|zero|root|minim\w*|maxim\w*)\b[^.]*$", re.I
)
# What a remark beside a row may say that the row rests on.
_GROUNDS = re.compile(
    r"\b(?:since|because|assum\w*|suppos\w*|if|for|when\w*|independen\w*|iid|one-hot)\b|[=<>]|\\neq?", re.I
)


def defines(f: Formula) -> bool:
    """Whether the words right before an equation say that it defines."""
    return bool(_DEFINES.search(f.before))


def assumes(f: Formula) -> bool:
    """A set or range in a sentence that declares, or a sum equal to 1 right behind "where", "assume" and the like."""
    if _NORMALISED.fullmatch(f.text) and _ASSUMES.search(f.before):
        return True
    return bool(_DOMAIN.search(f.text) and _DECLARES.search(f.before) and not _CONDITION.search(f.before))


def restricts(f: Formula) -> bool:
    """Whether a formula in the text stands behind "if", or in a sentence on a stationary point."""
    return bool(_CONDITION.search(f.before) or _STATIONARY.search(f.before))


def cases_of_ranges(texts: Iterable[Formula]) -> set[int]:
    """Where a range behind "for" tells cases apart: bounds that are no numbers, or different ranges of one name."""
    ranges: dict[str, dict[str, list[int]]] = {}
    cases = set()
    for f in texts:
        if not (_FOR_ONLY.search(f.before) and _ORDER.search(f.text)):
            continue
        named = [s for s in _ORDER.split(f.text) if not NUMBER.fullmatch(s)]
        if len(named) != 1:
            cases.add(f.start)
        else:
            ranges.setdefault(named[0].strip(), {}).setdefault(bare(f.text), []).append(f.start)
    several = [starts for told in ranges.values() if len(told) > 1 for starts in told.values()]
    return cases.union(*several)


def restriction(text: str) -> str:
    """What the text before a display may say of it that is not understood."""
    return "the stationary point that the text before it speaks of" if _STATIONARY.search(text) else ""


def cases(text: str) -> tuple[str, ...]:
    """The formulas of the last sentence before a display that may tell a case."""
    found = _CASE.search(text)
    return tuple(bare(f) for f in _CASE_FORMULA.findall(found[1])) if found else ()


def grounds(remark: str) -> bool:
    """Whether a remark beside a row may say what the row rests on."""
    return bool(_GROUNDS.search(remark))
