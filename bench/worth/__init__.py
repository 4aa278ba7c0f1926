"""What `python -m bench performance` measures, one part per file."""
