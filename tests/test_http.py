"""The client: pauses, limits, waits that can be ended, and an address that goes nowhere else."""

import contextlib
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path

import pytest
from service import Service, serving

from bibtool.errors import SourceUnavailable
from bibtool.model import Identifier, Record
from bibtool.sources.arxiv import Arxiv
from bibtool.sources.crossref import Crossref
from bibtool.sources.headers import announced_pause, retry_after, span
from bibtool.sources.http import Client, Pause, agent

ATTENTION = Identifier("arxiv:1706.03762")
HERE = Path(__file__).parent
MAILTO = "curator@university.example"

Waits = list[tuple[str, float, str]]


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as running:
        yield running


def client_for(
    folder: Path | None,
    *,
    pause: Pause | None = None,
    mailto: str = "",
    deadline: float = 5.0,
    back_off: float = 0.01,
    on_wait: Callable[[str, float, str], None] | None = None,
) -> Client:
    pauses = dict.fromkeys(("arxiv", "crossref", "datacite"), pause or Pause(0.0))
    return Client(
        agent=agent(mailto),
        pauses=pauses,
        folder=folder,
        on_wait=on_wait,
        deadline=deadline,
        back_off=back_off,
    )


LATE = 0.2  # s that a busy machine may need to see that a request has come


def arxiv(service: Service, client: Client) -> Arxiv:
    return Arxiv(client, f"{service.url}/api/query")


def test_requests_are_a_pause_apart(service: Service, tmp_path: Path) -> None:
    waits: Waits = []
    client = client_for(tmp_path, pause=Pause(0.4), on_wait=lambda *told: waits.append(told))
    for _ in range(3):
        arxiv(service, client).lookup([ATTENTION])
    assert min(service.starts()) >= 0.4 - LATE
    assert [(name, why) for name, _, why in waits] == [("arxiv", "pause between requests")] * 2
    assert all(0 < seconds <= 0.4 for _, seconds, _ in waits)


ASKER = """
import sys
from pathlib import Path
from bibtool.model import Identifier
from bibtool.sources.arxiv import Arxiv
from bibtool.sources.http import Client, Pause, agent
url, folder, times, pause = sys.argv[1:]
pauses = {} if pause == "own" else {"arxiv": Pause(float(pause))}
client = Client(agent=agent(), pauses=pauses, folder=Path(folder), back_off=0.01)
for _ in range(int(times)):
    Arxiv(client, url).lookup([Identifier("arxiv:1706.03762")])
"""


def asker(service: Service, folder: Path, *, times: int, pause: str) -> subprocess.Popen[bytes]:
    """Another process that asks arXiv."""
    arguments = [f"{service.url}/api/query", str(folder), str(times), pause]
    return subprocess.Popen([sys.executable, "-c", ASKER, *arguments], cwd=HERE.parent)


