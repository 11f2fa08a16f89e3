"""From the structure of files to rows: what kind of artefact each is, its sections, its registers."""
