r"""What is known of names before a formula is read.

Contract. A declaration is immutable. `things` are declared names by their parts, `words` those that are not built
like a name and are matched as they stand. What a reading assumed (`assumed`) may be refined by a later one; what was
declared may not.

Blind spot. Two things that print alike cannot both be declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from gradproof.expression import NATURAL, Array, Definition, Index, Interval, Symbol
from gradproof.expression.intervals import meet
from gradproof.reader.errors import ReadError, Source, Span
from gradproof.reader.grammar import vocabulary as v
from gradproof.reader.grammar.commands import EULER
from gradproof.reader.grammar.cursor import Cursor
from gradproof.reader.grammar.names import head_of
from gradproof.reader.grammar.subscripts import scripts
from gradproof.reader.grammar.sums import index_letter
from gradproof.reader.lexer import tokenize
from gradproof.reader.macros import Macro
from gradproof.reader.syntax import Key, Name, Part
from gradproof.render.naming import latex_name

Thing = Symbol | Array | Definition


@dataclass(frozen=True)
class Declarations:
    things: Mapping[Key, Thing] = field(default_factory=dict)
    words: Mapping[str, Thing] = field(default_factory=dict)
    indices: Mapping[str, Index] = field(default_factory=dict)
    functions: frozenset[Key] = frozenset()
    applied: Mapping[Key, str] = field(default_factory=dict)  # L -> "(\theta)": a defined name with fixed arguments
    macros: Mapping[str, Macro] = field(default_factory=dict)
    depends: Mapping[str, frozenset[Key]] = field(default_factory=dict)  # what an opaque name mentions
    assumed: frozenset[Key] = frozenset()
    hidden: Mapping[Key, tuple[Index, ...]] = field(
        default_factory=dict
    )  # L = -log p_t depends on t, which L leaves out
    sizes: tuple[Symbol, ...] = ()  # declared ones, in order
    wide_sums: bool = False  # a sum reaches over later terms that use its letter

    def with_thing(self, thing: Thing, key: Key | None = None, assumed: bool = False) -> Declarations:
        """Declare a thing under its own name, or under `key`."""
        key = key or key_of(thing)
        if key is None:
            return replace(self, words={**self.words, thing.name: thing})
        known = self.things.get(key)
        if known is not None and known != thing and key not in self.assumed:
            latex = key.latex()
            raise ReadError(f"{latex} is declared twice, differently", Source(latex), Span(0, len(latex)))
        kept = self.assumed | {key} if assumed else self.assumed - {key}
        return replace(self, things={**self.things, key: thing}, assumed=kept)

    def vocabulary(self) -> v.Vocabulary:
        return _vocabulary(self)

    def kind_of(self, key: Key) -> str:
        if key in self.functions or key in self.applied:
            return v.FUNCTION
        return v.FAMILY if self.rank_of(key) else v.QUANTITY

    def rank_of(self, key: Key) -> int:
        """How many indices a declared name is written with."""
        return rank(self.things[key]) - len(self.hidden.get(key, ()))


def rank(thing: Thing) -> int:
    return 0 if isinstance(thing, Symbol) else len(thing.shape)


def narrowed(a: Interval, b: Interval) -> Interval:
    """The numbers in both."""
    return replace(meet(a, b), integer=a.integer or b.integer)


def is_size(thing: object) -> bool:
    return isinstance(thing, Symbol) and thing.domain == NATURAL


def _vocabulary(d: Declarations) -> v.Vocabulary:
    kinds = {key: d.kind_of(key) for key in (*d.things, *d.functions, *d.applied)}
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for word, thing in d.words.items():
        texts = _word_tokens(word, isinstance(thing, Definition))
        table.setdefault(texts[0], []).append((texts, word))
    longest = {first: tuple(sorted(found, key=lambda f: -len(f[0]))) for first, found in table.items()}
    return v.Vocabulary(kinds, longest, frozenset(d.indices))


@lru_cache(maxsize=4096)
def _word_tokens(word: str, defined: bool) -> tuple[str, ...]:
    return tuple(x.text for x in tokenize(Source(latex_name(word, defined).latex())))


@lru_cache(maxsize=4096)
def _key_of_latex(latex: str) -> Key | None:
    try:
        return key_from(latex)
    except ReadError:
        return None


def key_of(thing: Thing) -> Key | None:
    """How the name of a thing reads where gradproof prints it; None if it is not built like a name."""
    return _key_of_latex(latex_name(thing.name, isinstance(thing, Definition)).latex())


def key_from(latex: str) -> Key:
    """A name alone, its whole subscript belonging to it. Raises ReadError if it is anything else."""
    found = name_from(latex)
    return Key(found.head, labels_of(found.parts), found.mark)


def name_from(latex: str, source: Source | None = None, at: Span | None = None) -> Name:
    """A name and nothing else; `source` and `at` are what an error shows."""
    c = Cursor(tokenize(Source(latex)), Source(latex), v.Vocabulary())
    begin = c.token.at
    head, bold = head_of(c)
    found = scripts(c, EULER if head == "e" else head, bold, begin)
    if not isinstance(found, Name) or not c.ended:
        raise ReadError("a name is expected here", source or Source(latex), at or Span(0, len(latex)), found=latex)
    return found


def labels_of(parts: tuple[Part, ...]) -> tuple[str, ...]:
    """Parts of a subscript as a piece of the name: three letters or more side by side are one word."""
    found: list[str] = []
    runs: dict[int, list[Part]] = {}
    for p in parts:
        runs.setdefault(p.run, []).append(p)
    for run in runs.values():
        if len(run) > 2 and all(p.kind == "letter" and len(p.text) == 1 for p in run):
            found.append(rf"\mathrm{{{''.join(p.text for p in run)}}}")
        else:
            found += [f"({p.text})" if p.raised else p.text for p in run]
    return tuple(found)


@lru_cache(maxsize=4096)
def spelled(key: Key) -> str:
    r"""The name to declare for a key: tau, y_hat, pi_ref where that prints as it was written, else the LaTeX itself."""
    head = key.head
    accents = []
    for accent in (r"\hat", r"\bar", r"\tilde"):
        if head.startswith(accent + "{"):
            head, accents = head[len(accent) + 1 : -1], [accent[1:]]
            break
    words = [_plain_word(head) + "'" * key.mark.count("'"), *accents, *map(_plain_word, key.labels)]
    if key.mark.replace("'", "") == "*":
        words.append("star")
    nice = "_".join(words)
    if nice and all(c.isalnum() or c in "_'" for c in nice) and latex_name(nice).latex() == key.latex():
        return nice
    latex = key.latex()
    return latex if any(c in latex for c in "\\{}(") or latex_name(latex).latex() == latex else f"{{{latex}}}"


def _plain_word(text: str) -> str:
    if text.startswith((r"\mathrm{", r"\mathit{")):
        return text[8:-1]
    return text.removeprefix("\\")


def letter_from(latex: str) -> str:
    """An index letter as the reader spells it."""
    source = Source(latex)
    c = Cursor(tokenize(source), source, v.Vocabulary())
    found = index_letter(c)
    if found is None or not c.ended:
        raise ReadError("an index is one letter", source, Span(0, max(1, len(latex))), found=latex)
    return found.text
