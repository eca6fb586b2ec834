"""``python -m gradarray.coverage [scipy] [--names]``."""

import sys

from . import coverage

coverage("scipy" if "scipy" in sys.argv[1:] else "numpy", names="--names" in sys.argv[1:])
