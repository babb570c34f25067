"""Names that somebody could give an ingredient in order to run something in the browser of somebody else."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction

from inventory.triggers import unlocked

RUN = "window.broken=1"

PAYLOADS = [
    f"<script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</option></select><img src=x onerror={RUN}>",
    f"<img src=x onerror={RUN}>",
    f'"><img src=x onerror={RUN}>',
    f"'><img src=x onerror={RUN}>",
    f"--><img src=x onerror={RUN}>",
    f"]]><img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<body onload={RUN}>",
    f"<iframe src=javascript:{RUN}></iframe>",
    f"<iframe srcdoc='<script>{RUN}</script>'></iframe>",
    f"<a href=javascript:{RUN}>x</a>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<math><mtext><img src=x onerror={RUN}></mtext></math>",
    f"<object data=javascript:{RUN}></object>",
    f"<embed src=javascript:{RUN}>",
    f"<form action=javascript:{RUN}><button autofocus>x</button></form>",
    f"<base href=javascript:{RUN}//>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<link rel=stylesheet href=javascript:{RUN}>",
    f"<style>@import 'javascript:{RUN}'</style>",
    f'x" onmouseover="{RUN}" x="',
    f"x' onmouseover='{RUN}' x='",
    f"x onmouseover={RUN} x=",
    f'x" autofocus onfocus="{RUN}',
    f'x" hx-on:load="{RUN}',
    f'x" hx-get="/" hx-trigger="load" hx-on::after-request="{RUN}',
    f"<div hx-on:htmx:load='{RUN}'></div>",
    f"<div data-hx-get=/ data-hx-trigger=load hx-vals='js:{{x:{RUN}}}'></div>",
    f"{{{{ {RUN} }}}}",
    f"{{% debug %}}${{{RUN}}}",
    f"javascript:{RUN}",
    f"\u2028<script>{RUN}</script>\u2029",
    f"＜script＞{RUN}＜/script＞<noscript><img src=x onerror={RUN}></noscript>",
]

# What the bakery reads itself, and what no person types.
NOT_TYPED = {"slug", "uuid", "fingerprint", "kind", "currency", "time_zone", "search_name", "ingredient_slug"}
HOUSE = {"core", "inventory", "production", "assembly", "events"}

# What is in a page only when somebody broke out of a name.
BROKEN_OUT = """() => [
  ...document.querySelectorAll("script:not([src])"),
  ...document.querySelectorAll("iframe, object, embed, base, math, video, body style, a[href^='javascript']"),
  ...[...document.querySelectorAll("*")].filter(each => [...each.attributes].some(
    one => /^(on|hx-on|data-hx-on)/.test(one.name) || /^javascript:/.test(one.value))),
  ...(window.broken ? ["it ran"] : []),
].map(each => each.outerHTML ? each.outerHTML.slice(0, 200) : each)"""


def fields() -> Iterator[models.Field[object, object]]:
    """Every text that somebody may have typed."""
    for model in apps.get_models():
        if model._meta.app_label not in HOUSE and model._meta.label != "auth.User":
            continue
        for each in model._meta.local_concrete_fields:
            is_text = isinstance(each, models.CharField | models.TextField) and not each.choices
            is_ours = model._meta.app_label in HOUSE or each.name in {"first_name", "last_name"}
            if is_text and is_ours and each.name not in NOT_TYPED and "status" not in each.name:
                yield each


def plant(turn: int) -> int:
    """Write a payload into every text of every row, another one each; returns how many texts there were."""
    count = 0
    with transaction.atomic(), unlocked():
        for each in fields():
            model = each.model
            rows = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
            for place, pk in enumerate(rows):
                text = PAYLOADS[(place + turn + count) % len(PAYLOADS)]
                room = each.max_length or 10_000
                model._base_manager.filter(pk=pk).update(**{each.attname: f"{pk}{text}"[:room]})
            count += 1
    return count
