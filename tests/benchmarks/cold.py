"""How long it takes, as ratios in one run: `python tests/benchmarks cold [--rounds N]`. A report, not a test.

Cold commands are measured against `python -c "import sympy"` in the same run, turn by turn, because the machine is the
larger part of any absolute time. Family A and growth with the number of terms are measured in this process, warm.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from gradproof import catalogue
from gradproof.audit import audit
from gradproof.expression import Derivative, Expr
from gradproof.kernel import check
from gradproof.notation import Sum, define, distribution, exp, indices, let, log, size, vector
from gradproof.propose import propose
from gradproof.rules import RULES
from gradproof.statement import Statement

YARDSTICK = ("-c", "import sympy")
COMMANDS = {  # arguments: the most that is wanted, as a multiple of the yardstick
    ("-m", "gradproof", "derive", "A12"): 2.5,
    ("-m", "gradproof", "--help"): 0.3,
    ("-m", "gradproof", "list"): 0.3,
}
FAMILY_SECONDS = 15.0
TERMS = (1, 2, 4, 8, 16, 32)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def cold(repeats: int) -> None:
    """Each command in a new interpreter, all of them once a round, so that a slow moment hits them alike."""
    commands = (YARDSTICK, *COMMANDS)

    def run(arguments: tuple[str, ...]) -> None:
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)

    for c in commands:
        run(c)  # fills the file cache and writes the .pyc files
    rounds = [{c: seconds(lambda c=c: run(c)) for c in commands} for _ in range(repeats)]
    print(f"cold, median of {repeats}: import sympy {median(r[YARDSTICK] for r in rounds):.3f} s")
    for c, limit in COMMANDS.items():
        ratio = median(r[c] / r[YARDSTICK] for r in rounds)
        name = " ".join(("gradproof", *c[2:]))
        verdict = "ok" if ratio <= limit else "TOO SLOW"
        print(f"  {name:22} {median(r[c] for r in rounds):.3f} s  {ratio:5.2f} of it (limit {limit})  {verdict}")


def family(letter: str, repeats: int) -> None:
    """Derive, check and audit every entry of one family."""
    entries = [e for number, e in catalogue().items() if number.startswith(letter)]
    times = {e.number: median(seconds(e.prove) for _ in range(repeats)) for e in entries}
    total = sum(times.values())
    slowest = sorted(times, key=lambda n: -times[n])[:5]
    verdict = "ok" if total < FAMILY_SECONDS else "TOO SLOW"
    print(f"family {letter}: {len(entries)} entries derived, checked and audited in {total:.2f} s  {verdict}")
    print("  slowest: " + ", ".join(f"{n} {times[n]:.2f} s" for n in slowest))


def different_losses(n: int) -> tuple[Expr, Expr]:
    """A sum of n cross-entropies of the same logits, no two of one shape, and the entry to differentiate in."""
    K = size("K")
    i, j, k = indices("i j k", K)
    z = vector("z", K)
    terms = []
    for m in range(1, n + 1):
        y = distribution(f"y_{m}", K)
        logit = (lambda a, m=m: m * z[a]) if m % 2 else (lambda a, m=m: z[a] / m)  # a temperature of its own
        S = let(f"S_{m}", Sum(exp(logit(j)), j))
        p = define(f"p_{m}", i, exp(logit(i)) / S)
        weight = y[i] ** m if m % 3 == 0 else y[i]
        extra = z[i] * y[i] if m % 4 == 0 else 0
        terms.append(-Sum(weight * log(p[i]) + extra, i) / (m if m % 5 == 0 else 1))
    return sum(terms[1:], terms[0]), z[k]


def growth(repeats: int) -> None:
    """The time to find, check and audit the derivative of a sum of n terms."""
    print(f"a sum of n different cross-entropies, median of {repeats}:")
    print("   n  propose   check   audit   total  a term")
    for n in TERMS:
        found = []
        for _ in range(repeats):
            statement = Statement((Derivative.of(*different_losses(n)),))
            start = time.perf_counter()
            derivation = propose(statement)
            proposed = time.perf_counter()
            check(derivation, RULES)
            checked = time.perf_counter()
            report = audit(derivation)
            audited = time.perf_counter()
            if report.refuted or report.untested:
                raise SystemExit(f"n = {n}: {report.refuted or report.untested}")
            found.append((proposed - start, checked - proposed, audited - checked, audited - start))
        parts = [median(times) for times in zip(*found, strict=True)]
        print(f"  {n:2}  " + "  ".join(f"{t:6.2f}" for t in (*parts, parts[-1] / n)), flush=True)


def main(rounds: int) -> None:
    repeats = max(1, rounds // 4)
    cold(3 * repeats)
    family("A", max(1, repeats // 2))
    growth(max(1, repeats // 2))
