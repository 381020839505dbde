"""How long, how many, how often: what a simulated session is drawn from.

Medians, spreads and rates were measured on 208 public sessions (versions 1.0.17 to 2.1.199);
`analysis.synth.calibration` says how near the simulation comes.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.synth.dice import Mix

#: Characters a token, by what they say; and the tokens a message and each block of it cost beside.
CHARS = {"text": 3.3, "tool": 2.5, "signature": 3.6}
THINKING_CHARS = 1.6  # of the thinking's text where it is logged: it is cut
MESSAGE_TOKENS, BLOCK_TOKENS = 30, 14
NOISE = 0.1  # spread of the true count around what the characters say

# Characters of an answer's parts.
SAID: Mix = ((0.85, 85.0, 0.75), (0.15, 350.0, 0.9))  # text before a tool call
CONCLUDED: Mix = ((1.0, 750.0, 1.0),)  # text that ends a turn
CALLED: Mix = ((0.65, 135.0, 0.4), (0.35, 700.0, 1.1))  # a tool call's input
SAYS = 0.36  # share of tool calls with a text before
CALLS: tuple[float, ...] = (0.94, 0.03, 0.02, 0.01)  # share of answers with 1, 2, ... tool calls
PROMPT: Mix = ((0.9, 75.0, 1.15), (0.1, 1500.0, 1.1))  # characters of a human prompt

# Seconds.
AWAY: Mix = ((0.915, 120.0, 1.25), (0.062, 3000.0, 0.75), (0.023, 36_000.0, 0.5))  # human pause
TOOL: Mix = ((0.62, 0.12, 1.5), (0.32, 4.0, 1.4), (0.06, 150.0, 1.2))  # running a tool
WAIT: Mix = ((1.0, 0.75, 1.1),)  # until the first token, beyond LEAST_WAIT
LEAST_WAIT = 1.5
TOKENS_A_SECOND = 75
COMPACTING: Mix = ((1.0, 85.0, 0.2),)

# Tokens of a prompt.
BASE: Mix = ((0.42, 26_500.0, 0.04), (0.58, 41_500.0, 0.06))  # system prompt, tools, own files
SHARED = 15_700  # of these, what other sessions keep in the cache too
SHARED_WARM = 0.6  # share of sessions that find it there
RESULT: Mix = ((1.0, 210.0, 1.55),)  # what a tool returns
RESULT_MOST = 25_000  # clients cut longer ones
RESULT_CHARS = 4  # characters a token
FILE: Mix = ((1.0, 15_000.0, 1.0),)  # characters of a file that the client repeats in full logs
SUMMARY: Mix = ((1.0, 5_500.0, 0.3),)  # what a compaction leaves
INPUT: tuple[int, ...] = (1, 1, 1, 2, 3, 8, 10)  # tokens that no cache entry covers

#: Tools by how often public sessions call them, and the key of their input that holds its text.
TOOLS = (("Bash", "command"), ("Read", "file_path"), ("Edit", "new_string"), ("Grep", "pattern"))
TOOL_CALLS = (0.4, 0.25, 0.24, 0.11)

# Subagents.
AGENT_BASE: Mix = ((1.0, 14_000.0, 0.25),)
AGENT_RESULT: Mix = ((0.65, 260.0, 1.0), (0.35, 5_000.0, 1.0))
AGENT_STEPS: Mix = ((1.0, 10.5, 0.65),)
AGENT_TOOL: Mix = ((1.0, 0.3, 1.3),)

# Shares of requests, or of turns where it says so.
TOOL_PROGRESS = 0.1  # in versions that log it
TOOL_ERROR = 0.04
INTERLEAVED = 0.5  # of answers with several tool calls: logged among their results
STRAY = 0.3  # of prompts: after a line that is no part of the conversation
API_ERROR = 0.0025
TOOLS_CHANGED = 0.004  # the cache is missed though it is alive
INTERRUPTED = 0.01  # of turns


@dataclass(frozen=True)
class Shape:
    """How big sessions are.

    `turns` are human prompts a session, `requests` follow a prompt, `growth` multiplies what tools
    return, `agents` is the share of turns with a subagent, `agent_steps` multiplies its requests,
    `budget` is a quota window's, one session in `spacing` has something rare planted, or none where
    that is 0. `full` writes tool results at their simulated length, and the file contents that
    clients repeat.
    """

    turns: Mix
    requests: Mix
    growth: float
    agents: float
    agent_steps: float
    budget: float
    spacing: int
    full: bool = False


#: Sessions as long as the public ones.
REAL = Shape(
    turns=((1.0, 5.3, 1.1),),
    requests=((1.0, 5.0, 1.08),),
    growth=1.0,
    agents=0.055,
    agent_steps=1.0,
    budget=6e6,
    spacing=0,
)

#: Short sessions with their contexts: tools return more, so that a few requests fill a window.
SAMPLE = Shape(
    turns=((1.0, 2.1, 0.4),),
    requests=((1.0, 3.1, 0.55),),
    growth=6.0,
    agents=0.02,
    agent_steps=0.7,
    budget=3.2e5,
    spacing=1,
)
