"""What every HTTP dialect shares: admission, error envelopes, idempotency, paging and waiting."""
