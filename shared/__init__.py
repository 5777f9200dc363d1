"""What every service stands on: facts, transactions, transports, the city profile. Knows no service."""
