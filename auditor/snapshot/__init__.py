"""What was true at one moment: from raw records to an immutable snapshot."""
