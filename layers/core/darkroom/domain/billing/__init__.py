"""Credits: wallets, ledger entries and packs."""
