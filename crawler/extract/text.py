"""Chooses the blocks of a page that are its main text.

Rule: an outline in, blocks out; recall first, for a lost paragraph is worse than an extra one. A block's prose
weighs by its length outside of links. An element's score is the prose directly in it and a falling share of what
stands deeper, so that the nearest common parent of the paragraphs wins; from there the text grows to the article
that encloses it and takes in what leads to it from the headline. A list of articles is passed over where the
headline stands in an article of its own.

Source: the idea of scoring parents by their paragraphs is Readability's (Arc90, 2009); the constants were chosen
on one half, by host, of 1,186 labelled pages and looked at on the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crawler.extract.furniture import Role
from crawler.extract.own_words import MAX_LINK_SHARE, SENTENCE_ENDS, has_own_words, unrepeated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.extract.outline import Block, Outline

__all__ = ["joined", "main_text"]

#: What a level of nesting leaves of a score.
DECAY: Final = 0.7

#: Characters below which a block is no prose.
MIN_PROSE: Final = 25
#: Characters below which an unpunctuated block counts less.
MIN_UNPUNCTUATED: Final = 100
#: Weight of an unpunctuated short block, of an item or row that ends like a sentence, and of one that does not.
SHORT_WEIGHT: Final = 0.3
ITEM_WEIGHT: Final = 0.5
LOOSE_ITEM_WEIGHT: Final = 0.2
#: An enclosing article, or one that is only named so, is taken instead when it holds so much more prose.
GROWTH: Final = 1.2
NAMED_GROWTH: Final = 1.5
#: Prose from which an article inside another is an article of its own.
OWN_ARTICLE: Final = 200.0
#: Share of the best element's prose that the headline's own article must hold to be taken before it.
OWN_SHARE: Final = 0.2
#: Share of the text up to which sentences between it and the headline lead to it; more is something else.
LEAD_SHARE: Final = 1.0
#: Share of the prose that nested articles must hold to be the text (a live blog) and not teasers.
NESTED_SHARE: Final = 0.5

#: Characters from which a block before the text leads to it.
MIN_LEAD: Final = 60


_ENDS: Final = (*SENTENCE_ENDS, *"…:;)»")
_LEAVES: Final = frozenset({"p", "li", "blockquote", "td", "tr", "pre"})
_ROLE_BONUS: Final = {Role.BODY: 1.6, Role.WEAK: 0.5}
_TAG_BONUS: Final = {"article": 1.3, "main": 1.2}
_ENCLOSING: Final = frozenset({"article", "main"})
_UNSCORED: Final = frozenset({"heading", "caption"})
_SPOKEN: Final = frozenset({"paragraph", "text", "heading"})
_LISTED: Final = frozenset({"item", "row"})


def joined(blocks: Sequence[Block]) -> str:
    """The blocks' text, separated by one blank line."""
    return "\n\n".join(block.text for block in blocks)


def main_text(page: Outline, *, titles: frozenset[str] = frozenset()) -> tuple[Block, ...]:
    """The blocks of a page's main text; `titles` are the case-folded headlines, which are no part of it."""
    scores, masses = _sums(page, [_prose(block) for block in page.blocks])
    best = _best(page, scores)
    own = _own_article(page, titles)
    if masses[own] > max(OWN_ARTICLE, OWN_SHARE * masses[best]) and not _holds(page, own, best):
        best = own
    chosen = _chosen(page, _Choice(page, masses, best), titles)
    roles = page.roles
    kept = list(
        unrepeated(block for block in chosen if has_own_words(block, roles[block.element], titles))
    )
    while kept and kept[-1].kind == "heading":
        kept.pop()
    return tuple(kept)


def _chosen(page: Outline, choice: _Choice, titles: frozenset[str]) -> Iterator[Block]:
    """The blocks that lead to the chosen element, then its own."""
    places = range(len(page.blocks))
    start = next((place for place in places if choice.holds(page.blocks[place])), len(places))
    before = page.blocks[:start]
    below = set(_places_below_headline(before, page.roles, titles))
    if sum(len(before[place].text) for place in below) > LEAD_SHARE * choice.masses[choice.root]:
        below.clear()
    for place, block in enumerate(before):
        if place in below or choice.leads(block):
            yield block
    yield from (block for block in page.blocks[start:] if choice.holds(block))


def _places_below_headline(
    before: Sequence[Block], roles: Sequence[Role], titles: frozenset[str]
) -> Iterator[int]:
    """Where sentences stand between the headline and the text; nowhere if the headline stands in the text."""
    is_below = False
    for place, block in enumerate(before):
        if is_below and _is_lead(block, roles[block.element]):
            yield place
        is_below = is_below or _is_headline(block, titles)


def _own_article(page: Outline, titles: frozenset[str]) -> int:
    """The article element in which the headline stands, 0 where there is none."""
    headlines = (each for each in page.blocks if _is_headline(each, titles))
    headline = next(headlines, None)
    index = headline.element if headline else 0
    while index > 0 and page.tags[index] != "article":
        index = page.parents[index]
    return max(index, 0)


