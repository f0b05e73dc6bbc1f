"""Layers that carry a LoRA: base(x) + alpha / rank * up(down(x))."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from lib_t2p.diffusion import has_products, is_plain, product


class LoraLayer(nn.Module):
    """A frozen layer and the LoRA beside it.

    Args:
        base: a linear layer or a convolution; it is not trained.
        rank: inner width.
        alpha: the LoRA's output is scaled by alpha / rank.
        dtype: of the LoRA's weights.

    Attributes:
        dropout: share of the inner values that are 0 while gradients are wanted.
    """

    def __init__(
        self, base: nn.Linear | nn.Conv2d, *, rank: int, alpha: float, dtype: torch.dtype
    ) -> None:
        super().__init__()
        self.base = base
        self.alpha = alpha
        self.scale = alpha / rank
        self.dropout = 0.0
        device, (out, inner, *window) = base.weight.device, base.weight.shape
        down = torch.empty(rank, inner, *window, device=device)
        # As in kohya's networks/lora.py: the LoRA changes nothing at first.
        nn.init.kaiming_uniform_(down, a=math.sqrt(5))
        self.down = nn.Parameter(down.to(dtype))
        self.up = nn.Parameter(
            torch.zeros(out, rank, *[1] * len(window), device=device, dtype=dtype)
        )

    @property
    def weight(self) -> Tensor:
        """The frozen weight, which some models ask for its number format."""
        return self.base.weight

    def forward(self, given: Tensor) -> Tensor:
        """What the base layer gives, changed by the LoRA."""
        raise NotImplementedError

    def _by_products(self, given: Tensor) -> bool:
        """Whether the LoRA can be computed together with its base."""
        plain = is_plain(given, self.base.weight) and is_plain(given, self.down)
        return plain and not self.dropout and has_products()

    def _scaled(self, small: Tensor) -> Tensor:
        # Samples are drawn without gradients and must not be disturbed.
        if self.dropout and torch.is_grad_enabled():
            small = functional.dropout(small, self.dropout)
        return small * self.scale


class LoraLinear(LoraLayer):
    """A linear layer with a LoRA."""

    def forward(self, given: Tensor) -> Tensor:
        """(..., in) -> (..., out)."""
        base = self.base
        if self._by_products(given):
            return _linear(given, base.weight, base.bias, self.down, self.up, self.scale)
        small = self._scaled(functional.linear(given, self.down))
        changed: Tensor = base(given) + functional.linear(small, self.up)
        return changed


class LoraPointConv2d(LoraLayer):
    """A 1x1 convolution with a LoRA."""

    def forward(self, given: Tensor) -> Tensor:
        """(n, in, h, w) -> (n, out, h, w)."""
        base, out = self.base, self.up.shape[0]
        if self._by_products(given):
            rows = given.flatten(2).transpose(1, 2)
            flat = [w.flatten(1) for w in (base.weight, self.down, self.up)]
            result = _linear(rows, flat[0], base.bias, flat[1], flat[2], self.scale)
            return result.transpose(1, 2).reshape(given.shape[0], out, *given.shape[2:])
        small = self._scaled(functional.conv2d(given, self.down))
        changed: Tensor = base(given) + functional.conv2d(small, self.up)
        return changed


class LoraConv2d(LoraLayer):
    """A wider convolution with a LoRA: `down` has the base's window, `up` is 1x1."""

    base: nn.Conv2d

    def forward(self, given: Tensor) -> Tensor:
        """(n, in, h, w) -> (n, out, h', w')."""
        base = self.base
        small = self._scaled(functional.conv2d(given, self.down, None, base.stride, base.padding))
        changed: Tensor = base(given) + functional.conv2d(small, self.up)
        return changed


def lora_layer(
    base: nn.Linear | nn.Conv2d, *, rank: int, alpha: float, dtype: torch.dtype
) -> LoraLayer:
    """Choose the layer for a base."""
    if isinstance(base, nn.Linear):
        return LoraLinear(base, rank=rank, alpha=alpha, dtype=dtype)
    simple = set(base.kernel_size) == {1} and set(base.stride) == {1} and base.padding == (0, 0)
    kind = LoraPointConv2d if simple else LoraConv2d
    return kind(base, rank=rank, alpha=alpha, dtype=dtype)


def _linear(
    given: Tensor, weight: Tensor, bias: Tensor | None, down: Tensor, up: Tensor, scale: float
) -> Tensor:
    function: Any = _LoraProduct  # its `apply` is untyped in torch
    result: Tensor = function.apply(given, weight, bias, down, up, scale)
    return result


class _LoraProduct(torch.autograd.Function):
    """A frozen linear layer and its LoRA at once, so that the LoRA makes no copies of its own."""

    @staticmethod
    def forward(
        ctx: Any,
        given: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        down: Tensor,
        up: Tensor,
        scale: float,
    ) -> Tensor:
        rows = given.reshape(-1, given.shape[-1])
        out = product(rows, weight, bias)
        small = rows @ down.t()
        out.addmm_(small, up.t(), alpha=scale)
        ctx.save_for_backward(rows, small, down, up)
        ctx.weight, ctx.scale, ctx.shape = weight, scale, given.shape
        return out.view(*given.shape[:-1], weight.shape[0])

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        rows, small, down, up = ctx.saved_tensors
        grad = grads[0].reshape(-1, up.shape[0])
        inner = product(grad, up.t()).mul_(ctx.scale)
        # Transposed, since MKL is several times slower with the long side first.
        grad_up = (small.t() @ grad).mul_(ctx.scale).t()
        grad_down = inner.t() @ rows
        back = None
        if ctx.needs_input_grad[0]:
            back = product(grad, ctx.weight.t()).addmm_(inner, down).view(ctx.shape)
        return back, None, None, grad_down, grad_up, None
