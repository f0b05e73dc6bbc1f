"""The training loop."""

from __future__ import annotations

import logging
import math
import random
from collections.abc import Sequence

import torch
from torch import Tensor

from lib_t2p.errors import TrainerError
from lib_t2p.jobs.events import Reporter
from lib_t2p.preflight import epoch_batches
from lib_t2p.runs.runs import read_run, saved_models
from lib_t2p.runs.trainers.builtin.charts import Charts
from lib_t2p.runs.trainers.builtin.conditioning import vary_caption
from lib_t2p.runs.trainers.builtin.misses import LossRecorder, misses
from lib_t2p.runs.trainers.builtin.noise import draw_noise, draw_shown, draw_timesteps, loss_weights
from lib_t2p.runs.trainers.builtin.saved_files import Keeper
from lib_t2p.runs.trainers.builtin.session import Session, choose_device, open_session
from lib_t2p.runs.trainers.builtin.training_state import Position
from lib_t2p.workspace import RunFolder

START = Position(0, 0, 0, ())


class Loop:
    """Trains from a position to the end.

    Args:
        session: what to train.
        keeper: writes LoRAs, states and samples.
        charts: writes numbers.
        reporter: told the progress.
        start: where to begin.
    """

    def __init__(
        self, session: Session, keeper: Keeper, charts: Charts, reporter: Reporter, start: Position
    ) -> None:
        self._session = session
        self._keeper = keeper
        self._charts = charts
        self._reporter = reporter
        self._start = start
        self._step = start.step
        self._recorder = LossRecorder(list(start.losses))

    def run(self) -> None:
        """Train all epochs that are left.

        Raises:
            TrainerError: the loss is no number any more.
            WorkspaceError: the disk is full.
        """
        plan = self._session.plan
        self._reporter.progress(self._step, plan.steps, "step")
        for epoch in range(self._start.epoch, plan.epochs):
            self._epoch(epoch, self._start.batch if epoch == self._start.epoch else 0)

    def _epoch(self, epoch: int, first: int) -> None:
        session = self._session
        settings, plan = session.settings, session.plan
        batches = epoch_batches(
            session.images, settings.train_batch_size, seed=settings.seed or 0, epoch=epoch
        )
        every = settings.gradient_accumulation_steps
        for number in range(first, len(batches)):
            loss = self._loss(batches[number], epoch, number)
            self._backward(loss / every)
            self._record(epoch, number, loss.item())
            if (number + 1) % every == 0 or number + 1 == len(batches):
                self._update()
                self._log(number)
                position = self._position(epoch, number + 1)
                if number + 1 < len(batches) and self._step < plan.steps:
                    self._keeper.after_step(position)
            if self._step >= plan.steps:
                break
        self._charts.epoch(epoch + 1, self._recorder.average)
        self._keeper.after_epoch(self._position(epoch + 1, 0))

    def _loss(self, rows: Sequence[int], epoch: int, number: int) -> Tensor:
        session, settings = self._session, self._session.settings
        latents = session.latents.batch(rows)
        noise = draw_noise(latents, settings)
        timesteps = draw_timesteps(len(rows), settings, session.schedule, session.device)
        noisy = session.schedule.noisy(latents, draw_shown(noise, settings), timesteps)
        target = noise
        if settings.v_parameterization:
            target = session.schedule.velocity(latents, noise, timesteps)
        predicted = self._predict(noisy, timesteps, rows, epoch, number)
        each = misses(predicted.float(), target, timesteps, session.schedule, settings)
        losses = each.mean(dim=(1, 2, 3))
        weights = loss_weights(timesteps, session.schedule, settings)
        if weights is not None:
            losses = losses * weights
        if settings.prior_loss_weight != 1.0:
            prior = settings.prior_loss_weight
            parts = [prior if session.images[row].is_reg else 1.0 for row in rows]
            losses = losses * torch.tensor(parts, device=losses.device)
        return losses.mean()

    def _predict(
        self, noisy: Tensor, timesteps: Tensor, rows: Sequence[int], epoch: int, number: int
    ) -> Tensor:
        session, settings = self._session, self._session.settings
        order = random.Random(f"{settings.seed}-{epoch}-{number}")
        captions = [
            vary_caption(session.images[row].caption, settings, order, epoch + 1) for row in rows
        ]
        with session.autocast():
            given = session.conditioner.encode(captions)
            extra = None
            if session.sizes is not None:
                extra = {"text_embeds": given.pooled, "time_ids": session.sizes.of(rows)}
            output = session.checkpoint.unet(
                noisy.to(session.checkpoint.dtype),
                timesteps,
                encoder_hidden_states=given.context,
                added_cond_kwargs=extra,
                return_dict=False,
            )
        predicted: Tensor = output[0]
        return predicted

    def _backward(self, loss: Tensor) -> None:
        scaler = self._session.scaler
        scaled = scaler.scale(loss) if scaler else loss
        scaled.backward()

    def _update(self) -> None:
        session, scaler = self._session, self._session.scaler
        limit = session.settings.max_grad_norm
        if scaler:
            scaler.unscale_(session.optimizer)
        if limit:
            torch.nn.utils.clip_grad_norm_(session.network.parameters(), limit)
        skipped = False
        if scaler:
            before = scaler.get_scale()
            scaler.step(session.optimizer)
            scaler.update()
            skipped = scaler.get_scale() < before
        else:
            session.optimizer.step()
        if not skipped:
            session.scheduler.step()
        session.optimizer.zero_grad(set_to_none=True)
        if session.settings.scale_weight_norms:
            session.network.limit_norms(session.settings.scale_weight_norms)
        self._step += 1
        # Not before, so that nothing holds up the first step.
        session.writer.hashes.begin()

    def _record(self, epoch: int, number: int, loss: float) -> None:
        if not math.isfinite(loss):
            raise TrainerError(
                f"The loss is no number any more in epoch {epoch + 1}, step {self._step + 1}: "
                "lower the learning rate, or train in bf16 instead of fp16."
            )
        self._recorder.add(number, loss)

    def _log(self, number: int) -> None:
        loss = self._recorder.losses[number]
        session = self._session
        self._charts.step(self._step, loss, self._recorder.average, session.optimizer)
        self._reporter.progress(self._step, session.plan.steps, "step")

    def _position(self, epoch: int, batch: int) -> Position:
        return Position(epoch, batch, self._step, tuple(self._recorder.losses))


LOG = logging.getLogger(__name__)


def train(folder: RunFolder, reporter: Reporter, device: torch.device | None = None) -> list[str]:
    """Train from the last state, or from the start, to the end.

    Args:
        folder: of the run.
        reporter: told everything.
        device: where; the best that there is when None.

    Returns:
        Paths of all LoRAs of the run, oldest first.

    Raises:
        T2PError: the training cannot go on; nothing that was saved is lost.
    """
    run = read_run(folder)
    session = open_session(folder, run, reporter, device or choose_device())
    keeper = Keeper(session, reporter)
    torch.manual_seed(run.settings.seed or 0)
    position = keeper.resume()
    if position is None:
        keeper.before_first()
    else:
        LOG.info("going on from step %d", position.step)
    start = position or START
    charts = Charts(folder.tb, reporter, start.step)
    reporter.phase("training")
    try:
        Loop(session, keeper, charts, reporter, start).run()
    finally:
        charts.close()
    return [str(model.path) for model in saved_models(folder)]
