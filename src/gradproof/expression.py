"""The expression language: immutable terms of real numbers, finite sums, derivatives and propositions.

Contract. A term never rewrites itself beyond what `add`, `mul` and `power` say in their docstrings, so a step of a
derivation cannot vanish. Binders (sum, product, for all) are locally nameless: a bound index is `Bound(n)`, its letter
is a hint for the printer only. Hence `==` is equality up to renaming, and substitution cannot capture.
Indices run from 1 to their size. A defined name carries its definition, so "free of z" looks through it.

Blind spot. Terms are not typed beyond index / number / proposition; whether a term is defined (no division by zero, no
logarithm of a negative number) is the business of `gradproof.signs`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar, Union

Scalar = Union["Expr", int, float, Fraction]


@dataclass(frozen=True)
class Interval:
    """The set a real symbol lives in; None is an infinite end. `integer` restricts it to whole numbers."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = True
    high_open: bool = True
    integer: bool = False


REAL = Interval()
POSITIVE = Interval(Fraction(0))
NONNEGATIVE = Interval(Fraction(0), low_open=False)
UNIT = Interval(Fraction(0), Fraction(1))
BINARY = Interval(Fraction(0), Fraction(1), low_open=False, high_open=False, integer=True)
NATURAL = Interval(Fraction(1), low_open=False, integer=True)


class Expr:
    """A term: its class, its `args` (terms) and its `data` (everything else that tells it from others)."""

    __slots__ = ("_hash", "_key", "args", "data", "free", "loose")
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

    def rebuild(self, args: tuple[Expr, ...]) -> Expr:
        """The same node over other children, through the constructors that keep sums and products flat."""
        return type(self)(args, self.data)

    def __repr__(self) -> str:
        head = type(self).__name__
        inside = [str(d) for d in self.data] + [repr(a) for a in self.args]
        return f"{head}({', '.join(inside)})"

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


class Constant(Expr):
    """`pi`, or `oo`, which only a limit may approach."""

    __slots__ = ()


class Symbol(Expr):
    """A real scalar that varies over `domain`; sizes are symbols over the natural numbers."""

    __slots__ = ()

    @classmethod
    def of(cls, name: str, domain: Interval = REAL) -> Symbol:
        return cls((), (name, domain))

    def _find_free(self) -> frozenset[Any]:
        return frozenset((self,))

    @property
    def name(self) -> str:
        return self.data[0]  # type: ignore[no-any-return]

    @property
    def domain(self) -> Interval:
        return self.data[1]  # type: ignore[no-any-return]


class Index(Expr):
    """A free index: some whole number from 1 to `size`."""

    __slots__ = ()

    @classmethod
    def of(cls, name: str, size: Expr) -> Index:
        return cls((size,), (name,))

    def _find_free(self) -> frozenset[Any]:
        return self.args[0].free | {self}

    @property
    def name(self) -> str:
        return self.data[0]  # type: ignore[no-any-return]

    @property
    def size(self) -> Expr:
        return self.args[0]


class Bound(Expr):
    """An index bound by the n-th binder around it, counted from the inside, from 0."""

    __slots__ = ()

    def _find_loose(self) -> int:
        return int(self.data[0]) + 1


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


class Function(Expr):
    """A named function of real arguments: exp, log, sigmoid, ... ; data = (name,)."""

    __slots__ = ()

    @property
    def name(self) -> str:
        return self.data[0]  # type: ignore[no-any-return]


class Delta(Expr):
    """The Kronecker delta of two indices: 1 where they are equal, else 0."""

    __slots__ = ()


@dataclass(frozen=True)
class Array:
    """A family of real numbers with one index for each size in `shape`, each entry in `domain`."""

    name: str
    shape: tuple[Expr, ...]
    domain: Interval = REAL

    def __getitem__(self, index: Expr | int | tuple[Expr | int, ...]) -> Entry:
        return Entry.of(self, index if isinstance(index, tuple) else (index,))


@dataclass(frozen=True)
class Definition:
    """name[i, ...] := body; the parameters are `Bound(0), Bound(1), ...` in the body."""

    name: str
    shape: tuple[Expr, ...]
    body: Expr
    letters: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        loose = sorted(f.name for f in self.body.free if isinstance(f, Index))
        if loose or self.body.loose > len(self.shape):
            raise ValueError(f"the definition of {self.name} depends on {', '.join(loose)}: make it a parameter")

    def __getitem__(self, index: Expr | int | tuple[Expr | int, ...]) -> Entry:
        return Entry.of(self, index if isinstance(index, tuple) else (index,))

    def unfold(self, indices: tuple[Expr, ...]) -> Expr:
        """The body at these indices."""
        return instantiate(self.body, indices)

    def parameters(self) -> tuple[Index, ...]:
        """The letters the definition was written with."""
        letters = self.letters or tuple("ijklmn"[: len(self.shape)])
        return tuple(Index.of(a, n) for a, n in zip(letters, self.shape, strict=True))


