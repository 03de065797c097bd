"""The functions that a module of any of the array libraries carries along where it needs them.

Contract. Each is source text in the words that NumPy, PyTorch and JAX share, with np for the library. They are exact to
rounding at every finite input, keep the floating type of their input, and have no branch that depends on a value; a
value that is not chosen is finite, so that nothing but the chosen one enters a derivative.
"""

from __future__ import annotations

SHARED = {
    "_sizes": '''
def _sizes(wanted, **arrays):
    """The sizes in `wanted`, read off the last axes of the arrays."""
    known = {}
    for name, (array, axes) in arrays.items():
        letters = axes.split()
        if array.ndim < len(letters):
            raise ValueError(f"{name}: expected axes (..., {', '.join(letters)}), found shape {array.shape}")
        for letter, length in zip(letters, array.shape[array.ndim - len(letters) :]):
            expected, first = known.setdefault(letter, (int(letter) if letter.isdigit() else length, name))
            if length != expected or length < 1:
                where = f" as in {first}" if first != name else ""
                raise ValueError(f"{name}: expected length {max(expected, 1)} along {letter}{where}, found {length}")
    for letter, (length, name) in known.items():
        base, _, more = letter.partition("+")
        if more.isdigit() and base in known and length != known[base][0] + int(more):
            raise ValueError(f"{name}: expected length {known[base][0] + int(more)} along {letter}, found {length}")
    return [known[letter][0] for letter in wanted.split()]
''',
    "_weighted_logsumexp": '''
def _weighted_logsumexp(z, weight, scale=None):
    """log(sum(weight * exp(f))) along the last axis, f = scale * z."""
    _, top, total = _weighted(z, weight, scale)
    return (top + np.log(total))[..., 0]
''',
    "_weighted_log_softmax": '''
def _weighted_log_softmax(z, weight, scale=None):
    """f - log(sum(weight * exp(f))) along the last axis, f = scale * z."""
    d, _, total = _weighted(z, weight, scale)
    return d - np.log(total)
''',
    "_weighted_softmax": '''
def _weighted_softmax(z, weight, scale=None):
    """exp(f) / sum(weight * exp(f)) along the last axis, f = scale * z; 0 where the weight is 0."""
    d, _, total = _weighted(z, weight, scale)
    return np.exp(np.where(weight == 0, -np.inf, d)) / total
''',
    "_log1mexp": '''
def _log1mexp(x):
    """log(1 - exp(x)) for x < 0, by the branch that does not cancel."""
    middle = -0.6931471805599453
    near, far = np.where(x > middle, x, middle), np.where(x > middle, middle, x)
    return np.where(x > middle, np.log(-np.expm1(near)), np.log1p(-np.exp(far)))
''',
    "_relentr": '''
def _relentr(x, y):
    """x log(x / y), and 0 where x is 0."""
    return np.where(x > 0, x * np.log(np.where(x > 0, x, y) / y), 0)
''',
    "_expm1_minus": '''
def _expm1_minus(x):
    """exp(x) - 1 - x; by its series where the difference would cancel."""
    small = np.where(np.abs(x) < 0.5, x, 0)
    series = np.ones_like(small)
    for n in range(18, 2, -1):
        series = 1 + small / n * series
    return np.where(np.abs(x) < 0.5, small * small / 2 * series, np.expm1(x) - x)
''',
    "_bisected": '''
def _bisected(gap, zero, low, high):
    """Where gap, continuous and monotone between low and high, is 0: by bisection, entry by entry.

    The ends are moved outwards until gap has two signs there. The number of steps is fixed, so that there is no branch;
    gap takes an array of the shape of `zero` and any batch axes.
    """

    largest = float(np.finfo(zero.dtype).max)

    def end(n, side):
        far, near = min(4.0**n, largest), 4.0**-n / 4
        if math.isfinite(low) and math.isfinite(high):
            return low + (high - low) * near if side < 0 else high - (high - low) * near
        if side < 0:
            return low + near if math.isfinite(low) else -far
        return high - near if math.isfinite(high) else far

    left, right = zero + end(0, -1), zero + end(0, 1)
    at_left, at_right = np.sign(gap(left)), np.sign(gap(right))
    for n in (1, 2, 4, 8, 16, 32, 63, 128, 256, 511):
        wide = at_left * at_right > 0
        left, right = np.where(wide, end(n, -1), left), np.where(wide, end(n, 1), right)
        at_left, at_right = np.sign(gap(left)), np.sign(gap(right))

    def halved(left, right, at_right):
        middle = left / 2 + right / 2
        at = np.sign(gap(middle))
        stays = at == at_left
        return np.where(stays, middle, left), np.where(stays, right, middle), np.where(stays, at_right, at)

    state = left, right, at_right
    for _ in range(128):
        state = halved(*state)
    left, right, at_right = state
    return np.where(at_left * at_right <= 0, np.where(at_left == 0, left, right), np.nan)
''',
}


def shared(module: str) -> dict[str, str]:
    """The texts for the library of this name."""
    return {name: text.replace("np.", f"{module}.") for name, text in SHARED.items()}
