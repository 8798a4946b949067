"""What a picture's file says about how it was made: XMP metadata with IPTC's digital source type."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import quoteattr

# https://cv.iptc.org/newscodes/digitalsourcetype/: made by an algorithm that was trained on no pictures.
ALGORITHMIC_MEDIA: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"

_XMP: Final = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
    ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    " xmp:CreatorTool={creator} Iptc4xmpExt:DigitalSourceType={source_type}/>"
    '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
)


def xmp_packet(creator: str, source_type: str) -> bytes:
    """The XMP packet that names the program that made a picture, and the IPTC digital source type of its work."""
    return _XMP.format(creator=quoteattr(creator), source_type=quoteattr(source_type)).encode()
