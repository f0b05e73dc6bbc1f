"""Command line flags that the WebUI takes for us."""

import argparse


def preload(parser: argparse.ArgumentParser) -> None:
    """Add our flags to the WebUI's parser, before it parses."""
    parser.add_argument(
        "--t2p-workspace",
        metavar="FOLDER",
        default=None,
        help="where Text to Person keeps people, datasets, runs and grids",
    )
    parser.add_argument(
        "--t2p-sd-scripts-dir",
        metavar="FOLDER",
        default=None,
        help="a checkout of kohya's sd-scripts for Text to Person to train with",
    )
