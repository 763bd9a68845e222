"""怎样核验: the page, and the program for outsiders exactly as it is tried."""

import hashlib

from budgets.public import verifier, verify_page


def test_the_program_is_served_as_it_lies_here_and_the_page_gives_its_hash(client):
    answer = client.get("/verify/verify.py")
    content = b"".join(answer.streaming_content)
    file = verify_page.PROGRAMS["verifier"]
    assert content == file.read_bytes() and file.samefile(verifier.__file__)
    assert answer["Content-Type"] == "text/x-python; charset=utf-8"
    page = client.get("/verify/").text
    assert hashlib.sha256(content).hexdigest() in page
    assert f"{len(content.splitlines())} 行" in page and 'href="/verify/verify.py"' in page


def test_every_page_leads_there(client, db):
    assert 'href="/verify/"' in client.get("/rules/").text
