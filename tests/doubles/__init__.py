"""Stand-ins for vendors, spoken to over HTTP on this machine: they keep state and refuse as the vendor does."""
