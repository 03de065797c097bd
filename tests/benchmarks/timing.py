"""Times of calls beside each other.

Contract. Every round runs each call once, and begins with another one than the round before, so that a slow moment, and
the state in which one call leaves the caches to the next, hit all alike. Rounds that warm up are not counted.

Blind spot. What a call allocates, and gives back, is part of its time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

Call = Callable[[], Any]
WARM_UP = 2
NOISY = 1.5  # times the least is more than a quiet machine's upper quartile


@dataclass(frozen=True)
class Times:
    """Milliseconds of each round."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.rounds)

    @property
    def least(self) -> float:
        return min(self.rounds)

    @property
    def upper(self) -> float:
        """The upper quartile."""
        return quantiles(self.rounds, n=4)[2] if len(self.rounds) > 1 else self.median

    @property
    def noisy(self) -> bool:
        return self.upper > NOISY * self.least


def measured(calls: Mapping[str, Call], rounds: int) -> dict[str, Times]:
    """The times of the calls by their names."""
    names = list(calls)
    found: dict[str, list[float]] = {name: [] for name in names}
    for n in range(WARM_UP + rounds):
        start = n % len(names)
        for name in names[start:] + names[:start]:
            began = time.perf_counter()
            calls[name]()
            if n >= WARM_UP:
                found[name].append(1000 * (time.perf_counter() - began))
    return {name: Times(tuple(t)) for name, t in found.items()}
