"""What the client says of limits and interruptions, in all its versions, as users report it."""

import datetime as dt


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


#: Said at noon UTC on 4 May 2026: a limit, and when it resets, if that can be known.
LIMITS = [
    ("Claude AI usage limit reached|1777906800", "2026-05-04 15:00"),
    ("Claude usage limit reached. Your limit will reset at 3pm (UTC).", "2026-05-04 15:00"),
    ("Claude Max usage limit reached. Your limit will reset at 12am.", None),
    ("5-hour limit reached ∙ resets 3pm", None),
    ("5-hour limit reached · resets 3pm (UTC) · /upgrade to Max 20x", "2026-05-04 15:00"),
    ("Session limit reached ∙ resets 9:30pm", None),
    ("Weekly limit reached · resets May 6, 7pm (UTC) ·", "2026-05-06 19:00"),
    ("Opus weekly limit reached ∙ resets May 6", None),
    ("Limit reached · resets May 6 at 6am (UTC)", "2026-05-06 06:00"),
    ("Claude Opus 4 limit reached, now using Sonnet 4", None),
    ("You've hit your limit · resets 3pm (UTC)", "2026-05-04 15:00"),
    ("You’ve hit your limit · resets 3pm (UTC)", "2026-05-04 15:00"),
    ("You've hit your limit · resets May 6 at 9pm (UTC)", "2026-05-06 21:00"),
    ("You've hit your session limit · resets 3:10pm (UTC)", "2026-05-04 15:10"),
    ("You've hit your weekly limit · resets 3am (UTC)", "2026-05-05 03:00"),
    ("You've hit your 5-hour limit · resets May 6 at 1am (UTC)", "2026-05-06 01:00"),
    ("You've hit your Opus limit · resets May 6, 1am (UTC)", "2026-05-06 01:00"),
    ("You've reached your Fable 5 limit. Run /usage-credits to continue", None),
    ("You're out of extra usage · resets May 6, 8pm (UTC)", "2026-05-06 20:00"),
    ("You've hit your org's monthly usage limit", None),
    ("You've hit your monthly spend limit · raise it at claude.ai/settings/usage", None),
    (
        "You've hit your monthly spend limit · your session limit resets 3pm (UTC)",
        "2026-05-04 15:00",
    ),
    (
        'API Error: 400 {"type":"error","error":{"type":"invalid_request_error","message":"You '
        "have reached your specified workspace API usage limits. You will regain access on "
        '2026-06-01 at 00:00 UTC."}}',
        "2026-06-01 00:00",
    ),
    ("API Error: Rate limit reached", None),
    ('API Error: 429 {"type":"error","error":{"type":"rate_limit_error"}}', None),
]

#: Said where no limit was hit.
NO_LIMITS = [
    "No response requested.",
    "API Error: 529 Overloaded",
    "Prompt is too long",
    "Credit balance is too low",
    "Context limit reached · /compact or /clear to continue",
    "API Error: The model has reached its context window limit.",
    "Approaching Opus usage limit · /model to use best available model",
    "Please run /login · API Error: 401",
    "",
]

INTERRUPTIONS = [
    "[Request interrupted by user]",
    "[Request interrupted by user for tool use]",
    "\n[Request interrupted by user]",
]
