"""gradproof: from a loss to its derivation, its proof and its code.

    import gradproof
    proof = gradproof.catalogue()["A12"].prove()
    print(proof.text())

Statements are written with the names of `gradproof.notation`. Importing this package loads nothing heavy: each name
below is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradproof.api import Proof, Verdict, derive, load, prove, verify
    from gradproof.checking import BackwardCheck, verify_backward
    from gradproof.entries import Catalogue, Entry, catalogue, load_statement
    from gradproof.errors import BadInput, GradproofError, NotDecided, ProofRefused, Refuted
    from gradproof.statement import Statement, WorkedNumber
    from gradproof.sympy_bridge import from_sympy, to_sympy

__version__ = "0.1.0"

__all__ = [
    "BackwardCheck", "BadInput", "Catalogue", "Entry", "GradproofError", "NotDecided", "Proof", "ProofRefused",
    "Refuted", "Statement", "Verdict", "WorkedNumber", "catalogue", "derive", "from_sympy", "load",
    "load_statement", "prove", "to_sympy", "verify", "verify_backward",
]  # fmt: skip

_HOMES = {
    "api": ("Proof", "Verdict", "derive", "load", "prove", "verify"),
    "checking": ("BackwardCheck", "verify_backward"),
    "entries": ("Catalogue", "Entry", "catalogue", "load_statement"),
    "errors": ("BadInput", "GradproofError", "NotDecided", "ProofRefused", "Refuted"),
    "statement": ("Statement", "WorkedNumber"),
    "sympy_bridge": ("from_sympy", "to_sympy"),
}
_HOME = {name: f"gradproof.{module}" for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'gradproof' has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
