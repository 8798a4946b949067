"""The gencraft dialect: `contracts/gencraft.md` over the shared core."""
