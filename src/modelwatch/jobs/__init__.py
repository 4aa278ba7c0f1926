"""What the worker does: fold the log into profiles and the lake, check dirty windows, raise alerts, decide what is told to
whom and send it, retain."""
