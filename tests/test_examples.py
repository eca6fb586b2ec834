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


def test_unmodified(tmp_path):
    output = run("unmodified.py", tmp_path)
    assert output.count("agrees") == 9
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["digits.py", "unmodified.py"])
def test_only_public_names(name):
    source = (EXAMPLES / name).read_text()
    assert re.findall(r"^.*\bgradarray\b.*import.*|^import gradarray.*$", source, re.MULTILINE) == [
        "import gradarray as ga"
    ]
    assert not re.search(r"\bga\._|\._(data|node|view)\b", source)
