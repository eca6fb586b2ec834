"""Functions that ignore nan."""

import numpy as np

from .base import SINGULAR, distinct, filled, like, mask, real, row


def holed(x):
    """``x`` with nans, and what else ``x`` holds; no slice along either axis has nothing else."""
    return np.where(np.indices(x.shape).sum(axis=0) % 4 == 2, np.nan, x)


for f in (np.nansum, np.nanprod, np.nanmean, np.nanvar, np.nanstd, np.nanmax, np.nanmin):
    draw = distinct if f in (np.nanmax, np.nanmin) else real
    options = {"complex": True, "compares": draw is distinct}
    reduces = f not in (np.nanmean, np.nanvar, np.nanstd)
    row(f, "no_nan", f, draw(3, 4), **options)
    row(f, "0-d", f, draw(), complex=True, compares=draw is distinct or f is np.nanstd)
    row(f, "all", lambda x, f=f: f(holed(x)), draw(3, 4), **options)
    row(f, "axis0", lambda x, f=f: f(holed(x), axis=0), draw(4, 5), **options)
    row(f, "axis-1", lambda x, f=f: f(holed(x), -1), draw(2, 3, 4), **options)
    row(f, "axes", lambda x, f=f: f(holed(x), axis=(2, 0)), draw(2, 3, 4), **options)
    row(f, "keepdims", lambda x, f=f: f(holed(x), axis=(1, -3), keepdims=True), draw(2, 3, 4), **options)
    row(f, "all_keepdims", lambda x, f=f: f(holed(x), keepdims=True), draw(3, 4), **options)
    row(f, "out", lambda x, f=f: f(holed(x), axis=0, out=filled(f(x), 4)), draw(3, 4), **options)
    initial = {"initial": -9.0 if f is np.nanmax else 9.0} if reduces else {}
    row(f, "where", lambda x, f=f, i=initial: f(holed(x), axis=1, where=mask((4, 6)), **i), draw(4, 6), **options)
    row(f, "where_row", lambda x, f=f, i=initial: f(holed(x), axis=1, where=mask((6,)), **i), draw(4, 6), **options)
    row(f, "integers", lambda x, f=f: f(np.arange(6)) * x, real(3))
    if f not in (np.nanmax, np.nanmin):
        row(f, "dtype", lambda x, f=f: f(holed(x), axis=0, dtype=np.float64), draw(4, 5))
    if reduces:
        row(f, "initial", lambda x, f=f: f(holed(x), axis=0, initial=0.5), draw(3, 4), **options)
for f in (np.nanvar, np.nanstd):
    row(f, "ddof", lambda x, f=f: f(holed(x), axis=0, ddof=1), real(5, 4), complex=True)
    row(f, "correction", lambda x, f=f: f(holed(x), axis=1, correction=0.5), real(4, 5), complex=True)
    row(f, "ddof_where", lambda x, f=f: f(holed(x), axis=0, ddof=1, where=mask((7, 3))), real(7, 3), complex=True)
    row(f, "mean", lambda x, f=f: f(holed(x), axis=0, mean=np.nanmean(holed(x), axis=0, keepdims=True)), real(5, 4))
    row(f, "other_mean", lambda x, m, f=f: f(holed(x + 0 * m), axis=0, mean=m), real(5, 4), real(1, 4))
    row(f, "scalar_mean", lambda x, m, f=f: f(holed(x + 0 * m), axis=1, mean=m, where=mask((4, 6))), real(4, 6), real())

for f in (np.nancumsum, np.nancumprod):
    row(f, "flat", lambda x, f=f: f(holed(x)), real(3, 4), complex=True)
    row(f, "axis", lambda x, f=f: f(holed(x), axis=-1), real(3, 4), complex=True)
    row(f, "dtype", lambda x, f=f: f(holed(x), axis=0, dtype=np.float64), real(3, 4))
    row(f, "out", lambda x, f=f: f(holed(x), axis=1, out=like(x)), real(3, 4), complex=True)

for f in (np.nanmedian, np.nanquantile, np.nanpercentile):
    args = () if f is np.nanmedian else (30,) if f is np.nanpercentile else ([0.2, 0.47],)
    row(f, "nan_all", lambda x, f=f, a=args: f(holed(x), *a), distinct(3, 4))
    row(f, "nan_axis", lambda x, f=f, a=args: f(holed(x), *a, axis=0), distinct(5, 4))
    row(f, "nan_axes", lambda x, f=f, a=args: f(holed(x), *a, axis=(2, 0), keepdims=True), distinct(2, 3, 4))
    row(f, "nan_out", lambda x, f=f, a=args: f(holed(x), *a, axis=1, out=like(f(holed(x), *a, axis=1))), distinct(5, 4))

_NAN = np.nan
A = [[1.0, _NAN, 3.0], [_NAN, 5.0, 5.0]]
SINGULAR += [
    ("nansum-nan", lambda x: np.nansum(x, axis=1), (A,), ([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]],)),
    ("nansum-all-nan", np.nansum, ([_NAN, _NAN],), ([0.0, 0.0],)),
    ("nansum-of-singular", lambda x: np.nansum(np.where(x > 0, x, _NAN) ** 0.5), ([0.0, 4.0],), ([0.0, 0.25],)),
    ("nanprod-nan", lambda x: np.nanprod(x, axis=1), (A,), ([[3.0, 0.0, 1.0], [0.0, 5.0, 5.0]],)),
    ("nanmean-nan", lambda x: np.nanmean(x, axis=1), (A,), ([[0.5, 0.0, 0.5], [0.0, 0.5, 0.5]],)),
    ("nanvar-nan", lambda x: np.nanvar(x, axis=1), (A,), ([[-1.0, 0.0, 1.0], [0.0, 0.0, 0.0]],)),
    ("nanstd-nan", lambda x: np.nanstd(x, axis=1), (A,), ([[-0.5, 0.0, 0.5], [0.0, 0.0, 0.0]],)),
    ("nanmax-nan", lambda x: np.nanmax(x, axis=1), (A,), ([[0.0, 0.0, 1.0], [0.0, 0.5, 0.5]],)),
    ("nanmin-nan", lambda x: np.nanmin(x, axis=1), (A,), ([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]],)),
    ("nanmax-initial", lambda x: np.nanmax(x, initial=5.0), (A,), ([[0.0] * 3, [0.0, 1 / 3, 1 / 3]],)),
    ("nancumsum-nan", np.nancumsum, ([1.0, _NAN, 3.0],), ([3.0, 0.0, 1.0],)),
    ("nancumprod-nan", np.nancumprod, ([1.0, _NAN, 3.0],), ([5.0, 0.0, 1.0],)),
    ("nanmedian-nan", lambda x: np.nanmedian(x, axis=1), (A,), ([[0.5, 0.0, 0.5], [0.0, 0.5, 0.5]],)),
    ("nanquantile-nan", lambda x: np.nanquantile(x, 0.75, axis=1), (A,), ([[0.25, 0.0, 0.75], [0.0, 0.5, 0.5]],)),
    (
        "nanquantile-weights",
        lambda x, w: np.nanquantile(x, 0.5, weights=w, method="inverted_cdf"),
        ([1.0, _NAN, 3.0], [1.0, 9.0, 2.0]),
        ([0.0, 0.0, 1.0], [0.0, 0.0, 0.0]),
    ),
]
