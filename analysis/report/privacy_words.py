"""The words of names: how a name and a text are split into words that can be compared."""

from __future__ import annotations

import getpass
import re
import socket
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

#: Accounts and machines of these names are many: a name here tells nobody apart.
COMMON = frozenset(
    """
    root user users admin administrator nobody guest runner runneradmin runnervm actions jenkins
    circleci travis gitlab-runner gitpod codespace codespaces vscode vagrant docker container node
    ubuntu debian fedora centos alpine linux ec2-user azureuser builder build test dev sandbox
    localhost localdomain local host hostname default desktop laptop server macbook macbook-pro
    com net org corp internal lan intranet prod example
    """.split()  # noqa: SIM905  (a block of words reads better than forty quotes)
)

#: Folders and branches of these names are everywhere: convention, nobody's choice.
USUAL = COMMON | frozenset(
    """
    home main master trunk head develop development staging production release releases feature
    features bugfix hotfix chore wip project projects repos repository repositories code work
    workspace workspaces worktree worktrees source sources src git github gitlab bitbucket
    documents downloads volumes private temp data logs claude config conversations packages apps
    library libs scripts tests docs examples tools public share
    app api bin doc env etc lib log mnt opt pkg src srv tmp usr var web
    """.split()  # noqa: SIM905
)

#: Words of the formats that a report is written in, of which the suite's own text has not all.
FORMATS = frozenset(
    """
    bevel clippath codemirror creativecommons dasharray dashoffset dcmitype lexer
    fillbetweenpolycollection linecollection pathcollection quadmesh mimetype miter patternunits
    purl pygments rect rotate stillimage strong syntax translate userspaceonuse viewbox xlink xmlns
    mflop gflop tflop pflop
    """.split()  # noqa: SIM905
)

#: A word of a name needs so many letters, a whole name `SHORTEST`: with fewer it would be found in
#: half of all tables. Letters of scripts that part no words are looked for from `SIGNS` on.
LETTERS = 4
SHORTEST = 3
SIGNS = 2

#: Words of a name that are compared as one.
_LONGEST = 8

WORD = re.compile(r"[^\W_]+")
CHUNK = re.compile(r"[^\W_]+(?:[-_.]+[^\W_]+)*")

#: Runs of letters that are not Latin, Greek or Cyrillic, with the marks between them.
OTHER = re.compile(
    "(?:[\u0531-\u1c7f\u1c90-\u1cff]"
    "|[^\\W\\d_\0-\u1fff\u2c60-\u2c7f\ua640-\ua69f\ua720-\ua7ff\uab30-\uab6f\ufb00-\ufb06])+"
)

#: What is not seen: all of the category Cf, selectors of variants, joiners and fillers.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e01ef]"
)

_DIGEST = re.compile("[0-9a-f]{16,}")

_LOWER, _UPPER = (
    "a-z\u00df-\u00f6\u00f8-\u00ff\u03b1-\u03c9\u0430-\u045f",
    ("A-Z\u00c0-\u00d6\u00d8-\u00de\u0391-\u03a9\u0400-\u042f"),
)
_TURN = re.compile(
    rf"(?<=[{_LOWER}])(?=[{_UPPER}])|(?<=[{_UPPER}])(?=[{_UPPER}][{_LOWER}])"
    r"|(?<=\d)(?=[^\W\d])|(?<=[^\W\d])(?=\d)"
)


def composed(text: str) -> str:
    """Return text in one spelling, without what is not seen.

    >>> composed("ac\u200bme \uff21")
    'acme A'
    """
    return text if text.isascii() else _UNSEEN.sub("", unicodedata.normalize("NFKC", text))


def folded(text: str) -> str:
    """Return text in the one spelling in which words are compared."""
    return composed(text).casefold()


@lru_cache(2**16)
def _pieces(word: str) -> tuple[str, ...]:
    """Split a word where its case changes and at digits; a digest or an id stays one word."""
    if word.isalpha() and (word.isupper() or word[1:].islower()):
        return (word.casefold(),)
    if _DIGEST.fullmatch(word):  # of few pieces by chance, among a hundred thousand of them
        return (word,)
    found = _TURN.split(word)
    many = len(found) > _LONGEST or len(word) < 2 * len(found)
    if many or sum(map(str.isdigit, found)) > 2:
        return (word.casefold(),)
    return tuple(piece.casefold() for piece in found)


def words_of(text: str) -> list[str]:
    """Return the words of a text that is composed, in lower case.

    >>> words_of("acmeMerger-2 HTMLPage k8s")
    ['acme', 'merger', '2', 'html', 'page', 'k8s']
    """
    return [piece for word in WORD.findall(text) for piece in _pieces(word)]


def joined(chunk: str) -> Iterator[str]:
    """Yield the words of a chunk, and neighbours without what separates them.

    >>> list(joined("acme-merger")) == list(joined("acmeMerger"))
    True
    >>> list(joined("acme2"))
    ['acme', 'acme2', '2']
    """
    words = words_of(chunk)
    for begin in range(len(words)):
        for end in range(begin + 1, min(begin + _LONGEST, len(words)) + 1):
            yield "".join(words[begin:end])


def others(text: str) -> set[str]:
    """Return the runs of letters of other scripts in a text that is folded."""
    return set() if text.isascii() else {r for r in OTHER.findall(text) if len(r) >= SIGNS}


def parts(name: str) -> set[str]:
    """Return the words of a path, folder or branch that could tell whose it is.

    Each word of `LETTERS` letters or more, and the words of each folder from any of them to the
    last, as one and with spaces: `-home-jane-acme-merger` does not say where a folder begins. A
    folder's whole name counts from `SHORTEST` letters on.

    >>> sorted(parts("/home/jane/acme-x/ibm"))
    ['acme', 'acme x', 'acmex', 'ibm', 'jane']
    """
    found = others(folded(name))
    for folder in re.split(r"[/\\]+", composed(name)):
        words = words_of(folder)
        said = {*words, *WORD.findall(folder.casefold())}
        for n in range(len(words)):
            said |= {"".join(words[n:]), " ".join(words[n:])}
        found |= {part for part in said if _letters(part) >= LETTERS}
        if _letters(whole := "".join(words)) >= SHORTEST:
            found.add(whole)
    return found - USUAL


def _letters(word: str) -> int:
    return sum(map(str.isalpha, OTHER.sub("", word)))


def own() -> Iterator[str]:
    """Yield the names of this machine and of who runs this, and the words of the user's."""
    users = []
    with suppress(KeyError, OSError, ImportError):
        users.append(getpass.getuser())
    with suppress(RuntimeError):
        users.append(Path.home().name)
    for user in users:
        yield user
        yield from words_of(composed(user))
    with suppress(OSError):
        yield socket.gethostname()


def own_words(names: Collection[str]) -> set[str]:
    """Return the machine's and the user's names as they are looked for, without common ones.

    What dots part are names as well: of a user, of a network.

    >>> sorted(own_words(["root", "jane.doe", "al", "anna-pc"]))
    ['anna pc', 'annapc', 'doe', 'jane', 'jane doe', 'janedoe']
    """
    found = set()
    for name in names:
        for part in {name, name.partition(".")[0], *name.split(".")}:
            words = words_of(composed(part))
            if folded(part) not in COMMON:
                found |= {"".join(words), " ".join(words)}
    found = {n for n in found if len(n) >= SHORTEST and not n.isdigit()}
    return found.union(*(others(folded(name)) for name in names))
