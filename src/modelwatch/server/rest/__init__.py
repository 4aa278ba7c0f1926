"""REST: one file per noun, each an answer of `server/queries` in the shape that the requirements name."""
