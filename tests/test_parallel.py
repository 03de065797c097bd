"""Work by several processes: results in order, a bar that is told, errors that reach the caller."""

from __future__ import annotations

import io
import os

import pytest

from gradproof.errors import BadInput, NotDecided
from gradproof.parallel import Bar, each

ITEMS = [str(n) for n in range(12)]


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_results_come_in_the_order_of_the_items() -> None:
    assert each(int, ITEMS, jobs=1) == each(int, ITEMS, jobs=2) == list(range(12))
    assert each(int, [], jobs=2) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_reaches_the_caller(jobs: int) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        each(int, ["1", "x"], jobs=jobs)


def die(_: str) -> int:
    os._exit(7)


def test_a_process_that_dies_is_told_and_does_not_hang() -> None:
    with pytest.raises(NotDecided, match="--jobs 1"):
        each(die, ITEMS, jobs=2)


def test_no_process_is_no_number() -> None:
    with pytest.raises(BadInput, match="found: 0"):
        each(int, ITEMS, jobs=0)


def test_a_terminal_gets_a_bar_that_fills() -> None:
    screen = Screen()
    with Bar("proving", 4, screen) as bar:
        for item in "ABCD":
            bar.step(item)
    shown = screen.getvalue().split("\r")
    assert [s.count("#") for s in shown[1:5]] == [7, 15, 22, 30]
    assert "2/4  B" in shown[2]
    assert shown[-1].removeprefix("\x1b[K").startswith("proving: 4 of 4 in ")


def test_a_file_gets_no_control_signs() -> None:
    stream = io.StringIO()
    with Bar("proving", 2, stream) as bar:
        bar.step("A")
        bar.step("B")
    assert stream.getvalue().splitlines()[0] == "proving: 2"
    assert len(stream.getvalue().splitlines()) == 2
    assert "\r" not in stream.getvalue()
