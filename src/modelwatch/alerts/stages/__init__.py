"""From alerts to messages: one list of pure stages, one stage per file.

    historic -> route -> inhibit -> silence -> mute -> digest -> flapping -> hourly    hold an alert back from a channel
    -> group -> dedup -> repeat                                                      decide when a group speaks

The first eight say why an alert is not told to a channel now, and when to look again; `gates.py` is their list. What
they let pass joins a group; `plan.py` is the list of the rest. No stage reads a clock or a database.
"""
