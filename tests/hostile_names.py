"""Names that somebody could give a model, a project or a branch, each with a token in it."""

TOKEN = "nmnmnm{:02d}x"  # so long that no picture in base64 has it by chance

_SHAPES = [
    "<script>window.ran='@'</script>",
    "<img src=x onerror=window.ran='@'>",
    '"><img src=x onerror="window.ran=1">@',
    "' onmouseover='window.ran=1' @='",
    '" onfocus="window.ran=1" autofocus @="',
    "`onload=window.ran=1 @",
    "<svg/onload=window.ran='@'>",
    "</style><script>window.ran='@'</script>",
    "</svg><img src=https://elsewhere.invalid/@>",
    "</title></caption></table><iframe src=//elsewhere.invalid/@>",
    "<!-- @ --!><b>",
    "--><img src=x onerror=window.ran=1>@",
    "]]><script>window.ran='@'</script>",
    "&lt;script&gt;@&#60;b&#62;",
    "&#x3c;img src=x onerror=window.ran='@'&#x3e;",
    "[@](javascript:window.ran=1)",
    "![@](https://elsewhere.invalid/@.png)",
    "[@][r] <https://elsewhere.invalid/@>",
    "https://elsewhere.invalid/@?a=b",
    "**@** _a_ ~~b~~ `c` # d | e",
    "| @ |\n|---|\n| b |",
    "```mermaid\n@\n```",
    "{{ @ }}",
    "{% include '@' %}",
    "{# @ #}${@}#{@}",
    "%(@)s {0.__class__} {@!r}",
    "$\\href{javascript:window.ran=1}{@}$",
    "$$\\unicode{<b>@}$$",
    "url(https://elsewhere.invalid/@)",
    "@import 'https://elsewhere.invalid/@'",
    "\u202egnp.@\u202c",
    "\u2066@\u2069 \u200f",
    "a\u200b@\ufeff\u00ad",
    "line\n@\r\nline\u2028\u2029",
    "nul\x00@",
    "bell\x07\x1b[31m@\x1b]8;;https://elsewhere.invalid\x1b\\",
    "@" * 400,
    "\U0001f4a9\U0001f468\u200d\U0001f469\u200d\U0001f467@",
    "=cmd|' /C calc'!A0 @",
    '=HYPERLINK("https://elsewhere.invalid/@","@")',
    "+1+cmd|' /C @'!A0",
    "-2+3+cmd|' /C @'!A0",
    "@SUM(1+9)*cmd|' /C @'!A0",
    "\t=1+@",
    "../../../etc/@",
    "..\\..\\@",
    "$(touch @)",
    "`touch @`; touch @ & touch @ | cat",
    "$(shell touch @) %: ; @touch",
    "--help=@",
    "\ud83d@",
    "claude-opus-4-7-@",
    "claude-opus-4-7 <b>@</b>",
    "gpt-5 @",
]

#: By token. A lone surrogate is one that JSON may spell and no other encoding can.
NAMES = {TOKEN.format(n): s.replace("@", TOKEN.format(n)) for n, s in enumerate(_SHAPES)}


def folder(name):
    """The name as a folder may bear it."""
    kept = name.replace("/", "-").replace("\0", "-")
    return f"-{kept}".encode(errors="replace")[:200].decode(errors="ignore")
