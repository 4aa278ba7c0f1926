"""The database: SQLAlchemy Core is the abstraction, one file of queries per noun.

Everything that a check or a page needs is here as small aggregated rows; predictions themselves are in the lake.
"""
