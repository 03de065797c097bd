"""Sums along the first axis of a matrix: row after row, as it lies in memory, into many sums at once.

Contract. A sum over an axis along which its matrices are not contiguous, while they are along the axis that stays,
becomes a term of its own. Its sums are taken in the type of the data over BLOCK rows, and over such blocks in double;
the columns are shared out between the threads.

Blind spot. Matrices only; where some lie one way and some the other, the sum is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import matrices
from .indices import index, narrowed
from .loops import Loop, Statement, Value
from .operations import as_kind

if TYPE_CHECKING:
    from .body import Body
    from .terms import Term


@dataclass(eq=False)
class Columns(Loop):
    """Loops over rows, and over columns inside; the text is that of a strip of columns."""

    rows: str = ""
    out: str = ""

    def shown(self, indent: str) -> Iterator[str]:
        (inner,) = (n for n in self.items if isinstance(n, Loop))
        i, j, rows, columns = self.variable, inner.variable, self.rows, inner.length
        each = f"for (ptrdiff_t {j} = {j}_first; {j} < {j}_end; ++{j})"
        text = f"""\
const ptrdiff_t {j}_strip = {columns} / threads < BLOCK ? {columns} / threads + 1 : BLOCK;
PARALLEL()
for (ptrdiff_t {j}_first = 0; {j}_first < {columns}; {j}_first += {j}_strip) {{
    const ptrdiff_t {j}_end = {columns} - {j}_first < {j}_strip ? {columns} : {j}_first + {j}_strip;
    double total[BLOCK] = {{0}};
    for (ptrdiff_t {i}_from = 0; {i}_from < {rows}; {i}_from += BLOCK) {{
        const ptrdiff_t {i}_end = {rows} - {i}_from < BLOCK ? {rows} : {i}_from + BLOCK;
        real part[BLOCK] = {{0}};
        for (ptrdiff_t {i} = {i}_from; {i} < {i}_end; ++{i}) {{
@ROW
        }}
        {each} total[{j} - {j}_first] += part[{j} - {j}_first];
    }}
    {each} {self.out}[{j}] = (to_real)(total[{j} - {j}_first]);
}}"""
        row = [item.text for item in self.items if isinstance(item, Statement)]
        row += ["SIMD()", each + " {", *(f"    {s.text}" for s in inner.items if isinstance(s, Statement)), "}"]
        shown = text.replace("@ROW", "\n".join(" " * 12 + line for line in row))
        yield from (indent + line for line in shown.split("\n"))


def summed(body: Body, term: Term) -> None:
    """The sums of all columns, what else they need of a row stored before."""
    (inner,) = term.args
    name = body.name("columns")
    body.buffers.append((name, term.shape))
    with body.inside(body.root):
        for t in _before(inner):
            body.array(t)
        rows = Columns(body.name("i"), "", body.root, rows=inner.shape[0], out=name)
        columns = Loop(body.name("j"), inner.shape[1], rows)
        body.here = columns
        found = as_kind(body.value(inner, narrowed((index(rows), index(columns)), inner)), "real")
        columns.items.append(Statement(f"part[{columns.variable} - {columns.variable}_first] += {found};"))
        rows.items.append(columns)
        body.here = body.root
        body.root.add(rows)
        body.root.known[term, None] = (Value(name, "real"), rows)


def _before(value: Term) -> Iterator[Term]:
    """The arrays that other loops compute, the outermost of them."""
    if value.kind in matrices.STORED and value.shape:
        yield value
    else:
        for t in value.args:
            yield from _before(t)
