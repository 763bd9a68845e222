"""怎样核验: the page, and the program for outsiders exactly as it is tried."""

import hashlib
from pathlib import Path

from budgets.public import verifier, verify_page, witness
from budgets.publishing import chain_log
from tests.makers.logs import KEY, entered


def test_the_program_is_served_as_it_lies_here_and_the_page_gives_its_hash(client):
    answer = client.get("/verify/verify.py")
    content = b"".join(answer.streaming_content)
    file = verify_page.PROGRAMS["verifier"]
    assert content == file.read_bytes() and file.samefile(verifier.__file__)
    assert answer["Content-Type"] == "text/x-python; charset=utf-8"
    page = client.get("/verify/").text
    assert hashlib.sha256(content).hexdigest() in page
    assert f"{len(content.splitlines())} 行" in page and 'href="/verify/verify.py"' in page


def test_with_a_key_the_page_gives_it_and_the_witness_and_the_log_is_served(client, settings, tmp_path):
    assert "检查点" not in client.get("/verify/").text and client.get("/log/checkpoint").status_code == 404
    file = tmp_path / "key"
    settings.CHECKPOINT_KEY_FILE = str(file)
    assert "检查点" not in client.get("/verify/").text  # not there: `check` says so
    file.write_text(str(KEY))
    note = entered([b"1", b"2"])
    page = client.get("/verify/").text
    assert f"python3 witness.py {settings.SITE_ADDRESS}/log/ {KEY.verifier} " in page
    program = b"".join(client.get("/verify/witness.py").streaming_content)
    assert hashlib.sha256(program).hexdigest() in page and program == Path(witness.__file__).read_bytes()
    answer = client.get("/log/checkpoint")
    assert b"".join(answer.streaming_content) == note and answer["Content-Type"].startswith("text/plain")
    for below in ("tile/0/000.p/2", "tile/entries/000.p/2"):
        answer = client.get(f"/log/{below}")
        assert answer["Content-Type"] == "application/octet-stream"
        assert b"".join(answer.streaming_content) == (chain_log.root_folder() / below).read_bytes()
    (chain_log.root_folder() / "evil").write_text("DEFACED")
    for below in ("", "evil", "tile/0/000.p/3", "tile/0/000.p", "tile/0/../../checkpoint"):
        assert client.get(f"/log/{below}").status_code == 404


def test_every_page_leads_there(client, db):
    assert 'href="/verify/"' in client.get("/rules/").text
