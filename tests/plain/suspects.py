"""Who is suspect, worked out number by number, to hold the columns of `reconcile` against."""

from fractions import Fraction
from itertools import combinations

from plain.reconcile import AGREES, Table, all_checks

NEAR = range(-4, 6)  # steps about the number that would be exact
LONG = 100


def suspects(table, explained=frozenset()):
    """Return the suspects of each failing check: {(key, check, identity): {number: right value}}.

    `explained` names the failing checks whose stated number a slip of arithmetic would produce.
    """
    book = Table(table)
    checks = [each for each in all_checks(book) if each.check not in {"conflict", "scale"}]
    found = {}
    accused = {
        number
        for each in checks
        if each.judge and each.verdict == "contradicts"
        for number in own(each, each.at[4])
    }
    for source in {each.at[4] for each in checks}:
        mine = [each for each in checks if each.at[4] == source and each.judge]
        failing = [each for each in mine if each.verdict == "contradicts"]
        sound = [each for each in mine if each.verdict in AGREES]
        groups = grouped(failing, source)
        named, firm = {}, {}
        for number, group in enumerate(groups):
            borrowed = {each for check in group for each in check.numbers if each[0][4] != source}
            shaky = bool(borrowed & accused)
            found_here = of_group(book, source, group, sound, explained)
            named[number] = ({}, False) if shaky else found_here
            firm[number] = not shaky
        for pair, those in exchanged(book, source, groups, sound).items():
            doubtful = named[those[0]][1]
            if all(firm[n] for n in those) and (len(those) > 1 or not doubtful):
                for number in those:
                    named[number] = (pair_values(book, pair), doubtful)
        for number, group in enumerate(groups):
            for each in group:
                found[name(each)] = named[number][0]
    return found


def name(check):
    """Name a check."""
    return check.at, check.check, check.identity


def own(check, source):
    """List the numbers of a check that its source printed."""
    return [each for each in check.numbers if each[0][4] == source]


def grouped(failing, source):
    """Put failing checks that share a number together."""
    groups = []
    for check in failing:
        joined = [check]
        rest = []
        for group in groups:
            shares = any(set(own(check, source)) & set(own(each, source)) for each in group)
            (joined.extend if shares else rest.append)(group)
        groups = [*rest, joined]
    return groups


def agrees(book, check, changed):
    """Tell whether a check agrees when some numbers are replaced."""

    def read(number):
        printed = book.numbers[number]
        return printed._replace(value=changed[number]) if number in changed else printed

    if any(value < 0 and number[1] == "value" for number, value in changed.items()):
        return False
    computed = check.judge(read)
    return computed[1] in AGREES or loosely(check, computed)


def loosely(check, computed):
    """Tell what does not fail: a change too rough to judge, a sum of which a part is missing."""
    rough = check.check == "change" and computed[0] is not None
    lacking = check.check == "sum" and check.only_limits
    return computed[1] == "cannot_check" and (rough or lacking)


def of_group(book, source, group, sound, explained):
    """Return the suspect of a group with its right value, and whether one is one slip away."""
    everywhere = set.intersection(*(set(own(each, source)) for each in group))
    fits = {}
    limits = all(each.only_limits for each in group)
    several, open_ = [], False
    for number in everywhere:
        printed = book.numbers[number]
        if printed.rough:
            continue
        bearing = [*group, *(each for each in sound if number in each.numbers)]
        if limits and any(each.check == "percent" for each in group):
            continue
        if limits:
            several += [
                (number, value)
                for value in one_slip_values(printed)
                if all(agrees(book, each, {number: value}) for each in bearing)
            ]
            continue
        values = values_near(book, number, group, bearing)
        states = [each for each in group if each.numbers[0] == number and not each.only_limits]
        if len(values) == 1 or rounded_of(book, number, states) in values:
            fits[number] = best_of(book, number, values, states)
        else:
            open_ |= any(
                all(agrees(book, each, {number: value}) for each in bearing)
                for value in one_slip_values(printed)
            )
    if limits and len(several) == 1:
        fits = dict(several)
    fits = {number: value for number, value in fits.items() if not printed_elsewhere(book, number)}
    backed = [number for number, value in fits.items() if printed_elsewhere(book, number, value)]
    slips = [number for number in fits if is_slip(book, number, fits[number], group, explained)]
    for rivals in (backed, *([] if open_ else [list(fits), slips])):
        if len(rivals) == 1:
            return {rivals[0]: fits[rivals[0]]}, bool(slips)
    return {}, bool(slips)


def best_of(book, number, values, states):
    """Return the value that a rounded number would be, else the first."""
    rounded = rounded_of(book, number, states)
    return rounded if rounded in values else values[0]


def rounded_of(book, number, states):
    """Return what a number would be, rounded, in the last check that states it; or None."""
    step = Fraction(1, 10 ** book.numbers[number].decimals)
    found = None
    for check in states:
        computed = Fraction(check.judge(book.numbers.__getitem__)[0])
        sign = -1 if computed < 0 else 1
        found = sign * int(abs(computed) / step + Fraction(1, 2)) * step
    return found


