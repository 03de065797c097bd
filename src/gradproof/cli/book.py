"""Commands on the whole catalogue: list it, prove it, print it as a book.

Everything here is quick until proofs are asked for; these run on all processors and show how far they are.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gradproof.cli.output import DONE, check_target, complain, write
from gradproof.errors import BadInput

if TYPE_CHECKING:
    from gradproof.book import Page
    from gradproof.entries import Catalogue, Entry, Family

FORMS = {".tex": "tex", ".pdf": "pdf"}
Members = dict["Family", tuple["Entry", ...]]


def listing(options: argparse.Namespace) -> int:
    """The catalogue as a table, by family; with --prove also what became of each entry."""
    from gradproof.cli.tables import TABLES

    members = _members(options.family)
    results = _proved(members, options.jobs, "proving") if options.prove else []
    write(options.output, TABLES[options.to](members, {p.number: p for p in results}))
    return _worst(results)


def book(options: argparse.Namespace) -> int:
    """The book of all proofs, or of one family; what is not proved is named and left out."""
    form = _form(options.output)
    check_target(form, options.output)
    if form == "pdf":
        from gradproof.render.pdf import program

        program()  # a missing pdflatex is said before the work, not after it
    from gradproof.book import latex
    from gradproof.entries import catalogue
    from gradproof.render.words import PLAIN

    results = _proved(_members(options.family), options.jobs, "proving")
    missing = [p for p in results if p.problem]
    for page in missing:
        complain(f"{page.number} {PLAIN.say((page.title,))}: not in the book: {page.problem}", page.code)
    if len(missing) == len(results):
        raise BadInput("no entry is proved, so there is no book", advice="gradproof derive ID says more")
    source = latex(catalogue(), results, options.family)
    write(options.output, _compiled(source) if form == "pdf" else source)
    return _worst(results)


def _form(path: str | None) -> str:
    """The form that the ending of the file asks for; LaTeX on standard output."""
    ending = next((e for e in FORMS if path is None or path.endswith(e)), None)
    if ending is None:
        raise BadInput("which form is the book to have?", expected="-o book.tex or -o book.pdf", found=str(path))
    return FORMS[ending]


def _compiled(source: str) -> bytes:
    from gradproof.parallel import each
    from gradproof.render.pdf import compile_latex

    # contents and index need the page numbers of the pass before
    return each(lambda _: compile_latex(source, passes=3, seconds=600), ["pdf"], jobs=1, label="typesetting")[0]


def _members(family: str | None) -> Members:
    from gradproof.entries import catalogue

    book: Catalogue = catalogue()
    found = {f: entries for f, entries in book.families().items() if family in (None, f.name)}
    if not found:
        known = sorted(f.name for f in book.families())
        raise BadInput(f"no family {family!r}", expected=", ".join(known) or "a catalogue that is not empty")
    return found


def _proved(members: Members, jobs: int | None, label: str) -> list[Page]:
    from gradproof.book.pages import page
    from gradproof.parallel import each

    return each(page, [e.number for entries in members.values() for e in entries], jobs=jobs, label=label)


def _worst(results: list[Page]) -> int:
    """The exit code of the worst result: refuted before all else, then what is not decided."""
    codes = {p.code for p in results}
    return 1 if 1 in codes else max(codes, default=DONE)
