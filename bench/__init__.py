"""Speed and size, measured by one command each: `python -m bench.NAME` prints a table. Never run as tests."""
