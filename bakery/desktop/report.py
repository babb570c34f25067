"""What came over, and what needs a hand: said in sentences, each with where to go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from django.db.models import Model
from django.urls import reverse

from bakery.core.formatting import plural

SHOWN_IN_HEADING = 8


class Topic(Enum):
    """Why something needs a hand: the noun of what is listed, and the rest of the heading."""

    STAYED = ("row", "not taken over. Enter by hand what is needed")
    UNREADABLE_LINE = ("recipe line", "that cannot be counted, kept as notes of the recipe")
    ALLERGENS = ("warning", "about allergens")
    PRICE = ("lot", "without a price, worth 0 until you enter it on the page of the lot")
    MATCHED = ("lot", "with the price of a product that is spelled otherwise. Compare them")
    UNUSED_PRICE = ("price", "of the list fitting no lot")
    PACKAGE = ("package of packaging,packages of packaging", "without a size. Enter it")
    DENSITY = ("ingredient", "with a weight per cup that cannot be kept as it is")
    SUPPLIER = ("supplier", "left out")
    CATEGORY = ("pair of categories,pairs of categories", "that look like one. Rename one if they are")
    LOOK = ("thing", "taken over in another shape. Look whether it is what you mean")


@dataclass(frozen=True, slots=True)
class Hand:
    """Something for a person to do: what and why in a sentence, and the page where it is done ("" for none)."""

    sentence: str
    address: str = ""


@dataclass(slots=True)
class Waiting:
    """An ingredient whose weight is missing, and the recipe lines that wait for it."""

    name: str
    advice: str
    address: str
    lines: list[str] = field(default_factory=list)


@dataclass
class Report:
    """How many of each kind came over or were here already, and everything that needs a hand."""

    files: tuple[str, ...] = ()
    version: str = ""
    exported_at: str = ""
    created: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    hands: dict[Topic, list[Hand]] = field(default_factory=dict)
    waiting: dict[str, Waiting] = field(default_factory=dict)
    unplaced: Counter[str] = field(default_factory=Counter)
    is_trial: bool = False

    def hand(self, topic: Topic, sentence: str, about: Model | None = None) -> None:
        """Note something for a person, with the page of `about`."""
        self.hands.setdefault(topic, []).append(Hand(sentence, address_of(about)))

    def wait(self, ingredient: Model, advice: str, line: str) -> None:
        """Note a recipe line that waits for a weight of `ingredient`; `advice` says which."""
        entry = self.waiting.setdefault(
            str(ingredient.pk), Waiting(str(ingredient), advice, setup_address(ingredient))
        )
        if advice.count(" what ") > entry.advice.count(" what "):
            entry.advice = advice  # this one asks for both weights
        entry.lines.append(line)

    @property
    def waiting_lines(self) -> int:
        return sum(len(each.lines) for each in self.waiting.values())

    @property
    def is_unchanged(self) -> bool:
        return not self.created

    def sentences(self) -> Iterator[str]:
        """The whole report, line by line."""
        yield from self._counts()
        yield from self._weights()
        for topic in Topic:
            yield from self._topic(topic)
        if self.unplaced:
            yield ""
            yield "Fields that have no place in Bakehouse and stayed behind, with how often they were filled:"
            yield "  " + ", ".join(f"{name} {count}" for name, count in sorted(self.unplaced.items()))
        if not self.waiting and not self.hands:
            yield ""
            yield "Nothing needs a hand."

    def _counts(self) -> Iterator[str]:
        said = f"format {self.version}" + (f", exported {self.exported_at[:10]}" if self.exported_at else "")
        yield f"From {', '.join(self.files)} ({said}):"
        for kind in dict.fromkeys((*self.created, *self.known)):
            known = f" ({self.known[kind]} here already)" if self.known[kind] else ""
            yield f"{self.created[kind]:7} {plural(self.created[kind], kind).split(' ', 1)[1]}{known}"
        if not self.created and not self.known:
            yield "      0 rows: there is nothing in it"

    def _weights(self) -> Iterator[str]:
        if not self.waiting:
            return
        entries = sorted(self.waiting.values(), key=lambda each: (-len(each.lines), each.name))
        names = [each.name for each in entries[:SHOWN_IN_HEADING]]
        more = ", ..." if len(entries) > SHOWN_IN_HEADING else ""
        verb = "needs" if len(entries) == 1 else "need"
        works = "works" if self.waiting_lines == 1 else "work"
        yield ""
        yield (
            f"{plural(len(entries), 'ingredient')} {verb} a weight before "
            f"{plural(self.waiting_lines, 'recipe line')} {works}: {'; '.join(names)}{more}"
        )
        yield (
            "These lines stand as notes in their recipes, which cost and take too little without them. Enter the "
            "weights, then run the same command again: it moves the lines from the notes into the recipes."
        )
        for each in entries:
            yield self._linked(f"{each.advice} For {', '.join(each.lines)}.", each.address)

    def _topic(self, topic: Topic) -> Iterator[str]:
        hands = self.hands.get(topic, [])
        if not hands:
            return
        noun, said = topic.value
        yield ""
        yield f"{plural(len(hands), noun)} {said}:"
        for each in hands:
            yield self._linked(each.sentence, each.address)

    def _linked(self, sentence: str, address: str) -> str:
        """A line of the list; after a trial there is nothing at the address."""
        return f"  - {sentence}" + (f"  {address}" if address and not self.is_trial else "")


def address_of(about: Model | None) -> str:
    """Where something is looked at or corrected: its own page where it has one, else its page in Setup."""
    if about is None or not about.pk:
        return ""
    own = getattr(about, "get_absolute_url", None)
    return own() if own else setup_address(about)


def setup_address(about: Model) -> str:
    meta = about._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[about.pk])
