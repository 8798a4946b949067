"""The agent dialect: `docs/apis/agent.md` over the shared core."""
