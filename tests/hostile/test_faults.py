"""The fault table: what goes wrong around the toolkit, and that nothing is lost by it.

Each row of ``FAULTS`` is a fault and a function that brings it about and tells what
must be true then. They run in processes of their own, so that none can hurt another.
"""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import toolkit as tk
from toolkit import files

ROOT = Path(__file__).resolve().parents[2]
FERTILISER = tk.datasets.folder() / "scenarios" / "fertiliser_7mt.yaml"
STAGES = ("open", "written", "before the name", "after the name", "before replacing")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="POSIX signals and file systems"),
]


def python(*arguments, code=None, cwd=None, drop=(), **env):
    """Run Python with an environment changed; return what it did."""
    known = {k: v for k, v in os.environ.items() if k not in drop}
    what = [] if code is None else ["-c", code]
    return subprocess.run(
        [sys.executable, *arguments, *what],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**known, **env},
        timeout=300,
    )


def left_behind(folder):
    return [p.name for p in Path(folder).iterdir() if p.name.startswith(".")]


def runs(*arguments, **options):
    """Run a scenario file from the command line; it must print the balance."""
    done = python(*arguments, "-m", "toolkit", "run", str(FERTILISER), **options)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Identities: hold." in done.stdout
    return done


# Disks


def mounted(folder, *options):
    """Mount a small file system; skip where that is not allowed."""
    command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        said, failed = done.stderr.strip(), done.returncode
    except FileNotFoundError as error:
        said, failed = str(error), 1
    if failed:
        pytest.skip(f"no small disk can be mounted here: {said}")


def unmounted(folder):
    subprocess.run(["umount", str(folder)], check=True)


def full_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted(disk, "size=256k")
    try:
        kept = tk.Scenario("kept")
        kept.to_yaml(disk / "kept.yaml")
        result = tk.Armington().solve(tk.load_baseline(), kept)

        def write_more(path):
            if path.suffix == ".yaml":
                return files.write(path, "y" * 100_000, overwrite=True)
            return tk.share(result, path)

        for name in ("page.html", "book.xlsx", "kept.yaml"):
            fill(disk)
            with pytest.raises(OSError, match=rf"(?s)No space left.*{name}"):
                write_more(disk / name)
            (disk / "filler").unlink()
            assert tk.Scenario.from_yaml(disk / "kept.yaml") == kept
            assert sorted(p.name for p in disk.iterdir()) == ["kept.yaml"]
    finally:
        unmounted(disk)


def fill(disk):
    with (disk / "filler").open("wb") as file:
        try:
            while True:
                file.write(b"x" * 4_096)
                file.flush()
        except OSError:
            os.ftruncate(file.fileno(), max(0, file.tell() - 8_192))


