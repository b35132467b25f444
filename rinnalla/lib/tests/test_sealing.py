"""What is sealed opens with the installation's own secret only."""

from rinnalla.lib import links, sealing


def test_it_works():
    sealed = sealing.seal("puistopastori@example.fi", "a")
    assert b"example" not in sealed
    assert sealing.unseal(sealed, "a") == "puistopastori@example.fi"


def test_another_purpose_or_secret_does_not_open(settings):
    sealed = sealing.seal("x", "a")
    assert sealing.unseal(sealed, "b") is None
    settings.SECRET_KEY = "another"
    assert sealing.unseal(sealed, "a") is None


def test_a_secret_link_is_the_same_each_time_and_its_digest_another():
    secret = links.secret_for("a", "1")
    assert secret == links.secret_for("a", "1") != links.secret_for("a", "2")
    assert len(secret) == 43
    assert links.digest_of("a", secret) != links.digest_of("b", secret)
    assert secret not in links.digest_of("a", secret)


def test_a_secret_that_is_no_text_has_a_digest_too():
    assert links.digest_of("a", "\ud800")
