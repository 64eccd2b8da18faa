"""Text that says the same has one id, whatever its typography."""

from hypothesis import given
from hypothesis import strategies as st

from db.ids import folded

PLAIN = st.text(alphabet=st.characters(max_codepoint=127))


@given(text=PLAIN)
def test_plain_text_folds_as_it_does_beside_other_characters(text):
    assert folded(f"{text} é") == f"{folded(text)} é".strip()


@given(text=PLAIN)
def test_folded_text_folds_to_itself(text):
    assert folded(folded(text)) == folded(text)


def test_grave_accent_is_an_apostrophe():
    assert folded("The board`s  PIER\x1f") == "the board's pier"
