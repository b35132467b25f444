"""Addresses as squares a phone's camera reads."""

import segno


def drawn(address):
    """The square of an address, as a drawing for a page; its look is `rn-qr`."""
    return segno.make(address, micro=False).svg_inline(
        scale=6, border=2, omitsize=True, svgclass="rn-qr", lineclass=None
    )
