"""Rules for other libraries' functions, and what helps where no rule can know enough.

`implicit_root`, `implicit_minimum` and `implicit_fixed_point` make the solution of an equation, found by any solver,
differentiable.
"""

from .implicit import implicit_fixed_point, implicit_minimum, implicit_root

__all__ = ["implicit_fixed_point", "implicit_minimum", "implicit_root"]