class Entry(Expr):
    """An entry of an array or of a defined family: z[k], p[i], or a defined scalar S."""

    __slots__ = ()

    @classmethod
    def of(cls, base: Array | Definition, indices: tuple[Expr | int, ...]) -> Entry:
        if len(indices) != len(base.shape):
            raise ValueError(f"{base.name} takes {len(base.shape)} indices, found {len(indices)}")
        found = tuple(coerce(i) for i in indices)
        for i, size in zip(found, base.shape, strict=True):
            if isinstance(i, Index) and i.size != size:
                raise ValueError(f"index {i.name} of {base.name} runs over another range than {base.name} has there")
        return cls(found, (base,))

    def _find_free(self) -> frozenset[Any]:
        base = self.data[0]
        own = base.body.free if isinstance(base, Definition) else frozenset((base,))
        return own.union(*(a.free for a in self.args))

    @property
    def base(self) -> Array | Definition:
        return self.data[0]  # type: ignore[no-any-return]


class Binder(Expr):
    """args = (size, body); the body's `Bound(0)` runs from 1 to size. `hint` is the letter it was written with."""

    __slots__ = ("hint",)
    hint: str

    def __init__(self, args: tuple[Expr, ...], data: tuple[Any, ...] = (), hint: str = "j") -> None:
        object.__setattr__(self, "hint", hint)
        super().__init__(args, data)

    @classmethod
    def over(cls, index: Index, body: Expr) -> Binder:
        """Bind `index` in `body`."""
        return cls((index.size, abstract(body, (index,))), (), index.name)

    def _find_loose(self) -> int:
        return max(self.args[0].loose, self.args[1].loose - 1)

    def rebuild(self, args: tuple[Expr, ...]) -> Expr:
        return type(self)(args, self.data, self.hint)

    @property
    def size(self) -> Expr:
        return self.args[0]

    def open(self, index: Expr) -> Expr:
        """The body at `index`."""
        return instantiate(self.args[1], (index,))

    def fresh(self, avoid: Iterable[str] = ()) -> Index:
        """An index with the hinted letter, or the next one that is neither free in the body nor in `avoid`."""
        taken = {x.name for x in self.free} | set(avoid)
        return Index.of(fresh_letter(self.hint, taken), self.size)


class Sum(Binder):
    """A finite sum over an index."""

    __slots__ = ()


class Product(Binder):
    """A finite product over an index."""

    __slots__ = ()


class ForAll(Binder):
    """The proposition that the body holds at every index."""

    __slots__ = ()


class Vector(Binder):
    """The family i -> body: a point of an optimum over an array."""

    __slots__ = ()


class Derivative(Expr):
    """args = (body, variable): the partial derivative at the current point; in z[k] it moves all of z."""

    __slots__ = ()

    @classmethod
    def of(cls, body: Expr, variable: Expr) -> Derivative:
        if not isinstance(variable, Symbol) and not (isinstance(variable, Entry) and isinstance(variable.base, Array)):
            raise ValueError(f"a derivative is taken in a symbol or an entry of an array, not in {variable!r}")
        return cls((body, variable))

    @property
    def moved(self) -> Symbol | Array:
        """What the derivative sets moving: for an entry z[k], the whole array z."""
        return moved(self.args[1])


class Limit(Expr):
    """args = (body, point), data = (symbol, side): the limit of body as symbol tends to point ("+" from above)."""

    __slots__ = ()

    def _find_free(self) -> frozenset[Any]:
        return (self.args[0].free - {self.data[0]}) | self.args[1].free


class Optimum(Expr):
    """args = (objective, point), data = (kind, variable): `point` is the only minimiser or maximiser."""

    __slots__ = ()


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
    """numerator * denominator**-1, the factors of a product inverted one by one."""
    parts = denominator.args if isinstance(denominator, Mul) else (denominator,)
    flipped = [
        power(p.args[0], mul(Number.of(-1), p.args[1])) if isinstance(p, Pow) else power(p, Number.of(-1)) for p in parts
    ]
    return mul(numerator, *flipped)


