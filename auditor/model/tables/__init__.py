"""The declarations, one module per family of tables."""
