"""Functions of ``scipy.stats`` that end in compiled code."""
