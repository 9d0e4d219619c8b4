"""A run that has to begin again asks nobody twice."""

import pytest
from fake import MAR, VAR, FakeSource

from bibtool.errors import SourceUnavailable
from bibtool.renewal.echo import echoing
from bibtool.sources import Source

IDS = [*MAR.identifiers, *VAR.identifiers]


def connected(source: FakeSource) -> Source:
    [echo] = echoing(lambda: [source])()
    return echo


def test_what_was_said_is_said_again() -> None:
    source = FakeSource()
    echo = connected(source)
    assert echo.lookup(IDS) == echo.lookup(IDS) == source.lookup(IDS)
    assert echo.search(MAR) == echo.search(MAR)
    asked = len(source.calls)
    echo.lookup(IDS)
    echo.search(MAR)
    assert len(source.calls) == asked


def test_another_question_is_asked() -> None:
    source = FakeSource()
    echo = connected(source)
    echo.lookup(IDS[:1])
    asked = len(source.calls)
    echo.lookup(IDS)
    assert len(source.calls) == asked + 1


def test_no_answer_is_no_answer_again() -> None:
    source = FakeSource(down=True)
    echo = connected(source)
    for _ in range(2):
        with pytest.raises(SourceUnavailable):
            echo.lookup(IDS)
    assert len(source.calls) == 1


def test_sources_are_connected_once() -> None:
    times: list[int] = []
    connect = echoing(lambda: times.append(1) or [FakeSource()])
    assert connect() is connect()
    assert times == [1]