def abstract(e: Expr, indices: tuple[Index, ...], depth: int = 0) -> Expr:
    """Turn the n-th of `indices` into `Bound(depth + n)` throughout `e`."""
    if not any(i in e.free for i in indices):
        return e
    if isinstance(e, Index) and e in indices:
        return Bound((), (depth + indices.index(e),))
    return _descend(e, lambda a, d: abstract(a, indices, d), depth)


def instantiate(e: Expr, values: tuple[Expr, ...], depth: int = 0) -> Expr:
    """Replace `Bound(depth + n)` by the n-th of `values`, which stand alone (loose == 0)."""
    if e.loose <= depth:
        return e
    if isinstance(e, Bound):
        return values[e.data[0] - depth]
    return _descend(e, lambda a, d: instantiate(a, values, d), depth)


def substitute(e: Expr, old: Expr, new: Expr) -> Expr:
    """Replace a free symbol or index by a term; refused under a derivative or limit that moves it."""
    if old not in e.free:
        return e
    if e == old:
        return new
    if isinstance(e, Derivative) and isinstance(old, Symbol) and (e.moved == old or e.moved in new.free):
        raise ValueError(f"{old.name} may not be replaced under a derivative that moves it or its replacement")
    if isinstance(e, Limit) and e.data[0] in new.free:
        raise ValueError(f"{e.data[0].name} is bound by a limit and may not be put inside it")
    if isinstance(e, Entry) and isinstance(e.base, Definition) and old in e.base.body.free:
        base = e.base
        body = substitute(base.body, old, new)
        return Entry(
            tuple(substitute(a, old, new) for a in e.args), (Definition(base.name, base.shape, body, base.letters),)
        )
    return _descend(e, lambda a, _: substitute(a, old, new), 0)


def replace_array(e: Expr, array: Array, family: Vector) -> Expr:
    """Replace every entry array[i] (one index) by the i-th member of `family`."""
    if array not in e.free:
        return e
    if isinstance(e, Entry) and e.base == array:
        return family.open(replace_array(e.args[0], array, family))
    if isinstance(e, Entry) and isinstance(e.base, Definition) and array in e.base.body.free:
        base = e.base
        body = replace_array(base.body, array, family)
        inner = tuple(replace_array(a, array, family) for a in e.args)
        return Entry(inner, (Definition(base.name, base.shape, body, base.letters),))
    if isinstance(e, Derivative) and e.moved == array:
        raise ValueError(f"{array.name} may not be replaced under a derivative that moves it")
    if isinstance(e, Binder):  # open it, so that the family is never put under a binder with a loose index
        index = e.fresh(x.name for x in family.free)
        body = replace_array(e.open(index), array, family)
        return e.rebuild((replace_array(e.size, array, family), abstract(body, (index,))))
    return _descend(e, lambda a, _: replace_array(a, array, family), 0)


def _descend(e: Expr, go: Any, depth: int) -> Expr:
    if isinstance(e, Binder):
        return e.rebuild((go(e.args[0], depth), go(e.args[1], depth + 1)))
    return e.rebuild(tuple(go(a, depth) for a in e.args))


def moved(variable: Expr) -> Symbol | Array:
    """The symbol, or the whole array of an entry, that a derivative in `variable` moves."""
    if isinstance(variable, Entry) and isinstance(variable.base, Array):
        return variable.base
    if isinstance(variable, Symbol):
        return variable
    raise ValueError(f"not a variable: {variable!r}")


def subterms(e: Expr) -> Iterator[Expr]:
    """The term and all below it, outermost first; bodies of binders as they are stored."""
    yield e
    for a in e.args:
        yield from subterms(a)


def names(e: Expr) -> set[str]:
    """The names of everything the term depends on and of the definitions it mentions."""
    found = {x.name for x in e.free}
    for t in subterms(e):
        if isinstance(t, Entry):
            found.add(t.base.name)
    return found


def definitions(e: Expr) -> tuple[Definition, ...]:
    """The definitions a term rests on, each after those it uses."""
    found: dict[Definition, None] = {}

    def visit(t: Expr) -> None:
        for s in subterms(t):
            if isinstance(s, Entry) and isinstance(s.base, Definition) and s.base not in found:
                visit(s.base.body)
                found[s.base] = None

    visit(e)
    return tuple(found)


def fresh_letter(hint: str, taken: Iterable[str]) -> str:
    """The hinted letter if it is not taken, else the next index letter, else the letter with primes."""
    used = set(taken)
    row = "ijklmnrsuvabc"
    start = row.find(hint[:1]) + 1
    for letter in (hint, *row[start:], *row[:start]):
        if letter not in used:
            return letter
    while hint in used:
        hint += "'"
    return hint
