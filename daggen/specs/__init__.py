"""From files to resolved specs: reading, defaults, foreach, expressions, the spec model."""
