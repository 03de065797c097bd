"""All tables beside their peers, in one run: `python tests/benchmarks [TABLE ...] [--rounds N]`. Reports, not tests.

Tables are cross_entropy, losses and accuracy, which are printed where none is named; cold and reading.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

FUNCTIONS = ("cross_entropy", "losses", "accuracy")
TABLES = (*FUNCTIONS, "cold", "reading")


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests/benchmarks", description=__doc__)
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=", ".join(TABLES))
    parser.add_argument("--rounds", type=int, default=21, help="how often each call is timed; default 21")
    given = parser.parse_args()
    if unknown := set(given.tables) - set(TABLES):
        parser.error(f"no table {', '.join(sorted(unknown))}; there are {', '.join(TABLES)}")
    sys.path.append(str(Path(__file__).parents[1] / "export"))  # what is exact, and the cases that are hard
    for name in given.tables or FUNCTIONS:
        print(f"\n=== {name} ===")
        import_module(name).main(given.rounds)


if __name__ == "__main__":
    main()
