"""Calls: an entry of an array by its outcome, a defined name with its arguments, an unknown function.

Contract. See `gradproof.reader.inference.opaque` for what an unknown function of names stands for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradproof.reader import syntax as s
from gradproof.reader.meaning.tensors import Value

if TYPE_CHECKING:
    from gradproof.reader.meaning.elaborator import Elaborator


def call(el: Elaborator, n: s.Call) -> Value:
    split = el.inferred.splits[n.name]
    assert isinstance(split.key, s.Key)
    if el.objects.is_applied(split.key):
        return el.objects.defined_call(split.key, n, el)
    if split.key not in el.objects.declared.functions and el.inferred.splitter.rank_of(split.key):
        return _entry_by_call(el, n, split)
    opaque = el.inferred.opaques.call(n, Here(el))
    return el.entry(el.objects.opaque(opaque, n, el), opaque.holes, n)


def _entry_by_call(el: Elaborator, n: s.Call, split: Any) -> Value:
    """p(x) for an outcome x of the distribution p."""
    letters = [a.letter if isinstance(a, s.Name) else "" for a in n.args]
    if not all(letters):
        advice = "declare it as a function, or write the index as a subscript"
        el.fail(f"{el.source.piece(n.name.at)} is an array, and an index is needed in the brackets", n, advice=advice)
    parts = tuple(s.Part(a.at, letter, "letter") for a, letter in zip(n.args, letters, strict=True))
    return el.entry(el.objects.thing(split.key, n, el), (*split.indices, *parts), n)


class Here:
    """The scope of an elaborator, as a place of a formula."""

    def __init__(self, elaborator: Elaborator) -> None:
        self.bound: dict[str, Any] = dict(elaborator.scope)
        self.formula = elaborator.formula
