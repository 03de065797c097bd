"""How accurate the exported functions are, in units in the last place (ulp), beside those of torch, SciPy and jax.nn.

Contract. Every function is computed in NumPy, PyTorch, JAX and C, in double and in float, over many rows. A cell is the
worst error in ulp of the entry itself / of the largest entry of its row / of the largest of the terms that are added
last; a line with `*` is of a few rows, by mpmath. Then come the inputs of the stress tests, a million random values in
C, and float16.

Blind spot. That of `accuracy_measured`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import export_stress as stress
import export_stress_peers
import export_ulp as ulp
import numpy as np
from accuracy_cases import CASES, RANGES, drawn
from accuracy_measured import (
    DIGITS,
    TRUSTED,
    Measured,
    functions,
    in_target,
    measured,
    peer_result,
    reference,
    result,
    typed,
)
from report import Verdict, columns, conclude, installed

ROWS, MANY = 1000, 1_000_000
TARGETS = ("numpy", "torch", "jax", "c")
LIBRARIES = {"torch": "torch.nn", "scipy": "SciPy", "jax": "jax.nn"}
TYPES = ("float64", "float32")
WANTED = 4.0  # ulp
TIE = 1.0  # ulp: below it, nothing is worse than anything
ALIKE = 2.0  # the worst of random errors of two functions that are alike may differ by such a factor
OF_LOGITS = ("softmax", "log-softmax", "log-sum-exp", "cross-entropy", "mean cross-entropy", "softplus", "sigmoid",
             "log-sigmoid", "binary cross-entropy")  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One function in one type over one range of inputs: the errors of targets, and of libraries."""

    measured: Measured
    kind: str
    range: str
    targets: Mapping[str, ulp.Ulps]
    libraries: Mapping[str, ulp.Ulps]
    complete: bool

    @property
    def title(self) -> str:
        return f"{self.measured.described}, {self.kind}, {self.range}"

    def cells(self) -> list[str]:
        found = [self.targets.get(t) for t in TARGETS] + [self.libraries.get(n) for n in LIBRARIES]
        return [self.title + ("" if self.complete else " *"), *("-" if u is None else str(u) for u in found)]

    def worse(self) -> Iterator[str]:
        """Where a target is off by more than is wanted, and by more than the library's own function, or any."""
        for target, error in self.targets.items():
            if not self.libraries:
                return  # a line that no function can compute well is told by those that others use
            theirs = self.libraries.get("scipy" if target == "numpy" else target)
            best = theirs.terms if theirs else min(u.terms for u in self.libraries.values())
            limit = max(WANTED, ALIKE * best)
            if error.terms > limit:
                yield f"{self.title}: {target} {error.terms:.1f} ulp, wanted {limit:.1f}"


def present() -> list[str]:
    return [t for t in TARGETS if t not in LIBRARIES or installed(t)]


def line(m: Measured, kind: str, range_: str) -> Line:
    inputs = typed(drawn(m.case, ROWS, range_), kind)
    right = reference(m, kind, inputs, DIGITS[range_])
    targets = {t: right.worst(result(m, t, inputs), len(m.axes), kind) for t in present()}
    others = {n: peer_result(m, n, inputs) for n in LIBRARIES if installed(n)}
    libraries = {n: right.worst(v, len(m.axes), kind) for n, v in others.items() if v is not None}
    return Line(m, kind, range_, targets, libraries, right.trusted)


def table() -> list[Verdict]:
    """Every case, type and range."""
    lines = [line(m, kind, r) for title in CASES for m in measured(title) for kind in TYPES for r in RANGES]
    columns([["", *TARGETS, *LIBRARIES.values()], *(n.cells() for n in lines)])
    worse = [text for n in lines for text in n.worse()]
    text = f"{len(lines)} lines, {len(worse)} errors above {WANTED} ulp of the terms and {ALIKE} times a peer's"
    return [Verdict(not worse, text), *(Verdict(False, text) for text in worse)]


def stressed() -> list[Verdict]:
    """The inputs of the stress tests, in ulp of the scale of the result, in double."""
    peers = {n: make() for n, make in export_stress_peers.PEERS.items() if installed(n)}
    worst = dict.fromkeys([*present(), *(LIBRARIES[n] for n in peers)], 0.0)
    lost = []
    for entry, name, inputs, expected in stress.CASES:
        given = {n: np.asarray(v, dtype=np.int64 if n == "t" else np.float64) for n, v in inputs.items()}
        wanted = ulp.rounded(expected)

        def off(value: Any, wanted: ulp.Exact = wanted) -> float:
            return ulp.worst(value, wanted, np.ndim(wanted[0]), np.float64).row

        with np.errstate(all="ignore"):
            ours = {t: off(in_target(getattr(functions(entry, t), name), t)(**given)) for t in present()}
            theirs = {LIBRARIES[n]: off(made[entry, name](*given.values())) for n, made in peers.items()}
        for who, error in {**ours, **theirs}.items():
            worst[who] = max(worst[who], error)
        least = min(theirs.values(), default=np.inf)
        lost += [f"{entry} {name}: {t} {u:.1f} ulp, a peer {least:.1f}" for t, u in ours.items() if u > max(TIE, least)]
    print(f"\nstress, {len(stress.CASES)} inputs, worst error in ulp of the scale of the result, float64")
    columns([["", *worst], ["", *(f"{u:.2g}" for u in worst.values())]])
    verdicts = [Verdict(worst[t] <= WANTED, f"stress, {t}: {worst[t]:.1f} ulp, wanted {WANTED}") for t in present()]
    if peers:
        others = " or ".join(LIBRARIES[n] for n in peers)
        verdicts.append(Verdict(not lost, f"stress: {len(lost)} results worse than {others} by more than a tie"))
    return [*verdicts, *(Verdict(False, text) for text in lost)]


def million() -> list[Verdict]:
    """C in float, at a million random values in [-50, 50]: values in ulp of themselves, gradients of their terms."""
    verdicts = []
    for title in OF_LOGITS:
        rows = MANY // next(iter(drawn(CASES[title], 1, "random").values())).size
        for m in measured(title):
            inputs = typed(drawn(m.case, rows, "random", seed=1), "float32")
            right = reference(m, "float32", inputs, DIGITS["random"])
            error = right.worst(result(m, "c", inputs), len(m.axes), "float32")
            worst, off = (error.terms, right.off.terms) if m.name == "grad" else (error.own, right.off.own)
            text = f"C, float32, {MANY:,} random values: {m.described} {worst:.2f} ulp"
            verdicts.append(
                Verdict(worst <= WANTED and off <= TRUSTED, f"{text}, wanted {WANTED}; mpmath {off:.1g} away")
            )
    return verdicts


def half() -> list[Verdict]:
    """NumPy's functions of float16: the worst error in ulp of float16, at ordinary logits."""
    verdicts = []
    for title in OF_LOGITS:
        for m in measured(title):
            inputs = typed(drawn(m.case, ROWS, "random"), "float16")
            right = reference(m, "float16", inputs, DIGITS["random"])
            error = right.worst(result(m, "numpy", inputs), len(m.axes), "float16").terms
            verdicts.append(Verdict(error <= TIE, f"NumPy, float16: {m.described} {error:.2f} ulp, wanted {TIE}"))
    return verdicts


def main(rounds: int) -> None:
    del rounds
    if installed("jax"):
        import jax
    with jax.enable_x64(True) if installed("jax") else nullcontext():
        print("worst errors in ulp of the entry / of the row / of the terms")
        verdicts = [*table(), *stressed(), *million(), *half()]
    conclude(verdicts)
