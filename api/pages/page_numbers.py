"""The numbers of pages that a list of results links to."""

NEIGHBOURS = 2
"""Pages on either side of the current one."""


def page_numbers(page: int, pages: int) -> list[int | None]:
    """Return the first and the last page and those around the current one; None stands for a gap."""
    shown = sorted({1, pages, *range(page - NEIGHBOURS, page + NEIGHBOURS + 1)} & set(range(1, pages + 1)))
    numbers: list[int | None] = []
    for number in shown:
        previous = numbers[-1] if numbers else None
        if previous is not None and number - previous == 2:
            numbers.append(number - 1)
        elif previous is not None and number - previous > 2:
            numbers.append(None)
        numbers.append(number)
    return numbers
