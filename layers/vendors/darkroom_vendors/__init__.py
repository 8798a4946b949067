"""Vendors: one file each. ``base`` says what a vendor is, ``client`` talks to it, ``registry`` lists them."""
