"""Hostile documents end in time: doubling the size does not quadruple the work."""

import time

import pytest

from crawler.ingest import ingested

MARKDOWN = {
    "brackets": "[",
    "double-brackets": "[[1]",
    "markers": "[1]",
    "links": "[a](",
    "one-line": "x",
    "words": "word ",
    "unclosed-quotes": "“",
    "straight-quotes": '"a. ',
    "block-quotes": ">",
    "parentheses": "(a. ",
    "emphasis": "_a*",
    "comments": "<!--",
    "tags": "<a ",
    "ideographic-stops": "、。",
    "headings": "# a\n",
    "definitions": "[1]: Outlet: “T”, 2020\n",
    "blank": " \t",
    "rows": "| [1] | a |\n",
    "asides": "A. (b [1](http://x)) ",
    "semicolons": "[^1]: “a”; ",
    "dashes": "-_" * 100 + "\n",
}
HTML = {
    "nesting": "<div>",
    "formatting": "<b>",
    "misnested": "<b></p>",
    "quotations": "<blockquote cite=http://x>a",
    "links": "<a href=http://x>b",
    "lists": "<ul><li>a",
    "tables": "<table><tr><td>a",
    "unclosed-attributes": '<a x="',
    "attributes": "<a " + "c=d ",
    "cites": "<cite>a b c",
    "opaque": "<svg>",
    "comments": "<!--",
    "breaks": "<br>a",
    "breaks-in-sources": "<h2>Sources</h2>"
    + "<br>[1] a<sup>1</sup><a id=b href=http://x>c</a>" * 50,
    "cells": "<td>[1]",
    "rows": "<tr><td>[1]<td>a",
    "terms": "<dt>[1]<dd>a",
    "items": "<li><p>a<p>b",
    "quotes": "<q>",
}
WIKITEXT = {
    "braces": "{{",
    "template-names": "{{a|",
    "references": "<ref>a</ref>",
    "nested-cites": "<ref>{{cite news|{{cite news|{{a|</ref>",
    "links": "[[a|",
    "tables": "{|\n",
    "equals": "=",
    "lists": "<references>",
    "markers": "[1]",
    "plain-lists": "== Sources ==\n[1] a: b\n# c\n{{cite x|title=a}}<br>",
    "breaks": "== Sources ==\n" + "<br>a" * 100,
}
CASES = [
    pytest.param(media_type, unit, id=f"{media_type}-{name}")
    for media_type, units in (
        ("text/markdown", MARKDOWN),
        ("text/html", HTML),
        ("text/x-wiki", WIKITEXT),
    )
    for name, unit in units.items()
]
#: Characters of a document, and seconds that it may take: many times what it needs, far below quadratic work.
SIZE = 60_000
SECONDS = 20.0


@pytest.mark.parametrize(("media_type", "unit"), CASES)
def test_hostile_document_ends_in_time(media_type, unit):
    text = (unit * (SIZE // len(unit) + 1))[:SIZE]
    started = time.process_time()
    ingested(text, name="hostile", media_type=media_type)
    assert time.process_time() - started < SECONDS


def test_flood_of_dangling_markers_is_counted_not_listed():
    document = ingested("[1]" * 5_000, name="flood", media_type="text/markdown")
    assert len(document.unparsed) == 1_001
    assert document.unparsed[-1].detail == "4,000 more like this were counted but are not listed."
