"""What differs between two states, taken apart."""

from __future__ import annotations

import datetime as dt

from app.comparison.differences import DateChange, OverlayChange, RecordChange, bearing, differences, single_items
from tests.support.knowledge import effect, guidance, seen
from tests.support.sides import overlay_of, side, without

G11R = effect("p.G11R", betatinib=[seen("resistant")], gammatinib=[seen("sensitive")])


def test_the_same_records_differ_in_nothing() -> None:
    assert differences(side(G11R), side(G11R)) == []


def test_words_and_provenance_are_no_difference() -> None:
    (statement, *others) = G11R.statements
    (item,) = statement.evidence
    told = item.model_copy(update={"summary": "Told otherwise.", "note": "Read again."})
    statements = (statement.model_copy(update={"evidence": (told,)}), *others)
    curation = G11R.curation.model_copy(update={"checked_on": dt.date(2026, 1, 9)})
    again = G11R.model_copy(update={"statements": statements, "curation": curation})
    assert bearing(again) == bearing(G11R)
    assert differences(side(G11R), side(again)) == []


def test_added_revised_and_retired_records_are_found_once_each() -> None:
    first, second = guidance("tki_naive", betatinib="preferred"), effect("p.K8R", betatinib=[seen("reduced")])
    revised = G11R.model_copy(update={"statements": G11R.statements[:1]})
    found = differences(side(G11R, first), side(revised, second))
    assert [(one.id, one.old is None, one.new is None) for one in found if isinstance(one, RecordChange)] == [
        ("effect:ALK:p.G11R", False, False),
        ("effect:ALK:p.K8R", True, False),
        ("guidance:ALK:tki_naive", False, True),
    ]


def test_the_day_of_the_release_and_the_overlay_are_differences() -> None:
    before = side(G11R, overlay=overlay_of(without("betatinib", "gammatinib")))
    after = side(G11R, on=dt.date(2026, 2, 1), overlay=overlay_of(without("gammatinib", "deltatinib")))
    found = differences(before, after)
    assert [one.regimen for one in found if isinstance(one, OverlayChange)] == ["betatinib", "deltatinib"]
    assert [(one.old, one.new) for one in found if isinstance(one, DateChange)] == [
        (dt.date(2026, 1, 20), dt.date(2026, 2, 1))
    ]


def test_a_revised_record_falls_apart_into_its_items() -> None:
    more = seen("resistant", "trial", "B")
    kept, taken = seen("sensitive"), seen("reduced")
    old = effect("p.G11R", betatinib=[kept, taken], gammatinib=[seen("sensitive")])
    new = effect("p.G11R", betatinib=[kept, more], deltatinib=[seen("sensitive")])
    parts = single_items(RecordChange("effects", old.id, old, new))
    assert all(part.old is old and part.new != old for part in parts)
    shown = [
        {one.therapy: [item.id for item in one.evidence] for one in part.new.statements}  # type: ignore[union-attr]
        for part in parts
    ]
    gamma = old.statements[1].evidence[0].id
    delta = new.statements[1].evidence[0].id
    assert {"betatinib": [kept["id"]], "gammatinib": [gamma]} in shown
    assert {"betatinib": [kept["id"], taken["id"], more["id"]], "gammatinib": [gamma]} in shown
    assert {"betatinib": [kept["id"], taken["id"]]} in shown
    assert {"betatinib": [kept["id"], taken["id"]], "gammatinib": [gamma], "deltatinib": [delta]} in shown
    assert len(shown) == 4


def test_an_item_that_cannot_stand_alone_is_left_out() -> None:
    old = effect("p.G11R", betatinib=[seen("sensitive")])
    new = effect("p.G11R", betatinib=[seen("resistant")])
    parts = single_items(RecordChange("effects", old.id, old, new))
    assert len(parts) == 1, "a statement without evidence cannot stand, so the item is only ever added"


def test_facts_of_the_other_gene_do_not_concern_a_case() -> None:
    ros1 = effect("p.G11R", gene="ROS1", rhotinib=[seen("resistant")])
    change = RecordChange("effects", ros1.id, None, ros1)
    assert change.concerns("ROS1")
    assert not change.concerns("ALK")
