package import ParryWire

/// What a network does about something: what it answers, what the ledger notes, what has to be
/// done.
package struct NetworkStep: Sendable, Equatable {
    package var answer: NetworkAnswer
    package var entries: [LedgerEntry] = []
    package var actions: [NetworkAction] = []

    /// An answer of which nothing follows.
    package init(_ answer: NetworkAnswer) {
        self.answer = answer
    }

    /// 400 for a message that breaks NETWORKS.md, noted as a fault of the platform.
    static func refused(
        _ faults: [String], _ network: LedgerEntry.Network, _ body: [UInt8], at now: Timestamp,
        subject: String = "", status: Int = 400
    ) -> NetworkStep {
        var step = NetworkStep(.errors(faults, status: status))
        var entry = LedgerEntry(.protocolFault, network, subject: subject, at: now, body: body)
        entry.note = faults.joined(separator: "; ")
        entry.status = status
        step.entries = [entry]
        return step
    }
}

/// An HTTP answer: its status and its JSON.
package struct NetworkAnswer: Sendable, Equatable {
    package var status: Int
    package var body: [UInt8]

    /// An answer with JSON that was written already.
    package init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }

    /// An object, written member by member.
    package static func object(
        status: Int = 200, _ write: (inout JSONWriter) -> Void
    ) -> NetworkAnswer {
        var writer = JSONWriter()
        writer.beginObject()
        write(&writer)
        writer.endObject()
        return NetworkAnswer(status: status, body: writer.bytes)
    }

    /// `{"status": "error", "errors": [...]}`.
    package static func errors(_ errors: [String], status: Int = 400) -> NetworkAnswer {
        object(status: status) { json in
            json.field("status", "error")
            json.field("errors", errors)
        }
    }
}

/// Something to be done outside of the state.
package enum NetworkAction: Sendable, Equatable {
    /// Send this request to the platform; the ledger has noted it already.
    case send(PlatformExchange)
    /// Come back with this after a while.
    case wait(Duration, then: NetworkTimer)
    /// Stream a file of alerts.
    case feed(AlertFeed)
}

/// What a wait was for.
package enum NetworkTimer: Sendable, Equatable {
    /// Push these again.
    case repush(PlatformTopic, [PlatformMessage])
    /// Tell the first of these results of an enrolment, and the others after it.
    case results(LedgerEntry.Network, enrolmentID: String, [EnrolmentResult])
}
