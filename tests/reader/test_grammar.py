"""What the grammar reads and refuses: each refusal here was once a silent misreading or a traceback."""

from __future__ import annotations

import time

import pytest

from gradproof.errors import BadInput, NotDecided
from gradproof.reader import Environment, NotReadable, ReadError, macros_in, read, read_many

HIDDEN = "braces do not show"

REFUSED = [
    # braces that do not show
    (r"c - {a + b}", HIDDEN),
    (r"-{a + b}", HIDDEN),
    (r"{{a + b}} c", HIDDEN),
    (r"{a b}^2", HIDDEN),
    (r"{x^2}^3", HIDDEN),
    (r"{\log x}^2", HIDDEN),
    (r"{\sum_{i=1}^K x_i}^2", HIDDEN),
    (r"{\sum_{i=1}^K x_i} c", HIDDEN),
    (r"a / {b c}", HIDDEN),
    (r"\log {a + b}", HIDDEN),
    (r"\sum_{i=1}^K {x_i + c}", HIDDEN),
    (r"\frac{d}{dx} {x^2 + x}", HIDDEN),
    # what LaTeX calls a double script
    (r"\sum_{i=1}_{j=1}^n a", "a second subscript"),
    (r"\sum_{i=1}^n^m a", "a second superscript"),
    (r"\log_2_3 x", "a second subscript"),
    (r"\log^2^3 x", "a second superscript"),
    (r"\nabla_x_y x", "a second subscript"),
    # the bracket that \left promises
    (r"x \left", "a bracket is missing here"),
    (r"\left\left( x \right)", "a bracket is missing here"),
    # calls that look like products
    (r"E_q[\log p - \log q]", "a product or a call?"),
    (r"\mathbb{V}[x^2]", "a product or a call?"),
    (r"\mathcal{O}(n^2)", "a product or a call?"),
    (r"u'(x + 1)", "a product or a call?"),
    (r"f \circ g", "a composition, or a product of entries?"),
    (r"\sigma \circ a", "a composition, or a product of entries?"),
    (r"e^\sigma(x)", "does the exponent end before this bracket?"),
    (r"\mathrm{log} x", "log is not applied to anything"),
    (r"\operatorname{sigmoid}^{-1}(a)", "sigmoid is not applied to anything"),
    (r"\frac{d}{dx} (x^2) x", "does the derivative end with this bracket?"),
    (r"\nabla_x (x^2) x", "does the derivative end with this bracket?"),
    (r"\frac{d^2 x}{(dx)^2}", "the denominator of the derivative does not end here"),
    # signs with two meanings
    (r"\tanh^{-1}(x)", "an inverse function, or a reciprocal?"),
    (r"\log^{-2} x", "an inverse function, or a reciprocal?"),
    (r"\delta_i^j", "a power, or a label of the name?"),
    (r"\delta_{ij}^l", "a power of a delta, or a third index?"),
    (r"x^e", "a name, or the base of the exponential?"),
    (r"\max(1,000, x)", "two numbers, or one of more than three digits?"),
    (r"\mathbb{I} x", "without a condition"),
    (r"\mathbb{1}(x)", "an indicator without a relation"),
    # messages that named the wrong thing
    (r"a + \cdot b", "a formula is expected here"),
    (r"\sqrt\log x", "one letter, one digit or braces are expected here"),
    (r"\sqrt1.5", "put 1.5 into braces"),
    (r"\operatorname*{arg\,max}_x -x^2", "nothing follows that this sign could apply to"),
]


@pytest.mark.parametrize(("latex", "message"), REFUSED)
def test_it_is_refused_rather_than_guessed(latex: str, message: str) -> None:
    with pytest.raises(ReadError, match=message.replace("?", r"\?")) as why:
        read(latex)
    assert isinstance(why.value, BadInput)


def test_the_letter_of_a_declared_index_above_a_subscript_is_no_power() -> None:
    with pytest.raises(ReadError, match="a power, or a label of the name"):
        read(r"w_{a}^{k}", Environment().index("k", "K"))


