"""The protocols through which services reach everything outside. Adapters implement them; fakes do too."""
