"""The gencraft dialect: `docs/apis/gencraft.md` over the shared core."""
