"""How each type of element is drawn, one module per type."""
