"""Run as a program of its own: replaces a pattern in texts, and may be ended from outside.

It imports nothing of ours, so that it starts at once. One JSON object comes in, one list goes out.
"""

from __future__ import annotations

import json
import re
import sys
import warnings


def main() -> None:
    """Read `{pattern, by, texts}` and write the texts after it."""
    asked = json.loads(sys.stdin.buffer.read())
    warnings.simplefilter("ignore")
    pattern = re.compile(asked["pattern"])
    sys.stdout.write(json.dumps([pattern.sub(asked["by"], text) for text in asked["texts"]]))


if __name__ == "__main__":
    main()
