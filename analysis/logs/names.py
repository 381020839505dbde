"""Strings of a log that may pass into a table: opaque ids and words from closed shapes."""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import lru_cache

_ID = re.compile(
    r"(msg|req|toolu)_[A-Za-z0-9_]{6,60}(:[a-z]+:[0-9]+)?"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|((acompact|aside_question|aprompt_suggestion)-)?a?[0-9a-f]{6,40}"
)
_OFTEN = re.compile(r"(?:msg|req)_[A-Za-z0-9]{6,60}").fullmatch  # says so sooner
_VERSION = re.compile(r"\d{1,3}\.\d{1,4}\.\d{1,6}", re.ASCII)

#: Words that service tiers, speeds, places, stop reasons, triggers and errors are made of.
WORDS = frozenset(
    """
    standard priority batch fast us eu global not_available
    end_turn max_tokens stop_sequence tool_use pause_turn refusal model_context_window_exceeded
    auto manual authentication_failed rate_limit unknown billing_error invalid_request
    server_error max_output_tokens model_changed system_changed tools_changed messages_changed
    previous_message_not_found unavailable
    """.split()  # noqa: SIM905  (a block of words reads better than forty quotes)
)


def opaque(text: str | None, key: bytes = b"") -> str | None:
    """Pass an id whose shape says nothing; replace any other by a keyed hash of it.

    Examples
    --------
    >>> opaque("msg_01AbCdEfGh")
    'msg_01AbCdEfGh'
    >>> opaque("acme-merger", b"secret")
    'x-6f3eb603b12123c7'
    """
    if not text:
        return None
    return text if _OFTEN(text) else _opaque(text, key)


@lru_cache(2**12)
def _opaque(text: str, key: bytes) -> str:
    if _ID.fullmatch(text):
        return text
    digest = hmac.new(key, text.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()[:16]
    return (
        f"msg_x{digest}" if text.startswith("msg_") else f"x-{digest}"
    )  # counted once, as it would be


def version(text: str | None) -> str | None:
    """Pass a version number.

    Examples
    --------
    >>> version("2.1.97"), version("2.1.97-acme")
    ('2.1.97', None)
    """
    return text if text and _VERSION.fullmatch(text) else None


#: The classes of tools, and the client's names for the tools in each.
TOOLS = {
    "run": "Bash BashOutput KillBash KillShell Monitor PowerShell",
    "read": "Read NotebookRead LS LSP",
    "edit": "Edit Write MultiEdit NotebookEdit",
    "search": "Grep Glob ToolSearch",
    "web": "WebFetch WebSearch",
    "agent": "Task Agent TaskOutput TaskStop AgentOutputTool SendMessage Workflow",
    "plan": "TodoWrite TodoRead TaskCreate TaskUpdate TaskList TaskGet EnterPlanMode ExitPlanMode "
    "AskUserQuestion",
    "mcp": "",
    "other": "",
}
_TOOL = {f'"{name}"'.encode(): kind for kind, named in TOOLS.items() for name in named.split()}


def tool(name: bytes) -> str:
    """Return the class of a tool; its name, as JSON, goes no further.

    Examples
    --------
    >>> tool(b'"Bash"'), tool(b'"mcp__acme__get"'), tool(b'"Acme"'), tool(b"")
    ('run', 'mcp', 'other', 'other')
    """
    return _TOOL.get(name) or ("mcp" if name.startswith(b'"mcp__') else "other")


def word(text: str | None) -> str | None:
    """Pass a known word or an HTTP status; name any other `other`.

    Examples
    --------
    >>> word("end_turn"), word("529"), word("acme"), word("")
    ('end_turn', '529', 'other', None)
    """
    if not text or text == "None":
        return None
    return text if text in WORDS or re.fullmatch(r"[1-5][0-9]{2}", text) else "other"
