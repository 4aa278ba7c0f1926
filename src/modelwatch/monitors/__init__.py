"""One method per file, pure: profiles in, findings out."""
