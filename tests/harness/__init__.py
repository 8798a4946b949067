"""What tests stand on: the core on fakes, an API client, and shared samples."""
