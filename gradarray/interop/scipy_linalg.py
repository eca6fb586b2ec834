"""Functions of ``scipy.linalg`` that end in compiled code."""
