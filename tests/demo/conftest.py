"""The further projects take minutes: they are audited with LAWS=deep."""

import os

collect_ignore = [] if os.environ.get("LAWS") == "deep" else ["test_detection.py"]
