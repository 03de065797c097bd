"""The decision procedure for algebra with finite sums: `Normal(signs).equal(a, b)`. TRUSTED."""

from gradproof.normal.bound import Opened as Opened
from gradproof.normal.form import Normal as Normal
from gradproof.normal.polynomials import Monomial as Monomial
from gradproof.normal.polynomials import Polynomial as Polynomial
from gradproof.normal.polynomials import TooLarge as TooLarge
from gradproof.normal.polynomials import as_term as as_term
from gradproof.normal.polynomials import merge as merge
