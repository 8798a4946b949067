"""The AWS on this machine: started, deployed to, seeded and tried."""
