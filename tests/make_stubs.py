"""``python tests/make_stubs.py`` writes the stubs of gradarray's mirrors of NumPy, for editors and type checkers."""

import importlib
import inspect
from pathlib import Path

import numpy as np

import gradarray
from gradarray.mirror import MAKERS, signature_of
from gradarray.registry import known

HEAD = '"""Made by tests/make_stubs.py from NumPy {version}."""\n\nfrom typing import Any\n'
MODULES = {"__init__": np, "emath": np.emath, "fft": np.fft, "linalg": np.linalg}
VERSION = ".".join(np.__version__.split(".")[:2])


def parameter(p):
    star = {p.VAR_POSITIONAL: "*", p.VAR_KEYWORD: "**"}.get(p.kind, "")
    return f"{star}{p.name}: Any" + ("" if p.default is p.empty else " = ...")


def definition(name, fn):
    """One function. What may be no Tensor, or several, is Any."""
    rule = known(fn)
    single = (isinstance(fn, np.ufunc) and fn.nout == 1) or fn in MAKERS or rule.kind == "linear"
    parts, star = [], False
    parameters = list(signature_of(fn).parameters.values())
    for k, p in enumerate(parameters):
        star = star or p.kind is p.VAR_POSITIONAL
        if p.kind is p.KEYWORD_ONLY and not star:
            parts.append("*")
            star = True
        parts.append(parameter(p))
        if p.kind is p.POSITIONAL_ONLY and parameters[k + 1].kind is not p.POSITIONAL_ONLY:
            parts.append("/")
    result = "Tensor" if single and rule.kind != "constant" else "Any"
    return f"def {name}({', '.join(parts)}) -> {result}: ..."


def names(module):
    found = [*module.__all__, *dir(module)] if module is np else dir(module)
    return sorted({name for name in found if not name.startswith("_") and name != "test"})


def stub(home):
    """The text of one stub file."""
    module = MODULES[home]
    ours = importlib.import_module("gradarray" if home == "__init__" else f"gradarray.{home}")
    own = set(vars(ours).get("__all__", ()))
    functions, others = [], []
    for name in names(module):
        value = getattr(module, name)
        if name in own or (inspect.ismodule(value) and (module is not np or name in gradarray._LATER)):
            continue
        if callable(value) and not isinstance(value, type) and known(value) is not None:
            functions.append(definition(name, value))
        elif name in module.__all__ if module is np else callable(value):
            others.append(name)
    lines = [HEAD.format(version=VERSION)]
    if home == "__init__":
        lines += [f"from .{source} import {name} as {name}" for source, name in sources(own)]
        lines += ["", "__version__: str"]
    else:
        lines.append("from .tensor import Tensor")
    lines += [f"from {module.__name__} import {name} as {name}" for name in others]
    return "\n".join([*lines, *functions, ""])


def sources(own):
    """Where each of gradarray's own names comes from."""
    text = (Path(gradarray.__file__).parent / "__init__.py").read_text()
    for line in text.splitlines():
        if line.startswith("from ."):
            source, _, imported = line[6:].partition(" import ")
            yield from ((source, name) for name in imported.split(", ") if name in own)
    yield from (("" if name == source else source, name) for name, source in sorted(gradarray._LATER.items()))


if __name__ == "__main__":
    for home in MODULES:
        (Path(gradarray.__file__).parent / f"{home}.pyi").write_text(stub(home))
