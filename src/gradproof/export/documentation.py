"""The words that every target writes beside a function: formula, arguments, shapes.

Contract. The text depends on the plan alone, so that all targets say the same.
"""

from __future__ import annotations

from .module import Parameter, Result, Routine, local

NOTES = (
    "Arrays have their own axes last; any batch axes before them broadcast. Floating types are kept, integers become "
    "float64.",
    "Logarithms are natural, so information is in nats. Class indices count from 0.",
)


def describe(routine: Routine) -> str:
    """The documentation of one function."""
    shown = [f"{r.name} = {r.formula}" if r.name else r.formula for r in routine.results]
    lines = [routine.formula] if routine.formula else shown
    arguments = [f"{called(routine, p)}: {_kind(routine, p)}" for p in routine.parameters]
    returned = [_value(routine, group) for group in routine.groups]
    returns = returned[0] if len(returned) == 1 else f"a tuple: {'; '.join(returned)}"
    return "\n".join([*lines, "", *arguments, f"Returns {returns}."])


def chunks_of(name: str) -> str:
    """What an argument is called that is given in chunks."""
    return f"{name}_chunks"


def called(routine: Routine, p: Parameter) -> str:
    return chunks_of(p.name) if in_chunks(routine, p.axes) else p.name


def in_chunks(routine: Routine, axes: tuple[str, ...]) -> bool:
    """Whether an array with these axes comes in chunks."""
    return bool(routine.stream) and local(routine.stream) in axes


def _value(routine: Routine, group: tuple[Result, ...]) -> str:
    many = "an iterator of chunks of "
    shapes = {r.name: (many if in_chunks(routine, r.axes) else "") + _shape(r.axes) for r in group}
    if not group[0].name:
        return shapes[""]
    return "a dict with " + ", ".join(f"{name}: {shown}" for name, shown in shapes.items())


def _kind(routine: Routine, p: Parameter) -> str:
    below = f" below {p.below}" if p.below else ""
    shown = f"{'chunks of ' if in_chunks(routine, p.axes) else ''}{_shape(p.axes)}"
    return f"{shown}, integers from 0{below}" if p.label else shown


def _shape(axes: tuple[str, ...]) -> str:
    return f"shape ({', '.join(('...', *axes))})"


def docstring(text: str, indent: str) -> str:
    """The text as a Python docstring."""
    lines = [line.rstrip() for line in text.strip().splitlines()] or [""]
    raw = "r" if "\\" in text else ""
    safe = [line.replace('"""', "'''") for line in lines]
    if len(safe) == 1:
        end = " " if safe[0].endswith(('"', "\\")) else ""
        return f'{indent}{raw}"""{safe[0]}{end}"""\n'
    body = "\n".join(f"{indent}{line}".rstrip() for line in safe[1:])
    return f'{indent}{raw}"""{safe[0]}\n{body}\n{indent}"""\n'
