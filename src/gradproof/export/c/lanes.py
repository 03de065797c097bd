"""Short rows: sixteen at a time, one in each lane of a vector.

Contract. A loop over rows whose inner loops are all over one short axis is written a second time so that every number
of a row becomes an array of LANES numbers and every statement a loop over them. Entries of inputs and results along
the axis are moved through a small tile, where those of one place stand side by side.

Blind spot. Only loops without loops in their inner loops are written so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .loops import PLUS, Loop, Statement

DECLARED = re.compile(r"(?:const )?(real|double|ptrdiff_t) (\w+) = (.*);")
EACH = "for (int lane = 0; lane < LANES; ++lane) {"


@dataclass(frozen=True)
class Array:
    """An array of the function: its name, and the lengths of its axes."""

    name: str
    shape: tuple[str, ...]
    written: bool = False


def axis(loop: Loop) -> str:
    """The length that all inner loops of a loop share, if they are plain."""
    inner = [n for n in loop.items if isinstance(n, Loop)]
    lengths = {n.length for n in inner}
    return lengths.pop() if len(lengths) == 1 and all(n.leaf for n in inner) else ""


class Lanes:
    """The body of a loop over rows for LANES rows; `opening` declares what differs from lane to lane."""

    def __init__(self, loop: Loop, opening: Mapping[str, str], arrays: Sequence[Array], prefix: str) -> None:
        self.loop = loop
        self.opening = opening
        self.axis = axis(loop)
        self.prefix = prefix  # how the place of a row is written, before the index along the axis
        self.tiles = [a for a in arrays if a.shape and a.shape[-1] == self.axis and self._appears(a)]
        self.types = dict(self._scalars())

    def _appears(self, array: Array) -> bool:
        """Whether entries of the array along the axis are used in the inner loops."""
        texts = [s.text for n in self._inner() for s in n.items if isinstance(s, Statement)]
        entries = [re.escape(f"{array.name}[{self.prefix}{n.variable}]") for n in self._inner()]
        return any(re.search(rf"\b(?:{'|'.join(entries)})", t) for t in texts)

    def _inner(self) -> list[Loop]:
        return [n for n in self.loop.items if isinstance(n, Loop)]

    def _scalars(self) -> Iterator[tuple[str, str]]:
        for item in self.loop.items:
            if isinstance(item, Statement) and (found := DECLARED.fullmatch(item.text)):
                yield found[2], found[1]
            if isinstance(item, Loop):
                yield from ((f"{s.name}_part", "double") for s in item.sums() if s.operation == "sum")

    def lines(self, indent: str) -> Iterator[str]:
        for kind in dict.fromkeys(self.types.values()):
            names = [f"{n}[LANES]" for n, k in self.types.items() if k == kind]
            yield f"{indent}{kind} {', '.join(names)};"
        for array in self.tiles:
            yield f"{indent}real {array.name}_tile[NARROW * LANES];"
        for array in self.tiles:
            if not array.written:
                yield from self._moved(array, indent, "{tile} = {entry};")
        waiting: list[Statement] = []
        for item in self.loop.items:
            if isinstance(item, Statement):
                waiting.append(item)
                continue
            starts = [Statement(f"{s.name}_part = 0;") for s in item.sums() if s.operation == "sum"]
            yield from self._each([*waiting, *starts], indent)
            yield from self._along(item, indent)
            waiting = [Statement(f"{s.name} += {s.name}_part;") for s in item.sums() if s.operation == "sum"]
        yield from self._each(waiting, indent)
        for array in self.tiles:
            if array.written:
                yield from self._moved(array, indent, "{entry} = {tile};")

    def _moved(self, array: Array, indent: str, text: str) -> Iterator[str]:
        shown = text.format(
            tile=f"{array.name}_tile[column * LANES + lane]", entry=f"{array.name}[{self.prefix}column]"
        )
        yield f"{indent}for (ptrdiff_t column = 0; column < {self.axis}; ++column) {{"
        yield f"{indent}    SIMD()"
        yield f"{indent}    {EACH}"
        yield from (f"{indent}        {n}" for n in (*self._opened([shown]), shown))
        yield from (f"{indent}    }}", indent + "}")

    def _along(self, inner: Loop, indent: str) -> Iterator[str]:
        v = inner.variable
        statements = []
        for item in inner.items:
            assert isinstance(item, Statement)
            text = item.text
            if item.operation == "sum":
                text = text.replace(item.name, f"{item.name}_part", 1)
            for array in self.tiles:
                entry = rf"\b{re.escape(f'{array.name}[{self.prefix}{v}]')}"
                text = re.sub(entry, f"{array.name}_tile[{v} * LANES + lane]", text)
            statements.append(Statement(text))
        yield f"{indent}for (ptrdiff_t {v} = 0; {v} < {self.axis}; ++{v}) {{"
        yield from self._each(statements, indent + "    ")
        yield indent + "}"

    def _each(self, statements: Sequence[Statement], indent: str) -> Iterator[str]:
        if not statements:
            return
        outer = [s for s in statements if s.operation and s.name not in self.types]
        clauses = " ".join(f"reduction({PLUS[s.operation]} : {s.name})" for s in outer)
        yield f"{indent}SIMD({clauses})"
        yield indent + EACH
        shown = [self._in_lane(s.text) for s in statements]
        yield from (f"{indent}    {n}" for n in (*self._opened(shown), *shown))
        yield indent + "}"

    def _opened(self, shown: Sequence[str]) -> list[str]:
        """What the lines need that differs from lane to lane."""
        return [text for name, text in self.opening.items() if any(re.search(rf"\b{name}\b", n) for n in shown)]

    def _in_lane(self, text: str) -> str:
        if (found := DECLARED.fullmatch(text)) and found[2] in self.types:
            text = f"{found[2]} = {found[3]};"
        return replaced(text, {n: f"{n}[lane]" for n in self.types})


def replaced(text: str, names: Mapping[str, str]) -> str:
    if not names:
        return text
    return re.sub(r"\b(" + "|".join(map(re.escape, names)) + r")\b", lambda m: names[m[1]], text)