@pytest.mark.parametrize("latex", [r"\mathrm{tr} A", r"\mathrm{Var} x"])
def test_operators_without_a_term_are_no_factors(latex: str) -> None:
    with pytest.raises(NotReadable, match="is not something gradproof has a term for"):
        read(latex)


@pytest.mark.parametrize("latex", [r"\text{if } x", r"a \text{ and } b", r"a \mbox{ with } b", r"\mathrm{or}"])
def test_words_that_join_formulas_are_no_names(latex: str) -> None:
    with pytest.raises(NotReadable, match="words have no meaning") as why:
        read(latex)
    assert isinstance(why.value, NotDecided)


SAME = [
    (r"sigmoid(x)", r"\sigma(x)"),
    (r"softplus(x)", r"\operatorname{softplus}(x)"),
    (r"x^d", r"x^{d}"),
    (r"\sum_{j=1}^J (a + j)", r"\sum_{j=1}^{J} (a + j)"),
    (r"x^h (1 - x)", r"x^{h} \cdot (1 - x)"),
    (r"{a b} c", r"a b c"),
    (r"{x}^2", r"x^2"),
    (r"{\hat{x}}^2", r"\hat{x}^2"),
    (r"{\frac{a}{b}}^2", r"(\frac{a}{b})^2"),
    (r"\log{(1 - x)}", r"\log(1 - x)"),
    (r"\exp{-x}", r"\exp(-x)"),
    (r"\tanh^2 x", r"(\tanh x)^2"),
    (r"\sum_{i \in \{1, 2, \dots, K\}} i", r"\sum_{i=1}^{K} i"),
    (r"\sum_{i, j = 1}^{K} i j", r"\sum_{i=1}^{K} \sum_{j=1}^{K} i j"),
    (r"\sum_{i=2, j}^{K} i j", r"\sum_{i=2}^{K} \sum_{j=1}^{K} i j"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_mean_the_same(one: str, other: str) -> None:
    assert read(one) == read(other)


def test_an_entry_before_an_equality_is_no_family() -> None:
    known = Environment().array("z", "K")
    assert read(r"\operatorname{softmax}(z)_{i} = z_i", known) == read(r"\operatorname{softmax}(z)_i = z_i", known)


def test_a_declared_pi_is_itself_as_an_exponent() -> None:
    known = Environment().scalar(r"\pi").scalar("a")
    assert read(r"(a)^\pi", known) == read(r"(a)^{\pi}", known)


def test_each_of_several_claims_is_named_in_its_errors() -> None:
    with pytest.raises(ReadError, match="claim 2, column 1: nothing is claimed"):
        read_many(claims=["a = b", "a + b"])


def test_a_definition_that_is_commented_out_defines_nothing() -> None:
    found = macros_in("\\newcommand{\\a}{x}\n% \\newcommand{\\a}{y}\n\\newcommand{\\b}{z}")
    assert {name: [t.text for t in macro.body] for name, macro in found.items()} == {"\\a": ["x"], "\\b": ["z"]}


def test_providecommand_leaves_alone_what_has_a_meaning() -> None:
    text = r"\newcommand{\a}{x} \providecommand{\a}{y} \providecommand{\alpha}{y}"
    assert [t.text for t in macros_in(text, frozenset([r"\alpha"]))[r"\a"].body] == ["x"]


@pytest.mark.parametrize("text", [r"\newcommand\a" + " " * 100_000, r"\newcommand\a[" * 30_000, "\\" * 100_000])
def test_definitions_are_found_in_time_proportional_to_the_text(text: str) -> None:
    before = time.perf_counter()
    assert macros_in(text) == {}
    assert time.perf_counter() - before < 1


def test_the_letter_d_is_one_name_however_it_is_grouped() -> None:
    assert read(r"e^{d}") == read(r"e^d") == read(r"\exp(d)")
