"""What is distributed, and what it depends on."""

import importlib.metadata
import importlib.resources
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import gradarray as ga

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def names(requirements):
    return {re.match(r"[\w.-]+", requirement)[0].lower() for requirement in requirements}


def installed():
    """The distribution that was installed from a wheel, if there is one."""
    for distribution in importlib.metadata.distributions(name="gradarray"):
        files = {str(path) for path in distribution.files or ()}
        if distribution.read_text("RECORD") and "gradarray/__init__.py" in files:
            return distribution
    raise AssertionError("gradarray is not installed: run pip install '.[test,examples]'")


def test_runtime_dependencies():
    assert names(PROJECT["dependencies"]) == {"numpy", "wrapt"}


def test_metadata_of_the_distribution():
    distribution = installed()
    assert distribution.version == ga.__version__
    plain = [requirement for requirement in distribution.requires if "extra ==" not in requirement]
    assert names(plain) == {"numpy", "wrapt"}
    assert distribution.metadata["License-Expression"] == "MIT"


def test_files_of_the_distribution():
    files = {str(path) for path in installed().files}
    top = {name.partition("/")[0] for name in files}
    assert {name for name in top if not name.endswith(".dist-info")} == {"gradarray"}
    packaged = {path.relative_to(ROOT).as_posix() for path in (ROOT / "gradarray").rglob("*")}
    assert {name for name in packaged if name.endswith((".py", ".pyi", ".typed"))} <= files


def test_top_level_of_the_repository():
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    top = {name.partition("/")[0] for name in listing.splitlines()}
    assert {name for name in top if not name.startswith(".")} <= {
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "examples",
        "gradarray",
        "pyproject.toml",
        "setup.cfg",
        "tests",
    }


def test_typed():
    assert importlib.resources.files("gradarray").joinpath("py.typed").is_file()


def test_types_reach_a_user(tmp_path):
    """By the stubs: what `import gradarray as np` gives to a type checker."""
    (tmp_path / "script.py").write_text(
        "import gradarray as np\n"
        "x = np.tensor([1.0, 2.0])\n"
        "reveal_type(np.sin(x))\n"
        "np.sin(x).backward()\n"
        "reveal_type(np.fft.fft(x))\n"
        "np.linalg.solve(np.eye(2), [x[0], np.random.default_rng(0).normal()])\n"
        "np.sine(x)\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path}/cache", "script.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert re.findall(r"script.py:(\d+): (?:note: |error: )([^;\n]*)", done.stdout) == [
        ("3", 'Revealed type is "gradarray.tensor.Tensor"'),
        ("5", 'Revealed type is "gradarray.tensor.Tensor"'),
        ("7", 'Module has no attribute "sine"'),
    ]


def test_public_names_exist():
    assert set(ga.__all__) <= set(dir(ga))
    assert ga.__all__ == sorted(ga.__all__)


def test_import_needs_numpy_and_wrapt_only():
    code = """
import sys
before = set(sys.modules)
import gradarray
new = {name for name in sys.modules.keys() - before if getattr(sys.modules[name], "__file__", None)}
print(*sorted({name.partition(".")[0] for name in new} - sys.stdlib_module_names))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"gradarray", "numpy", "wrapt"}
