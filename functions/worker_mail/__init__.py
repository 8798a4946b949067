"""Writes to owners what must not pass unnoticed."""
