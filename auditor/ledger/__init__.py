"""The ledger: what people write, kept for ever with its trail."""
