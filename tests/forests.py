"""Folders of logs as clients leave them, with forks, replays and damage: one for each seed."""

import random
from dataclasses import dataclass, field

from damage import damaged, written
from lines import (
    answer,
    line,
    progress,
    prompt,
    request_id,
    synthetic,
    text,
    tool_result,
    usage,
    uuid,
)

MODELS = ("claude-opus-4-7", "claude-opus-4-5-20251101", "us.anthropic.claude-sonnet-4-v1:0", "gw")


@dataclass
class Writer:
    """One client's way to write, and what it has written so far."""

    rng: random.Random
    session: str
    number: int  # of its first message
    clock: int = 0
    lines: list = field(default_factory=list)  # of the main file
    agents: dict = field(default_factory=dict)  # lines of subagents' files

    def __post_init__(self):
        one = self.rng.random()
        self.gateway = {"requestId": None} if one < 0.1 else {}
        self.constant = {"id": self.rng.choice(("ocgo", None, "chatcmpl-1"))} if one < 0.06 else {}
        self.counts = self.rng.choice(("growing", "placeholder", "final"))

    def seconds(self):
        """The next line's time; sometimes the last one's, rarely an earlier one."""
        self.clock += 1 if self.constant else self.rng.choice((0, 1, 1, 1, 2, 400, -1))
        return self.clock

    def put(self, made, lines=None):
        (self.lines if lines is None else lines).append({**made, "sessionId": self.session})

    def turn(self):
        """A prompt and its answers, with what stands between them."""
        rng = self.rng
        self.put(prompt("x" * rng.randrange(20), self.seconds()))
        for _ in range(rng.randrange(4)):
            self.number += 1
            self.answers(self.lines)
            if rng.random() < 0.2:
                self.agent()
            if rng.random() < 0.7:
                self.put(tool_result(self.seconds(), is_error=rng.choice((None, False, True))))
        if rng.random() < 0.3:
            self.put(self.aside())

    def aside(self):
        """A line between turns, of those that tell of no request."""
        limit = "Claude AI usage limit reached|1777906800"
        return self.rng.choice(
            (
                synthetic(seconds=self.seconds()),
                synthetic(limit, self.seconds(), isApiErrorMessage=True),
                synthetic("API Error: 529", self.seconds(), error="server_error"),
                line("system", self.seconds(), subtype="compact_boundary"),
                line("system", self.seconds(), subtype="api_error", error={"status": 529}),
                line("progress", self.seconds(), data={"type": "bash_progress"}),
                line("summary", self.seconds(), summary="x"),
                prompt("so far", self.seconds(), isCompactSummary=True),
                tool_result(self.seconds(), toolUseResult={"usage": usage(999)}),
            )
        )

    def answers(self, lines, **more):
        """The lines of one message: a block each, counters as this client logs them."""
        rng, blocks = self.rng, self.rng.choice((1, 1, 2, 3, 4))
        used, last = self.used(), rng.randrange(1, 900)
        grown = [*sorted(rng.randrange(1, 1 + last) for _ in range(blocks - 1)), last]
        outputs = {"growing": grown, "placeholder": [1] * blocks, "final": [last] * blocks}
        model = rng.choice(MODELS)
        for block, output in enumerate(outputs[self.counts]):
            stop = "end_turn" if block == blocks - 1 and rng.random() < 0.8 else None
            body = {"model": model, "stop_reason": stop, **self.constant}
            made = answer(self.number, self.seconds(), content=[text(block)], message_more=body)
            made["message"]["usage"] = used | {"output_tokens": output}
            self.put(made | self.gateway | more, lines)
            if rng.random() < 0.2:
                self.put(tool_result(self.seconds()), lines)

    def used(self):
        """Counters, whose writes are split or not, with calls that the top level leaves out."""
        rng, write = self.rng, self.rng.choice((0, 7, 5_000))
        short = rng.randrange(write + 1)
        split = {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": write - short}
        shapes = [{}, {"cache_creation": None}, {"cache_creation": split}]
        shapes.append({"cache_creation": split | {"ephemeral_1h_input_tokens": 0}})  # in part
        shapes.append({"cache_creation": split, "cache_creation_input_tokens": 0})
        more = {"service_tier": "standard", "server_tool_use": {"web_search_requests": 2}}
        item = {"type": rng.choice(("message", "advisor_message", "compaction"))}
        if rng.random() < 0.1:
            model = rng.choice(({}, {"model": "claude-opus-4-6"}))
            more["iterations"] = [usage(3) | {"type": "message"}, usage(4) | item | model]
        used = usage(1, inputs=rng.randrange(9), write=write, read=rng.randrange(9_000))
        return used | rng.choice(shapes) | (more if rng.random() < 0.3 else {})

    def agent(self):
        """A subagent: in lines of the main file, in a file of its own, as progress, or in two."""
        rng, name = self.rng, f"a{self.rng.randrange(16**6):06x}"
        way, own = rng.choice(("inline", "file", "progress", "both", "replay")), []
        self.number += 1
        if way == "replay":  # a question aside repeats the conversation under new request ids
            for made in self.lines[-6:]:
                new = request_id(rng.randrange(10**6, 10**7))
                own.append(made | {"agentId": name, "isSidechain": True, "requestId": new})
        else:
            self.answers(own, isSidechain=True, **({} if way == "inline" else {"agentId": name}))
        if way in ("progress", "both"):
            for made in own:
                keys = ("type", "uuid", "timestamp", "requestId", "message")
                nested = {key: made.get(key) for key in keys}
                wrapped = progress(1, self.seconds(), agent=name, nested=nested)
                self.put(wrapped)
        if way in ("file", "both", "replay"):
            self.agents[name] = own
        elif way == "inline":
            self.lines += own


def session_id(rng):
    return f"{rng.getrandbits(32):08x}-0000-4000-8000-{rng.getrandbits(48):012x}"


def forked(rng, made, session, number):
    """A new file that begins with an older one's lines, as a fork or a resumed session does."""
    kept, fresh = rng.random() < 0.5, rng.random() < 0.3
    copied = [dict(old) for old in made[: rng.randrange(len(made) + 1)]]
    for place, old in enumerate(copied):
        old["sessionId"] = old["sessionId"] if kept else session
        if fresh and "uuid" in old:
            old["uuid"] = uuid(5_000_000 + number + place)
    return copied


def write_forest(folder, seed, shares=(0, 0.03, 0.3)):
    """Write a tree of logs, of whose lines a share is damaged; a seed writes the same bytes."""
    rng, files, damage = random.Random(seed), {}, random.Random(seed).choice(shares)
    for number in range(rng.randrange(1, 5)):
        writer = Writer(rng, session_id(rng), 1_000 * number)
        project = f"-home-jane-{rng.randrange(3)}"
        if files and rng.random() < 0.4:
            old = rng.choice(list(files.values()))
            writer.lines += forked(rng, old, writer.session, 1_000 * number)
            writer.clock = len(writer.lines)
        for _ in range(rng.randrange(4)):
            writer.turn()
        files[f"{project}/{writer.session}.jsonl"] = writer.lines
        for name, lines in writer.agents.items():
            nested = f"{writer.session}/subagents/"
            place = rng.choice(("", nested, nested, nested + "workflows/wf_1/"))
            files[f"{project}/{place}agent-{name}.jsonl"] = lines
    for name, lines in files.items():
        data = [written(rng, made) for made in lines]
        data = [damaged(rng, part) if rng.random() < damage else part for part in data]
        whole = b"".join(data)
        whole = b"\xef\xbb\xbf" + whole if rng.random() < 0.03 else whole
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        cut = whole.endswith(b"}\n") and rng.random() < 0.2  # the last line has not ended
        path.write_bytes(whole[:-1] if cut else whole)
    return folder
