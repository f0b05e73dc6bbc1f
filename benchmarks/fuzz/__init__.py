"""Made and mutated inputs for every parser and every route: `python -m benchmarks.fuzz`."""
