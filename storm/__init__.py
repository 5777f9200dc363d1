"""A storm over the whole system on private servers, and the accounts afterwards: `make storm`."""
