"""A function of chunks as source: one loop over the chunks for each pass, and a generator for each result in chunks.

Contract. What does not move is computed once, before the loop that needs it. A carry is updated after those that need
its value from before the chunk. A pass begins with carries of no entries: -inf, 0, 1.

Blind spot. What several passes need of a chunk is computed in each of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from .array import Apply, Node, Size, walk
from .carry import CARRIES, Drop, Peak, Shifted, below, kept, unknowns, within
from .dialect import ATOM, Dialect
from .documentation import chunks_of
from .module import Parameter, Result, Routine, local, start
from .names import identifier, unused
from .statements import Body
from .streaming import stream_of
from .updates import UPDATE, begin, latest_first, needed
from .writer import defined, shape, tuple_of

LOOP = "for each chunk:"  # until it is known what of a chunk is used


class StreamBody(Body):
    """The statements of one function of chunks."""

    def __init__(self, routine: Routine, dialect: Dialect) -> None:
        size = routine.stream
        self.local, self.start = local(size), start(size)
        names = [chunks_of(p.name) for p in routine.parameters]
        super().__init__(routine, dialect, [*names, size, self.local, self.start, "chunks", "read", "before"])
        self.stream = stream_of(routine)
        self.moving = [p for p in routine.parameters if self.local in p.axes]
        self.whole = [p for p in routine.parameters if self.local not in p.axes]
        self.bound = [p for p in self.whole if p.label and p.below == size]
        self.carries = {n: None for r in routine.results for n in walk(r.node) if isinstance(n, CARRIES)}
        self.counted = Size(size) in self.nodes or bool(self.bound)
        self.generators: dict[Node, str] = {}

    @property
    def passes(self) -> int:
        """The number of passes before the results, in which carries are made."""
        return max(int(self.counted), *(self.stream.level(r.node) for r in self.routine.results))

    @property
    def total(self) -> int:
        """The number of all passes."""
        return self.passes + len(self.generators)

    def in_chunks(self, r: Result) -> bool:
        return self.local in r.axes

    def function(self) -> list[str]:
        for n in range(self.passes):
            self.carried(n)
        for r in self.routine.results:
            if self.in_chunks(r) and r.node not in self.generators:
                self.generated(r)
        self.count([r.node for r in self.routine.results if not self.in_chunks(r)])
        last = self.returns()
        places = [n for n in (self.local, self.start) if any(re.search(rf"\b{n}\b", line) for line in self.lines)]
        each = [*(p.name for p in self.moving), *places]
        lines = [line.replace(LOOP, f"for {', '.join(each)} in chunks():") for line in self.lines]
        return [*self.opening(), *self.types(*last), *self.chunks(each), *lines, *last]

    def write(self, node: Node) -> tuple[str, int]:
        if node in self.written:  # a carry as a result
            return self.written[node]
        if not isinstance(node, Shifted):
            return super().write(node)
        shifted = Apply("below", (node.peak.value, kept(node.peak)))
        return super().write(shifted if node.scale is None else Apply("multiply", (node.scale, shifted)))

    def returned(self, result: Result, *name: str) -> str:
        return f"{self.generators[result.node]}()" if self.in_chunks(result) else super().returned(result, *name)

    # What comes before the first pass

    def opening(self) -> list[str]:
        """The first chunk, which tells the floating type; and the checks of what is whole."""
        names = tuple_of([p.name for p in self.moving])
        names = names if names.startswith("(") else f"({names})"
        streams = ", ".join(f"{p.name}={chunks_of(p.name)}" for p in self.moving)
        lines = [f"{names}, read = {self.helper('_opened')}({self.total}, {streams})"]
        real = self.real
        if real:
            lines.append(f"{tuple_of(real)} = {self.helper('_floats')}({', '.join(real)})")
        sizes = self.sizes()
        if sizes:
            lines.append(self.checked(sizes))
        return lines + [self.labelled(p, "" if p in self.bound else p.below) for p in self.whole if p.label]

    @property
    def real(self) -> list[str]:
        """The parameters that are no labels, those in chunks first."""
        return [p.name for p in (*self.moving, *self.whole) if not p.label]

    def sizes(self) -> list[str]:
        """The lengths of whole axes that are used."""
        known = {a for p in self.routine.parameters for a in p.axes} - {self.local}
        used = {n.name for n in self.nodes if isinstance(n, Size)}
        return sorted(known & (used | {p.below for p in self.routine.parameters if p.label}))

    def checked(self, wanted: Sequence[str]) -> str:
        shapes = ", ".join(shape(self, p) for p in self.routine.parameters if p.axes)
        return f'{tuple_of(wanted)} = {self.helper("_sizes")}("{" ".join(wanted)}", {shapes})'

    def labelled(self, p: Parameter, below: str) -> str:
        known = {a for q in self.routine.parameters for a in q.axes} | {self.stream.size}
        bound = f", {below}" if below in known or below.isdigit() else ""
        like = self.form("beside", self.real[0]) if self.real and "beside" in self.dialect.forms else ""
        return f'{p.name} = {self.helper("_label")}("{p.name}", {p.name}{bound}{like})'

    def chunks(self, each: Sequence[str]) -> list[str]:
        """The generator that every pass goes through, which gives what `each` names of every chunk."""
        moving = [p.name for p in self.moving]
        real = [p.name for p in self.moving if not p.label]
        inside = []
        if real:
            left = tuple_of(real) if real == self.real else f"{', '.join(real)}, *_"
            inside.append(f"{left} = {self.helper('_floats')}({', '.join(self.real)})")
        inside.append(self.checked([self.local]))
        inside += [self.labelled(p, p.below) for p in self.moving if p.label]
        inside.append(f"yield {', '.join(each)}")
        counted = self.start in each
        inside += [f"{self.start} += {self.local}"] if counted else []
        return [
            "",
            "def chunks():",
            f'    """The chunks side by side{", and where they begin" if counted else ""}."""',
            *([f"    {self.start} = 0"] if counted else []),
            f"    for {tuple_of(moving)} in read():",
            *(f"        {line}" for line in inside),
            "",
        ]

    # Passes

    def count(self, roots: Sequence[Node]) -> list[Node]:
        """The nodes that the roots are made of, now that these are to be written."""
        nodes = list(within(roots, self.stream))
        self.uses = Counter(c for n in nodes for c in below(n, self.stream))
        self.uses.update(roots)
        return nodes

    def looped(self, roots: Sequence[Node], write: Callable[[], None]) -> list[str]:
        """The statements within a loop; what does not move is written before it."""
        nodes = self.count(roots)
        needed = {c for n in nodes if self.stream.moving(n) for c in below(n, self.stream)} | set(roots)
        for n in nodes:
            if not self.stream.moving(n) and n not in self.written and not unknowns(n):
                self.uses[n] += n in needed
                self.code(n)
        outside, self.lines = self.lines, []
        write()
        inside, self.lines = self.lines, outside
        self.written = {n: shown for n, shown in self.written.items() if not self.stream.moving(n)}
        return inside

    def carried(self, number: int) -> None:
        """The pass that makes the carries of this level."""
        made = latest_first([c for c in self.carries if self.stream.level(c) == number + 1])
        begun = [self.begun(c) for c in made]
        roots = [n for c in made for n in needed(c)]
        inside = self.looped(roots, lambda: self.updated(made))
        counted = self.counted and number == 0
        self.lines += [*begun, LOOP, *(f"    {line}" for line in inside or ["pass"])]
        if counted:
            self.lines.append(f"{self.stream.size} = {self.start} + {self.local}")
            self.lines += [self.labelled(p, p.below) for p in self.bound]

    def begun(self, c: Node) -> str:
        """The statement that begins a carry."""
        stem, value, about = begin(c)
        name = unused(stem, self.taken)
        self.taken.add(name)
        self.written[c] = name, ATOM
        shown = self.form("static", value.replace("inf", f"{self.dialect.module}.inf"))
        return f"{name} = {shown}" + (f"  # {about}" if about else "")

    def updated(self, made: Sequence[Node]) -> None:
        wanted = {n for c in made for r in needed(c) for n in walk(r)}
        for c in made:
            name = self.written[c][0]
            if isinstance(c, Peak):
                self.raised(c, name, wanted)
            else:
                shown = UPDATE[type(c)](self, c, name)
                self.lines.append(f"{name} = {shown}")

    def raised(self, peak: Peak, name: str, wanted: set[Node]) -> None:
        largest = self.form("larger", name, self.code(peak.value))
        drop, finite = Drop(peak), Drop(peak, True)
        if not {drop, finite} & wanted:
            self.lines.append(f"{name} = {largest}")
            return
        self.lines.append(f"before, {name} = {name}, {largest}")
        self.assigned(drop, "drop", f"{self.helper('_below')}(before, {name})")
        if finite in wanted:
            module = self.dialect.module
            self.assigned(finite, "step", f"{module}.where({module}.isneginf(before), 0, {self.code(drop)})")

    def assigned(self, node: Node, stem: str, shown: str) -> None:
        """A statement that gives the node a name."""
        name = unused(stem, self.taken)
        self.taken.add(name)
        self.lines.append(f"{name} = {shown}")
        self.written[node] = name, ATOM

    def generated(self, result: Result) -> None:
        """The generator of a result in chunks."""
        name = unused(f"{identifier(result.name)}_parts" if result.name else "parts", self.taken)
        self.taken.add(name)
        self.generators[result.node] = name

        def write() -> None:
            shown = super(StreamBody, self).returned(result)
            self.lines.append(f"yield {shown}")

        inside = self.looped([result.node], write)
        mark = self.dialect.forms.get("constant", "")
        self.lines += ["", *([mark] if mark else []), f"def {name}():", f"    {LOOP}"]
        self.lines += [*(f"        {line}" for line in inside), ""]


TIMES = {1: "once", 2: "twice", 3: "three times"}


def _note(body: StreamBody) -> str:
    often = TIMES.get(body.total, f"{body.total} times")
    made = "a result in chunks is made in a pass of its own, where it is iterated over"
    return f"Goes through the chunks {often}{f'; {made}' if body.generators else ''}."


def _tidied(lines: Sequence[str]) -> list[str]:
    """The lines without a blank one after another, at the beginning or before the end."""
    return [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]


def function(routine: Routine, dialect: Dialect) -> tuple[str, set[str]]:
    """The source of one function of chunks, and the helpers that it names."""
    body = StreamBody(routine, dialect)
    lines = body.function()
    mark = dialect.forms.get("constant", "")
    text = defined(routine, _tidied(lines), _note(body))
    return (f"{mark}\n{text}" if mark else text), body.helpers
