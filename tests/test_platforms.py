from __future__ import annotations

import subprocess
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace

import pytest

from lib_t2p.platforms import (
    exclusive_lock,
    file_manager,
    give_memory_back,
    has_gpu,
    in_group,
    is_network_drive,
    own_group_options,
    venv_python,
)

LINUX = """\
/dev/sda1 / ext4 rw,relatime 0 0
nas:/export /mnt/nas nfs4 rw 0 0
//nas/share /mnt/my\\040share cifs rw 0 0
C:\\134 /mnt/c 9p rw,aname=drvfs;path=C:\\;uid=1000 0 0
hostshare /mnt/vm 9p rw,trans=virtio 0 0
/dev/sdb1 /mnt/nas/local ext4 rw 0 0
"""
MACOS = """\
device / apfs -
device /Volumes/my\\040share smbfs -
"""


def test_the_interpreter_of_an_environment_lies_where_the_system_puts_it() -> None:
    env = Path("env")
    assert venv_python(env, "linux") == venv_python(env, "darwin") == Path("env/bin/python")
    assert venv_python(env, "win32") == Path("env/Scripts/python.exe")


def test_a_folder_is_shown_by_each_systems_file_manager() -> None:
    programs = [file_manager(Path("a b"), name)[0] for name in ("linux", "darwin", "win32")]
    assert programs == ["xdg-open", "open", "explorer"]
    assert file_manager(Path("a b"))[1] == "a b"


def test_a_group_of_its_own_is_asked_for_in_each_systems_words() -> None:
    assert own_group_options("linux") == own_group_options("darwin") == {"start_new_session": True}
    flags = own_group_options("win32")["creationflags"]
    assert flags & 0x00000200  # CREATE_NEW_PROCESS_GROUP
    assert flags & 0x08000000  # CREATE_NO_WINDOW
    assert not flags & 0x00000008  # DETACHED_PROCESS


def test_windows_knows_no_groups_of_pids() -> None:
    assert not in_group(1, 1, "win32")


@pytest.mark.parametrize(
    ("path", "network"),
    [
        ("/home/ann/ws", False),
        ("/mnt/nas/ws", True),
        ("/mnt/nas", True),
        ("/mnt/nas/local/ws", False),
        ("/mnt/nas2/ws", False),
        ("/mnt/my share/ws", True),
        ("/mnt/c/ws", True),
        ("/mnt/vm/ws", False),
    ],
)
def test_a_network_drive_is_known_by_the_nearest_mount_on_linux(path: str, network: bool) -> None:
    assert is_network_drive(Path(path), "linux", mounts=lambda _: LINUX) is network


def test_a_network_drive_is_known_on_macos() -> None:
    def found(path: str) -> bool:
        return is_network_drive(Path(path), "darwin", mounts=lambda _: MACOS)

    assert found("/Volumes/my share/ws")
    assert not found("/Users/ann/ws")


@pytest.mark.parametrize(
    ("path", "kind", "network"),
    [
        ("C:\\ws", 3, False),
        ("Z:\\ws", 4, True),
        ("\\\\nas\\share\\ws", 3, True),
        ("\\\\?\\UNC\\nas\\share", 3, True),
        ("\\\\?\\C:\\ws", 3, False),
    ],
)
def test_a_network_drive_is_known_on_windows(path: str, kind: int, network: bool) -> None:
    asked: list[str] = []

    def drive_type(root: str) -> int:
        asked.append(root)
        return kind

    windows_path: Path = PureWindowsPath(path)  # type: ignore[assignment]
    assert is_network_drive(windows_path, "win32", drive_type=drive_type) is network
    assert asked in ([], [path[:3]])


def test_the_output_of_macos_mount_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "//me@nas/s on /Volumes/my share (smbfs, nodev)\n/dev/disk1 on / (apfs, local)\n"

    def run(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 0, text)

    monkeypatch.setattr(subprocess, "run", run)
    assert is_network_drive(Path("/Volumes/my share/ws"), "darwin")
    assert not is_network_drive(Path("/Users"), "darwin")


def test_a_mount_table_that_cannot_be_read_refuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        raise FileNotFoundError("/sbin/mount")

    monkeypatch.setattr(subprocess, "run", run)
    assert not is_network_drive(Path("/Volumes/x"), "darwin")


def test_a_gpu_is_seen_by_its_device_file(tmp_path: Path) -> None:
    assert not has_gpu("linux", tmp_path)
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "nvidia0").touch()
    assert has_gpu("linux", tmp_path)


def test_a_gpu_is_seen_by_its_driver_on_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path))
    assert not has_gpu("win32")
    (tmp_path / "System32").mkdir()
    (tmp_path / "System32" / "nvcuda.dll").touch()
    assert has_gpu("win32")


def test_a_lock_keeps_others_out_until_its_holder_is_done(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    path = tmp_path / "lock"
    with exclusive_lock(path), path.open("a") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with path.open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_the_lock_of_windows_waits_and_gives_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    class Msvcrt:
        LK_LOCK, LK_UNLCK = 1, 0

        @staticmethod
        def locking(_: int, mode: int, size: int) -> None:
            assert size == 1
            calls.append("lock" if mode else "unlock")
            if len(calls) == 1:
                raise OSError("busy for ten seconds")

    monkeypatch.setitem(__import__("sys").modules, "msvcrt", Msvcrt)
    with exclusive_lock(tmp_path / "lock", "win32"):
        assert calls == ["lock", "lock"]
    assert calls == ["lock", "lock", "unlock"]


def test_freed_memory_is_handed_back_where_the_c_library_can() -> None:
    asked: list[int] = []
    glibc = SimpleNamespace(malloc_trim=asked.append)
    assert give_memory_back("linux", lambda _: glibc)
    assert asked == [0]
    assert not give_memory_back("linux", lambda _: SimpleNamespace())
    assert not give_memory_back("win32", lambda _: glibc)
