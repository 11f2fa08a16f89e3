"""One module per format of report."""
