"""Two people tell of one thing: what each of them touched stands."""


def joined(now, was, chosen):
    """What stands in a field now, was shown and is chosen, as what stands after.

    A partner may have told of the same thing meanwhile: what was not touched stays,
    and of a list only what was added or taken out changes.
    """
    if not isinstance(chosen, list):
        return now if chosen == (was or type(chosen)()) else chosen
    was = was if isinstance(was, list) else []
    kept = [code for code in now if code in chosen or code not in was]
    return kept + [code for code in chosen if code not in (*was, *kept)]


def joined_all(now, shown, told):
    """Every told field joined to what stands; a broken `shown` showed nothing."""
    shown = shown if isinstance(shown, dict) else {}
    there = now.keys() & told.keys()
    return told | {n: joined(now[n], shown.get(n), told[n]) for n in there}


def told_of(row, told):
    """The new values of a row's fields: as told, or joined where `shown` came along."""
    new = {name: value for name, value in told.items() if name != "shown"}
    if "shown" not in told:
        return new
    return joined_all({name: getattr(row, name) for name in new}, told["shown"], new)
