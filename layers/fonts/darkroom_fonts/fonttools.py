"""The one door to fontTools, which ships few types.

Every table that is read is loaded here: what judges a font can open no file any more when it begins.
"""

import codecs
from importlib import import_module
from typing import Any

sfnt: Any = import_module("fontTools.ttLib.sfnt")
woff2: Any = import_module("fontTools.ttLib.woff2")
ttlib: Any = import_module("fontTools.ttLib")

for _table in (
    "_c_m_a_p",
    "_f_v_a_r",
    "_h_e_a_d",
    "_h_h_e_a",
    "_m_a_x_p",
    "_n_a_m_e",
    "O_S_2f_2",
    "_g_l_y_f",
    "_l_o_c_a",
    "_h_m_t_x",
):
    import_module(f"fontTools.ttLib.tables.{_table}")
for _encoding in ("utf_16_be", "mac_roman", "ascii"):  # of names
    codecs.lookup(_encoding)
