"""Statements: what is given, what is claimed, where it is from. No steps.

Contract. A statement file declares symbols with `gradproof.notation`, and one `Statement` named `statement`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gradproof.derivation import Given
from gradproof.expression import Array, Definition, Expr, Index, Symbol


@dataclass(frozen=True)
class WorkedNumber:
    """A number that a text states: `expression` at `inputs` is said to be `stated`, to `tolerance` (absolute).

    Inputs are by name; arrays as (nested) lists, index values counted from 1. Array values may be stated: then
    `expression` is an entry with free index and `stated` the list over it.
    """

    expression: Expr
    inputs: Mapping[str, Any]
    stated: Any
    tolerance: float
    quote: str  # the words of the text


@dataclass(frozen=True)
class Statement:
    """One result of the catalogue.

    `claims` are the propositions to be proved, the first being the result; a claim that is a plain term asks for the
    form that a textbook would print. `through` are lines that the derivation of the first claim should pass through.
    """

    claims: tuple[Expr, ...]
    givens: tuple[Given, ...] = ()
    source: str = ""
    note: str = ""
    lemmas: tuple[Expr, ...] = ()  # propositions to be proved first, where that makes a better page
    through: tuple[Expr, ...] = ()
    numbers: tuple[WorkedNumber, ...] = ()
    arguments: tuple[Symbol | Array | Index, ...] = ()  # order of the exported functions' arguments
    definitions: tuple[Definition, ...] = field(default=())  # to print even where the claim does not mention them
    number: str = ""  # number, name and title come from the file's name and first line
    name: str = ""
    title: str = ""
