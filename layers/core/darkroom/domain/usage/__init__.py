"""What workspaces used and what it cost: facts of single jobs, and their sums."""
