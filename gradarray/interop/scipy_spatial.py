"""Functions of ``scipy.spatial`` that end in compiled code."""
