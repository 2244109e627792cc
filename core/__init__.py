"""What the indexer, the service and the evaluation share; it imports none of them."""
