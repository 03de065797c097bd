"""Sums that reach over later terms: sum_n x_n log p + (1 - x_n) log(1 - p), where that is declared to be meant.

Contract. A sum at the end of a term takes in the later terms of the same level from the first to the last that uses
its letter. Off unless declared, because it is a guess.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from gradproof.reader.grammar.walking import bound_in, children
from gradproof.reader.syntax import Big, Factors, Name, Node, Part, Terms


def widened(node: Any) -> Any:
    """The tree with every sum as wide as its letter asks."""
    if isinstance(node, tuple):
        return tuple(widened(n) for n in node)
    if not isinstance(node, Node) or isinstance(node, Name | Part):
        return node
    changed = replace(node, **{f.name: widened(getattr(node, f.name)) for f in fields(node) if f.name != "at"})
    return _wide(changed) if isinstance(changed, Terms) else changed


def _wide(node: Terms) -> Node:
    for n, (sign, term) in enumerate(node.terms):
        big = term.factors[-1][1] if isinstance(term, Factors) else term
        if not isinstance(big, Big):
            continue
        users = [m for m in range(n + 1, len(node.terms)) if _uses(node.terms[m][1], big.letter.text)]
        if not users:
            continue
        last = users[-1] + 1
        inner = Terms(big.body.at.to(node.terms[last - 1][1].at), ((1, big.body), *node.terms[n + 1 : last]))
        reaching = replace(big, body=inner, at=big.at.to(inner.at))
        whole = (
            replace(term, factors=(*term.factors[:-1], (term.factors[-1][0], reaching)))
            if isinstance(term, Factors)
            else reaching
        )
        rest = (*node.terms[:n], (sign, whole), *node.terms[last:])
        return whole if len(rest) == 1 and sign == 1 else replace(node, terms=rest)
    return node


def _uses(node: Node, letter: str) -> bool:
    if isinstance(node, Part):
        return node.kind == "letter" and node.text == letter
    for child in children(node):
        if letter not in dict(bound_in(node, child)) and _uses(child, letter):
            return True
    return isinstance(node, Name) and node.letter == letter
