"""The words beside a line: why it follows from the one before.

Contract. A step says which rule it used; these are the words for it. A step may carry better words in its binding
"reason". "algebra" is said only where there is nothing better to say.

Blind spot. The words are not checked; the step is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from gradproof.derivation import ALGEBRA, DEFINITION, GIVEN, LEMMA, SIGN, Derivation, Given, Step, Theorem
from gradproof.document.page import Words, listed
from gradproof.expression import Definition, Entry, Expr, Number, Relation, Symbol, abstract, instantiate
from gradproof.rule import Rule

PLAIN_ALGEBRA: Words = ("algebra",)
LARGE, DEFINED = 2, 3
SMALL = {
    "algebra": 0,
    "cancel": 0,
    "rearrange": 0,
    "multiply out": 0,
    "split the sum": 1,
    "distribute": 0,
    "the delta is symmetric": 0,
    "the entries are independent": 0,
    "a constant has derivative 0": 0,
    "derivative of the variable itself": 0,
    "the derivative is linear": 1,
    "the expectation is linear": 1,
    "a constant is its own expectation": 0,
    "a factor free of the index leaves the sum": 0,
}
SIGNS = {
    ">": "every factor is positive",
    ">=": "no factor is negative",
    "<": "every term is negative",
    "<=": "no term is positive",
    "!=": "no factor vanishes",
}


def reason(step: Step, derivation: Derivation, rules: Mapping[str, Rule]) -> Words:
    """The words for one step."""
    said = step.bindings.get("reason")
    if isinstance(said, str):
        return (said,) if said else PLAIN_ALGEBRA
    if isinstance(said, tuple):
        return said
    builtin = _BUILTIN.get(step.rule)
    if builtin:
        return builtin(step, derivation)
    telling = _TELLING.get(step.rule)
    return telling(step.bindings) if telling else (rule_words(step.rule, rules),)


def rule_words(name: str, rules: Mapping[str, Rule]) -> str:
    """The words of a rule, or its name if it has none."""
    rule = rules.get(name)
    return rule.reason if rule and rule.reason else name.replace("_", " ").replace(".", ": ")


def inference_words(theorem: Theorem, derivation: Derivation, rules: Mapping[str, Rule]) -> Words:
    """The rule, and the theorems it rests on."""
    by = theorem.by
    assert by is not None
    titles = [called(derivation, name) for name in (*by.premises, *theorem.bounds)]
    drawn = f"; from {_enumerated(titles)}" if titles else ""
    return (f"{rule_words(by.rule, rules)}{drawn}",)


def merged(groups: Iterable[Words]) -> tuple[Words, ...]:
    """The reasons without repetitions; small ones are left out where a larger one stands beside them."""
    kept = tuple(dict.fromkeys(w for w in groups if w and w != ("",)))
    weights = [_weight(w) for w in kept]
    if not kept or max(weights) == 0:
        return tuple(w for w in kept if w != PLAIN_ALGEBRA) or kept
    others = max((w for w in weights if w != DEFINED), default=DEFINED)
    least = others or DEFINED  # beside a definition even the handling of sums is said
    return _together(w for w, weight in zip(kept, weights, strict=True) if weight >= least)


# What may be said once for several: the beginning of the words, and what it is for more than one.
SHARED = {
    "definition of ": "definitions of ", "by Lemma ": "by Lemmas ", "by (": "by (", "only ": "only ",
    "chain rule for log, ": "chain rule for log, ", "quotient rule, ": "quotient rule, ",
}  # fmt: skip


def _together(groups: Iterable[Words]) -> tuple[Words, ...]:
    """by Lemma 2; by Lemma 1 -> by Lemmas 1 and 2. Conditions that belong to one rule are said together, too."""
    found: dict[object, list[Words]] = {}
    for words in groups:
        found.setdefault(_shared(words) or words, []).append(words)
    return tuple(_joined(key, same) if len(same) > 1 else same[0] for key, same in found.items())


def _shared(words: Words) -> str:
    """The beginning that the words may share with others, or nothing."""
    first = words[0]
    if not isinstance(first, str) or len(words) > 3:
        return ""
    return next((s for s in SHARED if first == s or (len(words) == 1 and first.startswith(s) and s[-1] in " (")), "")


def _joined(key: object, same: list[Words]) -> Words:
    start, tail = str(key), same[0][2:]
    if len(same[0]) == 1:  # names of lemmas
        names = sorted((str(w[0]).removeprefix(start) for w in same), key=lambda n: (len(n), n))
        opened = "(" if start.endswith("(") else ""
        return (f"{SHARED[start]}{_enumerated([names[0], *(opened + n for n in names[1:])])}",)
    terms = [w[1] for w in reversed(same)]  # a line is worked on from its end
    between = [", "] * (len(terms) - 2) + [" and "]
    said = [part for n, t in enumerate(terms) for part in ((between[n - 1], t) if n else (t,))]
    tail = (" survive",) if tail == (" survives",) else tail
    return (SHARED[start], *said, *tail)


def _weight(words: Words) -> int:
    """How much a reason says: 0 small change, 1 handling of sums, 2 an idea, 3 a definition."""
    first = words[0]
    if isinstance(first, str) and first.startswith("definition of"):
        return DEFINED
    return SMALL.get(first, LARGE) if isinstance(first, str) else LARGE


def given_words(given: Given) -> Words:
    """A hypothesis as it is stated."""
    if given.text:
        return (f"${given.text}$",)
    differ = [Relation.of(a, "!=", b) for a, b in given.apart]
    told = tuple(part for r in differ for part in (", ", r))
    if len(given.over) == 1 and differ and given.over[0] in given.apart[0]:
        return (given.relation, " for all ", *told[1:])
    return (given.relation, *((" for all ", *listed(given.over)) if given.over else ()), *told)


def called(derivation: Derivation, name: str) -> str:
    """How the page refers to a theorem: lemma, Lemma 2, (1) for the first of several claims."""
    role = next((t.role for t in derivation.theorems if t.name == name), "lemma")
    peers = [t.name for t in derivation.theorems if t.role == role]
    if len(peers) == 1 or name not in peers:
        return role
    number = peers.index(name) + 1
    return f"({number})" if role == "claim" else f"Lemma {number}"


def _algebra(step: Step, derivation: Derivation) -> Words:
    return PLAIN_ALGEBRA


def _given(step: Step, derivation: Derivation) -> Words:
    given = derivation.givens[int(step.bindings["number"])]
    if given.text:
        return (f"since ${given.text}$",)
    values = tuple(step.bindings.get("indices", ()))
    relation: Expr = given.relation
    if len(values) == len(given.over):
        relation = instantiate(abstract(relation, given.over), values)
    return ("since ", relation)


def _definition(step: Step, derivation: Derivation) -> Words:
    entry = step.bindings["entry"]
    base = entry.base if isinstance(entry, Entry) else None
    return ("definition of ", base[base.parameters()] if isinstance(base, Definition) else entry)


def _lemma(step: Step, derivation: Derivation) -> Words:
    name = called(derivation, str(step.bindings["name"]))
    return (name if name == "lemma" else f"by {name}",)


def _sign(step: Step, derivation: Derivation) -> Words:
    return (SIGNS.get(step.relation, "signs"),)


_BUILTIN: dict[str, Callable[[Step, Derivation], Words]] = {
    ALGEBRA: _algebra,
    GIVEN: _given,
    DEFINITION: _definition,
    LEMMA: _lemma,
    SIGN: _sign,
}


ZERO = Number.of(0)
_TELLING: dict[str, Callable[[Mapping[str, Any]], Words]] = {
    "quotient rule": lambda b: ("quotient rule, ", Relation.of(b["v"], "!=", ZERO)),
    "chain rule for log": lambda b: ("chain rule for log, ", Relation.of(b["u"], ">", ZERO)),
    "delta contraction": lambda b: ("only ", Relation.of(b["index"], "=", _other(b["delta"], b["index"])), " survives"),
    "log x <= x - 1": lambda b: _for("$\\log x \\le x - 1$", b["x"]),
    "log x >= 1 - 1/x": lambda b: _for("$\\log x \\ge 1 - 1/x$", b["x"]),
}


def _for(words: str, x: Expr) -> Words:
    """What is said of x, and for which x it is used, if not for x itself."""
    if isinstance(x, Symbol) and x.name == "x":
        return (words,)
    return (f"{words} for ", Relation.of(Symbol.of("x"), "=", x))


def _other(delta: Expr, index: Expr) -> Expr:
    return delta.args[1] if delta.args[0] == index else delta.args[0]


def _enumerated(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
