"""auditor.toml as frozen settings."""
