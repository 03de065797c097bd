"""Every part of a formula says where it stands: a node covers what is below it, so that messages quote it whole."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradproof.reader import NotReadable, ReadError, Source
from gradproof.reader.grammar.formula import parse
from gradproof.reader.grammar.vocabulary import Vocabulary
from gradproof.reader.grammar.walking import children
from gradproof.reader.syntax import Node

CORPUS = Path(__file__).with_name("corpus.tsv")
OWN = (
    r"e^d", r"\nabla_x e^{x y}", r"\partial_x e^{x y}", r"\lim_{t \to 0} e^{t y}", r"\sum_{i=1}^K -x_i^2",
    r"(A x)_{i,j} + 1", r"\frac{d}{dx} x^2", r"\arg\max_x e^{x}", r"\frac{a}{b} \cdot \sqrt{c}", r"\log x_{i}^{2}",
    r"\mathbb{E}_{i \sim p}[x_i]", r"\sum_{i \ne t} e^{z_i}", r"\lVert x - y \rVert^2", r"e^a = e^b",
)  # fmt: skip


def _formulas() -> Iterator[str]:
    yield from OWN
    with CORPUS.open(encoding="utf-8", newline="") as rows:
        yield from (row["latex"] for row in csv.DictReader(rows, delimiter="\t"))


def _outside(node: Node) -> Iterator[tuple[Node, Node]]:
    for child in children(node):
        if not (node.at.start <= child.at.start and child.at.end <= node.at.end):
            yield node, child
        yield from _outside(child)


def test_a_node_covers_what_is_below_it() -> None:
    read = 0
    for formula in _formulas():
        source = Source(formula)
        try:
            tree = parse(source, Vocabulary(), {})
        except (ReadError, NotReadable):
            continue
        read += 1
        for node, child in _outside(tree):
            pytest.fail(f"{formula}: {source.piece(node.at)!r} does not cover {source.piece(child.at)!r}")
    assert read > 80
