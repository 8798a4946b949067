"""The memes dialect: `contracts/memes.md` over the shared core."""
