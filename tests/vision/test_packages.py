import sys

import pytest

from lib_t2p.errors import SetupError
from lib_t2p.vision.faces.package_files import model_file, require_module


def test_a_missing_package_is_named() -> None:
    with pytest.raises(SetupError, match="no-such-wheel is not installed"):
        model_file("no_such_module_of_ours", "no-such-wheel", "a.bin")
    with pytest.raises(SetupError, match="no-such-wheel"):
        require_module("no_such_module_of_ours", "no-such-wheel")


def test_a_missing_file_is_named_and_the_package_not_imported() -> None:
    with pytest.raises(SetupError, match=r"lacks its file data/none\.bin"):
        model_file("antigravity", "antigravity", "data/none.bin")
    assert "antigravity" not in sys.modules
