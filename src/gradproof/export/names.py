"""Names of the notation as identifiers of a programming language."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

SPELLED = {"lambda": "lam"}


def identifier(name: str) -> str:
    r"""\tau -> tau, \mathcal{L} -> L, z' -> z_prime, lambda -> lam."""
    found = re.sub(r"\\(mathcal|mathbf|boldsymbol|mathrm|text|operatorname|bar|hat|tilde)\b", "", name)
    found = re.sub(r"'", "_prime", found)
    found = re.sub(r"[^0-9A-Za-z_]+", "_", found.replace("\\", "").replace("{", "").replace("}", "")).strip("_")
    found = SPELLED.get(found, found) or "x"
    return f"{found}_" if keyword.iskeyword(found) or found[0].isdigit() or found == "np" else found


def unused(stem: str, taken: Iterable[str]) -> str:
    """The stem, or the stem with the first number that makes it new."""
    used = set(taken)
    n = 1
    while (found := stem if n == 1 else f"{stem}{n}") in used:
        n += 1
    return found
