"""Calls and products: what a bracket behind a name means.

Contract. It is a call only if the name is known as a function, or if what it holds cannot be a factor (a bar); it is
a factor if the name is declared, or if it holds a sum and the name is not one that papers use for functions; else it
is refused.
"""

from __future__ import annotations

from gradproof.reader.errors import Span
from gradproof.reader.grammar import applications, brackets
from gradproof.reader.grammar import commands as t
from gradproof.reader.grammar.cursor import Cursor
from gradproof.reader.grammar.vocabulary import FAMILY, FUNCTION, QUANTITY
from gradproof.reader.syntax import Bracket, Call, Component, Key, Known, Name, Node, Several, Verbatim

DIVERGENCE = (("K", "L"), (r"\mathrm{KL}",))  # the subscripts of D


def called(c: Cursor, n: Name, operator: bool) -> Node:
    """The name, applied to the bracket behind it if that is a call."""
    kind = kind_of(c, n)
    word = word_in(n)
    special = _special(c, n, word, kind)
    braced = c.text == "{" and c.ahead().text == "("  # \log p{(x)}
    if c.text not in ("(", "[") and not (braced and kind == FUNCTION):
        must_be_applied(c, n, operator)
        return n
    if special:
        return call_of_word(c, special, n.at, n)
    place = c.place
    inside = brackets.bracket(c, after_name=True)
    if _is_call(c, n, kind, inside, operator):
        items = inside if isinstance(inside, Several) else Several(inside.at, (inside.inner,), ())
        return Call(c.since(n.at), n, items.items, items.separators)
    c.place = place
    return n


def word_in(n: Name) -> str:
    return n.head[8:-1] if n.head.startswith(r"\mathrm{") else ""


def must_be_applied(c: Cursor, n: Name, operator: bool = False) -> None:
    r"""Refuse \mathrm{log} x and \mathrm{tr} A, which look like a product of names."""
    word, bare = word_in(n), not (n.parts or n.mark or kind_of(c, n))
    if bare and word in t.WORDS_NOT_EXPRESSIBLE and c.text != "(":
        c.decline(f"{word} is not something gradproof has a term for", n.at)
    if operator or (bare and word in t.APPLIED_WORDS):
        c.fail(f"{word or n.head} is not applied to anything", n.at, advice="give it an argument in brackets")


def _special(c: Cursor, n: Name, word: str, kind: str) -> str:
    """The known function that a name stands for before a bracket, if it is not declared as something else."""
    if n.head == r"\sigma" and not n.parts:
        if n.mark and c.text in ("(", "["):
            c.decline("the derivative of the logistic function, written with a prime", n.at)
        return "" if n.mark else "sigmoid"
    if n.head == r"\Gamma" and not (n.parts or n.mark):
        return "gamma"
    if n.head == "D" and n.texts in DIVERGENCE and not n.mark and Key("D", n.texts) not in c.vocabulary.kinds:
        return "KL"
    if kind or n.mark:
        return ""
    if n.parts:
        return ""
    if n.head in ("H", r"\mathcal{H}", r"\mathbb{H}"):
        return "H"
    return word if word in t.WORD_FUNCTIONS or word in t.WORD_VECTORS else ""


def call_of_word(c: Cursor, word: str, start: Span, n: Name | None = None) -> Node:
    """A known function and its arguments."""
    inside = brackets.bracket(c, after_name=True)
    if isinstance(inside, Several):
        items, separators = inside.items, inside.separators
    else:
        items, separators = (inside.inner,), ()
    if word in t.WORD_VECTORS:
        return Known(c.since(start), _vector_function(c, word, items, separators, start), items)
    if separators and set(separators) != {","}:
        c.fail(f"{word} takes arguments with commas between", inside.at)
    which = t.FUNCTIONS.get(f"\\{word}", word) if n is None else t.WORD_FUNCTIONS.get(word, word)
    return applications.applied(c, which, items, start)


def _vector_function(c: Cursor, word: str, items: tuple[Node, ...], separators: tuple[str, ...], start: Span) -> str:
    known = t.WORD_VECTORS[word]
    if known == "entropy" and len(items) == 2 and separators == (",",):
        return "cross_entropy"
    wanted = 2 if known in ("kl", "cross_entropy") else 1
    if len(items) != wanted or (known == "entropy" and separators):
        c.fail(f"{word} with {len(items)} arguments", c.since(start), expected=f"{wanted}")
    return known


def _is_call(c: Cursor, n: Name, kind: str, inside: Bracket | Several, operator: bool) -> bool:
    spelled = c.source.piece(n.at)
    simple = isinstance(inside, Bracket) and isinstance(inside.inner, Name | Component | Verbatim)
    barred = isinstance(inside, Several) and r"\mid" in inside.separators
    if kind == FUNCTION or (barred and Key(n.head, n.texts, n.mark) not in c.vocabulary.kinds):
        return True
    if kind == QUANTITY or (kind == FAMILY and not (simple and not n.parts)):
        if isinstance(inside, Several):
            c.fail(f"{spelled} is not a function", n.at, advice="declare it as a function, or multiply with a bracket")
        return False
    if kind == FAMILY:
        return True
    advice = rf"declare it as a function, or as a number; for a product write {spelled} \cdot (...)"
    if operator or isinstance(inside, Several) or n.head.startswith(r"\mathrm{"):
        c.fail(f"{spelled} is not a function that is known here", n.at, advice="declare it as a function")
    if simple or n.head in t.FUNCTION_LETTERS or "'" in n.mark:  # u'(a + b): a derivative as often as another u
        c.fail(f"{spelled}(...): a product or a call?", c.since(n.at), advice=advice)
    return False


def is_letter(c: Cursor, n: Name) -> bool:
    """Whether a name is an index that is declared, or bound here."""
    return bool(n.letter) and (n.letter in c.bound or n.letter in c.vocabulary.indices)


def kind_of(c: Cursor, n: Name) -> str:
    found = c.vocabulary.kind(n.head, n.texts, n.mark)
    return QUANTITY if not found and is_letter(c, n) else found


def is_function(c: Cursor, n: Name) -> bool:
    kind = kind_of(c, n)
    return kind == FUNCTION or (not kind and (n.head in t.FUNCTIONS or n.head in t.FUNCTION_LETTERS))