def read_only_folder(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted(disk, "size=1m")
    try:
        (disk / "x.yaml").write_text("name: old\nlevers: []\n")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        for overwrite, name in ((True, "x.yaml"), (False, "new.yaml")):
            with pytest.raises(OSError, match=rf"Read-only.*{name}"):
                tk.Scenario("x").to_yaml(disk / name, overwrite=overwrite)
        done = python("-m", "toolkit", "share", str(FERTILISER), "--out",
                      str(disk / "new.md"))  # fmt: skip
        assert done.returncode == 2
        assert "Read-only" in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert tk.Scenario.from_yaml(disk / "x.yaml").name == "old"
    finally:
        unmounted(disk)


# Processes

DIES = """
import os, signal, sys
from pathlib import Path
from toolkit import files
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
stage = sys.argv[1]
if stage == "open":
    files._mine = die
elif stage == "written":
    files.os.fsync = die
elif stage == "before the name":
    files.os.link = die
elif stage == "after the name":
    files.Path.unlink = die
elif stage == "before replacing":
    files.Path.replace = die
path = Path(sys.argv[2])
files.write(path, "new" * 1000, overwrite=stage == "before replacing")
"""


def killed_while_writing(tmp_path):
    for stage in STAGES:
        folder = tmp_path / stage.replace(" ", "_")
        folder.mkdir()
        path = folder / "x.txt"
        if stage == "before replacing":
            path.write_text("old")
        done = subprocess.run(
            [sys.executable, "-c", DIES, stage, str(path)], check=False
        )
        assert done.returncode == -signal.SIGKILL, stage
        found = path.read_text() if path.exists() else None
        due = {"after the name": "new" * 1000, "before replacing": "old"}
        assert found == due.get(stage), stage
        files.write(folder / "other.txt", "y", overwrite=False)
        assert left_behind(folder) == [], stage
        files.write(path, "next", overwrite=True)
        assert path.read_text() == "next"


def claim(path, gate, word, told):
    gate.wait()
    try:
        files.write(Path(path), word * 50_000, overwrite=False)
    except FileExistsError as error:
        told.put((word, str(error)))
    else:
        told.put((word, ""))


def two_writers(tmp_path):
    context = multiprocessing.get_context("fork")
    for attempt in range(5):
        gate, told = context.Barrier(2), context.Queue()
        path = tmp_path / f"{attempt}.yaml"
        both = [
            context.Process(target=claim, args=(str(path), gate, word, told))
            for word in "ab"
        ]
        for one in both:
            one.start()
        answers = dict(told.get(timeout=60) for _ in both)
        for one in both:
            one.join(60)
        (winner,) = [word for word, error in answers.items() if not error]
        (error,) = filter(None, answers.values())
        assert "exists" in error
        assert path.read_text() == winner * 50_000
    assert left_behind(tmp_path) == []


INTERRUPTED = """
import random, signal
import numpy as np
import toolkit as tk
from toolkit.market import Shocks, effects_of, shocks_of

def stop(*_):
    raise KeyboardInterrupt

base = tk.load_baseline()
deal = tk.Scenario.from_yaml({path!r})
model = tk.Armington()
shock = shocks_of(base, deal, effects_of(base, deal))
many = Shocks(shock.flows, np.repeat(shock.channels[None], 300, axis=0))
work = {{
    "solve": lambda: model.solve(base, deal).variable("value").counterfactual,
    "many draws": lambda: model.evaluate(many),
    "attribution": lambda: tk.attribute(model, base, deal).to_numpy(),
}}
due = {{name: ask() for name, ask in work.items()}}
signal.signal(signal.SIGALRM, stop)
rng, stopped = random.Random(1), 0
for name, ask in work.items():
    for attempt in range(25):
        signal.setitimer(signal.ITIMER_REAL, rng.uniform(0.0002, 0.03))
        try:
            base = tk.load_baseline() if attempt % 5 == 0 else base
            ask()
        except KeyboardInterrupt:
            stopped += 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        assert np.array_equal(ask(), due[name], equal_nan=True), name
assert stopped > 10, stopped
"""


def interrupted(tmp_path):
    """An interrupt leaves no half-made cache: the next answer has the same bits."""
    done = python(code=INTERRUPTED.format(path=str(FERTILISER)))
    assert done.returncode == 0, done.stderr[-2000:]


# Surroundings


def no_home(tmp_path):
    runs(drop=("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"))
    out = tmp_path / "x.html"
    done = python("-m", "toolkit", "share", str(FERTILISER), "--out", str(out),
                  "--brief", drop=("HOME",))  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "<svg" in out.read_text(encoding="utf-8")


def plain_locale(tmp_path):
    runs(LC_ALL="C")
    runs(LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii:strict")


def another_folder(tmp_path):
    runs(cwd=tmp_path)
    runs(cwd="/")


def warnings_as_errors(tmp_path):
    runs("-W", "error", cwd=tmp_path)
    out = tmp_path / "x.xlsx"
    done = python("-W", "error", "-m", "toolkit", "share", str(FERTILISER), "--out",
                  str(out))  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]


def installed_elsewhere(tmp_path):
    """Run from a wheel unpacked outside of the repository, and from it as it is."""
    for name in ("pyproject.toml", "README.md", "LICENSE", "toolkit", "data"):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    done = python("-m", "pip", "wheel", "-q", "--no-deps",
                  "-w", str(tmp_path / "wheels"), str(tmp_path),
                  drop=("PYTHONPATH",))  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    (wheel,) = (tmp_path / "wheels").glob("*.whl")
    place = tmp_path / "place"
    shutil.unpack_archive(wheel, place, "zip")
    where = "import toolkit, sys; sys.stdout.write(toolkit.__file__)"
    found = python(code=where, cwd=tmp_path / "wheels", PYTHONPATH=str(place)).stdout
    assert found == str(place / "toolkit" / "__init__.py")
    path = place / "toolkit" / "data" / "scenarios" / FERTILISER.name
    done = python("-m", "toolkit", "run", str(path), cwd=tmp_path / "wheels",
                  PYTHONPATH=str(place))  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    altered_data(place / "toolkit" / "data", PYTHONPATH=str(place))
    zipped = python("-m", "toolkit", "data", cwd=tmp_path / "wheels",
                    PYTHONPATH=str(wheel))  # fmt: skip
    assert zipped.returncode == 2
    assert "imported from the archive" in zipped.stderr
    assert "pip install" in zipped.stderr


def altered_data(folder, **env):
    """One changed digit in a table is noticed before anything is computed."""
    (table,) = folder.rglob("flows.csv")
    content = table.read_bytes()
    place = content.index(b"1", 2_000)
    table.write_bytes(content[:place] + b"2" + content[place + 1 :])
    done = python("-m", "toolkit", "run", str(folder / "scenarios" / FERTILISER.name),
                  cwd=folder, **env)  # fmt: skip
    assert done.returncode == 2
    assert "flows.csv does not match its checksum" in done.stderr
    assert done.stdout == ""


def strange_columns(tmp_path):
    rows = tk.load_baseline().frame
    deal = tk.Scenario.from_yaml(FERTILISER)
    texts = ["importer", "exporter", "product", "source", "basis"]
    plain = tk.Armington().solve(tk.Baseline.from_frame(rows), deal)
    for other in (
        rows.convert_dtypes(dtype_backend="pyarrow"),
        rows.astype(dict.fromkeys(texts, "category")),
        rows.astype(dict.fromkeys(texts, "string")),
        rows.astype(object),
    ):
        found = tk.Armington().solve(tk.Baseline.from_frame(other), deal)
        np.testing.assert_array_equal(
            found.variable("value").counterfactual,
            plain.variable("value").counterfactual,
        )


def two_threads(tmp_path):
    """Two threads get the bits of one, caches cold and shared."""
    paths = sorted(FERTILISER.parent.glob("*.yaml"))[:8]
    deals = [tk.Scenario.from_yaml(path) for path in paths]

    def answers():
        base, model = tk.load_baseline(), tk.Armington()
        return [
            (
                model.solve(base, deal).variable("value").counterfactual,
                tk.attribute(model, base, deal).to_numpy(),
            )
            for deal in deals
        ]

    alone, found = answers(), {}
    base, model = tk.load_baseline(), tk.Armington()

    def work(name):
        found[name] = [
            (
                model.solve(base, deal).variable("value").counterfactual,
                tk.attribute(model, base, deal).to_numpy(),
            )
            for _ in range(3)
            for deal in deals
        ]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    for mine in found.values():
        for one, other in zip(mine, alone * 3, strict=True):
            for part, theirs in zip(one, other, strict=True):
                np.testing.assert_array_equal(part, theirs)


FAULTS = {
    "a full disk": full_disk,
    "a folder that is read only": read_only_folder,
    "kill -9 at each stage of a write": killed_while_writing,
    "two writers of one name": two_writers,
    "an interrupt while solving, and while solving many": interrupted,
    "no home": no_home,
    "LC_ALL=C": plain_locale,
    "another working folder": another_folder,
    "a wheel elsewhere, data altered in it, the wheel zipped": installed_elsewhere,
    "warnings as errors": warnings_as_errors,
    "arrow strings, categories, objects": strange_columns,
    "two threads": two_threads,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost(fault, tmp_path):
    began = time.monotonic()
    FAULTS[fault](tmp_path)
    assert time.monotonic() - began < 300
