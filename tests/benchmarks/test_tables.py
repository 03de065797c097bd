"""What the tables are made of: that rounds alternate, that a wrong peer is stopped, that what was wanted is printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from report import Ratios, Verdict, table
from timing import WARM_UP, Times, measured
from workload import COPY, HAND, OURS, agree


def test_rounds_begin_with_another_call_each() -> None:
    order: list[str] = []
    times = measured({n: lambda n=n: order.append(n) for n in "abc"}, 4)
    rounds = ["".join(order[n : n + 3]) for n in range(0, len(order), 3)]
    assert rounds == ["abc", "bca", "cab"] * 2
    assert [len(t.rounds) for t in times.values()] == [len(rounds) - WARM_UP] * 3


def test_the_spread_shows_a_noisy_run() -> None:
    assert not Times((1.0, 1.0, 1.1, 1.2)).noisy
    assert Times((1.0, 1.0, 2.0, 9.0)).noisy
    assert Times((1.0,)).upper == 1.0


def test_ratios_are_those_to_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    ratios = Ratios()
    ratios.add({"ours": Times((1.0,)), "theirs": Times((2.0,))})
    ratios.add({"ours": Times((2.0,)), "theirs": Times((16.0,))})
    assert ratios.mean("theirs") == pytest.approx(4.0)
    table("a table", {"ours": Times((4.0, 4.0, 5.0)), "theirs": Times((12.0, 12.0, 8.0, 12.0))})
    assert capsys.readouterr().out.splitlines()[-1].split()[-2:] == ["3.00", "2.00"]


def test_what_was_wanted() -> None:
    assert str(Verdict(True, "a line")).startswith("ok ")
    assert str(Verdict(False, "a line")).startswith("NOT MET ")


def test_the_mean_of_rows_agrees_with_rows() -> None:
    slopes = np.array([[1.0, -1.0], [2.0, -2.0]], np.float32)
    calls = {OURS: lambda: (np.array([1.0, 3.0]), slopes), HAND: lambda: (2.0, slopes / 2), COPY: lambda: None}
    agree(calls)
    with pytest.raises(AssertionError, match="wrong loss"):
        agree({**calls, "wrong loss": lambda: (2.1, slopes / 2)})
    with pytest.raises(AssertionError, match="wrong slope"):
        agree({**calls, "wrong slope": lambda: (2.0, slopes)})


def test_a_table_that_is_not_there_is_named() -> None:
    command = [sys.executable, str(Path(__file__).parent), "speed"]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 2
    assert "no table speed; there are cross_entropy, losses, accuracy" in ran.stderr
