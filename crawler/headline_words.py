"""Words that carry little in a headline, that turn it round, or that stand before it. Tables only.

Rule: keys are as `crawler.headlines` makes them: folded, without accents, split at apostrophes. Short lists
of function words, written for this file; being on one lowers a word's weight and never removes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "FOLLOW_UPS",
    "KICKERS",
    "NEGATIONS",
    "NUMBER_WORDS",
    "STOP_WORDS",
    "STOP_WORDS_BY_LANGUAGE",
]

#: Function words by language (BCP 47 primary subtag).
STOP_WORDS_BY_LANGUAGE: Final[Mapping[str, frozenset[str]]] = {
    "en": frozenset(
        "a about after against ahead all also am an and any are as at back be been before being but by can "
        "could d did do does during for from further had has have he her here his how i if in into is it its "
        "just ll m may more most must my new now of off on once only or our out over own re s said say says "
        "she should so some still t than that the their them then there these they this those through to "
        "too under until up upon us ve via vs was we were what when where which while who why will with "
        "would you your".split()
    ),
    "de": frozenset(
        "als am an auch auf aus bei bis das dass dem den der des die durch ein eine einem einen einer eines "
        "er es fur gegen hat hatte ich ihr im in ist mit nach noch nun nur ob oder sein seine sich sie sind "
        "so soll uber um und unter vom von vor war was wegen wenn wer wie will wir wird zu zum zur".split()
    ),
    "fr": frozenset(
        "a apres au aux avec c ce ces cette chez comme contre d dans de depuis des du elle en entre est et "
        "eux face il ils j l la le les leur lui m mais n on ont ou par pour qu que qui s sa se ses son sont "
        "sous sur t un une vers y".split()
    ),
    "es": frozenset(
        "a al ante asi como con contra cual cuando de del desde donde el ella en entre es esta este ha han "
        "hasta la las le lo los mas o para pero por que se segun ser si sin sobre son su sus tras un una y "
        "ya".split()
    ),
    "it": frozenset(
        "a ai al alla alle anche c che chi ci come con contro cosa da dai dal dalla d de degli dei del della "
        "delle di dopo e ed era gli ha hanno i il in l la le lo ma nei nel nella o per piu quando se si sono "
        "su sul sulla tra un una uno".split()
    ),
    "pt": frozenset(
        "a ao aos apos as com como contra da das de do dos e em entre foi ha isso ja mais mas na nas no nos "
        "o os ou para pela pelo por que quem se sem ser seu sua sobre um uma".split()
    ),
    "nl": frozenset(
        "aan al als bij dat de deze die dit door een en er haar heeft het hij hun in is je maar meer met na "
        "naar nog of om onder ook op over te tegen tot uit van voor was wat we wel wordt zich zijn zo".split()
    ),
    "pl": frozenset(
        "a ale bez bedzie by byl co czy dla do i ich jak jest juz ma na nad o od oraz po pod przed przez sa "
        "sie ta tak to u w we z za ze".split()
    ),
    "ru": frozenset(
        "а без бы был была в во для до же за и из или их к как ко ли на над о об от по под при с со так то "
        "у что это".split()
    ),
    "uk": frozenset(
        "а без би був була в від для до же з за і із й його її їх чи на над о об по під при про та так те "
        "у це що як".split()
    ),
}

#: All of them: a headline's language is seldom known when it is compared.
STOP_WORDS: Final = frozenset().union(*STOP_WORDS_BY_LANGUAGE.values())

#: Words that turn a headline round; one headline with and one without are two headlines.
NEGATIONS: Final = frozenset(
    "no not never none neither nor without denies denied nicht kein keine keinen nie ohne pas jamais aucun "
    "aucune sans nunca ningun ninguna non mai nessun nessuna senza nao nunca sem niet geen nooit nie nigdy "
    "не нет ни ні немає никогда ніколи".split()
)

#: What outlets put before a headline with a colon or a bar; not part of it.
KICKERS: Final = frozenset(
    "analysis analyse analisis analisi analiza breaking comment commentary exclusive exklusiv "
    "exclusif exclusiva explainer explained factbox fact-check factcheck faktencheck feature focus graphic "
    "insight interview kommentar opinion opinione opiniao meinung "
    "photos podcast reportage report special video watch eilmeldung urgent".split()
)

#: What outlets put before the headline of another piece on the same story; with and without it are two headlines.
FOLLOW_UPS: Final = frozenset(
    "update updated aktualisierung actualizacion aggiornamento correction corrected korrektur live liveblog "
    "liveticker ticker newsletter timeline wrapup recap".split()
)

#: Small numbers as headlines spell them; "one" is left out, because it is an article in most languages.
NUMBER_WORDS: Final[Mapping[str, str]] = {
    word: str(number)
    for language in (
        "two three four five six seven eight nine ten eleven twelve",
        "zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
        "deux trois quatre cinq six sept huit neuf dix onze douze",
        "dos tres cuatro cinco seis siete ocho nueve diez once doce",
        "due tre quattro cinque sei sette otto nove dieci undici dodici",
    )
    for number, word in enumerate(language.split(), start=2)
}
