"""Functions of ``scipy.ndimage`` that end in compiled code: filters of images, of spectra, and what interpolates."""

from scipy import ndimage

from ..registry import constant, dispatched, linear, refused, stacked
from . import scipy_ndimage_maps, scipy_ndimage_ranks
from .scipy_ndimage_filters import writing

__all__ = ["scipy_ndimage_maps", "scipy_ndimage_ranks"]

# Filters of spectra: products with numbers that are the same whichever way


def _fourier(fn, parameter):
    again = dispatched(fn)
    rule = linear(
        fn,
        "(input, parameter, n, axis, output)",
        input=lambda g, parameter, n, axis: again(g, parameter, n, axis),
    )
    body = eval(
        f"lambda input, {parameter}, n=-1, axis=-1, output=None: call(stacked(input), {parameter}, n, axis, output)",
        {"call": lambda *args: rule.call(*args), "stacked": stacked},
    )
    writing(fn)(body)


for _fn, _parameter in (
    *((ndimage.fourier_gaussian, "sigma"), (ndimage.fourier_uniform, "size")),
    *((ndimage.fourier_ellipsoid, "size"), (ndimage.fourier_shift, "shift")),
):
    _fourier(_fn, _parameter)

refused(
    "it hands plain arrays to a function of yours; write the filter with NumPy, for instance on windows that "
    "np.take makes, or with the filters that have a rule.",
    *(ndimage.generic_filter, ndimage.generic_filter1d),
)
refused(
    "it calls a function of yours for each point; give the coordinates to scipy.ndimage.map_coordinates.",
    ndimage.geometric_transform,
)
constant(ndimage.label)
