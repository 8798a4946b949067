"""The agent dialect: `contracts/agent.md` over the shared core."""
