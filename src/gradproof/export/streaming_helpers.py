"""The functions that a module for streams carries along, for every array library.

Contract. Each is source text in the words that the libraries share, with np for the library. Chunks are asked for one
at a time, and dropped before the next; a row of -inf alone is left as it is.

Blind spot. Where several arguments come in chunks, they are asked for one after another, in one thread.
"""

from __future__ import annotations

from .dialect import ADD, ATOM, Operation

OPERATIONS: dict[str, Operation] = {
    "below": ("_below({}, {})", ATOM, (ADD, ADD)),
    "masked": ("_masked({}, {})", ATOM, (ADD, ADD)),
    "total": ("_total({}, {})", ATOM, (ADD, ADD)),
}
TEXTS = {
    "_opened": '''
def _opened(passes, **streams):
    """The first chunk of each stream, and a function that goes through the chunks side by side, anew at each call."""
    names = ", ".join(f"{name}_chunks" for name in streams)

    def started(name, chunks):
        if hasattr(chunks, "shape"):
            raise TypeError(f"{name}_chunks: expected a list of chunks, found one array")
        found = iter(chunks() if callable(chunks) else chunks)
        if passes > 1 and found is chunks:
            raise TypeError(
                f"{name}_chunks: expected a list, or a function that returns an iterator, to go through "
                f"{passes} times; found a {type(chunks).__name__}, which ends after one"
            )
        return found

    def side_by_side():
        iterators, missing = [started(*stream) for stream in streams.items()], object()
        while True:
            parts = [next(chunks, missing) for chunks in iterators]
            if all(part is missing for part in parts):
                return
            if any(part is missing for part in parts):
                raise ValueError(f"{names}: expected as many chunks of each")
            yield parts

    opened, counts = side_by_side(), set()
    first = next(opened, None)
    if first is None:
        raise ValueError(f"{names}: expected at least one chunk, found none")

    def continued():
        yield first
        yield from opened

    begun = [continued()]

    def read():
        count = 0
        for parts in begun.pop() if begun else side_by_side():
            yield parts
            count += 1
        counts.add(count)
        if len(counts) > 1:
            raise ValueError(f"{names}: expected as many chunks in every pass, found {sorted(counts)}")

    return first, read
''',
    "_below": '''
def _below(z, top):
    """z less the largest entry so far, 0 or negative; -inf stays -inf."""
    return z - np.where(np.isneginf(top), 0, top)
''',
    "_masked": '''
def _masked(weight, z):
    """z, and -inf where the weight is 0."""
    return np.where(weight == 0, np.full_like(z, -np.inf), z)
''',
    "_total": '''
def _total(top, total):
    """The total, and 1 where all entries are -inf."""
    return np.where(np.isneginf(top), 1, total)
''',
    "_rest": '''
def _rest(rest, drop, d):
    """sum(exp) of all entries so far but the largest, for a chunk more, d below the largest.

    Where the chunk raised the largest entry, the one before, which lies `drop` lower, joins the rest.
    """
    largest = d == 0
    count = np.sum(np.where(largest, np.ones_like(d), 0), -1)
    others = np.sum(np.where(largest, 0, np.exp(d)), -1)
    before = np.where(drop < 0, (1 + rest) * np.exp(drop), rest)
    return before + others + np.where((drop < 0) & (count > 0), count - 1, count)
''',
    "_here": '''
def _here(values, index, start):
    """values[..., index] where it lies in this chunk, which begins at `start`, and 0 where it does not."""
    place = index - start
    inside = (place >= 0) & (place < values.shape[-1])
    return np.where(inside, _gather(values, np.where(inside, place, 0)), 0)
''',
}
NEEDS = {"_here": ("_gather",)}


def streaming(module: str) -> dict[str, str]:
    """The texts for the library of this name."""
    return {name: text.replace("np.", f"{module}.") for name, text in TEXTS.items()}
