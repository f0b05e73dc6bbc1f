"""Frozen linear and convolution layers whose products oneDNN computes, for 32 bit on a processor.

torch gives 32-bit matrix products to MKL, which is slow for few rows and on processors that Intel
did not make, and lets convolutions reorder their whole weight at every call, which costs more than
the convolution itself where the picture has become small. Both are the same sums here, with the
weights as they lie; results differ from torch's own by rounding only.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

WEIGHTS_PER_ROW = 50_000
"""A convolution becomes a matrix product when it has at least so many weights per output pixel;
below, torch's own is faster (measured on two cores with AVX-512, SD1.5's shapes)."""


def product(rows: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """(n, in) x (out, in) -> (n, out), float32 on a processor; not differentiable by itself."""
    result: Tensor = torch.ops.mkldnn._linear_pointwise(rows, weight, bias, "none", [], "")
    return result


def has_products() -> bool:
    """Whether this torch carries oneDNN's product."""
    return torch.backends.mkldnn.is_available() and hasattr(torch.ops.mkldnn, "_linear_pointwise")


def is_plain(given: Tensor, weight: Tensor) -> bool:
    """Whether the layers of this file may take over: 32 bit, on a processor, no autocast."""
    return (
        given.dtype == weight.dtype == torch.float32
        and given.device.type == "cpu"
        and not torch.is_autocast_enabled("cpu")
    )


class _Product(torch.autograd.Function):
    """A linear layer whose weights get no gradient."""

    @staticmethod
    def forward(ctx: Any, given: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        ctx.weight = weight
        out = product(given.reshape(-1, given.shape[-1]), weight, bias)
        return out.view(*given.shape[:-1], weight.shape[0])

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        (grad,) = grads
        back = product(grad.reshape(-1, grad.shape[-1]), ctx.weight.t())
        return back.view(*grad.shape[:-1], ctx.weight.shape[1]), None, None


class _ConvolutionProduct(torch.autograd.Function):
    """A convolution as one matrix product over its windows; weights get no gradient."""

    @staticmethod
    def forward(
        ctx: Any, given: Tensor, weight: Tensor, bias: Tensor | None, window: dict[str, Any]
    ) -> Tensor:
        ctx.weight, ctx.window, ctx.shape = weight, window, given.shape
        count, out = given.shape[0], weight.shape[0]
        columns = functional.unfold(given, **window).transpose(1, 2)
        rows = product(columns.reshape(-1, columns.shape[-1]), weight.view(out, -1), bias)
        height, width = _output_size(given, window)
        return rows.view(count, -1, out).transpose(1, 2).reshape(count, out, height, width)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        (grad,) = grads
        count, out = grad.shape[:2]
        rows = grad.flatten(2).transpose(1, 2).reshape(-1, out)
        columns = product(rows, ctx.weight.view(out, -1).t())
        columns = columns.view(count, -1, columns.shape[-1]).transpose(1, 2)
        return functional.fold(columns, ctx.shape[2:], **ctx.window), None, None, None


class FrozenLinear(nn.Linear):
    """A linear layer whose weights are not trained."""

    def forward(self, input: Tensor) -> Tensor:
        """As `torch.nn.Linear`."""
        if not is_plain(input, self.weight):
            return super().forward(input)
        result: Tensor = _applied(_Product)(input, self.weight, self.bias)
        return result


class FrozenConv2d(nn.Conv2d):
    """A convolution whose weights are not trained."""

    def forward(self, input: Tensor) -> Tensor:
        """As `torch.nn.Conv2d`."""
        window = {
            "kernel_size": self.kernel_size,
            "padding": self.padding,
            "stride": self.stride,
        }
        if not is_plain(input, self.weight) or not self._is_wide(input, window):
            return super().forward(input)
        result: Tensor = _applied(_ConvolutionProduct)(input, self.weight, self.bias, window)
        return result

    def _is_wide(self, given: Tensor, window: dict[str, Any]) -> bool:
        height, width = _output_size(given, window)
        return self.weight.numel() >= WEIGHTS_PER_ROW * given.shape[0] * height * width


def _applied(function: Any) -> Any:
    return function.apply  # untyped in torch


def _output_size(given: Tensor, window: dict[str, Any]) -> tuple[int, int]:
    sides = [
        (side + 2 * pad - kernel) // stride + 1
        for side, pad, kernel, stride in zip(
            given.shape[2:], window["padding"], window["kernel_size"], window["stride"], strict=True
        )
    ]
    return sides[0], sides[1]


def quicken(model: nn.Module) -> None:
    """Turn a frozen model's linear and convolution layers into those of this file, in place.

    Names and weights stay; on a card or in 16 bit the layers do what they did before.
    """
    if not has_products():
        return
    for module in model.modules():
        if type(module) is nn.Linear:
            module.__class__ = FrozenLinear
        elif type(module) is nn.Conv2d and _is_simple(module):
            module.__class__ = FrozenConv2d


def _is_simple(module: nn.Conv2d) -> bool:
    return (
        module.groups == 1
        and set(module.dilation) == {1}
        and module.padding_mode == "zeros"
        and not isinstance(module.padding, str)
    )
