"""Products by oneDNN give what torch's own layers give."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")

from lib_t2p.diffusion import frozen_layers  # noqa: E402
from lib_t2p.diffusion.frozen_layers import (  # noqa: E402
    FrozenConv2d,
    FrozenLinear,
    has_products,
    quicken,
)

needs_products = pytest.mark.skipif(not has_products(), reason="this torch has no oneDNN")


def results(layer: Any, given: Any) -> tuple[Any, Any]:
    """Output and gradient of the input."""
    given = given.clone().requires_grad_(True)
    output = layer(given)
    (output * torch.linspace(-1, 1, output.numel()).view_as(output)).sum().backward()
    return output.detach(), given.grad


def assert_same(own: Any, quick: Any, shape: tuple[int, ...]) -> None:
    own.requires_grad_(False)
    quick.load_state_dict(own.state_dict())
    quick.requires_grad_(False)
    given = torch.randn(shape)
    for one, two in zip(results(own, given), results(quick, given), strict=True):
        torch.testing.assert_close(one, two, rtol=1e-4, atol=1e-4)


@needs_products
@pytest.mark.parametrize("shape", [(5, 12), (2, 3, 12), (1, 12)])
@pytest.mark.parametrize("bias", [True, False])
def test_a_linear_layer_is_the_same(shape: tuple[int, ...], bias: bool) -> None:
    torch.manual_seed(3)
    assert_same(torch.nn.Linear(12, 7, bias), FrozenLinear(12, 7, bias), shape)


@needs_products
@pytest.mark.parametrize(
    ("window", "size"),
    [
        ({"kernel_size": 3, "padding": 1}, (4, 4)),
        ({"kernel_size": 3, "padding": 1, "stride": 2}, (5, 4)),
        ({"kernel_size": 3, "padding": (0, 1)}, (3, 6)),
        ({"kernel_size": 1}, (2, 3)),
    ],
    ids=str,
)
def test_a_convolution_is_the_same(
    window: dict[str, Any], size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frozen_layers, "WEIGHTS_PER_ROW", 0)
    torch.manual_seed(3)
    own, quick = torch.nn.Conv2d(6, 8, **window), FrozenConv2d(6, 8, **window)
    assert_same(own, quick, (2, 6, *size))


@needs_products
def test_only_a_wide_convolution_becomes_a_product(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    real = frozen_layers.product
    monkeypatch.setattr(frozen_layers, "product", lambda *a: asked.append(a) or real(*a))
    layer = FrozenConv2d(512, 512, 3, padding=1).requires_grad_(False)
    layer(torch.randn(1, 512, 2, 2))
    assert len(asked) == 1
    layer(torch.randn(1, 512, 32, 32))
    assert len(asked) == 1


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_other_number_formats_are_left_to_torch(
    dtype: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frozen_layers, "product", None)
    layer = FrozenLinear(4, 4).to(dtype)
    assert layer(torch.ones(2, 4, dtype=dtype)).dtype == dtype


def test_autocast_is_left_to_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frozen_layers, "product", None)
    with torch.autocast("cpu", torch.bfloat16):
        assert FrozenLinear(4, 4)(torch.ones(2, 4)).dtype == torch.bfloat16


@needs_products
def test_quicken_changes_neither_names_nor_weights() -> None:
    model = torch.nn.Sequential(
        torch.nn.Linear(3, 3),
        torch.nn.Conv2d(3, 3, 3),
        torch.nn.Conv2d(4, 4, 3, groups=2),
        torch.nn.Conv2d(3, 3, 3, padding="same"),
    )
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    quicken(model)
    kinds = [type(module) for module in model]
    assert kinds == [FrozenLinear, FrozenConv2d, torch.nn.Conv2d, torch.nn.Conv2d]
    after = model.state_dict()
    assert before.keys() == after.keys()
    assert all(bool((before[name] == after[name]).all()) for name in before)
