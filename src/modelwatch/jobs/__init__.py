"""What the worker does: fold the log into profiles and the lake, check dirty windows, raise alerts, tell, retain."""
