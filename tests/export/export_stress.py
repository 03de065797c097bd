"""Inputs at which the naive formula overflows, underflows or cancels, and what is right to 25 digits.

The expected values were computed at 25 digits or more, apart from this project's code.
"""

from __future__ import annotations

from typing import Any

import export_catalogue as book
import export_losses as e

from gradproof.export import Exported, emit, stabilise
from gradproof.expression import NEGATIVE
from gradproof.notation import Sum, exp, index, log, scalar, sigmoid, softplus

FIRST = [1.0, 0.0, 0.0]  # a one-hot label at the first class
UP, APART, DOWN = [1000.0, 1001.0, 1002.0], [-1000.0, 0.0, 1000.0], [-1000.0, -1001.0, -1002.0]
HOT = {"z": [2.1, 1.0, -0.5], "y": FIRST, "tau": 1e-3}
GRAD_UP = ("-0.9099694268296195420019779", "0.2447284710547976524729596", "0.6652409557748218895290183")
GRAD_DOWN = ("-0.3347590442251781104709817", "0.2447284710547976524729596", "0.0900305731703804579980221")
GRAD_EVEN = ("-0.6666666666666666666666667", "0.3333333333333333333333333", "0.3333333333333333333333333")

# entry of the catalogue or name of a term below, function, inputs, expected
CASES: list[tuple[str, str, dict[str, Any], Any]] = [
    ("A12", "loss", {"z": UP, "y": FIRST}, "2.40760596444438030448292"),
    ("A12", "grad", {"z": UP, "y": FIRST}, GRAD_UP),
    ("A12", "loss", {"z": APART, "y": FIRST}, "2000"),
    ("A12", "grad", {"z": APART, "y": FIRST}, ("-1", "0", "1")),
    ("A12", "loss", {"z": DOWN, "y": FIRST}, "0.4076059644443803044829199"),
    ("A12", "grad", {"z": DOWN, "y": FIRST}, GRAD_DOWN),
    ("A12", "loss", {"z": [1e4, 1e4, 1e4], "y": FIRST}, "1.098612288668109691395245"),
    ("A12", "grad", {"z": [1e4, 1e4, 1e4], "y": FIRST}, GRAD_EVEN),
    ("A11", "fun", {"z": [1e4, -1e4, 0.0]}, ("1", "0", "0")),
    ("A17", "loss", HOT, "0"),
    ("A17", "grad", HOT, ("0", "0", "0")),
    ("B02", "loss", {"z": [-800.0], "y": [1.0]}, "800"),
    ("B02", "grad", {"z": [-800.0], "y": [1.0]}, ("-1",)),
    ("B02", "loss", {"z": [-40.0], "y": [1.0]}, "40.00000000000000000424835"),
    ("B02", "grad", {"z": [-40.0], "y": [1.0]}, ("-0.9999999999999999957516457",)),
    ("B02", "loss", {"z": [800.0], "y": [1.0]}, "0"),
    ("B02", "grad", {"z": [800.0], "y": [1.0]}, ("0",)),
    ("B02", "loss", {"z": [-1e-18], "y": [1.0]}, "0.6931471805599453099172321"),
    ("B02", "grad", {"z": [-1e-18], "y": [1.0]}, ("-0.50000000000000000025",)),
    ("D18", "loss", {"mu": [1e-9], "s": [1e-9]}, "7.500000000833334267765539e-19"),
    ("class", "loss", {"z": UP, "t": 0}, "2.40760596444438030448292"),
    ("class", "loss", {"z": APART, "t": 0}, "2000"),
    ("class", "loss", {"z": DOWN, "t": 0}, "0.4076059644443803044829199"),
    ("class", "loss", {"z": [1e4, 1e4, 1e4], "t": 0}, "1.098612288668109691395245"),
    ("class", "loss", {"z": [40.0, 0.0, 0.0], "t": 0}, "8.496708510583178e-18"),
    ("class", "grad", {"z": UP, "t": 0}, GRAD_UP),
    ("class", "grad", {"z": APART, "t": 0}, ("-1", "0", "1")),
    ("class", "grad", {"z": DOWN, "t": 0}, GRAD_DOWN),
    ("class", "grad", {"z": [1e4, 1e4, 1e4], "t": 0}, GRAD_EVEN),
    ("tempered", "p", {"z": [2.1, 1.0, -0.5], "tau": 1e-3}, ("1", "0", "0")),
    ("lse", "value", {"z": [0.0, -745.2, -800.0]}, "0"),
    ("logsigmoid", "value", {"a": -800.0}, "-800"),
    ("logsigmoid", "value", {"a": -40.0}, "-40.00000000000000000424835"),
    ("softplus", "value", {"a": 800.0}, "800"),
    ("log1mexp", "value", {"x": -1e-20}, "-46.05170185988091373521156"),
    ("log1mexp", "slope", {"x": -1e-20}, "-100000000000000005484.1729"),
    ("log1mexp", "value", {"x": -0.6931471805599453}, "-0.6931471805599453326077003"),
    ("log1mexp", "slope", {"x": -0.6931471805599453}, "-1.000000000000000046380936"),
    ("log1mexp", "value", {"x": -800.0}, "0"),
    ("log1mexp", "slope", {"x": -800.0}, "0"),
    ("k3", "value", {"a": 1e-9}, "5.000000001666667289899248e-19"),
    ("k3", "slope", {"a": 1e-9}, "-1.000000000500000062448258e-9"),
    ("k3", "value", {"a": -1e-9}, "4.999999998333333956565914e-19"),
    ("k3", "slope", {"a": -1e-9}, "9.999999995000000624482581e-10"),
    ("preference", "loss", {"a": -750.0}, "750"),
    ("preference", "grad", {"a": -750.0}, "-1"),
    ("preference", "loss", {"a": 0.0}, "0.6931471805599453094172321"),
    ("preference", "grad", {"a": 0.0}, "-0.5"),
    ("preference", "loss", {"a": 750.0}, "0"),
    ("preference", "grad", {"a": 750.0}, "0"),
    ("focal", "loss", {"z": [40.0, 0.0, 0.0], "t": 0}, "6.134118458977599575647825e-52"),
    ("focal", "loss", {"z": [-30.0, 0.0, 0.0], "t": 0}, "30.69314718055711994854165"),
    ("log-odds", "value", {"x": -1e-12}, "27.63102111592804822832925"),
]

