"""Work on many entries at once, with a bar that says how far it has come.

Contract. `each` gives the results in the order of the items, however many processes there are, so what is made of them
does not depend on who was first. The function and its results must be picklable; terms are not, text is. The bar goes
to standard error, and only where that is a terminal; elsewhere one line says what is done and one that it is.

Blind spot. A process that is killed from outside ends the work as a whole.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TextIO, TypeVar

from gradproof.errors import BadInput, NotDecided

Result = TypeVar("Result")
WIDTH = 30  # signs of a full bar


def processors() -> int:
    """How many processes run at once here."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def each(
    function: Callable[[str], Result], items: Sequence[str], *, jobs: int | None = None, label: str = "working"
) -> list[Result]:
    """The function of every item, by `jobs` processes (as many as there are processors); 1 stays in this process."""
    count = processors() if jobs is None else jobs
    if count < 1:
        raise BadInput("not a number of processes", expected="--jobs N with N >= 1", found=str(count))
    found: dict[str, Result] = {}
    with Bar(label, len(items)) as bar:
        for item, result in _done(function, items, min(count, len(items))):
            found[item] = result
            bar.step(item)
    return [found[item] for item in items]


def _done(function: Callable[[str], Result], items: Sequence[str], jobs: int) -> Iterator[tuple[str, Result]]:
    """Items with their results, as they come."""
    if jobs <= 1:
        yield from ((item, function(item)) for item in items)
        return
    # spawn: a fresh interpreter inherits neither threads nor locks, and is the same on every system
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = {pool.submit(function, item): item for item in items}
        try:
            for future in as_completed(waiting):
                yield waiting[future], future.result()
        except BrokenProcessPool as why:
            raise NotDecided(
                "a process ended before its work was done",
                found=str(why),
                advice="it may have run out of memory: try again with --jobs 1",
            ) from why
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


class Bar:
    """proving  [############..................]  57/142  C03  12 s"""

    def __init__(self, label: str, total: int, stream: TextIO | None = None) -> None:
        self.label, self.total, self.count = label, total, 0
        self.stream = sys.stderr if stream is None else stream
        self.live = self.stream.isatty()
        self.began = time.monotonic()

    def __enter__(self) -> Bar:
        if not self.live:
            print(f"{self.label}: {self.total}", file=self.stream, flush=True)
        return self

    def step(self, item: str) -> None:
        self.count += 1
        if self.live:
            self.stream.write(f"\r{self.text(item)}\x1b[K")
            self.stream.flush()

    def text(self, item: str) -> str:
        full = WIDTH * self.count // max(self.total, 1)
        bar = "#" * full + "." * (WIDTH - full)
        return f"{self.label} [{bar}] {self.count:{len(str(self.total))}}/{self.total}  {item:4} {self.seconds:.0f} s"

    def __exit__(self, *_: object) -> None:
        if self.live:
            self.stream.write("\r\x1b[K")
        print(f"{self.label}: {self.count} of {self.total} in {self.seconds:.0f} s", file=self.stream, flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began
