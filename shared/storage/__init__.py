"""What a service keeps: its database, the tables that each has, and their migrations."""
