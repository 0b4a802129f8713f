from hotelctl.facts.image_growth import grown
from tests.checks.docker.images import image


def test_steps_are_known_again_whatever_they_were_given() -> None:
    before = image(history=(f"|2 COMMIT={'a' * 40} X=1 /bin/sh -c make install",), added_bytes=(10,))
    now = image(history=(f"|2 COMMIT={'b' * 40} X=1 /bin/sh -c make install",), added_bytes=(15,))
    assert grown(now, before) == ("make install", 5)


def test_steps_of_the_same_words_count_together() -> None:
    before = image(history=("RUN make", "RUN make"), added_bytes=(10, 10))
    now = image(history=("RUN make", "RUN make", "COPY a"), added_bytes=(11, 10, 3))
    assert grown(now, before) == ("COPY a", 3)


def test_an_image_that_tells_no_steps_has_none() -> None:
    assert grown(image(history=(), added_bytes=()), image(history=())) == ("", 0)
