"""The derivatives of NumPy, a file for each chapter of its reference.

Those that a Tensor needs for its own methods are loaded here, the others by `gradarray.chapters`.

Singular points and ties
------------------------

Where a function has no derivative, its gradient is one of the subgradients if there is a finite one, and ties share
equally. Where there is none it is infinite or nan as the formula says, with NumPy's warning, or it is an error. A
gradient of zero stays zero through a derivative that is infinite or nan: what takes no part in a result gets none.

In the tables, `x` is a Tensor at the point given, and the gradient is that of the sum of the result, a complex one that
of its real part; `constant` means that the result takes none. tests/test_singular_table.py checks each row.

Absolute values and norms: 0 at 0, the middle of the subgradients.

========================= ======================== ======================== ===================================
call                      at                       gradient                 why
========================= ======================== ======================== ===================================
np.abs(x)                 [0.0, -2.0]              [0.0, -1.0]              between the slopes -1 and 1
np.abs(x)                 [0j, 2j]                 [0j, 1j]                 no direction is preferred
np.fabs(x)                0.0                      0.0                      as abs
np.sqrt(x**2)             0.0                      nan                      0 / 0, step by step; write abs
np.linalg.norm(x)         [0.0, 0.0]               [0.0, 0.0]               no direction is preferred
np.linalg.norm(x)         [0j, 0j]                 [0j, 0j]
np.linalg.norm(x, axis=1) [[0.0, 0.0], [3.0, 4.0]] [[0.0, 0.0], [0.6, 0.8]] row by row
np.linalg.norm(x, 1)      [0.0, -2.0]              [0.0, -1.0]              a sum of abs
np.linalg.norm(x, 3)      [0.0, 0.0]               [0.0, 0.0]
np.linalg.norm(x, 0.5)    [0.0, 4.0]               [0.0, 1.0]               a cusp, steep to both sides
np.linalg.norm(x, 0)      [0.0, 4.0]               constant                 a count
np.linalg.norm(x, inf)    [2.0, -2.0]              [0.5, -0.5]              ties share, as in max
np.linalg.norm(x, inf)    [0.0, 0.0]               [0.0, 0.0]
np.linalg.norm(x, 2)      [[1.0, 0.0], [0.0, 1.0]] [[0.5, 0.0], [0.0, 0.5]] equal singular values share
np.linalg.norm(x, "nuc")  [[3.0, 0.0], [0.0, 0.0]] [[1.0, 0.0], [0.0, 0.0]] as abs where one is 0
np.hypot(x[0], x[1])      [0.0, 0.0]               [0.0, 0.0]               as norm
np.arctan2(x[0], x[1])    [0.0, 0.0]               [0.0, 0.0]               the origin has no angle
np.arctan2(x, -1.0)       0.0                      -1.0                     the slope on both sides of the jump
np.angle(x)               [0j, 2j]                 [0j, -0.5]               as arctan2
np.angle(x)               [0.0, -1.0]              [0.0, 0.0]               a real number turns nowhere
========================= ======================== ======================== ===================================

Ties: equal shares. Where only one of several equal elements is moved, it is the one that NumPy takes.

================================== ==================== ====================== ========================================
call                               at                   gradient               why
================================== ==================== ====================== ========================================
np.maximum(x, 0)                   [-1.0, 0.0, 2.0]     [0.0, 0.5, 1.0]        half of it is the constant's
np.maximum(x[0], x[1])             [1.0, 1.0]           [0.5, 0.5]
np.minimum(x[0], x[1])             [1.0, 1.0]           [0.5, 0.5]
np.fmax(x[0], x[1])                [1.0, 1.0]           [0.5, 0.5]
np.fmin(x[0], x[1])                [1.0, 1.0]           [0.5, 0.5]
np.maximum(x[0], x[1])             [nan, 1.0]           [1.0, 0.0]             the result is the nan
np.fmax(x[0], x[1])                [nan, 1.0]           [0.0, 1.0]             the result is the number
np.max(x)                          [3.0, 1.0, 3.0]      [0.5, 0.0, 0.5]
np.min(x)                          [3.0, 1.0, 1.0]      [0.0, 0.5, 0.5]
np.max(x, initial=3.0)             [3.0, 1.0]           [0.5, 0.0]             half of it is that of initial
np.max(x)                          [nan, 1.0, nan]      [0.5, 0.0, 0.5]        nans are the result, and tie
np.ptp(x)                          [1.0, 1.0]           [0.0, 0.0]             max less min
np.maximum.accumulate(x)           [1.0, 1.0, 0.0]      [3.0, 0.0, 0.0]        all to the first that was met
np.clip(x, 1.0, 2.0)               [1.0, 1.5, 2.0]      [0.5, 1.0, 0.5]        half of it is the bound's
np.clip(x, 1.0, 1.0)               [0.0, 1.0]           [0.0, 0.25]            half at each bound
np.median(x)                       [1.0, 2.0, 2.0]      [0.0, 0.5, 0.5]
np.median(x)                       [1.0, 3.0, 1.0, 5.0] [0.25, 0.5, 0.25, 0.0] the mean of 1 and 3; the 1s share
np.median(x)                       [1.0, nan]           [0.0, 1.0]             the result is the nan
np.quantile(x, 0.25)               [1.0, 3.0, 1.0, 5.0] [0.5, 0.0, 0.5, 0.0]
np.quantile([0.0, 1.0, 3.0], x)    0.5                  3.0                    at a value, the mean of both slopes
np.quantile([0.0, 1.0, 3.0], x)    0.0                  2.0                    at an end, the slope there is
np.sort(x)                         [2.0, 1.0, 2.0]      [1.0, 1.0, 1.0]        each goes to a place of its own
np.sort(x)[0]                      [1.0, 1.0, 2.0]      [1.0, 0.0, 0.0]        so nothing is shared here; min(x) shares
np.unique(x)                       [2.0, 1.0, 2.0]      [0.5, 1.0, 0.5]        one value stands for both
np.unique(x)                       [nan, 1.0, nan]      [0.5, 1.0, 0.5]        equal_nan=True
np.union1d(x, [2.0])               [2.0, 1.0]           [0.5, 1.0]             half of it is the constant's
np.intersect1d(x, [2.0])           [2.0, 1.0]           [0.5, 0.0]
np.setdiff1d(x, [1.0])             [2.0, 1.0, 2.0]      [0.5, 0.0, 0.5]
np.interp(x, [0, 1, 3], [0, 2, 1]) [0.0, 1.0, 4.0]      [1.0, 0.75, 0.0]       at a knot, the mean of both slopes
np.interp(1.0, x, [0, 2, 1])       [0.0, 1.0, 3.0]      [0.0, -0.75, 0.0]
================================== ==================== ====================== ========================================

Steps: no gradient, and never an error. What goes on between the steps has its slope at them, too.

==================== =========== =========== ================================================
call                 at          gradient    why
==================== =========== =========== ================================================
np.sign(x)           [0.0, 2.0]  constant
np.floor(x)          [0.0, 2.5]  constant    also ceil, trunc, fix, rint, round, floor_divide
np.heaviside(x, 0.5) 0.0         0.0
np.heaviside(0.0, x) 0.5         1.0         the value at the step is x itself
np.copysign(x, -1.0) [0.0, 2.0]  [0.0, -1.0] -abs(x)
np.copysign(2.0, x)  [0.0, -1.0] [0.0, 0.0]
np.remainder(x, 2.0) [2.0, 3.0]  [1.0, 1.0]
np.remainder(4.0, x) 2.0         -2.0        less the quotient
np.modf(x)[0]        2.0         1.0
==================== =========== =========== ================================================

Roots, powers and logarithms: infinite where the slope is, unless nothing was taken from there.

============================== =============== =============== ================================================
call                           at              gradient        why
============================== =============== =============== ================================================
np.sqrt(x)                     [0.0, 4.0]      [inf, 0.25]
np.where(x > 0, np.sqrt(x), 0) [0.0, 4.0]      [0.0, 0.25]     what was not chosen has a zero, and keeps it
np.where(x > 0, np.log(x), 0)  [0.0, 4.0]      [0.0, 0.25]
np.log(x)[x > 0]               [0.0, 4.0]      [0.0, 0.25]
np.sum(np.log(x), where=x > 0) [0.0, 4.0]      [0.0, 0.25]
np.sqrt(x) * [0.0, 1.0]        [0.0, 4.0]      [nan, 0.25]     a factor of 0 chooses nothing; it is 0 times inf
np.log(x)                      0.0             inf
np.cbrt(x)                     0.0             inf
np.arccosh(x)                  1.0             inf
1 / x                          0.0             -inf
x / x                          0.0             nan             0 / 0 has no value, either
x**0                           [0.0, 2.0]      [0.0, 0.0]      1 for every x
x**1                           0.0             1.0
x**0.5                         0.0             inf             as sqrt
0**x                           [0.0, 1.0, 2.0] [0.0, 0.0, 0.0] 0 where the base is 0
np.power(x[0], x[1])           [0.0, 0.0]      [0.0, 0.0]      both of these
np.power(-1.0, x)              2.0             nan             between integers it has no real value
np.logaddexp(x[0], x[1])       [-inf, -inf]    [0.5, 0.5]      equal infinities share
np.logaddexp(x[0], x[1])       [inf, inf]      [0.5, 0.5]
np.logaddexp(x[0], x[1])       [-inf, 0.0]     [0.0, 1.0]
np.logaddexp2(x[0], x[1])      [-inf, -inf]    [0.5, 0.5]
np.sinc(x)                     0.0             0.0             the limit
============================== =============== =============== ================================================

Products and deviations: no division by a factor or a deviation that is 0.

================================ =============== ================ =========================
call                             at              gradient         why
================================ =============== ================ =========================
np.prod(x)                       [2.0, 0.0, 4.0] [0.0, 8.0, 0.0]  the product of the others
np.prod(x)                       [2.0, 0.0, 0.0] [0.0, 0.0, 0.0]
np.cumprod(x)                    [2.0, 0.0, 4.0] [1.0, 10.0, 0.0]
np.std(x)                        [2.0, 2.0]      [0.0, 0.0]       a norm of deviations
np.std(x, ddof=1)                [2.0]           [nan]            0 / 0, as its value
np.corrcoef(x, [0.0, 1.0])[0, 1] [2.0, 2.0]      [nan, nan]       0 / 0, as its value
================================ =============== ================ =========================

What leaves nans out gives them no gradient, also where there is nothing else.

====================== =============== =============== ======================================
call                   at              gradient        why
====================== =============== =============== ======================================
np.nansum(x)           [nan, nan]      [0.0, 0.0]
np.nanprod(x)          [nan, 0.0, 4.0] [0.0, 4.0, 0.0]
np.nanmean(x)          [nan, 2.0]      [0.0, 1.0]
np.nanmean(x)          [nan, nan]      [0.0, 0.0]      the value is nan, with NumPy's warning
np.nanstd(x)           [nan, nan]      [0.0, 0.0]
np.nanmax(x)           [nan, nan]      [0.0, 0.0]
np.nanmax(x)           [nan, 2.0, 2.0] [0.0, 0.5, 0.5]
np.nanmedian(x)        [nan, nan]      [0.0, 0.0]
np.nanquantile(x, 0.5) [nan, nan]      [0.0, 0.0]
np.nan_to_num(x)       [nan, inf, 1.0] [0.0, 0.0, 1.0] what was replaced is constant
====================== =============== =============== ======================================

Matrices: what is not determined is an error when it is differentiated, if not before.

================================= ======================== ============================ ================================
call                              at                       gradient                     why
================================= ======================== ============================ ================================
np.linalg.det(x)                  [[1.0, 2.0], [2.0, 4.0]] [[4.0, -2.0], [-2.0, 1.0]]   the cofactors
np.linalg.det(x)                  [[0.0, 0.0], [0.0, 0.0]] [[0.0, 0.0], [0.0, 0.0]]
np.linalg.slogdet(x)[1]           [[0.0, 0.0], [0.0, 0.0]] LinAlgError                  infinite
np.linalg.inv(x)                  [[0.0, 0.0], [0.0, 0.0]] LinAlgError
np.linalg.pinv(x)                 [[2.0, 0.0], [0.0, 0.0]] [[-0.25, 0.25], [0.25, 0.0]] among matrices of the same rank
np.linalg.cholesky(x)             [[0.0, 0.0], [0.0, 1.0]] LinAlgError                  not positive definite
np.linalg.qr(x)[1]                [[1.0, 1.0], [1.0, 1.0]] LinAlgError                  dependent columns
np.linalg.svdvals(x)              [[0.0, 0.0], [0.0, 0.0]] [[0.0, 0.0], [0.0, 0.0]]     as abs
np.linalg.eigvalsh(x)             [[1.0, 0.0], [0.0, 1.0]] [[1.0, 0.0], [0.0, 1.0]]     the sum is smooth
np.linalg.eigvalsh(x)[0]          [[1.0, 0.0], [0.0, 1.0]] [[1.0, 0.0], [0.0, 0.0]]     one of many: the first vector's
np.linalg.eigvals(x)              [[1.0, 1.0], [0.0, 1.0]] LinAlgError                  defective: the slope is infinite
np.linalg.eigh(x)[1][0, 1]        [[1.0, 0.0], [0.0, 1.0]] LinAlgError                  vectors of repeated eigenvalues
np.linalg.eig(x)[1]               [[1.0, 0.0], [0.0, 1.0]] LinAlgError
np.matmul(*np.linalg.svd(x)[::2]) [[1.0, 0.0], [0.0, 1.0]] [[0.0, 0.0], [0.0, 0.0]]     u @ vh, in which they cancel
np.roots(x)                       [1.0, -2.0, 1.0]         [nan, nan, nan]              a repeated root
================================= ======================== ============================ ================================

Writes: what is overwritten has no gradient. `y` is a Tensor of zeros, and the result.

======================= ========== ========== ===============================
call                    at         gradient   why
======================= ========== ========== ===============================
y[[0, 0]] = x           [1.0, 2.0] [0.0, 1.0] the last write stays
np.put(y, [0, 0], x)    [1.0, 2.0] [0.0, 1.0]
np.add.at(y, [0, 0], x) [1.0, 2.0] [1.0, 1.0] both are added
x[[0, 0]]               [1.0, 2.0] [2.0, 0.0] what is read twice counts twice
======================= ========== ========== ===============================
"""

from . import (
    arithmetic,
    complex,
    constants,
    creation,
    cumulative,
    exponents,
    indexing,
    joining,
    products,
    reductions,
    rounding,
    shape,
    sorting,
    trigonometry,
)

__all__ = [
    "arithmetic",
    "complex",
    "constants",
    "creation",
    "cumulative",
    "exponents",
    "indexing",
    "joining",
    "products",
    "reductions",
    "rounding",
    "shape",
    "sorting",
    "trigonometry",
]
