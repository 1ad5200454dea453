"""Tools that look at Parry from outside: they start the real program, talk to it over real sockets
and judge only what a partner, an operator or a network could see."""