def _holds(page: Outline, outer: int, index: int) -> bool:
    while index > outer:
        index = page.parents[index]
    return index == outer


def _is_headline(block: Block, titles: frozenset[str]) -> bool:
    return block.kind == "heading" and block.text.casefold() in titles


def _is_lead(block: Block, role: Role) -> bool:
    """Whether a block between headline and text is a sentence of the article."""
    return (
        block.kind in _SPOKEN
        and role is not Role.ABOUT
        and len(block.text)
        >= (MIN_LEAD if block.text.endswith(SENTENCE_ENDS) else MIN_UNPUNCTUATED)
        and block.link_share <= MAX_LINK_SHARE
    )


def _prose(block: Block) -> float:
    """The weight of a block as prose: characters outside of links, less for what is no sentence."""
    length = len(block.text)
    if block.kind in _UNSCORED or length < MIN_PROSE or block.link_share > MAX_LINK_SHARE:
        return 0.0
    weight = length * (1 - block.link_share)
    if block.kind in _LISTED:
        return weight * (ITEM_WEIGHT if block.text.endswith(SENTENCE_ENDS) else LOOSE_ITEM_WEIGHT)
    if length < MIN_UNPUNCTUATED and not block.text.endswith(_ENDS):
        return weight * SHORT_WEIGHT
    return weight


def _sums(page: Outline, weights: Sequence[float]) -> tuple[list[float], list[float]]:
    """For each element its score (decaying with depth) and the whole prose in it."""
    parents, tags = page.parents, page.tags
    scores = [0.0] * len(parents)
    masses = [0.0] * len(parents)
    for block, weight in zip(page.blocks, weights, strict=True):
        if weight:
            index = block.element
            masses[index] += weight
            is_leaf = tags[index] in _LEAVES and parents[index] >= 0
            scores[parents[index] if is_leaf else index] += weight
    for index in range(len(parents) - 1, 0, -1):
        if mass := masses[index]:
            parent = parents[index]
            scores[parent] += DECAY * scores[index]
            masses[parent] += mass
    return scores, masses


def _best(page: Outline, scores: Sequence[float]) -> int:
    """The element of the highest score once its names and tag are weighed; the first of equals."""
    best, highest = 0, 0.0
    for index, score in enumerate(scores):
        if score > 0.0:
            bonus = _ROLE_BONUS.get(page.roles[index], 1.0)
            rank = score * bonus * _TAG_BONUS.get(page.tags[index], 1.0)
            if rank > highest:
                best, highest = index, rank
    return best


class _Choice:
    """The element chosen, grown to what encloses it; knows which blocks it holds and which lead to it."""

    def __init__(self, page: Outline, masses: Sequence[float], best: int) -> None:
        self.page = page
        self.masses = masses
        self.best = best
        self.root = self._grown()
        self.inside = self._marked()

    def holds(self, block: Block) -> bool:
        return self.inside[block.element]

    def leads(self, block: Block) -> bool:
        """Whether a block before the text is its lead: named so, and long enough to say something."""
        index, roles = block.element, self.page.roles
        return (
            (roles[index] is Role.LEAD or roles[max(self.page.parents[index], 0)] is Role.LEAD)
            and index < self.root
            and len(block.text) >= MIN_LEAD
            and block.link_share <= MAX_LINK_SHARE
        )

    def _ancestors(self, index: int) -> Iterator[int]:
        index = self.page.parents[index]
        while index > 0:
            yield index
            index = self.page.parents[index]

    def _grown(self) -> int:
        root = self.best
        for index in self._ancestors(self.best):
            is_enclosing = self.page.tags[index] in _ENCLOSING
            if not is_enclosing and self.page.roles[index] is not Role.BODY:
                continue
            growth = GROWTH if is_enclosing else NAMED_GROWTH
            if self.masses[index] <= growth * self.masses[root]:
                continue
            if sum(self.masses[each] > OWN_ARTICLE for each in self._articles_in(index)) > 1:
                break
            root = index
        return root

    def _articles_in(self, root: int) -> list[int]:
        """The articles in an element; elements stand in document order, so a subtree is a run of indices."""
        found = []
        parents, tags = self.page.parents, self.page.tags
        for index in range(root + 1, len(parents)):
            if parents[index] < root:
                break
            if tags[index] == "article":
                found.append(index)
        return found

    def _marked(self) -> list[bool]:
        """For each element whether its blocks belong to the text; nested teasers do not."""
        way = {self.best, *self._ancestors(self.best)}
        nested = [index for index in self._articles_in(self.root) if index not in way]
        held = sum(self.masses[index] for index in nested)
        left_out = set(nested) if held < NESTED_SHARE * self.masses[self.root] else set()
        parents = self.page.parents
        inside = [False] * len(parents)
        inside[self.root] = True
        for index in range(self.root + 1, len(parents)):
            # No parent of a later element stands before the root but one outside of it.
            inside[index] = inside[parents[index]] and index not in left_out
        return inside
