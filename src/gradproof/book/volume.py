r"""The whole book as one LaTeX document.

Contract. Needs what every LaTeX has: amsmath, amssymb, geometry, fancyhdr, multicol, hyperref. Entries and pages are
those given, in their order; nothing else enters, not even the date.

Blind spot. Page breaks are TeX's: an entry begins where there is room for its claim, and may end on the next page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from gradproof import __version__
from gradproof.book.front import notation, title_page
from gradproof.book.indices import indices
from gradproof.book.pages import MARK, Page
from gradproof.entries import Catalogue, Entry, Family
from gradproof.render.latex import SETUP, VOICE

TITLE = "The Losses of Machine Learning"
CLASS = "\\documentclass[11pt,a4paper,oneside,openany]{book}\n"
STYLE = r"""\usepackage{fancyhdr,multicol}
\usepackage[hidelinks,bookmarksnumbered=false]{hyperref}
\pdfinfoomitdate=1 \pdftrailerid{} \pdfsuppressptexinfo=-1 % the same book is the same file
\setcounter{tocdepth}{1}
\pagestyle{fancy}
\fancyhf{}
\fancyhead[L]{\small\nouppercase{\leftmark}}
\fancyfoot[C]{\small\thepage}
\setlength{\headheight}{14pt}
\renewcommand{\chaptermark}[1]{\markboth{\thechapter\quad #1}{}}
\renewcommand{\chaptername}{Part}
\raggedbottom
\makeatletter
\renewcommand*\l@section{\@dottedtocline{1}{1.5em}{2.8em}}
\makeatother
% The entries that stand on a page, for its head: the first and the last.
\newcommand{\onthispage}{%
  \edef\firstentry{\rightmark}\edef\lastentry{\expandafter\secondmark\botmark}%
  \ifx\firstentry\lastentry\firstentry\else\firstentry\,--\,\lastentry\fi}
\newcommand{\secondmark}[2]{#2}
% \entry{number}{title}{title in plain words}: begins where at least a fifth of the page is left.
\newcommand{\entry}[3]{\par\vspace{2\baselineskip plus 1\baselineskip}%
  \vspace{0pt plus .2\textheight}\penalty-100\vspace{0pt plus -.2\textheight}%
  \phantomsection\label{#1}\addcontentsline{toc}{section}{\texorpdfstring{\protect\numberline{#1}#2}{#1 #3}}%
  \markright{#1}{\raggedright\large\bfseries\boldmath #1\quad #2\par}\nopagebreak}
\newcommand{\entryat}[1]{\mbox{\hyperref[#1]{#1}\,{\scriptsize(\pageref{#1})}}}
\newcommand{\seeentry}[1]{; see \hyperref[#1]{#1}}
"""


def latex(book: Catalogue, pages: Sequence[Page], family: str | None = None) -> str:
    """The book of the pages that are proved; `family` is the only one in it, where it is not the whole."""
    printed = {p.number: p for p in pages if not p.problem}
    head = f"{CLASS}{SETUP}{STYLE}\\hypersetup{{pdftitle={{{TITLE}}}}}\n\\begin{{document}}\n\\frontmatter"
    return "\n".join([head, *_front(list(printed.values()), family, book), *_body(book, printed), _END])


_END = "\\end{document}\n"


def _front(printed: Sequence[Page], family: str | None, book: Catalogue) -> Iterator[str]:
    partial = next((VOICE.say((f.title,)) for f in book.families() if f.name == family), "")
    yield from title_page(TITLE, __version__, len(printed), sum(p.steps for p in printed), partial)
    yield r"\tableofcontents"
    yield from notation({s for p in printed for s in p.signs})


def _body(book: Catalogue, printed: Mapping[str, Page]) -> Iterator[str]:
    yield r"\mainmatter\fancyhead[R]{\small\onthispage}"
    claimed = {c: p.number for p in reversed(list(printed.values())) for c in p.claims}
    entries: list[Entry] = []
    for family, members in book.families().items():
        found = [e for e in members if e.number in printed]
        entries += found
        if found:
            yield from _chapter(family, found[0].number[0])
        for entry in found:
            yield from _entry(entry, printed[entry.number], claimed)
    yield r"\backmatter\fancyhead[R]{}"
    yield from indices(entries, [printed[e.number] for e in entries])


def _chapter(family: Family, letter: str) -> Iterator[str]:
    yield rf"\renewcommand{{\thechapter}}{{{letter}}}\chapter{{{VOICE.say((family.title,))}}}"
    yield from (rf"{VOICE.say((paragraph,))}\par\medskip" for paragraph in family.about)


def _entry(entry: Entry, page: Page, claimed: Mapping[str, str]) -> Iterator[str]:
    plain = re.sub(r"[\\${}^_%#&~]", "", entry.title)
    yield rf"\entry{{{entry.number}}}{{{page.title}}}{{{plain}}}"
    yield MARKED.sub(lambda m: _reference(m[1], page, claimed), page.body)


MARKED = re.compile(MARK.format("([0-9a-f]+)"))


def _reference(lemma: str, page: Page, claimed: Mapping[str, str]) -> str:
    """Where a lemma is the claim of another entry, which."""
    number = claimed.get(lemma, page.number)
    return "" if number == page.number else rf"\seeentry{{{number}}}"
