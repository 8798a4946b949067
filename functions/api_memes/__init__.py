"""The memes dialect: `docs/apis/memes.md` over the shared core."""
