"""Terms and their arithmetic: the base class, numbers, sums, products, powers, relations."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar, Union

Scalar = Union["Expr", int, float, Fraction]


class Expr:
    """A term: its class, its `args` (terms) and its `data` (everything else that tells it from others)."""

    __slots__ = ("_hash", "_key", "args", "data", "free", "loose")
    _hash: int
    _key: str
    args: tuple[Expr, ...]
    data: tuple[Any, ...]
    free: frozenset[Any]  # the symbols, arrays and indices the term depends on, through definitions
    loose: int  # how many enclosing binders the term needs: 0 where it stands alone

    def __init__(self, args: tuple[Expr, ...] = (), data: tuple[Any, ...] = ()) -> None:
        put = object.__setattr__
        put(self, "args", args)
        put(self, "data", data)
        put(self, "_hash", hash((type(self).__name__, args, data)))
        put(self, "_key", "")
        put(self, "free", self._find_free())
        put(self, "loose", self._find_loose())

    def _find_free(self) -> frozenset[Any]:
        return frozenset().union(*(a.free for a in self.args)) if self.args else frozenset()

    def _find_loose(self) -> int:
        return max((a.loose for a in self.args), default=0)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"terms are immutable; cannot set {name!r}")

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.args, self.data)  # made again: what is found from these is not stored

    def __deepcopy__(self, memo: object) -> Expr:
        return self

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other):
            return NotImplemented if not isinstance(other, Expr) else False
        return self._hash == other._hash and self.data == other.data and self.args == other.args

    @property
    def key(self) -> str:
        """A string that orders terms the same way in every run."""
        if not self._key:
            inner = ",".join(a.key for a in self.args)
            data = ",".join(str(getattr(d, "name", d)) for d in self.data)
            object.__setattr__(self, "_key", f"{type(self).__name__}[{data}]({inner})")
        return self._key

    def states(self, claim: Expr) -> bool:
        """Whether a proposition is the claim, up to reading a relation from right to left."""
        return self == claim

    def rebuild(self, args: tuple[Expr, ...]) -> Expr:
        """The same node over other children, through the constructors that keep sums and products flat."""
        return type(self)(args, self.data)

    def __repr__(self) -> str:
        from gradproof.expression.plain import plain

        return plain(self)

    def __add__(self, other: Scalar) -> Expr:
        return add(self, coerce(other))

    def __radd__(self, other: Scalar) -> Expr:
        return add(coerce(other), self)

    def __sub__(self, other: Scalar) -> Expr:
        return add(self, -coerce(other))

    def __rsub__(self, other: Scalar) -> Expr:
        return add(coerce(other), -self)

    def __mul__(self, other: Scalar) -> Expr:
        return mul(self, coerce(other))

    def __rmul__(self, other: Scalar) -> Expr:
        return mul(coerce(other), self)

    def __truediv__(self, other: Scalar) -> Expr:
        return divide(self, coerce(other))

    def __rtruediv__(self, other: Scalar) -> Expr:
        return divide(coerce(other), self)

    def __pow__(self, other: Scalar) -> Expr:
        return power(self, coerce(other))

    def __neg__(self) -> Expr:
        return mul(Number.of(-1), self)

    def __lt__(self, other: Scalar) -> Relation:
        return Relation.of(self, "<", coerce(other))

    def __le__(self, other: Scalar) -> Relation:
        return Relation.of(self, "<=", coerce(other))

    def __gt__(self, other: Scalar) -> Relation:
        return Relation.of(self, ">", coerce(other))

    def __ge__(self, other: Scalar) -> Relation:
        return Relation.of(self, ">=", coerce(other))

    def __bool__(self) -> bool:
        raise TypeError("a gradproof term has no truth value; use Eq(left, right) to claim, gradproof.verify to decide")


class Number(Expr):
    """An exact rational number."""

    __slots__ = ()

    @classmethod
    def of(cls, value: int | Fraction) -> Number:
        return cls((), (Fraction(value),))

    @property
    def value(self) -> Fraction:
        return self.data[0]  # type: ignore[no-any-return]


class Add(Expr):
    """A sum of two terms or more, in the order written."""

    __slots__ = ()

    def rebuild(self, args: tuple[Expr, ...]) -> Expr:
        return add(*args)


class Mul(Expr):
    """A product of two factors or more, in the order written; a number stands first."""

    __slots__ = ()

    def rebuild(self, args: tuple[Expr, ...]) -> Expr:
        return mul(*args)


class Pow(Expr):
    """args = (base, exponent); a quotient a/b is a * b**-1."""

    __slots__ = ()

    def rebuild(self, args: tuple[Expr, ...]) -> Expr:
        return power(*args)


class Relation(Expr):
    """args = (left, right), data = (operator,): a proposition; `<=>` relates propositions."""

    __slots__ = ()
    FLIPPED: ClassVar[dict[str, str]] = {"=": "=", "<": ">", ">": "<", "<=": ">=", ">=": "<=", "!=": "!=", "<=>": "<=>"}

    @classmethod
    def of(cls, left: Expr, operator: str, right: Expr) -> Relation:
        if operator not in cls.FLIPPED:
            raise ValueError(f"unknown relation {operator!r}; known: {' '.join(cls.FLIPPED)}")
        return cls((left, right), (operator,))

    @property
    def flipped(self) -> Relation:
        """The same, read from right to left."""
        return Relation.of(self.args[1], self.FLIPPED[self.operator], self.args[0])

    def states(self, claim: Expr) -> bool:
        """Whether this is the claim, read either way, or an equation and the claim a weak inequality of its sides."""
        weaker = ("<=", ">=") if self.operator == "=" else ()
        known = (self, *(Relation.of(self.args[0], operator, self.args[1]) for operator in weaker))
        return any(claim in (k, k.flipped) for k in known)

    @property
    def operator(self) -> str:
        return self.data[0]  # type: ignore[no-any-return]


def coerce(value: Scalar) -> Expr:
    """A term from a Python number; a float is read as the decimal it prints as."""
    if isinstance(value, Expr):
        return value
    if isinstance(value, int | Fraction):
        return Number.of(value)
    if isinstance(value, float):
        return Number.of(Fraction(str(value)))
    raise TypeError(f"expected a gradproof term or a number, found {type(value).__name__}: {value!r}")


def add(*terms: Expr) -> Expr:
    """The sum; nested sums are flattened and zeros left out, nothing else."""
    flat = [t for term in terms for t in (term.args if isinstance(term, Add) else (term,))]
    kept = tuple(t for t in flat if not (isinstance(t, Number) and t.value == 0))
    if len(kept) > 1:
        return Add(kept)
    return kept[0] if kept else Number.of(0)


def mul(*factors: Expr) -> Expr:
    """The product; nested products are flattened and numbers multiplied into one in front, nothing else."""
    number, kept = Fraction(1), []
    for factor in factors:
        for f in factor.args if isinstance(factor, Mul) else (factor,):
            if isinstance(f, Number):
                number *= f.value
            else:
                kept.append(f)
    if number == 0 or not kept:
        return Number.of(number)
    if number != 1:
        kept.insert(0, Number.of(number))
    return Mul(tuple(kept)) if len(kept) > 1 else kept[0]


def power(base: Expr, exponent: Expr) -> Expr:
    """The power; exponents 0 and 1 and whole powers of numbers are evaluated, nothing else."""
    if isinstance(exponent, Number):
        n = exponent.value
        if n == 1 or n == 0:
            return base if n == 1 else Number.of(1)
        if isinstance(base, Number) and n.denominator == 1 and abs(n) <= 64 and (base.value != 0 or n > 0):
            return Number.of(base.value ** int(n))
    return Pow((base, exponent))


def divide(numerator: Expr, denominator: Expr) -> Expr:
    """numerator * denominator**-1, the factors of a product inverted one by one; what rises to the top stands first."""
    parts = denominator.args if isinstance(denominator, Mul) else (denominator,)
    above = [power(p.args[0], -p.args[1]) for p in parts if isinstance(p, Pow)]
    below = [power(p, Number.of(-1)) for p in parts if not isinstance(p, Pow)]
    return mul(numerator, *above, *below)
