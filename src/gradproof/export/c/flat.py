"""Two loops over whole matrices as one loop over their entries.

Contract. Where everything in the inner of two loops is at the same place of arrays of the same shape, and what stands
around it only adds up its sums, the entries are visited in the order in which they lie: no row is too short for a
vector, and none too few for the threads.

Blind spot. Loops that use a number of their row, such as a weight, stay two.
"""

from __future__ import annotations

import re

from .loops import Loop, Statement


def flattened(loop: Loop) -> Loop | None:
    """The one loop that does the same; its sums are those of the outer loop."""
    inner = [n for n in loop.items if isinstance(n, Loop)]
    if len(inner) != 1 or not inner[0].leaf or any(s.operation != "sum" for s in inner[0].sums()):
        return None
    names = _added(loop, {s.name for s in inner[0].sums()})
    if names is None:
        return None
    found = Loop(loop.variable, f"{loop.length} * {inner[0].length}", loop.parent)
    place = f"{loop.variable} * {inner[0].length} + {inner[0].variable}"
    for item in inner[0].items:
        assert isinstance(item, Statement)
        text, rest = item.text.replace(f"[{place}]", f"[{loop.variable}]"), item.text.replace(f"[{place}]", "")
        if re.search(rf"\b(?:{loop.variable}|{inner[0].variable})\b", rest):
            return None
        name = names.get(item.name, "")
        found.items.append(Statement(text.replace(item.name, name, 1) if name else text, item.operation, name))
    return found


def _added(loop: Loop, sums: set[str]) -> dict[str, str] | None:
    """The outer sum that each inner one is added to; None if anything else stands in the outer loop."""
    found: dict[str, str] = {}
    for item in loop.items:
        if isinstance(item, Loop) or item.text in {f"double {n} = 0;" for n in sums}:
            continue
        inner = item.text.removeprefix(f"{item.name} += ").removesuffix(";")
        if item.operation != "sum" or inner not in sums or inner in found:
            return None
        found[inner] = item.name
    return found if set(found) == sums else None
