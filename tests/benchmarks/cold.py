"""How long it takes, as ratios in one run: `python tests/benchmarks/cold.py [REPEATS]`. A report, not a test.

Cold commands are measured against `python -c "import sympy"` in the same run, turn by turn, because the machine is the
larger part of any absolute time. Family A and growth with the number of terms are measured in this process, warm.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from gradproof import catalogue, derive
from gradproof.expression import Expr
from gradproof.notation import Sum, define, distribution, exp, indices, let, log, size, vector

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
    """n cross-entropies of the same logits, no two of one shape, and the entry of the logits to differentiate in."""
    K = size("K")
    i, j, k = indices("i j k", K)
    z = vector("z", K)
    total: Expr | int = 0
    for m in range(1, n + 1):
        y = distribution(f"y_{m}", K)
        scaled = z[i] * m if m % 2 else z[i] / m  # a temperature of its own
        S = let(f"S_{m}", Sum(exp(z[j] * m if m % 2 else z[j] / m), j))
        p = define(f"p_{m}", i, exp(scaled) / S)
        body = y[i] * log(p[i])
        if m % 3 == 0:
            body = body + y[i] ** 2 * z[i]  # a linear term
        total = total - (Sum(body, i) if m % 4 else Sum(body, i) / m)  # a weight
    assert isinstance(total, Expr)
    return total, z[k]


def growth(repeats: int) -> None:
    """The time to derive a sum of n terms, and how it grows: the exponent e of n**e from one n to the next."""
    print(f"derive, check and audit a sum of n different cross-entropies, median of {repeats}:")
    before: tuple[int, float] | None = None
    for n in TERMS:
        loss, wrt = different_losses(n)
        took = median(seconds(lambda loss=loss, wrt=wrt: derive(loss, wrt)) for _ in range(repeats))
        line = f"  n = {n:2}: {took:6.2f} s, {took / n:.3f} s a term"
        if before is not None:
            line += f", {took / before[1]:.2f} times the time for {before[0]}"
        print(line, flush=True)
        before = n, took


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    cold(3 * repeats)
    family("A", max(1, repeats // 2))
    growth(max(1, repeats // 2))


if __name__ == "__main__":
    main()
