"""Whole pages, against golden files; what must hold for every page whatever its content."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

import specimens as s
from gradproof.document import Document, Paragraph, Section, build
from gradproof.expression import Expr
from gradproof.render import RENDERERS, html, latex, markdown, text

SUFFIX = {"latex": "tex", "html": "html", "markdown": "md", "text": "txt"}
PAGES = [("softmax_cross_entropy", "delta", "normal"), ("softmax_cross_entropy", "cases", "brief")]
PAGES += [("softmax_cross_entropy", "delta", "full"), ("gibbs", "delta", "normal"), ("coin", "delta", "normal")]
PAGES += [("batch", "delta", "normal")]


def page(name: str, style: str = "delta", detail: str = "normal") -> Document:
    return build(s.certificate(s.ALL[name]()), None, s.AUDIT, s.RULES, style=style, detail=detail)


@pytest.mark.parametrize("kind", list(RENDERERS))
@pytest.mark.parametrize(("name", "style", "detail"), PAGES)
def test_golden(name: str, style: str, detail: str, kind: str, golden: Callable[[str, str], None]) -> None:
    golden(f"pages/{name}-{style}-{detail}.{SUFFIX[kind]}", RENDERERS[kind](page(name, style, detail)))


def bare(title: str = "", **more: object) -> Document:
    empty = Document(title=title, number="", givens=(), definitions=(), claims=(), sections=(), status=("proved",))
    return Document(**{**vars(empty), **more})  # type: ignore[arg-type]


# -- text --------------------------------------------------------------------------------------------------------------


def test_the_page_to_beat_line_by_line() -> None:
    found = [re.split(r"  +", line.strip())[0] for line in text.render(page("softmax_cross_entropy")).splitlines()]
    assert "Lemma (softmax Jacobian)" in found
    assert "= p_i (delta_ik - p_k)" in found
    assert [line for line in found if "-sum_i y_i (d" in line or "+ p" in line] == [
        "= -sum_i y_i (delta_ik - p_k)",
        "= -y_k + p_k sum_i y_i",
    ]
    assert found[-1] == "proved for every K >= 1; audited at 40 points, K = 1..5, worst difference 2e-31"


@pytest.mark.parametrize("columns", [72, 80, 100, 140])
@pytest.mark.parametrize("name", list(s.ALL))
def test_text_keeps_to_its_columns_and_to_ascii(name: str, columns: int) -> None:
    found = text.render(page(name, detail="full"), columns=columns)
    assert found.isascii()
    breakable = [line for line in found.splitlines() if not re.search(r"\(sum_i \(y_mi", line)]
    assert max(map(len, breakable)) <= columns


def test_signs_and_reasons_stand_in_columns() -> None:
    lines = text.render(page("softmax_cross_entropy")).splitlines()
    chain = [line for line in lines if re.match(r"  (d\S+|) +=", line)]
    assert len({line.index("=") for line in chain}) == 1
    starts = {m.end() for line in chain if (m := re.match(r"  .*?=.*?\S  +(?=\S)", line))}
    assert len(starts) == 1


# -- LaTeX -------------------------------------------------------------------------------------------------------------


def test_a_fragment_is_the_body_of_the_page() -> None:
    document = page("softmax_cross_entropy")
    whole, fragment = latex.render(document), latex.render(document, fragment=True)
    assert r"\documentclass" not in fragment
    assert fragment in whole
    assert set(re.findall(r"\\usepackage(?:\[.*?\])?\{(.*?)\}", whole)) == {"geometry", "amsmath", "amssymb"}


@pytest.mark.parametrize("name", list(s.ALL))
def test_no_double_braces_dummies_or_piecewise(name: str) -> None:
    found = latex.render(page(name, detail="full"))
    assert not re.search(r"\{\w\}_|_dummy|Piecewise|#\d", found)
    assert found.count("{") == found.count("}")
    assert found.count(r"\left(") == found.count(r"\right)")


def test_words_are_escaped_in_each_language() -> None:
    document = bare("50% of x_i & <b> #1 {y} a|b", source="R^2 ~ \\n")
    assert r"50\% of x\_i \& $<$b$>$ \#1 \{y\} a$|$b" in latex.render(document)
    assert r"\textasciicircum{}2 \textasciitilde{} \textbackslash{}n" in latex.render(document)
    assert "50% of x_i &amp; &lt;b&gt; #1" in html.render(document)
    assert r"x\_i & \<b\> \#1" in markdown.render(document)


def test_mathematics_in_words_is_set_as_mathematics() -> None:
    document = bare(r"where $\delta_{ik} = 1$")
    assert r"where $\delta_{ik} = 1$" in latex.render(document)
    assert r"where \(\delta_{ik} = 1\)" in html.render(document)
    assert "where delta_ik = 1" in text.render(document)


def test_cases_too_wide_for_a_line_of_text_are_displayed() -> None:
    z = s.vector("z", s.K)
    wide = sum(((z[s.k] - n) ** 2 for n in range(9)), start=s.exp(z[s.k]))
    where = s.Eq(s.i, s.k)

    def shown(e: Expr) -> str:
        part = Paragraph(("that is, ", e, " for ", where), ((e, where),))
        return latex.render(bare(sections=(Section("Lemma", (), (part,)),)))

    assert r"that is, $z_k$ for $i = k$" in shown(z[s.k])
    found = shown(wide)
    assert r"that is, " in found
    assert re.search(r"that is, \n(\{\\\w+\n)?\\begin\{gather\*\}\n  e\^\{z_k\} \+ z_k\^2 \+ \(z_k - 1\)\^2", found)
    assert re.search(r"\\quad \\text\{for \} i = k\n\\end\{gather\*\}", found)
    assert "$e^" not in found


def test_numbers_of_the_status_line_are_typeset() -> None:
    found = latex.render(page("softmax_cross_entropy"))
    assert r"proved for every $K$ $\ge$ 1" in found
    assert r"$K$ = $1, \dots, 5$, worst difference $2 \times 10^{-31}$" in found


@pytest.mark.parametrize("name", list(s.ALL))
def test_braces_of_every_markdown_display_are_balanced(name: str) -> None:
    for display in re.findall(r"\$+(.*?)\$+", markdown.render(page(name, detail="full")), re.DOTALL):
        depth = [display[:n].count("{") - display[:n].count("}") for n in range(len(display) + 1)]
        assert min(depth) == 0 == depth[-1], display
        assert not re.search(r"\\[,;]", display)


def test_markdown_joins_the_words_of_a_reason() -> None:
    found = markdown.render(page("softmax_cross_entropy"))
    assert r"&& \delta_{ik}\text{ keeps }i = k\text{; }p_k\text{ is free of }i" in found


def test_markdown_reasons_hold_no_dollars_inside_displays() -> None:
    for display in re.findall(r"\$\$(.*?)\$\$", markdown.render(page("softmax_cross_entropy")), re.DOTALL):
        assert "$" not in display


# -- HTML --------------------------------------------------------------------------------------------------------------


class Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", list(s.ALL))
def test_html_is_balanced_and_brings_no_script(name: str) -> None:
    parser = Balance()
    parser.feed(html.render(page(name)))
    assert parser.open == []
    assert parser.seen.isdisjoint({"script", "style", "html", "body"})


def test_every_line_of_a_chain_is_on_every_page() -> None:
    document = page("softmax_cross_entropy")
    lines = sum(r"p_i" in line for line in text.render(document).splitlines())
    assert lines >= 6
    for kind, render in RENDERERS.items():
        assert render(document).count("survives") == 1, kind


@pytest.mark.parametrize("kind", list(RENDERERS))
def test_a_page_with_nothing_on_it_is_still_a_page(kind: str) -> None:
    section = Section("Proof", (), (Paragraph(("nothing",)),), proof=True)
    assert "nothing" in RENDERERS[kind](bare(sections=(section,)))
