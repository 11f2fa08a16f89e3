"""The shares that are really decided take minutes: they are measured anew with LAWS=deep."""

import os

collect_ignore = [] if os.environ.get("LAWS") == "deep" else ["test_shares.py"]
