"""How diagnostics are shown: one small module a format, and `report` to choose among them."""
