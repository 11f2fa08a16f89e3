"""A Jira that answers: Cloud and Data Center become the same records as recorded pages."""
