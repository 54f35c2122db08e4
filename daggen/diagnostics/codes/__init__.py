"""The kinds of findings, one module an area; a rule is a constant."""
