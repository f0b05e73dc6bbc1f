"""A layer with its LoRA gives what the formula says, however it is computed."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")

from lib_t2p.runs.trainers.builtin import lora_layers  # noqa: E402
from lib_t2p.runs.trainers.builtin.lora_layers import lora_layer  # noqa: E402

F = torch.nn.functional
BASES = {
    "linear": (lambda: torch.nn.Linear(6, 5), (2, 3, 6)),
    "linear without bias": (lambda: torch.nn.Linear(6, 5, bias=False), (4, 6)),
    "1x1": (lambda: torch.nn.Conv2d(6, 5, 1), (2, 6, 3, 4)),
    "3x3": (lambda: torch.nn.Conv2d(6, 5, 3, padding=1), (2, 6, 3, 4)),
    "3x3 with stride": (lambda: torch.nn.Conv2d(6, 5, 3, stride=2, padding=1), (1, 6, 4, 4)),
}


def made(name: str) -> tuple[Any, Any]:
    torch.manual_seed(1)
    make, shape = BASES[name]
    base = make().requires_grad_(False)
    layer = lora_layer(base, rank=2, alpha=3.0, dtype=torch.float32)
    torch.nn.init.normal_(layer.up)
    return layer, torch.randn(shape)


def merged(layer: Any, given: Any) -> Any:
    """The same by the definition: W + alpha / rank * up @ down."""
    base, down, up = layer.base, layer.down, layer.up
    delta = 1.5 * (up.flatten(1) @ down.flatten(1)).view_as(base.weight)
    if given.dim() != 4:
        return F.linear(given, base.weight + delta, base.bias)
    return F.conv2d(given, base.weight + delta, base.bias, base.stride, base.padding)


def values(function: Any, layer: Any, given: Any) -> list[Any]:
    layer.zero_grad()
    given = given.clone().requires_grad_(True)
    output = function(layer, given)
    (output * torch.linspace(-1, 1, output.numel()).view_as(output)).sum().backward()
    return [output.detach(), given.grad, layer.down.grad.clone(), layer.up.grad.clone()]


@pytest.mark.parametrize("name", BASES)
@pytest.mark.parametrize("by_products", [True, False])
def test_output_and_gradients_follow_the_definition(
    name: str, by_products: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not by_products:
        monkeypatch.setattr(lora_layers, "has_products", lambda: False)
    layer, given = made(name)
    wanted = values(merged, layer, given)
    found = values(lambda own, x: own(x), layer, given)
    for one, two in zip(wanted, found, strict=True):
        torch.testing.assert_close(one, two, rtol=1e-4, atol=1e-4)


def test_a_new_lora_changes_nothing() -> None:
    base = torch.nn.Linear(6, 5).requires_grad_(False)
    given = torch.randn(3, 6)
    layer = lora_layer(base, rank=2, alpha=1.0, dtype=torch.float32)
    torch.testing.assert_close(layer(given), base(given), rtol=1e-6, atol=1e-6)


def test_the_first_layer_needs_no_gradient_of_its_input() -> None:
    layer, given = made("linear")
    layer(given).sum().backward()
    assert layer.down.grad is not None
    assert given.grad is None


def test_weights_in_16_bit_train_under_autocast() -> None:
    base = torch.nn.Linear(6, 5).to(torch.bfloat16).requires_grad_(False)
    layer = lora_layer(base, rank=2, alpha=1.0, dtype=torch.bfloat16)
    with torch.autocast("cpu", torch.bfloat16):
        output = layer(torch.randn(3, 6))
    output.float().sum().backward()
    assert (output.dtype, layer.up.grad.dtype) == (torch.bfloat16, torch.bfloat16)
