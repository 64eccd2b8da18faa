"""Where the sentences of a paragraph begin and end.

sentencex knows the abbreviations of some 240 languages, but cuts inside quotations that hold whole sentences and takes
quadratic time on a hostile paragraph. So quotations and brackets are masked before it looks, it sees windows of
bounded length, and cuts before an attribution or a closing mark are mended after. Masking keeps every length, so that
offsets into the mask are offsets into the text.
"""

from __future__ import annotations

import re

from sentencex import get_sentence_boundaries

from crawler.ingest.quotations import quotation_spans

__all__ = ["sentence_spans"]

#: Characters that sentencex sees at once; a sentence that is longer is cut at a space.
WINDOW_CHARACTERS = 2_000
#: Characters of a bracketed remark; a longer one is two brackets that do not belong together.
MAX_BRACKETED = 400

_TERMINATORS = ".!?…。！？"
_TERMINATED = re.compile(f"[{_TERMINATORS}:;]")
#: Characters of a fragment that are searched for a letter, so that a run of dots stays cheap.
FRAGMENT = 40
_MASK = {ord(mark): "," for mark in _TERMINATORS + '“”„‟"«»‹›「」『』‘‚()[]'}
_BRACKETED = re.compile(rf"\([^()]{{0,{MAX_BRACKETED}}}\)|\[[^\[\]]{{0,{MAX_BRACKETED}}}\]")
_STRAY = str.maketrans(dict.fromkeys('“”„‟"«»‹›‘‚', ","))
_CLOSERS = re.compile(r"[”’\"'»›)\]」』.!?…,;]+")
_OPENERS = "“„‟\"«‹‘‚'([「『—–- "
_ENDS_IN_QUOTED_QUESTION = re.compile(r"[!?…？！][”’\"'»“‘」』]$")
#: Ends that sentencex takes for abbreviations: the month of May, and abbreviations before a word that opens sentences.
_OVERLOOKED = re.compile(
    r"\bMay\.\s+(?=[A-Z])|\b(?:U\.S|U\.K|E\.U|D\.C|Inc|Ltd|Corp|Co|etc)\.\s+"
    r"(?=(?:The|An?|He|She|It|They|We|In|On|At|But|And|This|That|These|Those|Its|His|Her|Their|After|Before|However"
    r"|Meanwhile|Officials|According)\b)"
)
#: Words of speaking after up to four words of a speaker's name: `“Why?” Minister Jane Doe asked.`
_ATTRIBUTION = re.compile(
    r"(?:[^\W\d_]\S{0,40} ){1,4}"
    r"(?:said|says|asked|asks|told|added|replied|wrote|warned|declared|stated|tweeted|posted|insisted"
    r"|fragte|sagte|a déclaré|a demandé|preguntó|dijo|ha chiesto|сказав|сказала|запитав|спросил|сказал)\b"
)


def sentence_spans(text: str, language: str | None) -> list[tuple[int, int]]:
    """(start, end) of each sentence of a paragraph of rendered text, without the space around it."""
    masked = _masked(text)
    if not _TERMINATED.search(text):
        stripped = text.strip()
        start = text.find(stripped)
        return [(start, start + len(stripped))] if stripped else []
    spans: list[tuple[int, int]] = []
    # An opening mark is masked by a space, after which sentencex cuts; it opens the sentence that follows.
    after_opener = {start + 1 for start, _ in quotation_spans(text)}
    position = 0
    while position < len(text):
        ends = _window_ends(masked, position, language or "en")
        for cut in ends:
            end = cut - 1 if cut in after_opener and cut < len(text) else cut
            end = cut if end <= position else end
            _append(spans, text, position, end)
            position = end
    return spans


def _window_ends(masked: str, position: int, language: str) -> list[int]:
    """Ends of the sentences in one window; the last is left for the next window unless it is the text's last."""
    window = masked[position : position + WINDOW_CHARACTERS]
    is_last = position + len(window) >= len(masked)
    found = {each["end_index"] for each in get_sentence_boundaries(language, window)}
    found.update(match.end() for match in _OVERLOOKED.finditer(window))
    ends = [position + end for end in sorted(found)]
    if is_last:
        return [*ends[:-1], len(masked)]
    if len(ends) > 1:
        return ends[:-1]
    space = window.rfind(" ")
    return [position + (space + 1 if space > 0 else len(window))]


def _masked(text: str) -> str:
    """The text with nothing inside quotations or brackets that could end a sentence, but for their own ends."""
    parts: list[str] = []
    position = 0
    for start, end in quotation_spans(text):
        parts.append(_without_brackets(text[position:start]))
        parts.append(_sealed(text[start:end], ends_sentence=True))
        position = end
    parts.append(_without_brackets(text[position:]))
    return "".join(parts).translate(_STRAY)


def _without_brackets(text: str) -> str:
    return _BRACKETED.sub(
        lambda match: _sealed(match.group(), ends_sentence=_begins_sentence(text, match.start())),
        text,
    )


def _begins_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 2) : at].rstrip()
    return not before or before[-1] in _TERMINATORS


def _sealed(quoted: str, *, ends_sentence: bool) -> str:
    """Same length: inner terminators become commas, the last one moves onto the closing mark.

    The opening mark becomes a capital, because a quotation after a full stop begins a sentence.
    """
    inside = quoted[1:-1]
    last = inside[-1:]
    closing = last if ends_sentence and last and last in _TERMINATORS else ","
    return "X" + inside.translate(_MASK) + closing


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Add a sentence, or lengthen the one before where the cut was none."""
    if spans:
        closers = _CLOSERS.match(text, start, end)
        if closers and not text[spans[-1][1] : start].strip() and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], closers.end())
            start = closers.end()
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return
    if spans and _continues(text, spans[-1], start, end):
        spans[-1] = (spans[-1][0], end)
    else:
        spans.append((start, end))


def _continues(text: str, before: tuple[int, int], start: int, end: int) -> bool:
    """Whether the stretch from `start` belongs to the sentence before it."""
    if end - before[0] > WINDOW_CHARACTERS:
        return False
    first = text[start:end].lstrip(_OPENERS)[:1]
    if not first or first.islower() or not _is_worded(text[before[0] : before[1]]):
        return True
    asked = _ENDS_IN_QUOTED_QUESTION.search(text, max(before[0], before[1] - 3), before[1])
    return bool(asked and _ATTRIBUTION.match(text, start, end))


def _is_worded(text: str) -> bool:
    return any(character.isalnum() for character in text[:FRAGMENT])
