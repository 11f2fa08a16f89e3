"""What documents state beside registers, one module per matter."""
