"""The nouns that every room speaks in. Nothing here does I/O or reads a clock."""
