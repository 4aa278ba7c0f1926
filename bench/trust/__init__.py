"""The parts of `python -m bench statistics`: what is drawn, each group of figures, and how they are told."""
