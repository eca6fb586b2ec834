"""``python -m gradarray.coverage [--names]``."""

import sys

from . import coverage

coverage("--names" in sys.argv[1:])