x = scalar("x", NEGATIVE)
k = index("k", e.K)
FOCAL = (1 - e.p[e.t]) ** 2 * -log(e.p[e.t])
TERMS: dict[str, dict[str, Any]] = {
    "class": {"loss": -log(e.p[e.t]), "grad": (e.p[k] - e.delta(k, e.t), (k,))},
    "tempered": {"p": (e.pt[k], (k,))},
    "lse": {"value": log(Sum(exp(e.z[e.i]), e.i))},
    "logsigmoid": {"value": log(sigmoid(e.a))},
    "softplus": {"value": softplus(e.a)},
    "log1mexp": {"value": log(1 - exp(x)), "slope": -exp(x) / (1 - exp(x))},
    "k3": {"value": exp(e.a) - e.a - 1, "slope": 1 - exp(e.a)},
    "preference": {"loss": -log(sigmoid(e.a)), "grad": sigmoid(e.a) - 1},
    "focal": {"loss": FOCAL},
    "log-odds": {"value": x - log(1 - exp(x))},
}


def functions(entry: str, target: str) -> Any:
    """The exported functions of an entry of the catalogue, or of terms."""
    if entry not in TERMS:
        return book.functions(entry, target)
    terms = {n: t if isinstance(t, tuple) else (t, ()) for n, t in TERMS[entry].items()}
    exports = [Exported(name, stabilise(term), outputs) for name, (term, outputs) in terms.items()]
    return emit(exports, [*e.ARGUMENTS, x], "a test", target).functions
