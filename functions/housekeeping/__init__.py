"""Housekeeping: what got stuck is finished, what is overdue sent, what expired released."""
