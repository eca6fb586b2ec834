"""The examples run as they stand, in a directory of their own."""

import re
import subprocess
import sys
from pathlib import Path

import matplotlib.image
import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"


def run(name, directory):
    command = [sys.executable, "-W", "error::UserWarning", EXAMPLES / name]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_digits(tmp_path):
    output = run("digits.py", tmp_path)
    accuracies = {name: float(value) for name, value in re.findall(r"(\w+) accuracy: +([\d.]+)%", output)}
    assert accuracies.keys() == {"train", "test"}
    assert accuracies["train"] >= accuracies["test"] >= 96

    assert [path.name for path in tmp_path.iterdir()] == ["digits.png"]
    image = matplotlib.image.imread(tmp_path / "digits.png")
    assert min(image.shape[:2]) > 300
    assert image.std() > 0.05


def test_optimize(tmp_path):
    output = run("optimize.py", tmp_path)
    counts = re.findall(r"^ +(.+?) +(?:(\d+) iterations, +)?(\d+) values, \|\w+\| (\S+)$", output, re.MULTILINE)
    values = {name: int(n) for name, _, n, _ in counts}
    assert values["BFGS, gradient"] < values["BFGS, finite differences"] / 4
    assert values["trust-exact, gradient and Hessian"] < values["BFGS, gradient"]
    assert values["Newton-CG, gradient and Hessian times vector"] < values["BFGS, gradient"]
    assert values["Jacobian"] < values["finite differences"]
    assert all(float(left) < 1e-3 for *_, left in counts)
    fitted = re.findall(r"^ +\w+ +(\S+) ± (\S+), in truth (\S+)$", output, re.MULTILINE)
    assert len(fitted) == 5
    assert all(abs(float(value) - float(true)) < 4 * float(error) for value, error, true in fitted)
    assert "stable: the slowest" in output
    assert not list(tmp_path.iterdir())


def test_unmodified(tmp_path):
    output = run("unmodified.py", tmp_path)
    assert output.count("agrees") == 9
    assert not list(tmp_path.iterdir())


def test_ode(tmp_path):
    output = run("ode.py", tmp_path)
    fitted = {
        name: float(value) for name, value in re.findall(r"^  (\w.*?) +(\d+\.\d+)  \+- \d+ %$", output, re.MULTILINE)
    }
    assert len(fitted) == 6
    # B. Carpenter, Predator-Prey Population Dynamics, Stan case studies, 2018, of the same data
    published = {"birth of hares": 0.55, "hares eaten": 0.028, "death of lynxes": 0.80, "lynxes fed": 0.024}
    for name, value in published.items():
        assert fitted[name] == pytest.approx(value, rel=0.05)
    assert [path.name for path in tmp_path.iterdir()] == ["ode.png"]
    assert matplotlib.image.imread(tmp_path / "ode.png").std() > 0.05


def test_filter(tmp_path):
    output = run("filter.py", tmp_path)
    found = re.findall(r"ripple (\S+) +left over (\S+) +spread of the delay (\S+) samples", output)
    butterworth, descent = [[float(value) for value in line] for line in found]
    assert all(b < 0.6 * a for a, b in zip(butterworth, descent, strict=True))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["digits.py", "filter.py", "ode.py", "optimize.py", "unmodified.py"])
def test_only_public_names(name):
    source = (EXAMPLES / name).read_text()
    assert re.findall(r"^.*\bgradarray\b.*import.*|^import gradarray.*$", source, re.MULTILINE) == [
        "import gradarray as ga"
    ]
    assert not re.search(r"\bga\._|\._(data|node|view)\b", source)
