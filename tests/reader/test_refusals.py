"""What the reader refuses, and what it says: never a guess, always the place and the way out."""

from __future__ import annotations

import pytest

from gradproof.errors import BadInput, NotDecided
from gradproof.reader import Environment, NotReadable, ReadError, read, read_many

KNOWN = Environment().size("K").array("z", "K").array("p", "K").array("w", "D").array("W", "D", "K")

AMBIGUOUS = [
    (r"\sum_i z_i + p_i", "the index i is bound by a sum and also stands outside it"),
    (r"\sum_i z_i + i", "the index i is bound by a sum"),
    (r"z_k - \sum_k z_k", "the index k is bound by a sum"),
    (r"\frac{d}{dz_j} \sum_{j=1}^{K} p_j z_j", "the index j is bound by a sum"),
    (r"\delta_{ik} + \sum_i z_i", "the index i is bound by a sum"),
    (r"\sum_{i \neq j} p_i p_j", "does this sum run over i, j, or both?"),
    (r"\sum_{i<j} p_i p_j", "does this sum run over i, j, or both?"),
    (r"\log p_k z_k", r"where does the argument of \\log end?"),
    (r"\log p_k \cdot z_k", r"where does the argument of \\log end?"),
    (r"\log p_k / z_k", r"where does the argument of \\log end?"),
    (r"\log(p_k)^2", r"is the power of the argument or of \\log?"),
    (r"a/b c", "does the quotient end before this factor?"),
    (r"x^2/2\sigma^2", "does the quotient end before this factor?"),
    (r"{a + b} c", "braces do not show"),
    (r"{a + b}^2", "braces do not show"),
    (r"x^10", "LaTeX raises the first digit only"),
    (r"x_10", "LaTeX lowers the first digit only"),
    (r"1e-3", "a number with an exponent, or e times?"),
    (r"e", "a name, or the base of the exponential?"),
    (r"a 2", "a number behind a factor"),
    (r"a + -b", "two signs in a row"),
    (r"y_k^{LS}", "a power, or a label of the name?"),
    (r"A^\pi", "a power, or a label of the name?"),
    (r"\pi(x)", "a policy, or the constant times a bracket?"),
    (r"f(x)", "a product or a call?"),
    (r"f(x + 1)", "a product or a call?"),
    (r"f^2(x)", "an exponent between a function and its argument"),
    (r"L(\theta)", "a product or a call?"),
    (r"h(a, b)", "is not a function that is known here"),
    (r"\mathrm{sim}(a, b)", "is not a function that is known here"),
    (r"\operatorname{foo}(a)", "is not a function that is known here"),
    (r"\operatorname{softmax}", "is not applied to anything"),
    (r"loss", "one word, or a product of letters?"),
    (r"ln x", "ln without a backslash"),
    (r"\delta_{1k}", "a delta of one index, or of two?"),
    (r"||a| - b|", "this norm is not closed"),
    (r"W_{12}", "W takes 2 indices, and is written with 1"),
    (r"z_{ik}", "z takes (one|1) index, and is written with 2"),
    (r"\sum_i u_{oil}", "is an index here"),
    (r"x^{a^b}^c", "superscript"),
    (r"x_a_b", "a second subscript"),
    (r"u^T v", "a transpose, or a power of T?"),
    (r"(a + b)^T", "a transpose, or a power of T?"),
    (r"\sum_i (u_{ij} - u_{ji})", "i is an index here, and nothing says that j is one"),
    (r"\Sigma^{-1}_{ij}", "an entry of a power, or a power of an entry?"),
    (r"\theta^{(t+1)}", "a power, or a label of the name?"),
    (r"\sum_j u_i^j", "a power, or a label of the name?"),
    (r"\sum_i (x^{(i)} - x_i)", "has an index above and below"),
]

UNKNOWN = [
    (r"\foo x", r"unknown command \\foo"),
    (r"\sum_i q_{ij} \sum_n x_n y_{nm} \text{ if}", "unknown|goes on|range"),
    (r"a, b", "the formula could end here, but goes on"),
    (r"a b)", "this bracket was never opened"),
    (r"(a b", "this bracket is not closed"),
    (r"\left( a", "this bracket is not closed"),
    (r"\frac{a}{b", "brace"),
    (r"a & b", "several rows"),
    (r"a = ", "a formula is expected here"),
    (r"", "there is no formula here"),
    (r"\exp(\cdot)", "a placeholder is not an argument"),
    (r"[a, b]", "a list has no value"),
    (r"\sum a", r"\\sum has no index"),
    (r"\nabla L", "does not say in what"),
    (r"\frac{\partial^2 L}{\partial z_k}", "a derivative of order 2 needs 2 variables, not 1"),
    (r"\begin{cases} a & i = k", "is not closed"),
    (r"α + 1", "GREEK SMALL LETTER ALPHA has no place in a formula"),
    (r"$a$", r"the character \$"),
    (r"\overline{hx}", "goes over one letter"),
]