def values_near(book, number, group, bearing):
    """List the values of a number that let all checks agree."""
    step = Fraction(1, 10 ** book.numbers[number].decimals)
    values = set()
    for check in group:
        if not check.only_limits:
            start = ideal(book, check, number)
            if start is not None:
                values |= {(start // step + each) * step for each in NEAR}
    values -= {book.numbers[number].value}
    return sorted(
        value for value in values if all(agrees(book, each, {number: value}) for each in bearing)
    )


def ideal(book, check, number):
    """Return the value with which a number would make a check exact, or None."""
    read = [book.numbers[each].value for each in check.numbers]
    place = check.numbers.index(number)
    stated, *others = read
    if check.check == "rate":
        part, whole = others
        exact = [100 * part / whole, stated * whole / 100, stated and 100 * part / stated]
        return exact[place]
    if check.identity == "change_percent" and check.check == "change":
        value, base = others
        if check.numbers[2][1] == "change":
            grown = 100 + stated
            exact = [
                100 * base / (value - base),
                stated and base * grown / stated,
                grown and value * stated / grown,
            ]
        else:
            exact = [
                100 * (value - base) / base,
                base * (100 + stated) / 100,
                100 + stated and 100 * value / (100 + stated),
            ]
        return exact[place]
    computed = Fraction(check.judge(book.numbers.__getitem__)[0])
    if not place:
        return computed
    more = dict(book.numbers)
    more[number] = more[number]._replace(value=read[place] + 1)
    slope = Fraction(check.judge(more.__getitem__)[0]) - computed
    return read[place] + (stated - computed) / slope


def printed_elsewhere(book, number, value=None):
    """Tell whether another source prints this number, or another value in its place."""
    at, column = number
    wanted = book.numbers[number].value if value is None else value
    return column == "value" and any(
        each[:4] == at[:4] and each != at and found.value == wanted and not found.rough
        for each, found in book.figures.items()
    )


def is_slip(book, number, value, group, explained):
    """Tell whether one slip leads from the right value to the printed number."""
    printed = book.numbers[number]
    if number[1] != "value" and printed.value == -value != 0:
        return True
    if any(each.numbers[0] == number and name(each) in explained for each in group):
        return True
    return in_digits(digits(printed, printed.value), digits(printed, value)) or shifted(
        printed, value
    )


def digits(printed, value):
    """Write a number without its point, in the decimals that were printed."""
    return int(value * 10**printed.decimals)


def in_digits(printed, right):
    """Tell one digit wrong, lost or added, or two neighbours exchanged."""
    if (printed < 0) != (right < 0) or max(abs(printed), abs(right)) < LONG:
        return False
    one, other = str(abs(printed)), str(abs(right))
    if len(one) == len(other):
        wrong = [spot for spot in range(len(one)) if one[spot] != other[spot]]
        swapped = len(wrong) == 2 and wrong[1] - wrong[0] == 1 and one[wrong[0]] == other[wrong[1]]
        return len(wrong) == 1 or (swapped and one[wrong[1]] == other[wrong[0]])
    longer, shorter = sorted([one, other], key=len, reverse=True)
    return any(longer[:spot] + longer[spot + 1 :] == shorter for spot in range(len(longer)))


def shifted(printed, right):
    """Tell a decimal sign that was lost, or stands elsewhere."""
    if not printed.value or not right or abs(digits(printed, printed.value)) < 10:
        return False
    return any(printed.value in {right * 10**k, Fraction(right) / 10**k} for k in (1, 2, 3))


def one_slip_values(printed):
    """List the values that one slip away from a printed number would be right."""
    own_digits = digits(printed, printed.value)
    text, sign = str(abs(own_digits)), -1 if own_digits < 0 else 1
    found = {int(text) * 10**k for k in (1, 2, 3)}
    found |= {int(text[:-k] or 0) for k in (1, 2, 3) if text.endswith("0" * k)}
    for spot in range(len(text)):
        found.add(int(text[:spot] + text[spot + 1 :] or -1))
        found |= {int(text[:spot] + digit + text[spot + 1 :]) for digit in "0123456789"}
        found.add(int(text[:spot] + text[spot : spot + 2][::-1] + text[spot + 2 :]))
    for spot in range(len(text) + 1):
        found |= {int(text[:spot] + digit + text[spot:]) for digit in "0123456789"}
    found = {sign * value for value in found if value >= 0}
    return [
        Fraction(value, 10**printed.decimals)
        for value in found
        if value != own_digits
        and (
            in_digits(own_digits, value) or shifted(printed, Fraction(value, 10**printed.decimals))
        )
    ]


def pair_values(book, pair):
    """Return what two numbers that were exchanged should be."""
    one, other = pair
    return {one: book.numbers[other].value, other: book.numbers[one].value}


def exchanged(book, source, groups, sound):
    """Return the pairs that were exchanged, with the numbers of their groups."""
    found = {}
    failing = {each for group in groups for check in group for each in own(check, source)}
    blocks = {at[:3] for at, _ in failing}
    values = sorted(
        (at, column)
        for at, column in book.numbers
        if column == "value" and at[4] == source and at[:3] in blocks
    )
    for pair in combinations(values, 2):
        if not set(pair) & failing:
            continue
        one, other = (book.numbers[each] for each in pair)
        alike = pair[0][0][:3] == pair[1][0][:3] and one.decimals == other.decimals
        long = min(digits(each, each.value) for each in (one, other)) >= LONG
        if not alike or not long or one.value == other.value:
            continue
        if any(printed_elsewhere(book, each) for each in pair):
            continue
        those = [n for n, group in enumerate(groups)
                 if any(set(pair) & set(check.numbers) for check in group)]  # fmt: skip
        group = [check for number in those for check in groups[number]]
        if all(set(pair) & set(check.numbers) for check in group) and starts(
            book, groups[those[0]], pair, those, groups
        ):
            bearing = [*group, *(each for each in sound if set(pair) & set(each.numbers))]
            if all(agrees(book, each, pair_values(book, pair)) for each in bearing):
                found[pair] = those
    several = [number for those in found.values() for number in those]
    return {
        pair: those for pair, those in found.items() if all(several.count(n) == 1 for n in those)
    }


def starts(book, group, pair, those, groups):
    """Tell whether some group of the pair has a check that gives a value."""
    return any(not check.only_limits for number in those for check in groups[number])
