package import ParryWire

extension DeskSheet {
    /// Everything about an enrolment that is kept here.
    package static func enrolment(
        _ enrolment: DeskEnrolment, at now: Timestamp, columns: Int
    ) -> DeskSheet {
        var sheet = DeskSheet(columns: columns)
        sheet.heading("Enrolment \(enrolment.id)")
        sheet.value("Customer", enrolment.customer)
        sheet.value("Name", enrolment.name)
        sheet.value("Type", enrolment.type)
        sheet.value("Status", enrolment.status)
        sheet.value("Customer sees", enrolment.meaning, enrolment.style)
        sheet.value("Note", enrolment.note)
        sheet.value("Live since", enrolment.liveSince.map(DeskFormat.moment))
        for identifier in enrolment.identifiers { sheet.value("Identifier", identifier) }
        return sheet
    }

    /// The health of feeds, inbox and daemon.
    package static func health(_ health: DeskHealth, at now: Timestamp, columns: Int) -> DeskSheet {
        var sheet = DeskSheet(columns: columns)
        sheet.addDaemon(health, now)
        sheet.addInbox(health, now)
        sheet.heading("Feeds")
        if health.feeds.isEmpty { sheet.text("Nothing was sent yet.", .dim) }
        for feed in health.feeds { sheet.addFeed(feed, now) }
        sheet.heading("Alerts that are not done")
        if health.steps.isEmpty { sheet.text("There are none.", .dim) }
        for step in health.steps { sheet.value(step.step, String(step.count)) }
        return sheet
    }

    private mutating func addDaemon(_ health: DeskHealth, _ now: Timestamp) {
        heading("Daemon")
        value(
            "serve",
            health.isDaemonRunning
                ? "runs"
                : "does not run: nothing is received or decided until parry-partner serve is "
                    + "started",
            health.isDaemonRunning ? .good : .danger)
        value(
            "Poll",
            "every \(DeskFormat.span(health.pollSeconds)) by the daemon; an alert was read "
                + DeskFormat.ago(health.lastSeenAt, at: now))
        guard let offset = health.clockOffsetSeconds else {
            return value("Clock", "not compared yet: g asks the platform")
        }
        let isGood = abs(offset) < 60
        value(
            "Clock",
            isGood
                ? "agrees with the platform's"
                : "the platform's is \(abs(offset)) s \(offset > 0 ? "ahead" : "behind"): set this "
                    + "machine's (signatures are refused from 300 s on)", isGood ? .good : .danger)
    }

    private mutating func addInbox(_ health: DeskHealth, _ now: Timestamp) {
        let inbox = health.inbox
        heading("Inbox")
        value("Events", "\(inbox.events), and \(inbox.copies) copies of them")
        value("Waiting", String(inbox.waiting))
        value("Failing", String(inbox.failing), inbox.failing > 0 ? .danger : .plain)
        value("Last received", DeskFormat.ago(inbox.lastReceivedAt, at: now))
        for failure in health.failures {
            value(
                failure.type, "\(failure.id), \(failure.attempts) tries: \(failure.error)", .danger)
        }
    }

    private mutating func addFeed(_ feed: DeskHealth.Feed, _ now: Timestamp) {
        let totals = feed.totals
        value(
            feed.name,
            "\(totals.accepted) accepted, \(totals.changed) changed, \(totals.refused) refused, "
                + "\(totals.duplicates) known to the platform before")
        let counted = feed.counted
        if counted > 0 {
            let arn = DeskFormat.percent(counted - totals.lacksARN, of: counted)
            let code = DeskFormat.percent(counted - totals.lacksAuthorisationCode, of: counted)
            let bin = DeskFormat.percent(counted - totals.lacksBIN, of: counted)
            value("", "of those accepted, \(arn) have an ARN, \(code) a code, \(bin) a BIN")
        }
        value("", "last sent \(DeskFormat.ago(totals.lastSentAt, at: now))")
        guard feed.unanswered > 0 else { return }
        value(
            "",
            "\(feed.unanswered) requests without an answer: the next orders send asks again "
                + "with the same keys", .warning)
    }
}
