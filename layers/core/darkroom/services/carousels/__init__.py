"""Carousels, from a plan to slides that can be read one by one."""
