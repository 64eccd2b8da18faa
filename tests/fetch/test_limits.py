"""The table of limits: what differs for an operator who gives no address."""

from crawler.fetch.limits import limits


def test_wikimedia_is_asked_at_its_anonymous_rate_without_a_contact():
    known, anonymous = limits().service("wikimedia"), limits().anonymous().service("wikimedia")

    assert known.gap_s <= 60 / 10
    assert anonymous.gap_s > 60 / 10  # ten a minute


def test_services_that_demand_no_contact_are_asked_as_ever():
    assert limits().anonymous().service("gdelt") == limits().service("gdelt")
    assert limits().anonymous().site == limits().site
