"""Use cases. Each reads through ports, decides with the domain and commits one list of writes."""
