"""What the trainer's process hides while it starts."""

from __future__ import annotations

import importlib
import sys
from importlib.util import find_spec

import pytest

from lib_t2p.runs.trainers.builtin import unused_packages


@pytest.fixture()
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is not imported yet and one that is."""

    monkeypatch.setattr(unused_packages, "PACKAGES", ("xmlrpc", "json"))
    monkeypatch.delitem(sys.modules, "xmlrpc", raising=False)


@pytest.mark.usefixtures("names")
def test_a_hidden_package_looks_absent_until_it_is_shown() -> None:
    unused_packages.hide()
    assert find_spec("xmlrpc") is None
    with pytest.raises(ImportError):
        importlib.import_module("xmlrpc")
    unused_packages.show()
    assert importlib.import_module("xmlrpc").__name__ == "xmlrpc"


@pytest.mark.usefixtures("names")
def test_a_package_in_use_stays() -> None:
    json = sys.modules["json"]
    unused_packages.hide()
    unused_packages.show()
    assert sys.modules["json"] is json
