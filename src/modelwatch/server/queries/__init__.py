"""What pages and REST answers ask: an SQLAlchemy connection in, plain frozen values out; times are microseconds."""
