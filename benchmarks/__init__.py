"""What a page costs, as a ratio to the cheapest page there could be: ``python -m benchmarks``."""
