"""Operations entry by entry, in C.

Contract. A value has the type of its innermost operands: double where one of those is, else `real`; what varies with
fewer loops is converted. `CHEAP` are the operations that may be computed again rather than kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import NotExportable
from .loops import Value

INFIX = {"add": "{} + {}", "subtract": "{} - {}", "multiply": "{} * {}", "divide": "{} / {}"}
LIGHT = """negative square abs sign relu step real guard masked finite_top in_row below_top less_indicator
if_finite share"""
CALLED = """square abs sign relu step sqrt exp raised_exp raised_exp_scaled raised_exp_divided anchor anchor_scaled
rounding log log1p expm1 sigmoid softplus tanh sin cos lgamma power log1mexp expm1_minus log_add guard masked finite_top
in_row below_top less_indicator ties inverse_rest share if_finite reciprocal relentr"""
# What a value is called, where that says more than its operation.
NAMES = {
    "finite_top": "shift", "anchor": "anchor", "anchor_scaled": "anchor", "rounding": "rounding",
    "exp": "e", "raised_exp": "e", "raised_exp_scaled": "e", "raised_exp_divided": "e", "ties": "ties",
    "reciprocal": "inverse", "narrow": "narrow", "inverse_rest": "rest", "share": "p", "sigmoid": "p",
    "log": "logged", "log1p": "logged", "softplus": "soft",
}  # fmt: skip
CHEAP = frozenset((*INFIX, *LIGHT.split()))
CALLS = frozenset(CALLED.split())
INFINITE = "-INFINITY"  # the one literal without a type
ATOM = re.compile(r"\(\w+ == \w+\)|\(?[\w.]+\)?(\[[^\[\]]*\])?|\w+\([^()]*\)|\(\w+\)(\w+|\(\w+ == \w+\))")


def applied(operation: str, operands: Sequence[Value], kind: str) -> Value:
    """The operation on these values, computed in this type."""
    loops = frozenset(n for v in operands for n in v.loops)
    if operation == "real":
        return operands[0]
    shown = [as_kind(v, kind) for v in operands]
    if operation in INFIX:
        return Value(INFIX[operation].format(*(atom(s) for s in shown)), kind, loops)
    if operation == "negative":
        return Value(f"-{atom(shown[0])}", kind, loops)
    if operation == "narrow":
        return Value(shown[0], kind, loops)
    if operation not in CALLS:
        raise NotExportable(f"the target c has no operation {operation}")
    return Value(f"{operation}_{kind}({', '.join(shown)})", kind, loops)


def common(operands: Sequence[Value]) -> str:
    """The type of the innermost operands."""
    typed = [v for v in operands if v.kind in ("real", "double")]
    if not typed:
        return "real" if any(v.loops for v in operands) else "double"
    depth = max(v.depth for v in operands)
    inner = [v for v in typed if v.depth == depth]
    if not inner:
        return "real"
    return "double" if any(v.kind == "double" for v in inner) else "real"


def as_kind(value: Value, kind: str) -> str:
    if value.kind == kind or (kind == "double" and value.kind in ("real", "literal")):
        return value.text
    if value.kind == "literal":
        return value.text if value.text == INFINITE else f"{value.text}r"
    return f"({'to_real' if value.kind == 'double' else kind}){atom(value.text)}"


def atom(text: str) -> str:
    return text if ATOM.fullmatch(text) else f"({text})"
