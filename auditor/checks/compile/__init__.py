"""From typed conditions to three-valued SQL, built as trees."""
