"""Functions of ``scipy.sparse`` that end in compiled code."""
