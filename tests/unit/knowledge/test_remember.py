"""What is remembered of an index goes with it."""

import gc
import weakref

from app.adapters.findings import read_findings
from app.interpretation.mechanisms import phenotypes
from app.knowledge.index import KnowledgeIndex
from app.knowledge.remember import remembered
from tests.support.knowledge import knowledge


def test_a_reading_is_remembered_per_index() -> None:
    asked: list[str] = []

    @remembered(4)
    def read(text: str, index: KnowledgeIndex) -> str:
        asked.append(text)
        return f"{text} {index.release.version}"

    one, other = knowledge(), knowledge()
    assert read("a", one) == read("a", one) == read("a", other)
    assert asked == ["a", "a"]


def test_an_index_that_nobody_holds_is_let_go() -> None:
    index = knowledge()
    read_findings("ALK G11R 3%", "ALK", index)
    phenotypes(frozenset({"small_cell"}), None, "ALK", index)
    gone = weakref.ref(index)
    del index
    gc.collect()
    assert gone() is None
