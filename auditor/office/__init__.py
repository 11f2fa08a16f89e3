"""Writers of office formats."""
