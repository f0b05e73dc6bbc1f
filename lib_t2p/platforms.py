"""Every difference between operating systems, and nothing else; standard library only.

Each function takes `platform` as `sys.platform` spells it, so that a test on one system can
look at the branches of the others.
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import importlib
import os
import plistlib
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WINDOWS = "win32"
MACOS = "darwin"

_CREATE_NEW_PROCESS_GROUP = 0x00000200
_CREATE_NO_WINDOW = 0x08000000
_DRIVE_REMOTE = 4
_NETWORK_FILE_SYSTEMS = frozenset(
    ("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "afs", "ncpfs", "webdav")
    + ("davfs", "fuse.davfs2", "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "ceph", "fuse.ceph")
    + ("glusterfs", "fuse.glusterfs", "lustre", "beegfs", "drvfs")
)


_BOOT_MARK, _BOOT_SECONDS = float(1 << 40), float(1 << 28)
"""Above all Unix seconds; room for the seconds of one boot."""


def process_start(
    pid: int, platform: str = sys.platform, proc: Path = Path("/proc")
) -> float | None:
    """When a process began, in seconds that no change of the clock moves; None where unknown.

    Linux counts from its boot, which this number holds too; psutil adds the time of the boot,
    which is shifted whenever the clock is. Elsewhere psutil's own number stays as it is.
    """
    if not platform.startswith("linux"):
        return None
    try:
        boot = int((proc / "sys/kernel/random/boot_id").read_text()[:4], 16)
        stat = (proc / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
        since_boot = int(stat[19]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None
    return _BOOT_MARK + boot * _BOOT_SECONDS + since_boot


def give_memory_back(
    platform: str = sys.platform, open_library: Callable[[None], Any] = ctypes.CDLL
) -> bool:
    """Hand freed memory to the system, where the C library keeps it otherwise; whether it could.

    glibc keeps freed blocks below 32 MB, of which a checkpoint has thousands.
    """
    if not platform.startswith("linux"):
        return False
    trim = getattr(open_library(None), "malloc_trim", None)
    if trim is None:
        return False
    trim(0)
    return True


def venv_python(env: Path, platform: str = sys.platform) -> Path:
    """The interpreter inside a virtual environment."""
    return env / ("Scripts/python.exe" if platform == WINDOWS else "bin/python")


def file_manager(folder: Path, platform: str = sys.platform) -> list[str]:
    """The command that shows a folder to the person at this computer."""
    program = {WINDOWS: "explorer", MACOS: "open"}.get(platform, "xdg-open")
    return [program, str(folder)]


def hand_over(
    argv: Sequence[str], variables: Mapping[str, str], platform: str = sys.platform
) -> int:
    """Become another program; where that cannot be done, run it and return its exit code."""
    if platform != WINDOWS:
        sys.stdout.flush()
        os.execve(argv[0], list(argv), variables)
    # Windows' exec returns to the shell at once, while the program still uses the console.
    with subprocess.Popen(argv, env=variables) as process:
        while True:
            # The program gets Ctrl-C as well and ends by itself.
            with contextlib.suppress(KeyboardInterrupt):
                return process.wait()


def own_group_options(platform: str = sys.platform) -> dict[str, Any]:
    """Keyword arguments of `Popen` that make the child outlive and be stopped apart from us."""
    if platform == WINDOWS:
        # Not DETACHED_PROCESS: a child without any console makes each of its own children
        # open a window, and the kohya trainers start several.
        return {"creationflags": _CREATE_NEW_PROCESS_GROUP | _CREATE_NO_WINDOW}
    return {"start_new_session": True}


def in_group(pid: int, leader: int, platform: str = sys.platform) -> bool:
    """Whether `pid` belongs to the group or session that `leader` began; never on Windows."""
    if platform == WINDOWS:
        return False
    getters: tuple[Callable[[int], int], ...] = (
        getattr(os, "getpgid", _no_group),
        getattr(os, "getsid", _no_group),
    )
    for getter in getters:
        with contextlib.suppress(OSError):
            if getter(pid) == leader:
                return True
    return False


def mount_table(platform: str = sys.platform) -> str:
    """Lines `device folder type options` of what is mounted; empty where it cannot be read."""
    try:
        if platform == MACOS:
            done = subprocess.run(
                ["/sbin/mount"], check=True, capture_output=True, text=True, timeout=5
            )
            return _from_macos_mount(done.stdout)
        return Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except (OSError, subprocess.SubprocessError):
        return ""


def on_termination(act: Callable[[], None]) -> None:
    """Call `act` when this process is told to end; only from the main thread.

    SIGBREAK is what Windows sends to a process group; the others lack it.
    """
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, lambda _number, _frame: act())


def is_network_drive(
    path: Path,
    platform: str = sys.platform,
    *,
    mounts: Callable[[str], str] = mount_table,
    drive_type: Callable[[str], int] | None = None,
) -> bool:
    """Whether a folder lies on a share of another machine, where SQLite's WAL is not safe.

    Args:
        path: absolute; it need not exist.
        platform: as `sys.platform`.
        mounts: gives the mount table of a Unix system.
        drive_type: gives Windows' drive type of a root such as `C:\\`.
    """
    if platform == WINDOWS:
        text = str(path).replace("/", "\\")
        if text.startswith("\\\\"):
            return not text.startswith("\\\\?\\") or text.startswith("\\\\?\\UNC\\")
        return (drive_type or _windows_drive_type)(text[:2] + "\\") == _DRIVE_REMOTE
    return _mounted_type(str(path), mounts(platform)) in _NETWORK_FILE_SYSTEMS


def has_gpu(platform: str = sys.platform, root: Path = Path("/")) -> bool:
    """Whether a GPU that torch can use seems to be there, told without torch.

    Args:
        platform: as `sys.platform`.
        root: of the file system.
    """
    if platform == MACOS:
        return os.uname().machine == "arm64" if hasattr(os, "uname") else False
    if platform == WINDOWS:
        windows = Path(os.environ.get("SYSTEMROOT", "C:\\Windows"))
        return (windows / "System32" / "nvcuda.dll").exists()
    return any((root / name).exists() for name in ("dev/nvidia0", "dev/kfd", "dev/dxg"))


@dataclass(frozen=True)
class LoginStart:
    """What lets a system run a command when its user logs in; no rights are needed.

    Attributes:
        path: of the file.
        content: of the file.
        link: symbolic link that puts it into effect, and what it points at; None where the file
            is enough.
        hint: what a person should know of this system.
    """

    path: Path
    content: bytes
    link: tuple[Path, str] | None = None
    hint: str = ""


def login_start(
    name: str,
    argv: Sequence[str],
    variables: Mapping[str, str],
    platform: str = sys.platform,
    *,
    home: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> LoginStart:
    """How a command is run at each login: systemd, LaunchAgent, or Windows' Startup folder.

    Args:
        name: of the file; letters, digits and `-`.
        argv: program and arguments; any letters.
        variables: set for the command.
        platform: as `sys.platform`.
        home: of the user.
        environ: tells where the user's settings lie.
    """
    home = home or Path.home()
    if platform == WINDOWS:
        roaming = Path(environ.get("APPDATA", home / "AppData" / "Roaming"))
        startup = roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Startup"
        return LoginStart(startup / f"{name}.cmd", _batch(argv, variables))
    if platform == MACOS:
        agents = home / "Library" / "LaunchAgents"
        return LoginStart(agents / f"{name}.plist", _launch_agent(name, argv, variables))
    units = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "systemd" / "user"
    unit = f"{name}.service"
    return LoginStart(
        units / unit,
        _systemd_unit(argv, variables),
        (units / "default.target.wants" / unit, f"../{unit}"),
        "To go on after a restart before anybody logs in: `loginctl enable-linger`.",
    )


def has_login_start(platform: str = sys.platform, root: Path = Path("/")) -> bool:
    """Whether the system knows what `login_start` writes; only systemd may be missing."""
    return platform in (WINDOWS, MACOS) or (root / "run" / "systemd" / "system").is_dir()


@contextlib.contextmanager
def exclusive_lock(
    path: Path, platform: str = sys.platform, *, inheritable: bool = False
) -> Iterator[None]:
    """Hold a lock file against all other processes; a crash gives it back.

    Args:
        path: of the lock file.
        platform: as `sys.platform`.
        inheritable: programs that are started with `close_fds=False` hold the lock as well, so
            that a crash gives it back when they have ended; not on Windows.

    Raises:
        OSError: the file cannot be made.
    """
    with path.open("a+b") as file:
        if inheritable and platform != WINDOWS:
            os.set_inheritable(file.fileno(), True)
        if platform == WINDOWS:
            # Windows locks bytes, not files; the byte need not exist.
            msvcrt: Any = importlib.import_module("msvcrt")
            file.seek(0)
            while True:
                with contextlib.suppress(OSError):
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
            try:
                yield
            finally:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            fcntl: Any = importlib.import_module("fcntl")
            fcntl.flock(file.fileno(), fcntl.LOCK_EX)
            yield


def notification_command(title: str, text: str, platform: str = sys.platform) -> list[str] | None:
    """The command that shows a message on the desktop; None where no such command is there."""
    if platform == WINDOWS:
        program = base64.b64encode(_toast(title, text).encode("utf-16-le")).decode("ascii")
        return ["powershell.exe", "-NoProfile", "-NonInteractive", "-EncodedCommand", program]
    if platform == MACOS:
        lines = ("on run argv", "display notification (item 2 of argv) with title (item 1 of argv)")
        script = [word for line in (*lines, "end run") for word in ("-e", line)]
        return ["osascript", *script, title, text]
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return None
    return ["notify-send", "--app-name=Text to Person", "--", title, text]


def _no_group(_: int) -> int:
    return -1


def _from_macos_mount(text: str) -> str:
    # `//me@nas/share on /Volumes/share (smbfs, nodev)` -> `nas /Volumes/share smbfs -`
    lines = []
    for line in text.splitlines():
        _, _, rest = line.partition(" on ")
        folder, _, options = rest.rpartition(" (")
        if folder:
            kind = options.split(",")[0].rstrip(")")
            lines.append(f"device {folder.replace(' ', chr(92) + '040')} {kind} -")
    return "\n".join(lines)


def _mounted_type(path: str, table: str) -> str:
    best, found = "", ""
    for line in table.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        folder = parts[1].replace("\\040", " ").rstrip("/")
        inside = path == folder or path.startswith(folder + "/")
        if inside and len(folder) >= len(best):
            best, found = folder, _type_of(parts)
    return found


def _type_of(parts: list[str]) -> str:
    # WSL mounts Windows' drives by 9p, as virtual machines mount their own root.
    is_drvfs = parts[2] == "9p" and "aname=drvfs" in " ".join(parts[3:])
    return "drvfs" if is_drvfs else parts[2]


def _windows_drive_type(root: str) -> int:
    windll: Any = getattr(ctypes, "windll", None)
    return int(windll.kernel32.GetDriveTypeW(root)) if windll else 0


def _toast(title: str, text: str) -> str:
    """A PowerShell program that shows a message; quotes are doubled, as PowerShell has it."""
    shown = [part.replace("'", "''") for part in (title, text)]
    space = "Windows.UI.Notifications"
    return "\n".join(
        [
            f"$null = [{space}.ToastNotificationManager, {space}, ContentType = WindowsRuntime]",
            f"$toast = [{space}.ToastNotificationManager]::GetTemplateContent(1)",
            "$lines = $toast.GetElementsByTagName('text')",
            *(
                f"$null = $lines.Item({n}).AppendChild($toast.CreateTextNode('{part}'))"
                for n, part in enumerate(shown)
            ),
            f"$sender = [{space}.ToastNotificationManager]::CreateToastNotifier('Text to Person')",
            f"$sender.Show([{space}.ToastNotification]::new($toast))",
        ]
    )


def _batch(argv: Sequence[str], variables: Mapping[str, str]) -> bytes:
    # Code page 65001 lets cmd read the lines behind it as UTF-8.
    lines = ["@echo off", "chcp 65001 >nul"]
    lines += [f'set "{name}={value}"'.replace("%", "%%") for name, value in variables.items()]
    lines.append(" ".join(f'"{one}"'.replace("%", "%%") for one in argv))
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8")


def _launch_agent(name: str, argv: Sequence[str], variables: Mapping[str, str]) -> bytes:
    return plistlib.dumps(
        {
            "Label": name,
            "ProgramArguments": list(argv),
            "EnvironmentVariables": dict(variables),
            "RunAtLoad": True,
            # What the command starts goes on when the command has ended.
            "AbandonProcessGroup": True,
        }
    )


def _systemd_unit(argv: Sequence[str], variables: Mapping[str, str]) -> bytes:
    settings = "".join(f"Environment={_systemd_word(f'{k}={v}')}\n" for k, v in variables.items())
    command = " ".join(_systemd_word(one).replace("$", "$$") for one in argv)
    return (
        "[Unit]\n"
        "Description=Text to Person: go on with what waits\n\n"
        "[Service]\n"
        "Type=oneshot\n"
        "# What the command starts goes on when the command has ended.\n"
        "KillMode=process\n"
        f"{settings}"
        f"ExecStart={command}\n\n"
        "[Install]\n"
        "WantedBy=default.target\n"
    ).encode()


def _systemd_word(text: str) -> str:
    escapes = {"\\": "\\\\", '"': '\\"', "%": "%%", "\n": "\\n", "\t": "\\t"}
    return '"' + "".join(escapes.get(letter, letter) for letter in text) + '"'
