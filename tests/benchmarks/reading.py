"""How long reading takes: `python tests/benchmarks reading [--rounds N]`. A report, not a test.

The corpus of formulas as people write them, every line of one proof, and a whole request of the command line.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import median

from gradproof import catalogue
from gradproof.errors import GradproofError
from gradproof.reader import Environment, environment_of, read, read_many
from gradproof.render import formula_latex

CORPUS = Path(__file__).parents[1] / "reader" / "corpus.tsv"
WANTED = 2.0  # milliseconds for the median formula of the corpus


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    with suppress(GradproofError):  # a refusal takes time, too
        work()
    return 1000 * (time.perf_counter() - start)


def told(name: str, times: list[float]) -> float:
    middle = median(times)
    print(f"{name:24} median {middle:6.3f} ms, worst {max(times):7.3f} ms, {len(times)} formulas")
    return middle


def main(rounds: int) -> None:
    repeats = max(1, rounds // 4)
    with CORPUS.open(encoding="utf-8") as file:
        formulas = [row["latex"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    known = Environment().size("K")
    times = [median(milliseconds(lambda f=f: read(f, known)) for _ in range(repeats)) for f in formulas]
    verdict = "ok" if told("corpus", times) <= WANTED else "TOO SLOW"
    print(f"  wanted: at most {WANTED} ms  {verdict}")

    derivation = catalogue()["A12"].prove().certificate.derivation
    lines = [step.result for theorem in derivation.theorems for step in theorem.steps]
    symbols = environment_of(*lines)
    printed = [formula_latex(line) for line in lines]
    told("lines of A12", [median(milliseconds(lambda f=f: read(f, symbols)) for _ in range(repeats)) for f in printed])
    request = [
        milliseconds(
            lambda: read_many(
                loss=r"-\sum_{i=1}^{K} y_i \log p_i",
                lets=[r"p_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}"],
                givens=[r"\sum_{i=1}^{K} y_i = 1"],
                wrt="z_k",
                expect="p_k - y_k",
            )
        )
        for _ in range(repeats)
    ]
    told("a whole request", request)
