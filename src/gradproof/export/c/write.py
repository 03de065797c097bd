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
from .body import Body
from .mathematics import functions, of_type
from .terms import Term, Terms, length

ROUNDS = 4  # how often a body is written anew because a reduction turned out to be needed in several loops
RESERVED = frozenset(
    """inner auto break case char const continue default do double else enum extern float for goto if inline int long register
    restrict return short signed sizeof static struct switch typedef union unsigned void volatile while row rows
    threads work real BLOCK SIMD exp log pow lgamma sin cos sqrt""".split()
)
PREAMBLE = """\
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

/* Sums run over this many entries in the type of the data, and over such blocks in double. */
enum { BLOCK = 512 };

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
    """A function as it is called: `axes` are the lengths it takes, `work` that of its workspace for one thread."""

    routine: Routine
    axes: tuple[str, ...]
    work: str

    def symbol(self, kind: str) -> str:
        return f"{self.routine.name}_{kind}"


def argument(name: str) -> str:
    """The name of a parameter in C."""
    return f"{name}_" if name in RESERVED else name


def outputs(routine: Routine) -> list[str]:
    """The names of the arrays that the results are written to."""
    stems = [f"out_{re.sub(r'[^0-9A-Za-z]+', '_', r.name)}" if r.name else "out" for r in routine.results]
    found: list[str] = []
    for stem in stems:
        found.append(unused(stem, found))
    return found


def written(routines: Sequence[Routine], header: str) -> tuple[str, tuple[Function, ...]]:
    """The source of a file with these functions, and how they are called."""
    found = [_function(r) for r in routines]
    body = "\n".join(of_type(text, kind) for text, _ in found for kind in ("double", "float"))
    comment = "/* " + header.strip().replace("*/", "* /").replace("\n", "\n   ") + "\n*/\n"
    comment = re.sub(r"[ \t]+\n", "\n", comment)
    return "\n".join([comment, PREAMBLE, functions(body), body]), tuple(f for _, f in found)


def _function(routine: Routine) -> tuple[str, Function]:
    shapes = {argument(p.name): tuple(length(a) for a in p.axes) for p in routine.parameters}
    terms = Terms({p.name: shapes[argument(p.name)] for p in routine.parameters})
    outs = outputs(routine)
    written = sorted(zip(routine.results, outs, strict=True), key=lambda w: -len(w[0].axes))
    wanted = [terms.of(r.node) for r, _ in written]
    axes = tuple(dict.fromkeys(n for s in shapes.values() for n in s if not n.isdigit()))
    names = [argument(p.name) for p in routine.parameters]
    taken = {*RESERVED, *names, *axes, *outs}
    body = _body(taken, wanted, [out for _, out in written])
    work = " + ".join(_size(t) for _, t in body.buffers) or "0"
    return _text(routine, body, axes, names, work), Function(routine, axes, work)


def _body(taken: set[str], wanted: Sequence[Term], outs: Sequence[str]) -> Body:
    """The body, written anew with what the last attempt showed to be needed in several loops."""

    def attempt(stored: frozenset[Term], scratch: Mapping[Term, str]) -> Body:
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
    scratch = body.waiting()
    return attempt(stored, scratch) if scratch else body


def _size(term: Term) -> str:
    return " * ".join(term.shape)


def _text(routine: Routine, body: Body, axes: tuple[str, ...], names: Sequence[str], work: str) -> str:
    sizes = [" * ".join(length(a) for a in r.axes) or "1" for r in routine.results]
    outs = list(zip(outputs(routine), sizes, strict=True))
    types = ["int64_t" if p.label else "real" for p in routine.parameters]
    lengths = [f"ptrdiff_t {n}" for n in axes]
    inputs = [f"const {t} *restrict {n}" for t, n in zip(types, names, strict=True)]
    results = [f"real *restrict {n}" for n, _ in outs]
    space = ["real *restrict work"]
    inner = ", ".join(["int threads", *lengths, *inputs, *results, *space])
    lines = [f"static inline void {routine.name}_row_real({inner})", "{"]
    lines += [f"    (void){n};" for n in ("threads", *axes, *names, "work")]
    place = "work"
    for name, term in body.buffers:
        lines.append(f"    real *restrict {name} = {place};")
        place = f"{name} + {_size(term)}"
    lines += [*body.root.lines("    "), "}", ""]
    outer = ["int threads", "ptrdiff_t rows", *lengths]
    outer += [x for i, n in zip(inputs, names, strict=True) for x in (i, f"ptrdiff_t {n}_step")] + results + space
    given = [*axes, *(f"{n} + row * {n}_step" for n in names), *(f"{n} + row * ({s})" for n, s in outs)]
    given.append(f"work + THREAD * ({work})" if work != "0" else "work")
    comment = "/* " + describe(routine).replace("*/", "* /").replace("\n", "\n   ") + " */"
    lines += [
        re.sub(r"[ \t]+\n", "\n", comment),
        f"void {routine.name}_real({', '.join(outer)})",
        "{",
        "    const int inner = rows < threads ? threads : 1;",
        "    threads = rows < threads ? 1 : threads;",
        "    PARALLEL()",
        "    for (ptrdiff_t row = 0; row < rows; ++row)",
        f"        {routine.name}_row_real({', '.join(['inner', *given])});",
        "}",
        "",
    ]
    return "\n".join(lines)
