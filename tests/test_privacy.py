"""The gate: what it refuses, in whatever file and however it is written."""

import pytest
from lines import SESSION, answer, write_log
from stores import update

from analysis.report.privacy import PrivacyError, gate

ITEMS = {
    "home path": ["/home/mallory/x", "/Users/mallory/x", r"C:\Users\mallory\x", "-home-mallory-x"],
    "id": ["253fd5ef-1f2e-4a3b-8c4d-0123456789ab", "msg_01MKZabcDEF12345", "toolu_01abcdef0123"],
    "e-mail": ["mallory@corp.test"],
    "IP address": ["192.168.17.4", "2001:db8:85a3::8a2e:370:7334"],
    "key: Anthropic": ["sk-ant-" + "api03-" + "q7" * 20],
    "key: OpenAI": ["sk-" + "Zk3" * 16, "sk-proj-" + "Zk3_" * 12],
    "key: GitHub": ["ghp_" + "a1B2" * 9, "gho_" + "a1B2" * 9, "github_pat_" + "a1B2" * 10],
    "key: AWS": ["AKIA" + "IOSF7QNN" * 2, "ASIA" + "IOSF7QNN" * 2],
    "key: Slack": ["xoxb-" + "123456789012-abcdef"],
    "key: JWT": ["eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0" + ".c2lnbmF0dXJl"],
    "key: PEM": ["-----BEGIN RSA " + "PRIVATE KEY-----"],
    "key: in a URL": ["postgres://mallory:" + "hunter2@db/x"],
    "part of a folder's name": ["Zanzibar", "zanzi_bar", "zanzi-bar", "quokka"],
    "part of a branch's name": ["wombat"],
}
PLANTED = [(rule, item) for rule, items in ITEMS.items() for item in items]


@pytest.fixture(scope="module")
def name(datasets):
    more = {"cwd": "/home/jane/quokka/zanzi-bar", "gitBranch": "feature/wombat"}
    write_log(
        datasets / "logs" / "-home-jane-quokka-zanzi-bar" / f"{SESSION}.jsonl", answer(**more)
    )
    update(datasets / "logs")
    return "mine"


def refused(folder, name):
    """What the gate says of a folder."""
    with pytest.raises(PrivacyError) as caught:
        gate(folder, name)
    return str(caught.value)


@pytest.mark.parametrize(("rule", "item"), PLANTED)
def test_what_is_planted_is_found_and_not_said(tmp_path, name, rule, item):
    (tmp_path / "index.html").write_text(f"<p>a page\n<p>with {item} in it")
    said = refused(tmp_path, name)
    assert f"{rule}: index.html, line 2" in said
    assert item.casefold() not in said.casefold()
