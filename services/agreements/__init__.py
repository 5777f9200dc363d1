"""What bodies have agreed: kept with its history, reported on, and reminded of until it is done."""
