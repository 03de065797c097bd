"""Array expressions as one C99 file.

Contract. Every function comes for double and for float. It takes the number of rows, the lengths of axes, and for each
array a pointer and the step from one row to the next, 0 where all rows share it; it allocates nothing. Rows run in
parallel where OpenMP is on.

Blind spot. The lengths of the arrays are not checked in C: `runtime` does that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..documentation import describe
from ..module import Routine
from ..names import unused
from .body import Body, Waiting
from .columns import Columns
from .flat import flattened
from .folding import folded
from .lanes import Array, Lanes, axis
from .loops import Loop
from .mathematics import functions, of_type
from .terms import Term, Terms, length, walk
from .words import RESERVED, argument

ROUNDS = 4  # how often a body is written anew because a reduction turned out to be needed in several loops
PREAMBLE = """\
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

/* Sums run over this many entries in the type of the data, and over such blocks in double; rows of single numbers are
   visited in such blocks. */
enum { BLOCK = 256 };

/* Rows of at most NARROW entries are visited LANES at a time, one in each lane of a vector. */
enum { NARROW = 32, LANES = 16 };

#ifdef _OPENMP
#define PRAGMA(text) _Pragma(#text)
#define SIMD(clauses) PRAGMA(omp simd clauses)
#define PARALLEL(clauses) PRAGMA(omp parallel for schedule(static) num_threads(threads) if (threads > 1) clauses)
#define THREAD omp_get_thread_num()
#else
#define SIMD(clauses)
#define PARALLEL(clauses)
#define THREAD 0
#endif
"""


@dataclass(frozen=True)
class Function:
    """A function as it is called: `axes` are the lengths it takes, `work` that of its workspace for one thread, and
    `bounds` the axes in which labels are looked up."""

    routine: Routine
    axes: tuple[str, ...]
    work: str
    bounds: Mapping[str, str]

    def symbol(self, kind: str) -> str:
        return f"{self.routine.name}_{kind}"


def outputs(routine: Routine) -> list[str]:
    """The names of the arrays that the results are written to."""
    stems = [f"out_{re.sub(r'[^0-9A-Za-z]+', '_', r.name)}" if r.name else "out" for r in routine.results]
    found: list[str] = []
    for stem in stems:
        found.append(unused(stem, [*found, *(argument(p.name) for p in routine.parameters)]))
    return found


def written(routines: Sequence[Routine], header: str) -> tuple[str, tuple[Function, ...]]:
    """The source of a file with these functions, and how they are called."""
    found = [_function(r) for r in routines]
    body = "\n".join(of_type(text, kind) for text, _ in found for kind in ("double", "float"))
    comment = "/* " + header.strip().replace("*/", "* /").replace("\n", "\n   ") + "\n*/\n"
    comment = re.sub(r"[ \t]+\n", "\n", comment)
    return folded("\n".join([comment, PREAMBLE, functions(body), body])), tuple(f for _, f in found)


def _function(routine: Routine) -> tuple[str, Function]:
    shapes = {argument(p.name): tuple(length(a) for a in p.axes) for p in routine.parameters}
    terms = Terms(shapes)
    outs = outputs(routine)
    written = sorted(zip(routine.results, outs, strict=True), key=lambda w: -len(w[0].axes))
    wanted = [terms.of(r.node) for r, _ in written]
    axes = tuple(dict.fromkeys(n for s in shapes.values() for n in s if not n.isdigit()))
    names = [argument(p.name) for p in routine.parameters]
    taken = {*RESERVED, *names, *axes, *outs}
    body = _body(taken, wanted, [out for _, out in written])
    work = " + ".join(_size(shape) for _, shape in body.buffers) or "0"
    return _text(routine, body, axes, names, work), Function(routine, axes, work, _bounds(wanted))


def _bounds(wanted: Sequence[Term]) -> dict[str, str]:
    found = {}
    for term in (t for w in wanted for t in walk(w) if t.kind == "gather"):
        value, index = term.args
        while index.kind in ("align", "take"):
            (index,) = index.args
        if index.kind == "label":
            found[str(index.data)] = value.shape[-1]
    return found


def _body(taken: set[str], wanted: Sequence[Term], outs: Sequence[str]) -> Body:
    """The body, written anew with what the last attempt showed to be needed in several loops."""

    def attempt(stored: frozenset[Term], scratch: Mapping[Term, Waiting]) -> Body:
        found = Body(taken, wanted, stored, scratch)
        for term, out in zip(wanted, outs, strict=True):
            found.write(term, out)
        return found

    stored: frozenset[Term] = frozenset()
    for _ in range(ROUNDS):
        body = attempt(stored, {})
        more = body.repeated() - stored
        if not more:
            break
        stored |= more
    again = attempt(stored, body.waiting())
    return again if again.sound() else body


def _size(shape: Sequence[str]) -> str:
    return " * ".join(shape) or "1"


def _text(routine: Routine, body: Body, axes: tuple[str, ...], names: Sequence[str], work: str) -> str:
    given = [Array(n, tuple(length(a) for a in p.axes)) for n, p in zip(names, routine.parameters, strict=True)]
    results = [
        Array(n, tuple(length(a) for a in r.axes), True) for n, r in zip(outputs(routine), routine.results, strict=True)
    ]
    real = [a for a, p in zip(given, routine.parameters, strict=True) if not p.label]
    for loop in body.root.items:
        if not isinstance(loop, Loop) or loop.leaf or isinstance(loop, Columns):
            continue
        loop.flat = flattened(loop)
        if loop.flat is None and axis(loop):
            opening = {loop.variable: f"const ptrdiff_t {loop.variable} = {loop.variable}_first + lane;"}
            loop.lanes = Lanes(loop, opening, [*real, *results], f"{loop.variable} * {axis(loop)} + ")
    form = Form(routine, axes, given, results, work)
    parts = [form.row(body)]
    together = not body.buffers and bool(axis(body.root))
    if together:
        parts.append(form.lanes(body, [*real, *results]))
    parts.append(form.function(axis(body.root) if together else ""))
    return "\n".join(parts)


@dataclass(frozen=True)
class Form:
    """The three functions that one routine becomes: for a row, for LANES rows, and for all."""

    routine: Routine
    axes: tuple[str, ...]
    given: Sequence[Array]
    results: Sequence[Array]
    work: str

    def _types(self) -> list[str]:
        return ["int64_t" if p.label else "real" for p in self.routine.parameters]

    def _unused(self, names: Sequence[str], lines: Sequence[str]) -> list[str]:
        """A line for the parameters that the function has no use for."""
        used = set(re.findall(r"\w+", "\n".join(lines)))
        found = ", ".join(f"(void){n}" for n in names if n not in used)
        return [f"    {found};"] if found else []

    def row(self, body: Body) -> str:
        inputs = [f"const {t} *restrict {a.name}" for t, a in zip(self._types(), self.given, strict=True)]
        outs = [f"real *restrict {a.name}" for a in self.results]
        lengths = [f"ptrdiff_t {n}" for n in self.axes]
        head = ", ".join(["int threads", *lengths, *inputs, *outs, "real *restrict work"])
        lines = [f"static inline void {self.routine.name}_row_real({head})", "{"]
        inside: list[str] = []
        place = "work"
        for name, shape in body.buffers:
            inside.append(f"    real *restrict {name} = {place};")
            place = f"{name} + {_size(shape)}"
        inside += body.root.lines("    ")
        unused = self._unused(["threads", *self.axes, *(a.name for a in self.given), "work"], inside)
        return "\n".join([*lines, *unused, *inside, "}", ""])

    def lanes(self, body: Body, tiled: Sequence[Array]) -> str:
        types = dict(zip((a.name for a in self.given), self._types(), strict=True))
        inputs = [f"const {types[a.name]} *restrict {a.name}_rows, ptrdiff_t {a.name}_step" for a in self.given]
        outs = [f"real *restrict {a.name}_rows" for a in self.results]
        head = ", ".join([*(f"ptrdiff_t {n}" for n in self.axes), *inputs, *outs])
        opening = {
            a.name: f"const {types[a.name]} *{a.name} = {a.name}_rows + lane * {a.name}_step;" for a in self.given
        }
        opening |= {a.name: f"real *{a.name} = {a.name}_rows + {_place('lane', a)};" for a in self.results}
        lines = [f"static inline void {self.routine.name}_lanes_real({head})", "{"]
        inside = list(Lanes(body.root, opening, tiled, "").lines("    "))
        return "\n".join([*lines, *self._unused(self.axes, inside), *inside, "}", ""])

    def function(self, together: str) -> str:
        inputs = [
            f"const {t} *restrict {a.name}, ptrdiff_t {a.name}_step"
            for t, a in zip(self._types(), self.given, strict=True)
        ]
        outs = [f"real *restrict {a.name}" for a in self.results]
        lengths = [f"ptrdiff_t {n}" for n in self.axes]
        head = ", ".join(["int threads", "ptrdiff_t rows", *lengths, *inputs, *outs, "real *restrict work"])
        space = f"work: {self.work} numbers for each thread" if self.work != "0" else "work is not used"
        passed = f"Written to {', '.join(a.name for a in self.results)}; {space}."
        comment = "/* " + f"{describe(self.routine)}\n{passed}".replace("*/", "* /").replace("\n", "\n   ") + " */"
        lines = [re.sub(r"[ \t]+\n", "\n", comment), f"void {self.routine.name}_real({head})", "{"]
        return "\n".join([*lines, *(self._in_blocks() if self._single() else self._in_rows(together)), "}", ""])

    def _single(self) -> bool:
        """Whether a row is one number in every array."""
        plain = not any(a.shape for a in (*self.given, *self.results)) and "int64_t" not in self._types()
        return plain and bool(self.given) and self.work == "0"

    def _in_blocks(self) -> list[str]:
        """Rows of single numbers: vectors of rows, whatever the steps are."""
        blocks = ", ".join(f"{a.name}_block[BLOCK]" for a in self.given)
        side_by_side = "side_by_side_real(count, {0} + first * {0}_step, {0}_step, {0}_block)"
        rows = [f"        const real *restrict {a.name}_rows = {side_by_side.format(a.name)};" for a in self.given]
        call = ", ".join(
            ["1", *(f"{a.name}_rows + row" for a in self.given), *(f"{a.name} + first + row" for a in self.results)]
        )
        return [
            "    (void)threads;",
            "    PARALLEL()",
            "    for (ptrdiff_t first = 0; first < rows; first += BLOCK) {",
            "        const ptrdiff_t count = rows - first < BLOCK ? rows - first : BLOCK;",
            f"        real {blocks};",
            *rows,
            "        SIMD()",
            "        for (ptrdiff_t row = 0; row < count; ++row)",
            f"            {self.routine.name}_row_real({call}, work);",
            "    }",
        ]

    def _in_rows(self, together: str) -> list[str]:
        """One row after the other, and short ones many at a time."""
        lines = [
            "    const int inner = rows < threads ? threads : 1;",
            "    threads = rows < threads ? 1 : threads;",
            "    ptrdiff_t done = 0;",
        ]
        if together:
            places = zip(self._inputs("first"), self.given, strict=True)
            call = ", ".join([*self.axes, *(f"{x}, {a.name}_step" for x, a in places), *self._outs("first")])
            lines += [
                f"    if ({together} <= NARROW) {{",
                "        done = rows - rows % LANES;",
                "        PARALLEL()",
                "        for (ptrdiff_t first = 0; first < done; first += LANES)",
                f"            {self.routine.name}_lanes_real({call});",
                "    }",
            ]
        space = f"work + THREAD * ({self.work})" if self.work != "0" else "work"
        call = ", ".join(["inner", *self.axes, *self._inputs("row"), *self._outs("row"), space])
        return [
            *lines,
            "    PARALLEL()",
            "    for (ptrdiff_t row = done; row < rows; ++row)",
            f"        {self.routine.name}_row_real({call});",
        ]

    def _inputs(self, row: str) -> list[str]:
        return [f"{a.name} + {row} * {a.name}_step" for a in self.given]

    def _outs(self, row: str) -> list[str]:
        return [f"{a.name} + {_place(row, a)}" for a in self.results]


def _place(row: str, array: Array) -> str:
    """Where a row of the array begins."""
    count = _size(array.shape)
    return row if count == "1" else f"{row} * {count}"
