r"""LaTeX -> terms, strictly: what is not certainly understood is refused, with the place.

    from gradproof.reader import Environment, read, read_many
    e = Environment().let(r"p_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}")
    read(r"-\sum_i y_i \log p_i", e)

Contract. A closed world: every command, word and habit that is read stands in `grammar`. Nothing is evaluated or
executed, no file is opened, time and memory are bounded by the length of the input, which is bounded too. `ReadError`
says that a formula is ill-formed or ambiguous, `NotReadable` that gradproof has no term for what it says.

Reading rules. The logarithm is natural. \sigma before a bracket is the logistic function, else a symbol; \pi without
a subscript is the constant. Indices run from 1. A subscript to which no sum and no other use gives a range is part of
the name. A name before a bracket is a call only if it is known as a function.
"""

from gradproof.reader.api import Reading, read, read_many, read_relation
from gradproof.reader.environment import Environment
from gradproof.reader.errors import NotReadable, ReadError, Source, Span
from gradproof.reader.macros import macros_in
from gradproof.reader.meaning.statements import Said
from gradproof.reader.own_terms import environment_of

__all__ = [
    "Environment", "NotReadable", "ReadError", "Reading", "Said", "Source", "Span", "environment_of", "macros_in",
    "read", "read_many", "read_relation",
]  # fmt: skip
