"""Functions of ``scipy.optimize`` that end in compiled code."""
