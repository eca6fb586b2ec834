"""Functions of ``scipy.integrate`` that end in compiled code."""