def test_processes_take_turns_with_a_pause_between(service: Service, tmp_path: Path) -> None:
    processes = [asker(service, tmp_path, times=4, pause="0.3") for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert len(service.log) == 12
    assert service.most_at_once == 1
    assert min(service.starts()) >= 0.3 - LATE


@pytest.mark.slow
def test_arxivs_own_pause_is_three_seconds(service: Service, tmp_path: Path) -> None:
    processes = [asker(service, tmp_path, times=2, pause="own") for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert min(service.starts()) >= 3.0 - LATE


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    with serving("hang") as service:
        hanging = asker(service, tmp_path, times=1, pause="0.1")
        while not service.log:
            time.sleep(0.01)
        hanging.kill()
        hanging.wait(10)
        began = time.monotonic()
        assert ATTENTION in arxiv(service, client_for(tmp_path, pause=Pause(0.1))).lookup(
            [ATTENTION]
        )
        assert time.monotonic() - began < 2


def test_everybody_waits_when_the_service_asks_one_to(tmp_path: Path) -> None:
    with serving("429s:1") as service:
        first = asker(service, tmp_path, times=1, pause="0.01")
        while not service.log:
            time.sleep(0.01)
        second = asker(service, tmp_path, times=1, pause="0.01")
        assert (first.wait(60), second.wait(60)) == (0, 0)
        assert len(service.log) == 3
        assert service.gaps()[0] >= 1.0


@pytest.mark.parametrize(
    ("configured", "limits", "expected"),
    [
        (Pause(0.05), "2/1", 0.5),  # lengthened
        (Pause(0.4), "100/1", 0.4),  # not shortened
        (Pause(5.0, may_shorten=True), "2/1", 0.5),  # with mailto
        (Pause(0.4), "0/1", 0.4),
        (Pause(0.4), "many/1", 0.4),
        (Pause(0.4), "5/nan", 0.4),
    ],
)
def test_announced_limits_set_the_pause(
    configured: Pause, limits: str, expected: float, tmp_path: Path
) -> None:
    with serving(f"limits:{limits}") as service:
        crossref = Crossref(client_for(tmp_path, pause=configured), service.url)
        for _ in range(2):
            crossref.lookup([Identifier("doi:10.1109/cvpr.2016.90")])
        assert expected - LATE <= service.starts()[0] < expected + 2.0  # machines can be busy


def test_requests_and_searches_are_counted_with_all_retries(tmp_path: Path) -> None:
    with serving("503", "ok", "ok", "reset") as service:
        client = client_for(tmp_path)
        arxiv(service, client).lookup([ATTENTION])
        arxiv(service, client).search(Record(title="Attention Is All You Need"))
        arxiv(service, client).search(Record(title="Deep Residual Learning for Image Recognition"))
        assert client.requests == {"arxiv": len(service.log)} == {"arxiv": 5}
        assert client.searches["arxiv"] == 3


def test_waiting_ends_when_the_run_is_cancelled(tmp_path: Path) -> None:
    with serving("hang") as service:
        client = client_for(tmp_path, deadline=60)
        caught: list[SourceUnavailable] = []

        def ask() -> None:
            with pytest.raises(SourceUnavailable) as error:
                arxiv(service, client).lookup([ATTENTION])
            caught.append(error.value)

        thread = threading.Thread(target=ask)
        thread.start()
        while not service.log:
            time.sleep(0.01)
        began = time.monotonic()
        client.cancel()
        thread.join(10)
        assert time.monotonic() - began < 1
        assert "stopped" in caught[0].reason


def test_one_service_does_not_wait_for_another(tmp_path: Path) -> None:
    with serving("hang") as service:
        client = client_for(tmp_path, deadline=60)
        thread = threading.Thread(
            target=_ignoring_outages(lambda: arxiv(service, client).lookup([ATTENTION]))
        )
        thread.start()
        while not service.log:
            time.sleep(0.01)
        crossref = Crossref(client, service.url)
        assert crossref.lookup([Identifier("doi:10.1109/cvpr.2016.90")])
        client.cancel()
        thread.join(10)


def _ignoring_outages(work: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        with contextlib.suppress(SourceUnavailable):
            work()

    return run


def test_nothing_is_asked_after_the_run_is_cancelled(service: Service, tmp_path: Path) -> None:
    client = client_for(tmp_path)
    client.cancel()
    with pytest.raises(SourceUnavailable, match="arxiv: stopped"):
        arxiv(service, client).lookup([ATTENTION])
    assert service.log == []
    assert not client.requests


def test_waits_between_tries_are_told(tmp_path: Path) -> None:
    with serving("503", "html200") as service:
        waits: Waits = []
        told = waits.append
        client = client_for(tmp_path, back_off=0.3, on_wait=lambda *wait: told(wait))
        assert ATTENTION in arxiv(service, client).lookup([ATTENTION])
        assert [why for _, _, why in waits] == [
            "answers with status 503 (Service Unavailable), trying again",
            "answers with an HTML page, trying again",
        ]


@pytest.mark.parametrize("step", ["hang", "429s:60", "drip:.5", "slowhead:.5"])
def test_ctrl_c_is_answered_at_once(step: str, tmp_path: Path) -> None:
    with serving(step) as service:
        process = asker(service, tmp_path, times=1, pause="0")
        while not service.log:
            time.sleep(0.01)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        assert process.wait(10) not in (0, None)
        assert time.monotonic() - began < 2


@pytest.mark.parametrize("what", ["file", "nothing"])
def test_a_folder_that_cannot_be_had_stops_nobody(
    what: str, service: Service, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "cache" if what == "file" else None
    client = client_for(folder, pause=Pause(0.4))
    for _ in range(2):
        assert ATTENTION in arxiv(service, client).lookup([ATTENTION])
    assert min(service.starts()) >= 0.4 - LATE


def test_a_folder_that_others_can_write_to_is_not_used(service: Service, tmp_path: Path) -> None:
    mine = tmp_path / "thesis.tex"
    mine.write_text("years of work")
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    link = tmp_path / "link"
    link.symlink_to(shared)
    queue = service.url.removeprefix("http://").replace(":", "_")
    (shared / f"arxiv-{queue}.next").symlink_to(mine)
    for folder in (shared, link):
        assert ATTENTION in arxiv(service, client_for(folder)).lookup([ATTENTION])
        assert mine.read_text() == "years of work"


def test_the_mail_address_goes_to_the_service_and_nowhere_else(tmp_path: Path) -> None:
    waits: Waits = []
    with serving("429", "ok", "418") as service:
        client = client_for(tmp_path, mailto=MAILTO, on_wait=lambda *told: waits.append(told))
        crossref = Crossref(client, service.url, MAILTO)
        crossref.lookup([Identifier("doi:10.1109/cvpr.2016.90")])
        with pytest.raises(SourceUnavailable) as caught:
            crossref.search(Record(title="Deep Residual Learning"))
        for request in service.log:
            assert request.query["mailto"] == MAILTO
            assert f"mailto:{MAILTO}" in request.headers["user-agent"]
    written = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert MAILTO not in f"{caught.value}{caught.value.reason}{waits}{written}"


def test_a_redirect_elsewhere_does_not_show_the_address(tmp_path: Path) -> None:
    with serving(f"redir:https://example.org/x?mailto={MAILTO}") as service:
        crossref = Crossref(client_for(tmp_path, mailto=MAILTO), service.url, MAILTO)
        with pytest.raises(SourceUnavailable) as caught:
            crossref.lookup([Identifier("doi:10.1109/cvpr.2016.90")])
        assert MAILTO not in str(caught.value)


@pytest.mark.parametrize("mailto", ["", "me@x.org\r\nX-Evil: 1", "no address", "ü@x.org"])
def test_what_is_no_address_is_not_sent(mailto: str) -> None:
    assert "mailto" not in agent(mailto)
    assert agent(mailto).startswith("bibtool/")


def test_no_password_is_looked_up(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    arxiv(service, client_for(tmp_path)).lookup([ATTENTION])
    assert "authorization" not in service.log[0].headers


def test_no_proxy_stands_between_us_and_our_own_machine(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert ATTENTION in arxiv(service, client_for(tmp_path)).lookup([ATTENTION])


def test_without_a_network_there_is_no_storm_of_tries(tmp_path: Path) -> None:
    began = time.monotonic()
    client = client_for(tmp_path)
    with pytest.raises(SourceUnavailable, match=r"name\.invalid cannot be .*check the connection"):
        Arxiv(client, "http://name.invalid/api/query").lookup([ATTENTION])
    with pytest.raises(SourceUnavailable):
        Arxiv(client, "http://name.invalid/api/query").lookup([ATTENTION])
    assert client.requests["arxiv"] == 1
    assert time.monotonic() - began < 5


def test_nobody_at_the_door_is_said_so(tmp_path: Path) -> None:
    with serving() as service:
        url = service.url
    client = client_for(tmp_path)
    with pytest.raises(SourceUnavailable, match=r"127\.0\.0\.1 cannot be reached"):
        Crossref(client, url).search(Record(title="Deep Residual Learning"))
    assert client.requests["crossref"] == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(HERE / "fixtures" / "self-signed.pem")

    with serving(wrap=lambda sock: context.wrap_socket(sock, server_side=True)) as service:
        client = client_for(tmp_path)
        with pytest.raises(SourceUnavailable, match="certificate that is not valid"):
            arxiv(service, client).lookup([ATTENTION])
        assert client.requests["arxiv"] == 1
        assert service.log == []


MEMORY = """
import re, sys
from pathlib import Path
from bibtool.errors import SourceUnavailable
from bibtool.model import Identifier
from bibtool.sources.arxiv import Arxiv
from bibtool.sources.http import Client, Pause, agent
client = Client(agent=agent(), pauses={"arxiv": Pause(0.0)}, folder=Path(sys.argv[2]))
try:
    Arxiv(client, sys.argv[1]).lookup([Identifier("arxiv:1706.03762")])
except SourceUnavailable:
    print(re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("step", ["bomb", "big"])
def test_an_answer_too_big_is_never_held(step: str, tmp_path: Path) -> None:
    with serving(step) as service:
        arguments = [f"{service.url}/api/query", str(tmp_path)]
        told = subprocess.run(
            [sys.executable, "-c", MEMORY, *arguments],
            cwd=HERE.parent,
            env={**os.environ, "PYTHONHASHSEED": "0"},
            capture_output=True,
            check=True,
            timeout=60,
        )
    assert 0 < int(told.stdout) < 150_000  # kB


def headers(value: str, date: float | None = None) -> dict[str, str]:
    dated = {} if date is None else {"date": formatdate(date, usegmt=True)}
    return {"retry-after": value, **dated}


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (headers("2"), 2),
        (headers(" 120 "), 120),
        (headers("0"), 0),
        (headers("-5"), 0),
        (headers("abc"), 0),
        (headers("1.5"), 0),
        (headers("٣"), 0),
        (headers(""), 0),
        ({}, 0),
        (headers("99999999"), 99999999),
        (headers("Wed, 21 Oct 2015 07:28:00 GMT"), 0),
        (headers("Wed, 99 Oct 9999 07:28:00 GMT"), 0),
        # Against the server's own clock, thirty years from ours.
        (headers(formatdate(2_000_000_030, usegmt=True), 2_000_000_000), 30),
    ],
)
def test_retry_after_is_read_in_all_its_forms(answer: dict[str, str], seconds: float) -> None:
    assert retry_after(answer) == seconds


def test_retry_after_as_a_date_counts_from_now() -> None:
    assert 25 < retry_after(headers(formatdate(time.time() + 30, usegmt=True))) <= 30


@pytest.mark.parametrize(
    ("answer", "pause"),
    [
        ({"x-rate-limit-limit": "5", "x-rate-limit-interval": "1s"}, 0.2),
        ({"x-ratelimit-limit": "50", "x-ratelimit-interval": "1s"}, 0.02),
        ({"x-rate-limit-limit": "3", "x-rate-limit-interval": "60s"}, 20.0),
        ({"x-rate-limit-limit": "5"}, 0.0),
        ({"x-rate-limit-limit": "-5", "x-rate-limit-interval": "1s"}, 0.0),
        ({"x-rate-limit-limit": "1e-9", "x-rate-limit-interval": "inf"}, 0.0),
        ({}, 0.0),
    ],
)
def test_announced_limits_are_read(answer: dict[str, str], pause: float) -> None:
    assert announced_pause(answer) == pytest.approx(pause)


@pytest.mark.parametrize(
    ("seconds", "words"), [(180, "3 minutes"), (7200, "2 hours"), (99999999, "1157 days")]
)
def test_long_times_are_put_in_words(seconds: float, words: str) -> None:
    assert span(seconds) == words
