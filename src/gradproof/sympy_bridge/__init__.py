"""Between SymPy expressions and gradproof terms, both ways. SymPy is imported here and nowhere else."""

from gradproof.sympy_bridge.reading import from_sympy, read_together
from gradproof.sympy_bridge.writing import to_sympy

__all__ = ["from_sympy", "read_together", "to_sympy"]
