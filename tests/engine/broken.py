"""A check that raises, for the test of what the engine makes of it."""


def raises(card):  # noqa: ARG001  # as a check asks for it
    yield 1 // 0
