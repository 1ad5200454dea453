/// What the keys do.
enum DeskHelp {
    static let lines = [
        "  1 2 3       alerts, enrolments, health",
        "  j k, arrows up and down; Space and Page Down by pages",
        "  Enter, Esc  open, and back; / shows only what has a text in it",
        "  g           ask the platform; with an alert open, also go on with what is due",
        "",
        "  About the alert that is selected or open, each after a confirmation:",
        "  r  refund: the refund guard is asked first, then the hook or you refund",
        "  a  accept the dispute: no money goes back",
        "  c  confirm your refund with its reference; then the platform is told",
        "  x  not refunded after all: the reservation is given free",
        "  m  name the candidate that the alert is about (alert open)",
        "  n  write a note      e  write the escalation bundle into a file",
        "",
        "  People act where it is their turn: you decide, you refund, you look.",
        "  q quits, Control-C at once. What was decided is kept and goes on later.",
    ]
}
