"""A module of an array library: its documentation, the helpers that it carries along, and its functions.

Contract. Every function first makes its arguments arrays of one floating type and checks shapes and labels. Writing
imports no library.

Blind spot. What is written is not run here; the tests run it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .array import Size
from .dialect import Dialect
from .documentation import called, describe, docstring
from .module import Parameter, Routine, local, start
from .statements import Body


def lengths(body: Body, statements: Sequence[str]) -> list[str]:
    """The sizes that the statements name, read off arrays that were checked before."""
    text = " ".join(statements)
    used = sorted({n.name for n in body.nodes if isinstance(n, Size) and re.search(rf"\b{n.name}\b", text)})
    places = {a: f"{p.name}.shape[{n - len(p.axes)}]" for p in body.routine.parameters for n, a in enumerate(p.axes)}
    return [f"{name} = {places[name]}" for name in used if name in places] + shard(body)


def shard(body: Body) -> list[str]:
    """Where this shard stands in the whole axis: how long that is, and where the shard begins."""
    size = body.routine.shard
    used = {n.name for n in body.nodes if isinstance(n, Size)} & {size, start(size)}
    bounds = {p.below for p in body.routine.parameters if p.label} & {size}
    if not size or not used | bounds:
        return []
    array, place = next(
        (p, n - len(p.axes)) for p in body.routine.parameters for n, a in enumerate(p.axes) if a == local(size)
    )
    return [f"{size}, {start(size)} = {body.form('shard', array.name, place)}"]


def tuple_of(names: Sequence[str]) -> str:
    """The names as the target of an assignment from a tuple."""
    return ", ".join(names) if len(names) > 1 else f"({names[0]},)"


def module(dialect: Dialect, header: str, functions: Sequence[tuple[str, set[str]]]) -> str:
    """The source of a module: its documentation, imports, the helpers that the functions name, the functions."""
    names = dialect.with_needs({name for _, needed in functions for name in needed})
    texts = [*(dialect.helpers[n].strip() + "\n" for n in names), *(text for text, _ in functions)]
    return "\n\n".join([docstring(header, ""), _imports(dialect, texts), *texts])


def _imports(dialect: Dialect, texts: Sequence[str]) -> str:
    """The imports that the texts need, those of the standard library first."""
    used = [i for i in dialect.imports if any(re.search(rf"\b{i.split()[-1]}\b", text) for text in texts)]
    standard = [i for i in used if i.split()[1] in ("functools", "math")]
    others = [i for i in used if i not in standard]
    return "\n".join([*standard, *([""] if standard and others else []), *others, ""])


def function(routine: Routine, dialect: Dialect, notes: str = "") -> tuple[str, set[str]]:
    """The source of one function, and the helpers that it names."""
    body = Body(routine, dialect)
    statements = body.all()
    more = [dialect.forms["group parameter"]] if routine.shard else []
    return defined(routine, [*prologue(body, statements), *statements], notes, more), body.helpers


def defined(routine: Routine, lines: Sequence[str], notes: str = "", more: Sequence[str] = ()) -> str:
    """A function with its documentation and these statements; `more` parameters follow its own."""
    head = f"def {routine.name}({', '.join([*(called(routine, p) for p in routine.parameters), *more])}):\n"
    text = f"{describe(routine)}\n{notes}" if notes else describe(routine)
    return head + docstring(text, "    ") + indented(lines, 1)


def indented(lines: Sequence[str], depth: int) -> str:
    return "".join(f"{'    ' * depth}{line}".rstrip() + "\n" for line in lines)


def prologue(body: Body, statements: Sequence[str] | None = None) -> list[str]:
    """The arguments as arrays of one type, and the checks of their shapes and labels.

    Of the sizes, those are given a name that the check of a label needs or one of the statements names.
    """
    parameters = body.routine.parameters
    real = body.real
    lines = []
    if real:
        lines.append(f"{tuple_of(real)} = {body.helper('_floats')}({', '.join(real)})")
    shaped = [p for p in parameters if p.axes]
    if shaped:
        sizes = _named_sizes(body, statements)
        target = f"{tuple_of(sizes)} = " if sizes else ""
        lines.append(
            f'{target}{body.helper("_sizes")}("{" ".join(sizes)}", {", ".join(shape(body, p) for p in shaped)})'
        )
    lines += shard(body)
    known = {a for p in parameters for a in p.axes} | {body.routine.shard} - {""}
    for p in parameters:
        if p.label:
            bound = f", {p.below}" if p.below in known or p.below.isdigit() else ""
            like = body.form("beside", real[0]) if real and "beside" in body.dialect.forms else ""
            lines.append(f'{p.name} = {body.helper("_label")}("{p.name}", {p.name}{bound}{like})')
    return lines


def _named_sizes(body: Body, statements: Sequence[str] | None) -> list[str]:
    sizes = body.routine.sizes()
    bounds = {p.below for p in body.routine.parameters if p.label}
    text = None if statements is None or body.routine.shard else " ".join(statements)
    return [s for s in sizes if text is None or s in bounds or re.search(rf"\b{s}\b", text)]


def shape(body: Body, p: Parameter) -> str:
    value = body.form("array", p.name) if p.label else p.name
    return f'{p.name}=({value}, "{" ".join(p.axes)}")'
