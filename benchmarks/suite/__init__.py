"""The benchmarks that `benchmarks/run` runs: one module for each kind of row, and what they share."""
