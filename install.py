"""What the WebUI runs at each start: adds `toml` where Python has no reader for TOML.

Silent when nothing is missing, harmless without a network. Everything else lies in `.envs/`.
"""

import importlib.util
import subprocess
import sys

REQUIREMENT = "toml==0.10.2"


def is_satisfied() -> bool:
    """Whether this Python can read TOML."""
    return any(importlib.util.find_spec(name) for name in ("tomllib", "toml"))


def install() -> bool:
    """Add the one package; False when it could not be had."""
    argv = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-input", "--retries", "1"]
    done = subprocess.run(
        [*argv, "--disable-pip-version-check", REQUIREMENT],
        check=False,
        capture_output=True,
        text=True,
    )
    return done.returncode == 0


def main() -> None:
    """Install what is missing, or say what stays off."""
    if not is_satisfied() and not install():
        print(
            f"Text to Person: the package {REQUIREMENT} could not be installed, so its tab stays "
            "off. It is tried again at the next start."
        )


if __name__ == "__main__":
    main()
