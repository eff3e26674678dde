"""A check that raises, for the test of what the engine makes of it."""


def raises(card):
    yield 1 // 0
