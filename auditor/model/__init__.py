"""What a project is: declarations of the tables and everything derived from them."""
