"""Set-based answers: rules become SQL, SQL becomes evaluations."""
