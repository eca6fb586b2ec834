"""Functions of ``scipy.signal`` that end in compiled code."""
