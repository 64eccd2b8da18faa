"""The language of a text, guessed from its most frequent words or its script.

Rule: deterministic and cheap. The guess only chooses abbreviations for sentence splitting and is shown with
a claim; nothing is judged by it.
"""

from __future__ import annotations

import re
from collections import Counter

from crawler.ingest.rules import rules

__all__ = ["guessed_language"]

#: Characters looked at: about 3,000 words, after which the vote no longer turns.
SAMPLE_CHARACTERS = 20_000
#: Stop words needed before a guess is more than chance, and the lead over the runner-up.
LEAST_VOTES = 4
LEAD = 1.15

_WORD = re.compile(r"[^\W\d_]+")
#: Scripts that name their language: (characters, BCP 47 primary subtag), first match with enough of them wins.
_SCRIPTS = (
    (re.compile("[\u3040-\u30ff]"), "ja"),
    (re.compile("[\uac00-\ud7af]"), "ko"),
    (re.compile("[\u4e00-\u9fff]"), "zh"),
    (re.compile("[\u0590-\u05ff]"), "he"),
    (re.compile("[\u0600-\u06ff]"), "ar"),
    (re.compile("[\u0900-\u097f]"), "hi"),
    (re.compile("[\u0370-\u03ff]"), "el"),
)


def guessed_language(text: str) -> str | None:
    """The BCP 47 primary subtag that the words vote for; None where they do not agree."""
    sample = text[:SAMPLE_CHARACTERS]
    words = Counter(word.casefold() for word in _WORD.findall(sample))
    votes = sorted(
        (
            (sum(words[word] for word in stop_words), tag)
            for tag, stop_words in rules().stop_words.items()
        ),
        reverse=True,
    )
    (most, tag), (second, _) = votes[0], votes[1]
    if most >= LEAST_VOTES and most >= second * LEAD:
        return tag
    return _by_script(sample, letters=sum(words.values()))


def _by_script(sample: str, *, letters: int) -> str | None:
    for characters, tag in _SCRIPTS:
        if len(characters.findall(sample)) > max(LEAST_VOTES, letters // 3):
            return tag
    return None
