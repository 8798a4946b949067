"""Taking money through Stripe. Stripe's own client does the talking; nothing here is loaded before it is needed."""
