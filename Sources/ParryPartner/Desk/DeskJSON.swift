package import ParryWire

/// The views as JSON, for programs.
package enum DeskJSON {
    /// One view as an object.
    package static func view(
        _ view: DeskState.View, _ model: DeskModel, at now: Timestamp
    ) -> [UInt8] {
        var json = JSONWriter(capacity: 4_096)
        json.beginObject()
        json.field("environment", model.environment)
        json.field("mode", model.mode)
        json.field("at", now)
        switch view {
        case .alerts:
            json.key("alerts")
            json.beginArray()
            for alert in model.alerts { write(alert, model, now, &json) }
            json.endArray()
        case .enrolments:
            json.key("enrolments")
            json.beginArray()
            for enrolment in model.enrolments { write(enrolment, &json) }
            json.endArray()
        case .health: write(model.health, &json)
        }
        json.endObject()
        return indented(json.bytes)
    }

    private static func write(
        _ alert: DeskAlert, _ model: DeskModel, _ now: Timestamp, _ json: inout JSONWriter
    ) {
        let state = alert.state
        json.beginObject()
        json.field("alert_id", alert.id)
        json.field("customer", alert.customer)
        json.field("organisation_id", state.organisationID)
        json.field("status", state.status)
        json.field("deadline", state.deadline)
        let left = state.deadline.map { ($0.milliseconds - now.milliseconds) / 1_000 }
        json.field("seconds_left", left)
        json.field("amount_in_cents", state.amount)
        json.field("currency", state.currency)
        json.field("descriptor", alert.facts.descriptor)
        json.field("is_matched", alert.isMatched)
        json.field("integration_id", state.integrationID)
        json.field("transaction_reference", state.transactionReference)
        json.field("step", state.step)
        json.field("turn", alert.turn(hasHook: model.hasHook))
        json.field("decision", state.decision)
        json.field("reason", state.reason)
        json.field("refund_intent_id", state.refundIntentID)
        json.field("attention", alert.facts.attention)
        json.endObject()
    }

    private static func write(_ enrolment: DeskEnrolment, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("enrolment_id", enrolment.id)
        json.field("customer", enrolment.customer)
        json.field("name", enrolment.name)
        json.field("type", enrolment.type)
        json.field("status", enrolment.status)
        json.field("meaning", enrolment.meaning)
        json.field("identifiers", enrolment.identifiers)
        json.field("note", enrolment.note)
        json.field("live_since", enrolment.liveSince)
        json.endObject()
    }

    private static func write(_ health: DeskHealth, _ json: inout JSONWriter) {
        json.field("is_daemon_running", health.isDaemonRunning)
        json.field("poll_seconds", health.pollSeconds)
        json.field("alert_read_at", health.lastSeenAt)
        json.field("platform_ahead_seconds", health.clockOffsetSeconds)
        json.key("inbox")
        json.beginObject()
        json.field("events", health.inbox.events)
        json.field("copies", health.inbox.copies)
        json.field("waiting", health.inbox.waiting)
        json.field("failing", health.inbox.failing)
        json.field("last_received_at", health.inbox.lastReceivedAt)
        json.endObject()
        json.key("feeds")
        json.beginArray()
        for feed in health.feeds { write(feed, &json) }
        json.endArray()
        json.key("alerts_by_step")
        json.beginObject()
        for step in health.steps {
            json.key(step.step)
            json.integer(step.count)
        }
        json.endObject()
    }

    private static func write(_ feed: DeskHealth.Feed, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("feed", feed.name)
        json.field("accepted", feed.totals.accepted)
        json.field("changed", feed.totals.changed)
        json.field("refused", feed.totals.refused)
        json.field("duplicates", feed.totals.duplicates)
        json.field("lacks_arn", feed.totals.lacksARN)
        json.field("lacks_authorisation_code", feed.totals.lacksAuthorisationCode)
        json.field("lacks_bin", feed.totals.lacksBIN)
        json.field("last_sent_at", feed.totals.lastSentAt)
        json.field("unanswered_requests", feed.unanswered)
        json.endObject()
    }
}

extension DeskJSON {
    /// The same JSON in lines, two spaces a level. The text has to be as ``JSONWriter`` writes it: without spaces.
    package static func indented(_ bytes: [UInt8]) -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(bytes.count * 2)
        var level = 0
        var isInText = false
        var isEscaped = false
        for (index, byte) in bytes.enumerated() {
            if isInText {
                lines.append(byte)
                if !isEscaped, byte == UInt8(ascii: "\"") { isInText = false }
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            let before = index > 0 ? bytes[index - 1] : 0
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                level += 1
                lines.append(byte)
                if next != byte + 2 { newLine(level, &lines) }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                level -= 1
                if before != byte - 2 { newLine(level, &lines) }
                lines.append(byte)
            case UInt8(ascii: ","):
                lines.append(byte)
                newLine(level, &lines)
            case UInt8(ascii: ":"): lines += [byte, UInt8(ascii: " ")]
            default:
                lines.append(byte)
                isInText = byte == UInt8(ascii: "\"")
            }
        }
        return lines
    }

    private static func newLine(_ level: Int, _ lines: inout [UInt8]) {
        lines.append(UInt8(ascii: "\n"))
        lines += Array(repeating: UInt8(ascii: " "), count: level * 2)
    }
}
