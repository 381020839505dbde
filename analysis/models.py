"""Model names: one spelling for each, and none that could give a customer away.

Standard library only, because the loader calls it for every line.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import lru_cache

#: No model name is longer; a longer string is something else and stays as it is.
MAX_LENGTH = 128

_REGIONS = "us-gov|us|eu|apac|global|jp|au|ca"
_ROUTERS = "openrouter|bedrock|vertex_ai|vertex|litellm|azure"
_VENDORS = (
    "anthropic|openai|google|deepseek|moonshotai|moonshot|z-ai|zai-org|zai|minimax|qwen|x-ai|xai|"
    "meta-llama|meta|mistralai|mistral"
)
_PREFIX = re.compile(rf"^(?:\s|(?:{_REGIONS})\.|(?:{_ROUTERS})/|(?:{_VENDORS})[./])+")
_SUFFIX = re.compile(
    r"(?:\s|\[[^\[\]]*\]|:(?:thinking|beta|free|nitro|floor|online)|@(?:\d{8}|default|latest)"
    r"|(?<=\d)-v\d+(?::\d+)*|-latest|-20\d{6})+$"
)
_OLD_ORDER = re.compile(r"claude-(\d{1,2}(?:-\d{1,2})?)-(opus|sonnet|haiku|instant)$")
_POINT_ZERO = re.compile(r"(claude-[a-z]+-\d{1,2})-0$")

_CLAUDE = r"claude-(?:opus|sonnet|haiku|fable|mythos|instant)(?:-\d{1,2}){1,2}"
_FAMILY = (
    r"(?:gpt|chatgpt|codex|o[1-9]|gemini|gemma\d?|deepseek|kimi|glm|minimax|qwen\d?|qwq|grok"
    r"|llama\d?|mistral|ministral|codestral|devstral|magistral|mixtral)"
)
_WORD = (
    "turbo|mini|nano|pro|max|flash|lite|large|medium|small|tiny|preview|exp|experimental|codex"
    "|coder|code|chat|reasoner|reasoning|thinking|instruct|fast|air|plus|vision|high|low|oss"
    "|maverick|scout|highspeed|next|base|it|non|sol|luna|terra|astra"
)
_NUMBER = r"[vkmr]?\d{1,2}[ov]?|a?\d{1,3}[bke]|\d{1,2}x\d{1,2}b"
_STAMP = r"(?:0[1-9]|1[0-2])[0-3]\d|2\d(?:0[1-9]|1[0-2])|20\d\d"  # MMDD, YYMM or a year
_OTHER = rf"{_FAMILY}(?:-(?:{_WORD}|{_NUMBER})){{0,6}}(?:-(?:{_STAMP}))?(?:-(?:{_WORD})){{0,2}}"
#: The shape of a public name.
PUBLIC = rf"(?:{_CLAUDE}|{_OTHER})".replace(r"\d", "[0-9]")
_PUBLIC = re.compile(PUBLIC)
_MAX_NUMBERS = 4  # fewer than a telephone number in pairs of digits


@lru_cache(maxsize=4096)
def normalise(model: str) -> str:
    """Return the one spelling of a model name: no provider, region, date or alias, dots as dashes.

    Parameters
    ----------
    model
        A name as a log spells it.

    Examples
    --------
    >>> normalise("us.anthropic.claude-opus-4-5-20251101-v1:0")
    'claude-opus-4-5'
    >>> normalise("openrouter/anthropic/claude-opus-4.7"), normalise("claude-4-opus-20250514")
    ('claude-opus-4-7', 'claude-opus-4')
    """
    if len(model) > MAX_LENGTH:
        return model
    name = _PREFIX.sub("", model.lower())
    name = _SUFFIX.sub("", name.replace(".", "-"))
    return _POINT_ZERO.sub(r"\1", _OLD_ORDER.sub(r"claude-\2-\1", name))


def public_name(model: str, key: bytes) -> str:
    """Return the normalised name of a known public family, else a label that tells nothing.

    The shape is built from closed lists of words and short numbers: an address, a path or a
    name somebody chose cannot pass. The label is `other-` and six hex digits of HMAC-SHA256.

    Parameters
    ----------
    model
        A name as a log spells it.
    key
        Secret of the dataset, so that a label cannot be guessed back.

    Examples
    --------
    >>> public_name("claude-opus-4-6[1m]", b"secret")
    'claude-opus-4-6'
    >>> public_name("claude-acme-secret", b"secret")
    'other-...'
    """
    name = normalise(model)
    numbers = len(re.findall(r"-\d+(?=-|$)", name))
    if _PUBLIC.fullmatch(name) and numbers <= _MAX_NUMBERS:
        return name
    digest = hmac.new(key, model.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return f"other-{digest.hexdigest()[:6]}"
