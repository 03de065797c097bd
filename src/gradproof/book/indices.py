r"""The indices at the end of the book, set without makeindex: subjects, rules, signs, sources.

Contract. An item lists every entry it belongs to, with its page; an item of very many entries says how many they are
and which is the first. Items are in alphabetical order.

Blind spot. Subjects are the words of the titles; what an entry is about without saying so is not found by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from gradproof.book.front import SIGNS
from gradproof.entries import Entry
from gradproof.render.latex import VOICE
from gradproof.rules import RULES

if TYPE_CHECKING:
    from gradproof.book.pages import Page

MANY = 24  # entries that an item lists one by one
WORD = re.compile(r"[A-Za-z][\w'-]*[A-Za-z\d]")
PLACE = re.compile(r", (?:section|sections|sec\.|eq\.|eqs\.|chapter|ch\.|figure|theorem|proposition|appendix|lemma) .*")
# Words of titles that say nothing by themselves.
SMALL_WORDS = """
    a above absolute according after all along an and angular another answer any are argument as at averaged away be
    before behind below best between both break breaks but by cancel cases change chosen clipped closed cold come
    comes components computes confident constant cost count counts cumulative data depend derivative derived
    difference direction divide divided do does down dr dropped each enough entries equals ever every example
    examples excluded expected falls far few find first flipped folded follows for form free from fused gap get
    given goes gone good half hard has have hold holds hot how if in independent inside into is it its itself just
    k1 k2 k3 keep keeps known large largest last least leave leaves left less long lower make makes many may mean
    means merge minimum minus mistakes more most move moves named negative never new no not nothing number odds of
    off on once one only or other out outputs outside over own part parts pass per picks plus point points product
    pull put rescale reversed rises same samples say second set shape shares sides slowly so some step straight sum
    sums swapped tails target tends term terms than that the their then there these they this through tilted times
    to together token too towards trap true truth turns two unchanged under univariate up used uses vanish very
    weigh what when where which while whose why with without written zero
"""
STOPWORDS = frozenset(SMALL_WORDS.split())


def indices(entries: Sequence[Entry], pages: Sequence[Page]) -> Iterator[str]:
    yield from _index("Subjects", _subjects(entries, {p.number for p in pages}))
    yield from _index("Rules", _rules(pages))
    yield from _index("Signs", _signs(pages))
    yield from _index("Sources", _sources(pages))


Items = dict[str, list[str]]  # what is printed, and the numbers of its entries


def _index(title: str, items: Items) -> Iterator[str]:
    if not items:
        return
    name = f"Index of {title.lower()}"
    yield rf"\chapter*{{{name}}}\addcontentsline{{toc}}{{chapter}}{{{name}}}\markboth{{{name}}}{{{name}}}"
    yield r"\begin{multicols}{2}\footnotesize\raggedright\setlength{\parindent}{-1em}\leftskip1em"
    letter = ""
    for said, numbers in items.items():
        first = next((c.upper() for c in said if c.isalpha()), "")
        gap = r"\medskip " if letter and first != letter and title in ("Subjects", "Sources") else ""
        letter = first
        yield rf"{gap}\indent {said}\enspace {_listed(numbers)}\par"
    yield r"\end{multicols}"


def _listed(numbers: Sequence[str]) -> str:
    if len(numbers) > MANY:
        return rf"{len(numbers)} entries, the first \entryat{{{numbers[0]}}}"
    return ", ".join(rf"\entryat{{{n}}}" for n in numbers)


def _gathered(pairs: Iterable[tuple[str, str]]) -> Items:
    found: Items = {}
    for said, number in pairs:
        if number not in found.setdefault(said, []):
            found[said].append(number)
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))


def _subjects(entries: Sequence[Entry], printed: set[str]) -> Items:
    """The words of the titles; one with a capital only where it is a name."""
    known = {w for e in entries for w in _words(e.title)[1:]}  # as written inside a title
    pairs = []
    for entry in entries:
        for place, word in enumerate(_words(entry.title)):
            small = word[0].lower() + word[1:]
            said = small if place == 0 and (small in known or (word not in known and word[1:].islower())) else word
            if small.lower() not in STOPWORDS and entry.number in printed:
                pairs.append((_singular(said, known), entry.number))
    return {VOICE.prose(said): numbers for said, numbers in _gathered(pairs).items()}


def _words(title: str) -> list[str]:
    return WORD.findall(re.sub(r"\$[^$]*\$", " ", title))


def _singular(word: str, known: set[str]) -> str:
    return word[:-1] if word.endswith("s") and word[:-1] in known else word


def _rules(pages: Sequence[Page]) -> Items:
    pairs = ((rule, p.number) for p in pages for rule in p.rules)
    return {_rule(name): numbers for name, numbers in _gathered(pairs).items()}


def _rule(name: str) -> str:
    statement = RULES[name].statement
    return rf"\textbf{{{VOICE.prose(name)}}}" + (rf"\enspace ${statement}$" if statement else "")


def _signs(pages: Sequence[Page]) -> Items:
    return {
        rf"${sign}$": numbers
        for kind, (sign, _) in SIGNS.items()
        if (numbers := [p.number for p in pages if kind in p.signs])
    }


def _sources(pages: Sequence[Page]) -> Items:
    """Works cited: the source of each entry up to the place in it."""
    pairs = ((PLACE.sub("", part).strip(), p.number) for p in pages for part in p.source.split(";"))
    return {VOICE.prose(said): numbers for said, numbers in _gathered(pairs).items() if said and said[0].isupper()}
