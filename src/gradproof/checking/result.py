"""What was found of a backward function.

Contract. Data only. Indices of components and classes count from 0, as in the code that was checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class BackwardCheck:
    """`agrees` at all `points`, with the worst difference relative to the largest component; or not.

    `inputs` is what the function was called with at the smallest point where it differs: there `component` of the
    gradient in `variable` is `found` where `expected` was proved. `slip` says in words which common error gives
    what was found at every point tried; it is empty where none does. `reason`: why there was nothing to compare,
    or what else is to be said of a function that agrees.
    """

    agrees: bool
    entry: str
    points: int
    worst: float = 0.0
    sizes: Mapping[str, int] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    variable: str = ""
    component: tuple[int, ...] = ()
    expected: float | None = None
    found: float | None = None
    slip: str = ""
    reason: str = ""

    def __bool__(self) -> bool:
        return self.agrees

    def __str__(self) -> str:
        if self.agrees:
            also = f"; {self.reason}" if self.reason else ""
            return f"agrees with {self.entry} at {self.points} points, worst difference {self.worst:.0e}{also}"
        shown = {**self.sizes, **{n: _short(v) for n, v in self.inputs.items()}}
        at = ", ".join(f"{n} = {v}" for n, v in shown.items())
        lines = [f"differs from {self.entry} at {at}"]
        if self.reason:
            lines.append(f"  {self.reason}")
        else:
            place = f"[{', '.join(map(str, self.component))}]" if self.component else ""
            lines.append(f"  gradient in {self.variable}{place}: expected {self.expected:.6g}, found {self.found:.6g}")
        lines += [f"  what explains it: {self.slip}"] if self.slip else []
        return "\n".join(lines)


def _short(value: Any) -> str:
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return f"[{', '.join(map(_short, value))}]"
    return f"{value:.6g}" if isinstance(value, int | float) else str(value)
