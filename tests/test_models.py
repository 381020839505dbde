import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.models import normalise, public_name

KEY = b"key of a dataset"


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("claude-opus-4-5-20251101", "claude-opus-4-5"),
        ("claude-opus-4-6[1m]", "claude-opus-4-6"),
        ("claude-sonnet-4-5-20250929[1m]", "claude-sonnet-4-5"),
        ("anthropic/claude-sonnet-4-20250514", "claude-sonnet-4"),
        ("openrouter/anthropic/claude-opus-4.7", "claude-opus-4-7"),
        ("anthropic/claude-3.7-sonnet:thinking", "claude-sonnet-3-7"),
        ("us.anthropic.claude-opus-4-5-20251101-v1:0", "claude-opus-4-5"),
        ("us.anthropic.claude-opus-4-6-v1[1m]", "claude-opus-4-6"),
        ("eu.anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5"),
        ("global.anthropic.claude-opus-4-8-v1:0", "claude-opus-4-8"),
        ("apac.anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4"),
        ("claude-opus-4@20250514", "claude-opus-4"),
        ("claude-opus-4-8@default", "claude-opus-4-8"),
        ("claude-4-opus-20250514", "claude-opus-4"),
        ("claude-opus-4-0", "claude-opus-4"),
        ("claude-3-5-haiku-latest", "claude-haiku-3-5"),
        ("claude-3-haiku-20240307", "claude-haiku-3"),
        (" Claude-Opus-5-5 ", "claude-opus-5-5"),
        ("deepseek/deepseek-v3", "deepseek-v3"),
        ("other-ab12cd", "other-ab12cd"),
    ],
)
def test_one_spelling(spelling, name):
    assert normalise(spelling) == name


PIECES = ["claude", "opus", "4", "5", "20251101", "v1:0", "[1m]", "us.", "anthropic", "latest", " "]


@given(st.lists(st.sampled_from([*PIECES, "-", ".", "/", "@", ":", "haiku"]), max_size=12))
def test_normalising_twice_changes_nothing(pieces):
    once = normalise("".join(pieces))
    assert normalise(once) == once


@given(st.text(max_size=200))
def test_any_text_has_a_name(text):
    assert normalise(text) == normalise(normalise(text))
    assert public_name(text, KEY)


@pytest.mark.parametrize(
    "model",
    [
        "claude-fable-5-1",
        "claude-mythos-5",
        "gpt-5.1-codex-max",
        "gpt-4o-mini",
        "o3-mini",
        "gemini-2.5-pro",
        "gemini-2.5-flash-preview-09-2025",
        "deepseek-chat",
        "moonshotai/kimi-k2-0905",
        "z-ai/glm-4.6",
        "MiniMax-M2",
        "qwen/qwen3-235b-a22b-instruct-2507",
        "x-ai/grok-code-fast-1",
        "llama-4-maverick-17b-128e-instruct",
        "mistral-large-2411",
    ],
)
def test_public_families_keep_their_name(model):
    assert public_name(model, KEY) == normalise(model)


@pytest.mark.parametrize(
    "model",
    [
        "claude-acme-secret",
        "claude-opus-acme",
        "claude-opus-4-6-acme",
        "claude@acme.com",
        "claude-opus-4@acme.com",
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1",
        "/home/jane/models/llama-3",
        "acme/claude-opus-4-5",
        "gpt-415-555-1234",
        "gpt-01-23-45-67-89",
        "gpt-for-project-x",
        "claude-opus-4\njane",
        "claude-opus-\u0664",
        "jane.doe",
        "",
        "x" * 10_000,
    ],
)
def test_anything_else_becomes_a_label(model):
    label = public_name(model, KEY)
    assert label.startswith("other-")
    assert len(label) == len("other-") + 6
    assert label == public_name(model, KEY)
    assert label != public_name(model, b"key of another dataset")


def test_needs_only_the_standard_library():
    code = "import sys, analysis.models; print({'polars', 'genai_prices'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
