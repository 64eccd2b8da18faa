"""Reference lines in the ways people write them."""

import pytest

from crawler.ingest.layout import Work
from crawler.ingest.notes import cited_works
from crawler.ingest.reference_markup import reference_text
from crawler.ingest.references import cited_work


def a_work(line):
    plain, hints = reference_text(line)
    return cited_work(plain, hints)


@pytest.mark.parametrize(
    ("line", "outlet", "title", "date"),
    [
        ("Outlet: “Title here”, Jan 30, 2026", "Outlet", "Title here", "Jan 30, 2026"),
        ("Outlet: “Title here”", "Outlet", "Title here", None),
        ("“Title here”, Outlet, 30 January 2026", "Outlet", "Title here", "30 January 2026"),
        ('"Title here." Outlet. 2026-01-30.', "Outlet", "Title here", "2026-01-30"),
        (
            'Smith, John. "Title here." The Outlet, 30 January 2026.',
            "The Outlet",
            "Title here",
            "30 January 2026",
        ),
        ("Outlet — Title here (December 2025)", "Outlet", "Title here", "December 2025"),
        ("Outlet | Title here, 2025", "Outlet", "Title here", "2025"),
        (
            "The minister spoke to reporters on the bridge - Outlet",
            "Outlet",
            "The minister spoke to reporters on the bridge",
            None,
        ),
        (
            "Tagesblick: „Die Brücke“, 30. Januar 2026",
            "Tagesblick",
            "Die Brücke",
            "30. Januar 2026",
        ),
        ("Le Jour : « Le pont », 30 janvier 2026", "Le Jour", "Le pont", "30 janvier 2026"),
        ("El Día: «El puente», 30 de enero de 2026", "El Día", "El puente", "30 de enero de 2026"),
        ("«Новини»: «Міст закрито», 30 січня 2026", "Новини", "Міст закрито", "30 січня 2026"),
        (
            "Gazeta: „Most zamknięty”, 30 stycznia 2026",
            "Gazeta",
            "Most zamknięty",
            "30 stycznia 2026",
        ),
        ("新聞「橋が閉鎖」2026年1月30日", "新聞", "橋が閉鎖", "2026年1月30日"),
        ("‘Title here’, The Outlet, 4 March 2021", "The Outlet", "Title here", "4 March 2021"),
        ('Outlet: "Title with "inner" marks", 2021', "Outlet", 'Title with "inner" marks', "2021"),
        ("Outlet: “‘Inner’ marks: a title”", "Outlet", "‘Inner’ marks: a title", None),
        ("Outlet, “Title of the U.S.” (Jan. 2026)", "Outlet", "Title of the U.S.", "Jan. 2026"),
        ("Outlet (2026-01-30). “Title here”.", "Outlet", "Title here", "2026-01-30"),
        (
            "Doe, J. (2020). A study of bridges. *Bridge Review*, 12(3), 4–5.",
            "Bridge Review",
            "A study of bridges",
            "2020",
        ),
        (
            "Doe, J., & Roe, R. (2020). Is it safe? Bridge Review, 12.",
            "Bridge Review",
            "Is it safe?",
            "2020",
        ),
        (
            "[Title here now](https://example.com/), *The Outlet*, 2021",
            "The Outlet",
            "Title here now",
            "2021",
        ),
        ("Outlet, Jan 30, 2026", "Outlet", None, "Jan 30, 2026"),
        (
            "Abendpost, »Der Fluss«, 31. Januar 2026, abgerufen am 2. Februar 2026",
            "Abendpost",
            "Der Fluss",
            "31. Januar 2026",
        ),
        ("«Назва», 3 мая 2024 (дата обращения: 02.02.2026)", None, "Назва", "3 мая 2024"),
        ("新闻报：《桥关闭了》，2026年1月30日", "新闻报", "桥关闭了", "2026年1月30日"),
        ("日报：“河水上涨”，2026年1月31日", "日报", "河水上涨", "2026年1月31日"),
        ("『日報』「川が上昇」、2026年1月31日", "日報", "川が上昇", "2026年1月31日"),
        ("الجريدة: «إغلاق الجسر»، 30 يناير 2026", "الجريدة", "إغلاق الجسر", "30 يناير 2026"),
        ('העיתון: "הגשר נסגר", 30 בינואר 2026', "העיתון", "הגשר נסגר", "30 בינואר 2026"),
        ('Gazete: "Köprü kapandı", 30 Ocak 2026', "Gazete", "Köprü kapandı", "30 Ocak 2026"),
        (
            "Outlet — *A headline of the day* (Jan. 30, 2026)",
            "Outlet",
            "A headline of the day",
            "Jan. 30, 2026",
        ),
        ("Outlet, “Title here”, Fri, 3 May 2024 10:00", "Outlet", "Title here", "3 May 2024"),
        (
            "Новини. «Назва тут», 30 січня 2026 року. URL: https://example.com/",
            "Новини",
            "Назва тут",
            "30 січня 2026 року",
        ),
        (
            "Roe R, Poe P. Rain in town. Rain Rev. 2024;12(3):45-9.",
            "Rain Rev",
            "Rain in town",
            "2024",
        ),
        (
            "[The Outlet](https://example.com): [Title here now](https://example.com/b), 2021",
            "The Outlet",
            "Title here now",
            "2021",
        ),
        (
            "**Outlet** – *Title here* – 2024-05-04 – [https://example.com/c](https://example.com/c)",
            "Outlet",
            "Title here",
            "2024-05-04",
        ),
        (
            "U.S. Office of Bridges. (2024, May 3). *Report on it*. https://example.com/r",
            "U.S. Office of Bridges",
            "Report on it",
            "2024, May 3",
        ),
        (
            "Smith J, Doe A. Bridge closed. *Bridge Rev.* 2024;1:2-3.",
            "Bridge Rev",
            "Bridge closed",
            "2024",
        ),
        ("“Title here” (PDF). Outlet. 2018. p. 5.", "Outlet", "Title here", "2018"),
        ("Gray, 2006, *The Title of a Book*, pp. 76–80.", None, "The Title of a Book", "2006"),
        (
            "Roe SA, Poe M. 2014. Life in town. Example, Town.",
            "Example, Town",
            "Life in town",
            "2014",
        ),
        ("See The Outlet, “Title here”, 2024", "The Outlet", "Title here", "2024"),
        ("Source New Town: “Title here”, 2024", "Source New Town", "Title here", "2024"),
    ],
)
def test_reference_line_is_taken_apart(line, outlet, title, date):
    work = a_work(line)
    assert (work.outlet, work.title, work.date) == (outlet, title, date)


