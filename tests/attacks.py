"""Strings that would run a script, load something or break out of their place, were one not escaped."""

from __future__ import annotations

_HITS = ("window.hit=1", "fetch('http://attack.invalid/')", "location='http://attack.invalid/'")
_MARKUP = (
    "<script>{0}</script>", "</script><script>{0}</script>", "<img src=x onerror=\"{0}\">",
    "<svg onload=\"{0}\"></svg>", "<svg><script>{0}</script></svg>", "<body onload=\"{0}\">",
    "<iframe srcdoc=\"<script>{0}</script>\"></iframe>", "<iframe src=\"javascript:{0}\">",
    "<a href=\"javascript:{0}\">x</a>", "<a href=\"java&#10;script:{0}\">x</a>",
    "<math><mtext><style><img src onerror=\"{0}\">", "<details open ontoggle=\"{0}\">x</details>",
    "<video><source onerror=\"{0}\"></video>", "<input autofocus onfocus=\"{0}\">",
    "<style>@import 'http://attack.invalid/'</style>", "<link rel=stylesheet href=//attack.invalid>",
    "<meta http-equiv=refresh content='0;url=http://attack.invalid/'>", "<base href=//attack.invalid/>",
    "<object data=http://attack.invalid/></object>", "<embed src=http://attack.invalid/>",
    "<form action=http://attack.invalid/><button>", "<img src=http://attack.invalid/x.png>",
    "\"><script>{0}</script>", "'><script>{0}</script>", "\" onmouseover=\"{0}\" style=\"position:fixed;inset:0",
    "' onfocus='{0}' autofocus='", "--><script>{0}</script><!--", "]]><script>{0}</script>",
    "</textarea><script>{0}</script>", "</title><script>{0}</script>", "</style><script>{0}</script>",
    "&lt;script&gt;{0}&lt;/script&gt;", "&#60;script&#62;{0}&#60;/script&#62;",
    "[x](javascript:{0})", "[x](<java\tscript:{0}>)", "[x](vbscript:{0})", "[x](data:text/html,<script>{0}</script>)",
    "![x](javascript:{0})", "![x\" onerror=\"{0}](a.svg)", "![x](http://attack.invalid/a.png)",
    "[x](https://example.org \"\\\" onclick=\\\"{0}\")", "<https://example.org/\"onclick=\"{0}>",
    "{{{{c1::x::\" onmouseover=\"{0}}}}}", "{{{{c1::<script>{0}</script>}}}}", "{{{{FrontSide}}}}{{{{Tags}}}}",
    "$\\href{{javascript:{0}}}{{x}}$", "$\\class{{x\" onclick=\"{0}}}{{y}}$", "$</span><script>{0}</script>$",
    "\\(\\unicode{{x<script>{0}</script>}}\\)", "`<script>{0}</script>`", "#eval(\"{0}\") #read(\"/etc/passwd\")",
    "#import \"/etc/passwd\"", "[sound:http://attack.invalid/a.mp3]", "{{%raw%}}{{{{ 7*7 }}}}{{%endraw%}}",
)  # fmt: skip
_WRAPS = ("{0}", "a {0} b", "**{0}**")
STRINGS = tuple(
    dict.fromkeys(
        wrap.replace("{0}", text.format(hit))
        for wrap in _WRAPS
        for text in _MARKUP
        for hit in _HITS
    )
)[:400]
"""Four hundred of them."""

PLACES = {
    "question": "# {0} {{#q{1}}}\n\nx\n",
    "answer": "# Q {1}? {{#q{1}}}\n\n{0}\n",
    "list": "# Q {1}? {{#q{1}}}\n\n- {0}\n\n> {0}\n\n| {0} |\n|-|\n| x |\n",
    "fence": "# Q {1}? {{#q{1}}}\n\n```html\n{0}\n```\n",
    "code": "# Q {1}? {{#q{1}}}\n\nx `` {0} ``\n",
    "formula": "# Q {1}? {{#q{1}}}\n\n$\\text{{ {0} }}$\n",
    "alt": "# Q {1}? {{#q{1}}}\n\n![{0}](a.svg)\n",
    "title": "# Q {1}? {{#q{1}}}\n\n![x](a.svg '{0}')\n",
    "link": "# Q {1}? {{#q{1}}}\n\n[x](https://example.org/{0})\n",
    "hint": "# Q {1}? {{#q{1} .cloze}}\n\nx {{{{c1::y::{0}}}}}\n",
    "tag": "---\ntags: [{2}]\n---\n# Q {1}? {{#q{1}}}\n\nx\n",
    "source": "---\nsources: [{2}]\n---\n# Q {1}? {{#q{1}}}\n\nx\n",
    "pitfalls": "# Q {1}? {{#q{1}}}\n\nx\n\n## Pitfalls\n\n{0}\n",
    "id": "# Q {1}? {{#{0}}}\n\nx\n",
}
"""Where a string is put into a card: as it is, with a number of its own, or as JSON."""
