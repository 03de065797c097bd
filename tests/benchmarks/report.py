"""How tables and what was wanted are printed.

Contract. A table of times shows medians, their spread, and how many times slower each call is than the first one, our
C; what was wanted is printed as `ok` or `NOT MET`, with the number. What is missing is named, loudly, once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from statistics import geometric_mean

from timing import Times


@dataclass(frozen=True)
class Verdict:
    """A line of what was wanted."""

    met: bool
    text: str

    def __str__(self) -> str:
        return f"{'ok      ' if self.met else 'NOT MET '} {self.text}"


@dataclass
class Ratios:
    """How many times slower than the first call each of them was, table after table."""

    found: dict[str, list[float]] = field(default_factory=dict)

    def add(self, times: Mapping[str, Times]) -> None:
        base = next(iter(times.values())).median
        for name, t in times.items():
            self.found.setdefault(name, []).append(t.median / base)

    def mean(self, name: str) -> float:
        return geometric_mean(self.found[name])

    def show(self) -> None:
        print("\ngeometric means")
        for name, ratios in self.found.items():
            print(f"  {name:18} {self.mean(name):8.2f} times C, {len(ratios)} tables")


def table(title: str, times: Mapping[str, Times]) -> None:
    """Medians, how far the rounds spread, and the ratios of medians, and of the least."""
    first = next(iter(times.values()))
    rows = [("", "median", "least .. upper quartile", "times C", "by the least", "")]
    for name, t in times.items():
        spread = f"{t.least:.3f} .. {t.upper:.3f}"
        ratios = (f"{t.median / first.median:.2f}", f"{t.least / first.least:.2f}")
        rows.append((name, f"{t.median:.3f} ms", spread, *ratios, "NOISY" if t.noisy else ""))
    print(f"\n{title}")
    columns(rows)


def conclude(verdicts: Iterable[Verdict]) -> None:
    print()
    for v in verdicts:
        print(v)


def columns(rows: Sequence[Sequence[str]]) -> None:
    """Rows of text, the first column flush left, every column as wide as its widest entry."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for first, *others in rows:
        cells = (text.rjust(w) for text, w in zip(others, widths[1:], strict=True))
        print("  ".join([first.ljust(widths[0]), *cells]), flush=True)


@cache
def installed(module: str) -> bool:
    """Whether a library is there; where it is not, it is said so."""
    there = find_spec(module) is not None
    if not there:
        print(f"{module.upper()} IS NOT INSTALLED: left out", file=sys.stderr)
    return there