@pytest.mark.parametrize(
    "line",
    ["", "ibid.", "Personal communication", "See above, note 3", "“”", "[1]", "2020", "© 2024"],
)
def test_line_that_names_no_work_is_none(line):
    assert a_work(line) is None


@pytest.mark.parametrize(
    ("line", "url", "doi"),
    [
        ("https://example.com/a", "https://example.com/a", None),
        (
            "[The Outlet](https://example.com/): [T x](https://example.com/b)",
            "https://example.com/b",
            None,
        ),
        ("Outlet: “T x”. https://example.com/a_b_c.", "https://example.com/a_b_c", None),
        (
            "Outlet: “T x” (https://example.com/bridge_(town)).",
            "https://example.com/bridge_(town)",
            None,
        ),
        ("Outlet: “T x”. <https://example.com/a>", "https://example.com/a", None),
        ("A: “T x”. https://doi.org/10.1234/ab.c-d", None, "10.1234/ab.c-d"),
        ("A: “T x”. doi:10.1234/AB(1)2, 2020", None, "10.1234/AB(1)2"),
        (
            "“T x”. Outlet. https://web.archive.org/web/2020/https://example.com/a https://example.com/a",
            "https://example.com/a",
            None,
        ),
    ],
)
def test_addresses_are_found(line, url, doi):
    work = a_work(line)
    assert (work.url, work.doi) == (url, doi)


@pytest.mark.parametrize(
    "note",
    [
        "See A, “B c,” May 3, 2024; D, “E f,” May 4, 2024.",
        "A: “B c”, https://example.com/a; D: “E f”, https://example.com/b",
    ],
)
def test_note_may_name_several_works(note):
    assert [(work.outlet, work.title) for work in cited_works(note)] == [("A", "B c"), ("D", "E f")]


@pytest.mark.parametrize(
    "line",
    [
        "Outlet: “A title; and B: the rest”, 2024",
        "Outlet: A title; subtitle: more of it",
        "Smith, J.; Doe, K. “A title”, Outlet, 2024",
        "A: “B c”, 2020; in the year after it one of its writers told a paper that no one had said so, D: “E f”, 2021",
    ],
)
def test_semicolon_within_one_reference_parts_nothing(line):
    assert len(cited_works(line)) == 1


def test_date_of_a_visit_is_not_the_date():
    work = a_work('Outlet: "Title here". Accessed 3 February 2026. https://example.com/a')
    assert work == Work(outlet="Outlet", title="Title here", url="https://example.com/a")