UNDECLARED = [
    (r"\sum_i x_{ij} + \mathbf{w}^\top \mathbf{u}", "shape"),
    (r"\mathbf{u}", "the shape of the vector u is not known"),
    (r"\|x\|^2", "a norm of something that is not known to be a vector"),
    (r"w + 1", "a number is added to a vector or matrix"),
    (r"w w", "a column of D times a column of D"),
    (r"W w", "a matrix of D x K times a column of D"),
    (r"w = 1", "a vector or matrix on one side, a number on the other"),
    (r"w = z", "one index with two ranges"),
    (r"\sum_{i=1}^{D} z_i", "one index with two ranges, 1..K and 1..D"),
    (r"\nabla_z L", "nothing here depends on z"),
    (r"\frac{\partial}{\partial z_k} \sum_j q_j", "nothing here depends on z"),
    (r"\frac{dL}{dz}", "nothing here depends on z"),
]

NOT_YET = [
    (r"\int f(x) dx", "an integral"),
    (r"\tan a", "a trigonometric function"),
    (r"\max_j z_j", "over an index"),
    (r"a \approx b", "an approximation"),
    (r"a \propto b", "a proportionality"),
    (r"a \implies b", "an implication"),
    (r"1 + 2 + \dots + n", "an ellipsis"),
    (r"n!", "a factorial"),
    (r"\mathbb{E}[a]", "does not say over which distribution"),
    (r"\mathbb{E}_{(x, y) \sim D}[a]", "several variables at once"),
    (r"\mathbb{E}_{x \sim u}[a]", "whose outcomes are not known"),
    (r"\sum_{i=0}^{K} z_i", "a sum that may start below 1"),
    (r"\sum_{i=1}^{N-1} x_i", "this end of a range may be less than 1"),
    (r"\sum_i z_{i+1}", "an index must be a letter or a number"),
    (r"z_K", "an entry whose index is a size"),
    (r"\sigma'(x)", "the derivative of the logistic function"),
    (r"\hat{\theta} = \arg\max_\theta \theta", "the argument of a maximum as a value"),
    (r"W^{-1}", "a power of a vector or matrix"),
    (r"f(a \mid b + c)", "an unknown function of a compound argument"),
    (r"\frac{\partial}{\partial \theta} \log p_\theta(y \mid x)", "of which nothing is known"),
    (r"\begin{matrix} 1 \end{matrix}", "the environment matrix"),
    (r"\text{the loss of a model}", "words have no meaning as a formula"),
]


@pytest.mark.parametrize(("latex", "message"), [*AMBIGUOUS, *UNKNOWN, *UNDECLARED])
def test_it_is_refused_and_the_place_is_shown(latex: str, message: str) -> None:
    with pytest.raises(ReadError, match=message) as why:
        read(latex, KNOWN)
    first, line, caret, *_ = str(why.value).split("\n")
    assert "column" in first
    assert "^" in caret
    assert line.startswith("    ")
    assert isinstance(why.value, BadInput)


@pytest.mark.parametrize(("latex", "message"), NOT_YET)
def test_what_gradproof_has_no_term_for_is_not_called_wrong(latex: str, message: str) -> None:
    with pytest.raises(NotReadable, match=message) as why:
        read(latex, KNOWN)
    assert isinstance(why.value, NotDecided)
    assert not isinstance(why.value, BadInput)
    assert why.value.exit_code == 3


def test_a_message_shows_the_line_the_place_and_the_way_out() -> None:
    with pytest.raises(ReadError) as why:
        read("p_k - y_k +\n  \\sum_k z_k", KNOWN)
    assert str(why.value) == (
        "line 1, column 3: the index k is bound by a sum and also stands outside it\n"
        "    p_k - y_k +\n"
        "      ^\n"
        "  what to do: use another letter than k for the index of the sum"
    )


def test_a_conflict_of_ranges_names_both_places() -> None:
    with pytest.raises(ReadError) as why:
        read_many(loss=r"\sum_{i=1}^K x_i", claims=[r"\sum_{n=1}^N x_n = 1"])
    assert "one index with two ranges, 1..K and 1..N" in str(why.value)
    assert "1..K because i runs to K (loss, column 7)" in why.value.found
    assert "1..N because n runs to N (claim, column 7)" in why.value.found


def test_a_chain_is_read_relation_by_relation() -> None:
    with pytest.raises(ReadError, match="a chain of relations"):
        read("a = b = c")
