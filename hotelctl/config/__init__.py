"""What is configured: the service, the environment, and where each value came from."""
