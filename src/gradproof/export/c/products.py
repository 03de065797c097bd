"""Matrix products in C: in tiles that stay in the registers.

Contract. A sum over one index of a product of two matrices, each with one of the two axes of the result, is computed by
one call, its operands in arrays: those that are arguments as they are, others stored before. Sums run over CHUNK
products in the type of the data, and over such chunks in double.

Blind spot. Both operands are packed, which costs more than it brings where an axis has a few entries only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from .loops import Statement, Value

if TYPE_CHECKING:
    from .body import Body
    from .terms import Term

PADDING = 64  # at most so many rows and columns are added when operands are packed

PRODUCTS = {
    "packed": """
/* tiles of so many rows, or columns, of a matrix: for each k their entries side by side, 0 beyond the last */
static void packed_real(int threads, ptrdiff_t count, ptrdiff_t depth, const real *x, ptrdiff_t step, ptrdiff_t k_step,
                        ptrdiff_t width, real *out)
{
    (void)threads;
    PARALLEL()
    for (ptrdiff_t first = 0; first < count; first += width) {
        const ptrdiff_t there = count - first < width ? count - first : width;
        for (ptrdiff_t k = 0; k < depth; ++k) {
            const real *from = x + first * step + k * k_step;
            real *to = out + first * depth + k * width;
            for (ptrdiff_t i = 0; i < there; ++i) to[i] = from[i * step];
            for (ptrdiff_t i = there; i < width; ++i) to[i] = 0.0r;
        }
    }
}
""",
    "product": """
/* The sums of a tile of a matrix product are kept in vectors, two for each row: 32 registers, or 16. */
#if defined __AVX512F__
enum { ROWS_real = 8, COLUMNS_real = 128 / sizeof(real), CHUNK_real = 32 };
#elif defined __AVX__
enum { ROWS_real = 6, COLUMNS_real = 64 / sizeof(real), CHUNK_real = 32 };
#else
enum { ROWS_real = 6, COLUMNS_real = 32 / sizeof(real), CHUNK_real = 32 };
#endif

static inline void product_tile_real(ptrdiff_t depth, const real *a, const real *b, double sums[][COLUMNS_real])
{
    for (ptrdiff_t from = 0; from < depth; from += CHUNK_real) {
        const ptrdiff_t end = depth - from < CHUNK_real ? depth : from + CHUNK_real;
        real part[ROWS_real][COLUMNS_real] = {{0}};
        for (ptrdiff_t k = from; k < end; ++k)
            for (int i = 0; i < ROWS_real; ++i) {
                SIMD()
                for (int j = 0; j < COLUMNS_real; ++j)
                    part[i][j] = fma_real(a[k * ROWS_real + i], b[k * COLUMNS_real + j], part[i][j]);
            }
        for (int i = 0; i < ROWS_real; ++i)
            for (int j = 0; j < COLUMNS_real; ++j) sums[i][j] += part[i][j];
    }
}

/* out_ij = sum_k a_ik b_jk, where the steps say how a and b lie in memory */
static void product_real(int threads, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, const real *a,
                         ptrdiff_t a_step, ptrdiff_t a_k_step, const real *b, ptrdiff_t b_step, ptrdiff_t b_k_step,
                         real *out, real *space)
{
    const ptrdiff_t down = (rows + ROWS_real - 1) / ROWS_real, across = (columns + COLUMNS_real - 1) / COLUMNS_real;
    real *tiles_a = space, *tiles_b = space + down * ROWS_real * depth;
    packed_real(threads, rows, depth, a, a_step, a_k_step, ROWS_real, tiles_a);
    packed_real(threads, columns, depth, b, b_step, b_k_step, COLUMNS_real, tiles_b);
    PARALLEL()
    for (ptrdiff_t tile = 0; tile < down * across; ++tile) {
        const ptrdiff_t i_first = tile % down * ROWS_real, j_first = tile / down * COLUMNS_real;
        double sums[ROWS_real][COLUMNS_real] = {{0}};
        product_tile_real(depth, tiles_a + i_first * depth, tiles_b + j_first * depth, sums);
        for (ptrdiff_t i = 0; i < ROWS_real && i_first + i < rows; ++i)
            for (ptrdiff_t j = 0; j < COLUMNS_real && j_first + j < columns; ++j)
                out[(i_first + i) * columns + j_first + j] = (real)sums[i][j];
    }
}
""",
}


def multiplied(body: Body, term: Term, out: str = "") -> None:
    """A matrix product by one call, into this array or one of its own."""
    rows, columns = term.shape
    depth = next(n for n, last in zip(term.args[0].shape, _last(term, 0), strict=True) if last)
    with body.inside(body.root):
        given = [body.array(arg) for arg in term.args]
        name, space = out or body.name("product"), body.name("space")
        if not out:
            body.buffers.append((name, term.shape))
        body.buffers.append((space, (depth, f"({rows} + {columns} + {PADDING})")))
        steps = [_steps(term, n) for n in (0, 1)]
        operands = ", ".join(f"{x}, {step}, {k_step}" for x, (step, k_step) in zip(given, steps, strict=True))
        body.root.add(Statement(f"product_real(threads, {rows}, {columns}, {depth}, {operands}, {name}, {space});"))
        body.root.known[term, None] = (Value(name, "real"), body.root.last())


def _last(term: Term, place: int) -> tuple[bool, bool]:
    """Which of the two axes of an operand is summed over."""
    k_last = cast("tuple[bool, bool]", term.data)[place]
    return not k_last, k_last


def _steps(term: Term, place: int) -> tuple[str, str]:
    """The steps along the axis that stays, and along the one that is summed over."""
    width = term.args[place].shape[1]
    return (width, "1") if _last(term, place)[1] else ("1", width)
