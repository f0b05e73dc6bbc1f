"""Stands for `accelerate launch`: starts the script that follows and ends as accelerate does."""

from __future__ import annotations

import subprocess
import sys


def main() -> None:
    script = next(i for i, word in enumerate(sys.argv) if word.endswith("train_network.py"))
    argv = [sys.executable, *sys.argv[script:]]
    code = subprocess.Popen(argv).wait()
    if code:
        raise subprocess.CalledProcessError(code, argv)


if __name__ == "__main__":
    main()
