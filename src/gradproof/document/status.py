"""The status line: what was proved, for which sizes, and what the audit really did.

Contract. Never more than the certificate and the report say. A derivation that the audit refutes is called refuted even
though the kernel accepted it: then a rule is false.

Blind spot. The certificate is taken at its word; only the kernel makes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gradproof import expression as x
from gradproof.derivation import AuditReport, Certificate, Derivation
from gradproof.document.page import Words, introduced, listed
from gradproof.expression import Array, Expr, Symbol, Unknown

FEW = 5  # variables that a status line names


def status(certificate: Certificate, audit: AuditReport | None) -> Words:
    """One line for the end of the page."""
    sizes = sorted(size_symbols(formulas(certificate.derivation)), key=lambda s: s.name)
    proved = _for_sizes(sizes, certificate.derivation) if sizes else _for_all(certificate.derivation)
    if audit is None:
        return (*proved, "; not audited")
    if audit.refuted:
        return (f"refuted by the audit: {audit.refuted}; every step passed the kernel, so a rule in use is false",)
    return (*proved, "; ", *_audited(audit, sizes), *_untested(audit))


def _for_sizes(sizes: list[Symbol], derivation: Derivation) -> Words:
    """for every K >= 1; for every K >= 1, N > 1 where the givens say something of N alone."""
    said = [g.relation for g in derivation.givens if g.relation.free and g.relation.free <= set(sizes)]
    others = [s for s in sizes if all(r.args[0] != s for r in said)]
    parts: list[Words] = [*([(*listed(others), " >= 1")] if others else []), *((r,) for r in said)]
    return ("proved for every ", *(p for n, words in enumerate(parts) for p in ((", ", *words) if n else words)))


def _for_all(derivation: Derivation) -> Words:
    """Where no size is left open: for which values of the variables, if these are few."""
    free = set().union(*(t.statement.free for t in derivation.claims))
    groups = introduced(v for v in free if isinstance(v, Symbol | Array | Unknown))
    if not groups or sum(len(g.bases) for g in groups) > FEW:
        return ("proved",)
    told = tuple(part for n, g in enumerate(groups) for part in ((", ", g) if n else (g,)))
    return ("proved for all ", *told, *((" that satisfy the givens",) if derivation.givens else ()))


def _audited(audit: AuditReport, sizes: list[Symbol]) -> Words:
    if not audit.points:
        return ("audited at no point",)
    ranged: Words = ()
    if audit.sizes and sizes:
        low, high = min(audit.sizes), max(audit.sizes)
        ranged = (", ", *listed(sizes), f" = {low}..{high}" if low != high else f" = {low}")
    worst = f"worst difference {audit.worst:.0e}" if audit.worst else "no difference"
    return (f"audited at {_count(audit.points, 'point')}", *ranged, f", {worst}")


def _untested(audit: AuditReport) -> Words:
    if not audit.untested:
        return ()
    return (f"; {_count(len(audit.untested), 'line')} not tested by the audit ({', '.join(audit.untested)})",)


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def formulas(derivation: Derivation) -> Iterator[Expr]:
    """All formulas of a derivation: givens, statements, lines."""
    yield from (g.relation for g in derivation.givens)
    for theorem in derivation.theorems:
        yield theorem.statement
        if theorem.start is not None:
            yield theorem.start
        yield from (s.result for s in theorem.steps)


def size_symbols(terms: Iterable[Expr]) -> set[Symbol]:
    """The symbols that give the ranges of indices."""
    found: set[Symbol] = set()
    seen: set[Expr] = set()
    waiting = list(terms)
    while waiting:
        t = waiting.pop()
        if t in seen:
            continue
        seen.add(t)
        waiting += t.args
        base = t.base if isinstance(t, x.Entry | x.OfMatrix) else None
        lengths = base.shape if base else (t.size,) if isinstance(t, x.Index | x.Binder) else ()
        found |= {s for n in lengths for s in n.free if isinstance(s, Symbol)}
        if isinstance(base, x.Definition):
            waiting.append(base.body)
    return found
