"""How AWS calls functions of one sort: what their Lambda entries share."""
