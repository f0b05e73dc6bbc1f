"""Runs inside sd-scripts' own interpreter and folder: prints what its dataset code counts."""

from __future__ import annotations

import inspect
import json
import math
import sys
from types import SimpleNamespace


def main() -> None:
    sys.path.insert(0, "")
    import train_network
    from library import config_util, train_util

    args = train_network.setup_parser().parse_args(sys.argv[1:])
    train_util.prepare_dataset_args(args, True)
    sanitizer = config_util.ConfigSanitizer(True, True, False, True)
    subsets = config_util.generate_dreambooth_subsets_config_by_subdirs(
        args.train_data_dir, args.reg_data_dir
    )
    generator = config_util.BlueprintGenerator(sanitizer)
    wants = inspect.signature(generator.generate).parameters
    more = {"tokenizer": SimpleNamespace(model_max_length=77)} if "runtime_params" in wants else {}
    blueprint = generator.generate({"datasets": [{"subsets": subsets}]}, args, **more)
    group = config_util.generate_dataset_group_by_blueprint(blueprint.dataset_group)
    group = group[0] if isinstance(group, tuple) else group
    (dataset,) = group.datasets
    manager = dataset.bucket_manager
    buckets = zip(manager.resos, manager.buckets, strict=True)
    steps = args.max_train_steps
    per_epoch = math.ceil(len(group) / args.gradient_accumulation_steps)
    if args.max_train_epochs is not None:
        steps = args.max_train_epochs * per_epoch
    counted = {
        "train_images": group.num_train_images,
        "regularisation": group.num_reg_images,
        "batches": len(group),
        "steps": steps,
        "epochs": math.ceil(steps / per_epoch),
        "buckets": sorted([*reso, len(bucket)] for reso, bucket in buckets if bucket),
    }
    print("COUNTED " + json.dumps(counted))


main()
