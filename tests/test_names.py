"""What may pass from a log into a table: opaque ids, version numbers, known words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.logs.names import WORDS, opaque, version, word

KEY = b"key of a dataset"


@pytest.mark.parametrize(
    "text",
    [
        "msg_01MKZabcDEF12345",
        "msg_synthetic0123456789abcd",
        "msg_01MKZabcDEF12345:advisor:0",
        "req_011CXkTHabc",
        "toolu_01abcdef",
        "253fd5ef-1f2e-4a3b-8c4d-0123456789ab",
        "a7dd4f3b8ec5e486c",
        "acompact-1234abcd",
        "aside_question-a1234abcd",
        "aprompt_suggestion-9f8e7d6c",
    ],
)
def test_an_id_whose_shape_says_nothing_passes(text):
    assert opaque(text, KEY) == text


@pytest.mark.parametrize(
    "text",
    [
        "acme-merger",
        "ocgo",
        "msg_short",
        "msg_01MKZ-acme",
        "msg_01MKZabc\n",
        "MSG_01MKZabcDEF12345",
        "msg_" + "a" * 61,
        "chatcmpl-123",
        "253FD5EF-1f2e-4a3b-8c4d-0123456789ab",
        "jane@acme.com",
        "acompact-acme",
        "/home/jane",
        " ",
        "\ud83d",
    ],
)
def test_any_other_id_becomes_a_keyed_label(text):
    label = opaque(text, KEY)
    assert re.fullmatch(r"(x-|msg_x)[0-9a-f]{16}", label)
    assert label == opaque(text, KEY)
    assert label != opaque(text, b"key of another dataset")


@pytest.mark.parametrize("text", [None, ""])
def test_no_id_is_no_id(text):
    assert opaque(text, KEY) is None


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("1.0.17", "1.0.17"),
        ("2.1.199", "2.1.199"),
        ("2.1", None),
        ("2.1.97-acme", None),
        ("v2.1.97", None),
        ("2.1.97\n", None),
        ("", None),
        (None, None),
    ],
)
def test_versions(text, passed):
    assert version(text) == passed


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("standard", "standard"),
        ("tool_use", "tool_use"),
        ("us", "us"),
        ("529", "529"),
        ("099", "other"),
        ("600", "other"),
        ("5290", "other"),
        ("Standard", "other"),
        ("acme", "other"),
        ("tool_use\n", "other"),
        ("None", None),  # a status that is not there
        ("", None),
        (None, None),
    ],
)
def test_words(text, passed):
    assert word(text) == passed


@given(st.text())
def test_whatever_the_log_says_only_closed_shapes_come_out(text):
    shape = r"x-[0-9a-f]{16}|(msg|req|toolu)_[A-Za-z0-9_]+(:[a-z]+:\d+)?|[0-9a-z_-]+"
    assert opaque(text, KEY) is None or re.fullmatch(shape, opaque(text, KEY))
    assert word(text) in {None, "other", *WORDS} or re.fullmatch("[1-5][0-9]{2}", word(text))
    assert version(text) is None or re.fullmatch(r"[\d.]{5,15}", version(text))
