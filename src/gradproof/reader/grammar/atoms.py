"""Which token starts which kind of factor.

Contract. A token that is in no table here, and is not a letter or a number, starts no factor.
"""

from __future__ import annotations

from collections.abc import Callable

from gradproof.reader.grammar import (
    applications,
    brackets,
    choices,
    derivatives,
    expressions,
    operators,
    sums,
)
from gradproof.reader.grammar.cursor import Cursor
from gradproof.reader.syntax import Node

ATOMS: dict[str, Callable[[Cursor], Node]] = {
    "(": brackets.parenthesis,
    "[": brackets.parenthesis,
    "{": brackets.braces,
    r"\{": brackets.set_braces,
    "|": brackets.bars,
    r"\|": brackets.bars,
    r"\frac": expressions.fraction,
    r"\dfrac": expressions.fraction,
    r"\tfrac": expressions.fraction,
    r"\sqrt": expressions.root,
    r"\infty": expressions.infinity,
    r"\pi": expressions.pi,
    **dict.fromkeys((r"\log", r"\ln", r"\exp", r"\tanh", r"\max", r"\min", r"\sin", r"\cos"), applications.function),
    **dict.fromkeys(sums.BIG, sums.big),
    r"\partial": derivatives.partial,
    r"\nabla": derivatives.nabla,
    r"\lim": operators.limit,
    **dict.fromkeys((r"\arg", r"\argmax", r"\argmin"), operators.best),
    r"\operatorname*": operators.operator_name,
    **dict.fromkeys((r"\mathbb", r"\mathbf", r"\mathds", r"\boldsymbol", r"\bm"), choices.blackboard),
    **dict.fromkeys((r"\mathrm", r"\operatorname", r"\text", r"\mathsf"), choices.upright),
    r"\begin": choices.environment,
}
