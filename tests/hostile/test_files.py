"""Files: whole or not at all, one name for one writer, links kept, names confined."""

import os
import threading
import time
from pathlib import Path

import pytest

import toolkit as tk
from toolkit import files
from toolkit.widgets import explorer as widget

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX signals and links")


def left_behind(folder):
    return [p.name for p in Path(folder).iterdir() if p.name.startswith(".")]


def test_many_threads_one_name(tmp_path):
    path, won = tmp_path / "x", []

    def one(number):
        try:
            files.write(path, str(number), overwrite=False)
            won.append(number)
        except FileExistsError:
            pass

    threads = [threading.Thread(target=one, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.read_text()] == [str(number) for number in won]


def test_where_links_are_not_known_the_name_is_claimed_too(tmp_path, monkeypatch):
    def none(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(files.os, "link", none)
    path = files.write(tmp_path / "x", "one", overwrite=False)
    monkeypatch.setattr(files.os.path, "lexists", lambda _: False)
    with pytest.raises(FileExistsError, match="overwrite=True"):
        files.write(path, "two", overwrite=False)
    assert path.read_text() == "one"
    assert left_behind(tmp_path) == []


@posix
def test_a_link_is_followed_and_kept(tmp_path):
    target, link = tmp_path / "deep" / "real.txt", tmp_path / "link.txt"
    target.parent.mkdir()
    target.write_text("old")
    link.symlink_to(target)
    with pytest.raises(FileExistsError, match="exists"):
        files.write(link, "new", overwrite=False)
    files.write(link, "new", overwrite=True)
    assert link.is_symlink()
    assert target.read_text() == "new"


@posix
def test_a_dangling_link_is_not_taken_without_leave(tmp_path):
    link = tmp_path / "link.txt"
    link.symlink_to(tmp_path / "nowhere.txt")
    with pytest.raises(FileExistsError, match="a link to a file that is not there"):
        files.write(link, "new", overwrite=False)
    assert not (tmp_path / "nowhere.txt").exists()
    files.write(link, "new", overwrite=True)
    assert link.is_symlink()
    assert (tmp_path / "nowhere.txt").read_text() == "new"
    ring = tmp_path / "ring"
    ring.symlink_to(ring)
    with pytest.raises(OSError, match="circle"):
        files.write(ring, "new", overwrite=True)


@pytest.mark.parametrize("length", [200, 246, 250, 255])
def test_long_names_are_written(tmp_path, length):
    path = tmp_path / ("x" * (length - 5) + ".yaml")
    tk.Scenario("x").to_yaml(path)
    assert tk.Scenario.from_yaml(path).name == "x"


def test_names_that_no_file_can_have_are_clear_errors(tmp_path):
    for write in (tk.Scenario("x").to_yaml, lambda p: tk.share(tk.Scenario("x"), p)):
        with pytest.raises(ValueError, match=r"holds no NUL character: 'a\\x00.html'"):
            write("a\0.html")
        with pytest.raises(OSError, match="too long"):
            write(tmp_path / ("x" * 300 + ".html"))
    with pytest.raises(ValueError, match="No file can be called"):
        tk.Scenario("x").to_yaml("a\ud800")
    with pytest.raises(OSError, match="too long") as caught:
        tk.Scenario("x").to_yaml("y" * 100_000)
    assert len(str(caught.value)) < 2_000


def test_what_somebody_is_writing_is_not_swept(tmp_path):
    mine = tmp_path / f"{files._mine()}abc"
    elsewhere = tmp_path / ".toolkit-ffffffff-1-abc"
    strange = tmp_path / ".toolkit-notes"
    for path in (mine, elsewhere, strange):
        path.write_text("x")
    files.write(tmp_path / "a", "x", overwrite=False)
    assert len(left_behind(tmp_path)) == 3
    long_ago = time.time() - 2 * files.STALE_SECONDS
    os.utime(elsewhere, (long_ago, long_ago))
    files.write(tmp_path / "b", "x", overwrite=False)
    assert sorted(left_behind(tmp_path)) == sorted([mine.name, strange.name])


@pytest.fixture(scope="module")
def explorer():
    return tk.explore()


@pytest.mark.parametrize(
    "name",
    ["../x.yaml", "{elsewhere}/x.yaml", "a/b.yaml", "..\\x.yaml", "C:x.yaml", ".hidden",
     "..", "", "a\0b"],
)  # fmt: skip
def test_the_explorer_saves_into_its_folder_only(explorer, tmp_path, monkeypatch, name):
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    explorer.file_name.value = name.format(elsewhere=tmp_path)
    explorer.save()
    assert "plain name" in explorer._message.value or "NUL" in explorer._message.value
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_the_explorer_saves_a_plain_name_once(explorer, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    explorer.file_name.value = "mine.yaml"
    explorer.save()
    assert "Saved mine.yaml" in explorer._message.value
    assert tk.Scenario.from_yaml("mine.yaml").levers == explorer.scenario.levers
    explorer.save()
    assert "exists" in explorer._message.value


def test_served_to_visitors_it_writes_nothing(explorer, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    assert widget.is_served()
    explorer.file_name.value = "mine.yaml"
    explorer.save()
    assert 'href="data:application/yaml' in explorer._message.value
    assert list(tmp_path.iterdir()) == []
    explorer.file_name.value = "../mine.yaml"
    explorer.save()
    assert "plain name" in explorer._message.value
