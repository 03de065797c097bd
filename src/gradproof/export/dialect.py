"""The words of an array library: a table for each, from which one writer makes a module.

Contract. A template is filled in with the expressions of its operands, which are put in parentheses where they bind
less than the template asks for.

Blind spot. A table is not checked for completeness: what it lacks is refused when it is needed, as NotExportable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ADD, MULTIPLY, UNARY, POWER, ATOM = range(5)  # how strongly an expression binds

NAMESAKES = ("exp", "log", "log1p", "expm1", "tanh", "sqrt", "square", "abs", "sign", "sin", "cos")
Operation = tuple[str, int, tuple[int, ...]]  # template, its own precedence, the least precedence of each operand
ARITHMETIC: dict[str, Operation] = {
    "add": ("{} + {}", ADD, (ADD, MULTIPLY)),
    "subtract": ("{} - {}", ADD, (ADD, MULTIPLY)),
    "multiply": ("{} * {}", MULTIPLY, (MULTIPLY, UNARY)),
    "divide": ("{} / {}", MULTIPLY, (MULTIPLY, UNARY)),
    "negative": ("-{}", UNARY, (UNARY,)),
    "power": ("{} ** {}", POWER, (ATOM, ATOM)),
}
# Of plain numbers, which the sizes are
STATIC: dict[str, Operation] = {
    **ARITHMETIC,
    **{name: (f"math.{name}({{}})", ATOM, (ADD,)) for name in NAMESAKES if name not in ("square", "abs", "sign")},
    "square": ("{} ** 2", POWER, (ATOM,)),
    "abs": ("abs({})", ATOM, (ADD,)),
    "lgamma": ("math.lgamma({})", ATOM, (ADD,)),
    "relu": ("max({}, 0)", ATOM, (ADD,)),
    "softplus": ("math.log1p(math.exp({}))", ATOM, (ADD,)),
    "log_add": ("math.log(math.exp({}) + math.exp({}))", ATOM, (ADD, ADD)),
    "sigmoid": ("1 / (1 + math.exp(-{}))", MULTIPLY, (UNARY,)),
}


def calls(names: Mapping[str, str]) -> dict[str, Operation]:
    """Operations that are calls of one argument, by their templates."""
    return {name: (template, ATOM, (ADD,)) for name, template in names.items()}


@dataclass(frozen=True)
class Dialect:
    """The words of one array library. `forms` are templates, which may use dtype and device."""

    module: str  # the name the library goes by in the source
    imports: tuple[str, ...]
    operations: Mapping[str, Operation]
    forms: Mapping[str, str]
    cumulative: Mapping[str, str]
    helpers: Mapping[str, str]  # name -> complete source text
    needs: Mapping[str, tuple[str, ...]]  # name -> the helpers that it calls
    typed: Mapping[str, str]  # dtype, and where there is one device, of the first real argument
    untyped: Mapping[str, str]  # ... where there is none
    folds: frozenset[str] = field(default=frozenset({"sum", "prod"}))  # those that take several axes at once
    numbers: bool = True  # whether a value without axes may be no array
    softmax_times: bool = False  # whether the functions of a softmax multiply it by a factor on the way
    in_place: bool = False  # whether statements may write over arrays that are not needed any more

    def with_needs(self, names: set[str]) -> list[str]:
        """The helpers and all they call, in the order they are written."""
        found = set(names)
        while more := {n for name in found for n in self.needs.get(name, ())} - found:
            found |= more
        return [name for name in self.helpers if name in found]

    def helper_called(self, template: str) -> str:
        """The helper that a template calls, or nothing."""
        name = template.partition("(")[0]
        return name if name in self.helpers else ""
