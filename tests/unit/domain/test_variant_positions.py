"""Positions of a protein change: counted from 1, in plain digits."""

from __future__ import annotations

import pytest

from app.domain.variant import ProteinChangeError, parse_protein_change


@pytest.mark.parametrize("text", ["p.G0R", "G0R", "p.G01202R", "p.G١٢٠٢R", "p.A0_G3del"])
def test_a_position_that_cannot_be_is_refused(text: str) -> None:
    """There is no residue 0, and digits of other scripts are no HGVS."""
    with pytest.raises(ProteinChangeError):
        parse_protein_change(text)
