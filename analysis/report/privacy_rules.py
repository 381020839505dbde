"""What must not be published: shapes of paths, ids, addresses and keys, and words of the input."""

from __future__ import annotations

import getpass
import ipaddress
import re
import socket
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


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
    """Tell an address from a version of four numbers."""
    before = match.string[max(match.start() - 12, 0) : match.start()]
    if re.search(r"(?i)(version|release|[=~<>]=|\bv)[\s:]*$", before):
        return False
    return not match[0].startswith(_RELEASES) and all(int(n) < 256 for n in match[0].split("."))


def _six(match: re.Match[str]) -> bool:
    try:
        ipaddress.IPv6Address(match[0])
    except ValueError:
        return False
    return True


_NAME = r"[^\s/\\\"'<>&|:*?(){}\[\],;`]+"

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
    _rule(
        "id",
        r"(?<![0-9a-fA-F])[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-"
        r"[0-9a-fA-F]{12}(?![0-9a-fA-F])",
    ),
    _rule(
        "id",
        r"(?<![A-Za-z0-9])(?:msg|req|toolu|srvtoolu)_(?=[A-Za-z_]*\d)[A-Za-z0-9_]{8,}",
        "msg_",
        "req_",
        "toolu_",
    ),
    _rule("id", r"(?<![\w-])x-[0-9a-f]{16}(?![0-9a-f])", "x-"),  # for an id that said something
    _rule("e-mail", r"(?<=[\w.+%-])@(?:[\w-]+\.)+[^\W\d_]{2,}", "@"),
    _rule("IP address", r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)", also=_four),
    # global, local and link-local addresses: what else looks like one is a slice of code or a time
    _rule(
        "IP address",
        r"(?<![\w:.])(?:[23][0-9a-fA-F]{3}|[fF][c-fC-F][0-9a-fA-F]{2})(?::[0-9a-fA-F]{0,4}){2,7}"
        r"(?![\w:])",
        ":",
        also=_six,
    ),
    _rule("key: Anthropic", r"\bsk-ant-[\w-]{8,}", "sk-ant-"),
    _rule("key: OpenAI", r"\bsk-(?!ant-)(?:[a-z]+-)?[\w-]{20,}", "sk-"),
    _rule(
        "key: GitHub",
        r"\b(?:gh[opusr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat",
    ),
    _rule("key: AWS", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b", "akia", "asia"),
    _rule("key: Slack", r"\bxox[a-z]-[\w-]{8,}", "xox"),
    _rule("key: JWT", r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*", "eyj"),
    _rule("key: PEM", r"-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|CERTIFICATE)", "-----begin"),
    _rule("key: in a URL", r"\b[a-z][a-z0-9+.-]*://[^\s/:@\"'<>]*:[^\s/@\"'<>]+@\w", "://"),
)

#: Accounts and machines of these names are many: a name here tells nobody apart.
COMMON = frozenset(
    """
    root user users admin administrator nobody guest runner runneradmin runnervm actions jenkins
    circleci travis gitlab-runner gitpod codespace codespaces vscode vagrant docker container node
    ubuntu debian fedora centos alpine linux ec2-user azureuser builder build test dev sandbox
    localhost localdomain local host hostname default desktop laptop server macbook macbook-pro
    """.split()  # noqa: SIM905  (a block of words reads better than forty quotes)
)

#: Folders and branches of these names are everywhere: convention, nobody's choice.
USUAL = COMMON | frozenset(
    """
    home main master trunk head develop development staging production release releases feature
    features bugfix hotfix chore wip project projects repos repository repositories code work
    workspace workspaces worktree worktrees source sources src git github gitlab bitbucket
    documents downloads volumes private temp data logs claude config conversations packages apps
    library libs scripts tests docs examples tools public share opt
    """.split()  # noqa: SIM905
)

#: A name needs so many letters: with fewer it would be found in half of all tables.
LETTERS = 4

#: Words of a name that are compared as one.
_LONGEST = 8

WORD = re.compile(r"[^\W_]+")
CHUNK = re.compile(r"[^\W_]+(?:[-_.]+[^\W_]+)*")


def folded(text: str) -> str:
    """Return text in the one spelling in which words are compared."""
    return text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def joined(chunk: str) -> Iterator[str]:
    """Yield the words of a chunk, and neighbours without what separates them.

    >>> list(joined("acme-merger"))
    ['acme', 'acmemerger', 'merger']
    """
    words = WORD.findall(chunk)
    for begin in range(len(words)):
        for end in range(begin + 1, min(begin + _LONGEST, len(words)) + 1):
            yield "".join(words[begin:end])


def parts(name: str) -> set[str]:
    """Return the words of a path, folder or branch that could tell whose it is.

    Each word of `LETTERS` letters or more, and the words of each folder without what separates
    them, from any of them to the last: `-home-jane-acme-merger` does not say where a folder
    begins.

    >>> sorted(parts("/home/jane/acme-x"))
    ['acme', 'acmex', 'jane']
    """
    found = set()
    for folder in re.split(r"[/\\]+", folded(name)):
        words = WORD.findall(folder)
        found |= set(words) | {"".join(words[n:]) for n in range(len(words))}
    return {p for p in found if sum(map(str.isalpha, p)) >= LETTERS and p not in USUAL}


def own() -> Iterator[str]:
    """Yield the names of this machine and of who runs this."""
    with suppress(KeyError, OSError, ImportError):
        yield getpass.getuser()
    with suppress(RuntimeError):
        yield Path.home().name
    with suppress(OSError):
        yield socket.gethostname()
        yield socket.gethostname().partition(".")[0]


def own_words(names: Iterable[str]) -> set[str]:
    """Return the machine's and the user's names as they are looked for, without common ones.

    >>> sorted(own_words(["root", "jane.doe", "al"]))
    ['janedoe']
    """
    said = (folded(n) for n in names)
    found = {"".join(WORD.findall(n)) for n in said if n not in COMMON}
    return {n for n in found if len(n) > 2 and not n.isdigit()}
