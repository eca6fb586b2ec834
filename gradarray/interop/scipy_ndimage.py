"""Functions of ``scipy.ndimage`` that end in compiled code."""
