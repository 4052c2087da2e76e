"""Benchmarks: every figure is a ratio to a reference or a limit that is measured in the same run.

python -m bench --help

How to read the answer, and how to add a benchmark: docs/how-to/measure.md.
"""
