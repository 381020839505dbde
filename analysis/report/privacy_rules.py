"""What must not be published, whoever's it is: shapes of paths, ids, addresses and keys."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A shape: its name, its pattern, what every match holds, and what else a match must be.

    A pattern is tried only on text that holds one of its `needles` in lower case: most texts
    have none, and to look for a fixed string takes a hundredth of the time.
    """

    name: str
    pattern: re.Pattern[str]
    needles: tuple[str, ...] = ("",)
    also: Callable[[re.Match[str]], bool] = lambda match: True

    def found(self, text: str, lowered: str) -> bool:
        """Return whether a text has it."""
        if not any(needle in lowered for needle in self.needles):
            return False
        return any(self.also(match) for match in self.pattern.finditer(text))


def _rule(
    name: str,
    pattern: str,
    *needles: str,
    also: Callable[[re.Match[str]], bool] = lambda match: True,
) -> Rule:
    return Rule(name, re.compile(pattern), needles or ("",), also)


#: The client's own releases: a fourth number after these two is a build, not an address.
_RELEASES = ("0.2.", "1.0.", "2.0.", "2.1.")


def _four(match: re.Match[str]) -> bool:
    """Tell an address from a version of four numbers, which its own line calls so."""
    before = match.string[max(match.start() - 12, 0) : match.start()]
    if re.search(r"(?i)(version|release|[=~<>]=|\bv)[^\S\n]*:?[^\S\n]*\Z", before):
        return False
    return not match[0].startswith(_RELEASES) and all(int(n) < 256 for n in match[0].split("."))


def _six(match: re.Match[str]) -> bool:
    """Tell an address of this network or of the world; others look like a slice or a time."""
    near = match.string[max(match.start() - 40, 0) : match.end() + 40]
    for found in _SIX.findall(near):
        try:
            ipaddress.IPv6Address(found)
        except ValueError:
            continue
        return True
    return False


_SIX = re.compile(
    r"(?<![\w:.])(?:[23][0-9a-fA-F]{3}|[fF][c-fC-F][0-9a-fA-F]{2})(?::[0-9a-fA-F]{0,4}){2,7}(?![\w:])"
)
_NAME = r"[^\s/\\\"'<>&|:*?(){}\[\],;`]+"

#: What makes an id of a word: in a name of the code there is no number.
_DIGITS = r"(?=[A-Za-z_]*\d)[A-Za-z0-9_]{8,}"

SHAPES = (
    # a path on a web site is public
    _rule(
        "home path",
        rf"(?P<site>\bhttps?://[\w.:-]+)?(?:/+home/+|/+Users/+){_NAME}",
        "/home/",
        "/users/",
        also=lambda m: not m["site"],
    ),
    _rule("home path", rf"(?i)\b[a-z]:[\\/]+users[\\/]+{_NAME}", "users\\", "users/"),
    _rule("home path", r"(?<![\w/])/+root/+[\w.]", "/root/"),
    _rule("home path", r"(?<![\w-])-(?:home|Users)-\w", "-home-", "-users-"),
    _rule("home path", r"\b[A-Za-z]--Users-\w", "--users-"),
    _rule("kernel's path", r"/ipykernel_\d+/", "/ipykernel_"),
    # a pattern that begins with a sign of its own is found the sooner
    _rule(
        "id",
        r"-(?<=(?<![0-9a-fA-F])[0-9a-fA-F]{8}-)[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-"
        r"[0-9a-fA-F]{12}(?![0-9a-fA-F])",
    ),
    _rule("id", rf"msg_(?<![A-Za-z0-9]msg_){_DIGITS}", "msg_"),
    _rule("id", rf"req_(?<![A-Za-z0-9]req_){_DIGITS}", "req_"),
    _rule("id", rf"toolu_(?<![A-Za-z0-9]toolu_){_DIGITS}", "toolu_"),
    _rule("id", r"x-(?<![\w-]x-)[0-9a-f]{16}(?![0-9a-f])", "x-"),  # for an id that said something
    _rule("e-mail", r"@(?<=[\w.+%-]@)(?:[\w-]+\.)+[^\W\d_]{2,}", "@"),
    _rule("IP address", r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)", also=_four),
    _rule("IP address", r":[0-9a-fA-F]{0,4}:", ":", also=_six),
    _rule("key: Anthropic", r"\bsk-ant-[\w-]{8,}", "sk-ant-"),
    _rule("key: OpenAI", r"\bsk-(?!ant-)(?:[a-z]+-)?[\w-]{20,}", "sk-"),
    _rule("key: GitHub", r"gh[opusr]_(?<!\wgh\w_)[A-Za-z0-9]{20,}", *(f"gh{k}_" for k in "opusr")),
    _rule("key: GitHub", r"github_pat_\w{20,}", "github_pat_"),
    _rule("key: GitLab", r"\bglpat-[\w-]{20,}", "glpat-"),
    _rule("key: Google", r"AIza(?<!\wAIza)[\w-]{35}", "aiza"),
    _rule("key: Hugging Face", r"hf_(?<!\whf_)[A-Za-z0-9]{30,}", "hf_"),
    _rule("key: npm", r"npm_(?<!\wnpm_)[A-Za-z0-9]{36}", "npm_"),
    _rule("key: Stripe", r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{10,}", "k_live_", "k_test_"),
    _rule("key: AWS", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b", "akia", "asia"),
    _rule("key: Slack", r"xox(?<!\wxox)[a-z]-[\w-]{8,}", "xox"),
    _rule("key: JWT", r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*", "eyj"),
    _rule("key: PEM", r"-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|CERTIFICATE)", "-----begin"),
    _rule("key: in a URL", r"\b[a-z][a-z0-9+.-]*://[^\s/:@\"'<>]*:[^\s/@\"'<>]+@\w", "://"),
)
