"""Names in C.

Contract. What a statement calls by a word of C, or by a name that every written function uses, gets a line below; so
does a name that ends like those which are made of others (z_step, z_rows).

Blind spot. The words that other compilers add.
"""

from __future__ import annotations

WORDS = """auto break case char const continue default do double else enum extern float for goto if inline int long
register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while row rows
threads inner work real done first count lane lanes column BLOCK NARROW LANES SIMD PARALLEL exp log pow lgamma sin
cos sqrt total part fma memcpy INFINITY NAN NULL ptrdiff_t size_t int32_t int64_t uint32_t uint64_t LOWER PRAGMA THREAD
PARALLEL_SIMD"""
ENDS = ("_step", "_rows", "_float", "_double")
RESERVED = frozenset(WORDS.split())


def argument(name: str) -> str:
    """The name of a parameter in C."""
    return f"{name}_" if name in RESERVED or name.endswith(ENDS) else name
