"""Numbers of a phone's own sequence kept short: [[first, last], …] in order."""

TOP = 2**31 - 1


def with_numbers(ranges, numbers):
    """The ranges with these numbers among them."""
    return joined([*ranges, *([number, number] for number in numbers)])


def joined(ranges):
    """Any ranges in order, those that touch made one."""
    whole = []
    for first, last in sorted(ranges):
        if whole and first <= whole[-1][1] + 1:
            whole[-1][1] = max(whole[-1][1], last)
        else:
            whole.append([first, last])
    return whole


def lacking(ranges, highest):
    """The gaps from 1 up to the highest number."""
    gaps, expected = [], 1
    for first, last in joined(ranges):
        if first > highest:
            break
        if first > expected:
            gaps.append([expected, first - 1])
        expected = last + 1
    return [*gaps, [expected, highest]] if expected <= highest else gaps


def within(ranges, others):
    """The parts of these ranges that lie in the others too."""
    both = []
    for first, last in joined(ranges):
        for low, high in joined(others):
            if first <= high and low <= last:
                both.append([max(first, low), min(last, high)])
    return both


def size(ranges):
    """How many numbers the ranges hold."""
    return sum(last - first + 1 for first, last in ranges)


def read(said, most=100):
    """Ranges as a phone told them; what is none is left out."""
    told = said[:most] if isinstance(said, list) else []
    return joined(pair for pair in map(_pair, told) if pair)


def _pair(said):
    is_pair = isinstance(said, list) and len(said) == 2
    if not is_pair or not all(type(n) is int for n in said):
        return None
    first, last = said
    return [first, last] if 1 <= first <= last <= TOP else None
