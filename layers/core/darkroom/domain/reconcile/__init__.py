"""Whether balances, holds, charges and usage are what the rows they follow from say."""
