"""The wheel: installed into an empty environment, it brings all it needs."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel once."""
    out = tmp_path_factory.mktemp("dist")
    command = [Path(sys.executable).with_name("hatchling"), "build", "-t", "wheel", "-d", out]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(out.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_carries_codebook_notebooks_data_page_and_types(wheel):
    """Everything that runs at a user's is in the wheel; tests and local files are not."""
    names = set(zipfile.ZipFile(wheel).namelist())
    needed = {
        "petitionlib/py.typed", "petitionlib/words/words.csv", "petitionlib/codebook/vn/places.csv",
        "petitionlib/codebook/vn/about.yaml",
        "petitionlib/notebooks/yearly_report.ipynb", "petitionlib/data/2022.csv",
        "petitionlib/data/sources.csv", "petitionlib/data/README.md",
        "petitionlib/page/page.html.j2", "petitionlib/page/page.css", "petitionlib/page/page.js",
        "petitionlib/reports.yaml", "petitionlib/page/index.html.j2",
        "petitionlib/page/index.css", "petitionlib/page/index.js",
        "petitionlib/explorer/widget.css", "petitionlib/explorer/widget.js",
    }  # fmt: skip
    assert needed - names == set()
    assert [n for n in names if "test" in n or "checkpoint" in n] == []


@pytest.mark.slow
def test_an_installed_petitionlib_builds_a_report(wheel, tmp_path):
    """Installed into an empty environment, init and report work and write nothing in there."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL", "COV"))}
    home = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    lock = ROOT / "requirements.lock"
    pip = [home / "bin" / "python", "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--constraint", unhashed(lock, tmp_path), wheel], check=True, env=env)
    package = next(home.glob("lib/*/site-packages/petitionlib"))
    before = contents(package)
    command = home / "bin" / "petitionlib"
    subprocess.run([command, "init", "work"], cwd=tmp_path, check=True, env=env)
    words = ["report", "yearly_report", "-p", "place", "can-tho", "-p", "year", "2022"]
    done = subprocess.run(
        [command, *words],
        cwd=tmp_path / "work",
        check=True,
        env=env,
        capture_output=True,
        text=True,
    )
    page = tmp_path / "work" / done.stdout.strip()
    assert "2,636 petitions" in page.read_text(encoding="utf-8")
    shutil.rmtree(tmp_path / "work" / "notebooks")
    subprocess.run([command, *words], cwd=tmp_path / "work", check=True, env=env)
    assert contents(package) == before


def unhashed(lock, folder):
    """Write the lock as constraints: the same versions, without hashes and without extras."""
    lines = [line for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line]
    pins = [re.sub(r"\[[^]]*\]", "", line.removesuffix(" \\")) for line in lines]
    path = folder / "constraints.txt"
    path.write_text("\n".join(pins) + "\n", encoding="utf-8")
    return path


def contents(package):
    """List the files of the installed package, without what Python compiles."""
    return sorted(str(p) for p in package.rglob("*") if "__pycache__" not in str(p))
