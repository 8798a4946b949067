"""What the services need from the world. Adapters implement these protocols; fakes do too."""
