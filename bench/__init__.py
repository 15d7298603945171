"""Benchmarks: ratios within one run, never seconds, so that a slow machine is not a slow program."""
