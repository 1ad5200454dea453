package import ParryWire

/// The way of a message to the platform: opened (and noted), sent by somebody else, concluded by
/// what came back.
extension NetworkState {
    /// Makes one request of messages and notes them as sent.
    package mutating func open(
        _ topic: PlatformTopic, _ messages: [PlatformMessage], at now: Timestamp
    ) -> PlatformExchange {
        let exchange = PlatformExchange(
            number: ledger.nextExchange(), topic: topic, messages: messages)
        for message in messages {
            var entry = entry(topic.sent, message, exchange, at: now)
            entry.body = message.attempt == 1 ? message.body : nil
            note(entry)
        }
        return exchange
    }

    /// Alerts for one push; misbehaviour may change their order and send them twice.
    package mutating func push(
        _ alerts: [PlatformMessage], at now: Timestamp
    ) -> (exchange: PlatformExchange, actions: [NetworkAction]) {
        var alerts = alerts
        if misbehaviour.isOutOfOrder {
            var random = SeededGenerator(seed: settings.seed, 3, UInt64(ledger.last))
            alerts.shuffle(using: &random)
        }
        let exchange = open(.alerts, alerts, at: now)
        guard misbehaviour.take(\.duplicatePushes) else { return (exchange, []) }
        let twin = open(.alerts, alerts, at: now)
        return (exchange, send(twin))
    }

    /// Puts a request into the queue of those that nobody waits for.
    package mutating func send(_ exchange: PlatformExchange) -> [NetworkAction] {
        queue.admit(exchange).map { [.send($0)] } ?? []
    }

    /// Takes the next request from the queue, after one of it was answered.
    package mutating func sendNext() -> [NetworkAction] {
        queue.finished().map { [.send($0)] } ?? []
    }

    /// Notes what came back, and has what was not acknowledged pushed again.
    package mutating func conclude(
        _ exchange: PlatformExchange, _ reply: PlatformReply, at now: Timestamp
    ) -> (acknowledgement: Acknowledgement, actions: [NetworkAction]) {
        let judged = Acknowledgement(of: exchange, reply)
        for fault in judged.faults {
            var entry = LedgerEntry(
                .protocolFault, exchange.topic.network, subject: "", at: now, body: reply.body)
            entry.exchange = exchange.number
            entry.note = "answer to \(exchange.topic.path): \(fault)"
            note(entry)
        }
        var again: [PlatformMessage] = []
        for message in exchange.messages {
            let refusal = judged.refused[message.subject]
            let topic = exchange.topic
            var entry = entry(
                refusal == nil ? topic.acknowledged : topic.notAcknowledged, message, exchange,
                at: now)
            (entry.milliseconds, entry.status) = (reply.milliseconds, reply.status)
            entry.note = refusal
            note(entry)
            if refusal != nil, message.isRepeated { again.append(message) }
        }
        var actions = again.isEmpty ? [] : repush(again, of: exchange, at: now)
        if let next = exchange.next {
            actions.append(.wait(settings.enrolmentDelay / 2, then: next))
        }
        return (judged, actions)
    }

    /// Messages of one request share their attempt, and so their wait.
    private mutating func repush(
        _ messages: [PlatformMessage], of exchange: PlatformExchange, at now: Timestamp
    ) -> [NetworkAction] {
        let attempt = messages.map(\.attempt).max() ?? 1
        guard let wait = settings.repush.wait(afterAttempt: attempt) else {
            for message in messages {
                note(entry(exchange.topic.givenUp, message, exchange, at: now))
            }
            return []
        }
        let next = messages.map { message in
            var next = message
            next.attempt += 1
            return next
        }
        return [.wait(wait, then: .repush(exchange.topic, next))]
    }

    /// Does what a wait was for.
    package mutating func due(_ timer: NetworkTimer, at now: Timestamp) -> [NetworkAction] {
        switch timer {
        case .repush(let topic, let messages):
            let open = messages.filter { isStillWanted($0, topic) }
            guard !open.isEmpty else { return [] }
            return send(self.open(topic, open, at: now))
        case .results(let network, let id, let results):
            return tell(results, of: id, network, at: now)
        }
    }

    /// Tells the first of these results of an enrolment; the others wait until it is answered.
    private mutating func tell(
        _ results: [EnrolmentResult], of id: String, _ network: LedgerEntry.Network,
        at now: Timestamp
    ) -> [NetworkAction] {
        guard let first = results.first,
            let message = network == .ethoca ? ethoca.result(id, first) : verifi.result(id, first)
        else { return [] }
        let topic: PlatformTopic = network == .ethoca ? .ethocaResults : .verifiResults
        var exchange = open(topic, [message], at: now)
        if results.count > 1 {
            exchange.next = .results(network, enrolmentID: id, Array(results.dropFirst()))
        }
        return send(exchange)
    }

    /// Another push may have been acknowledged in the meantime, or an enrolment removed.
    private func isStillWanted(_ message: PlatformMessage, _ topic: PlatformTopic) -> Bool {
        switch topic {
        case .alerts: ethoca.alerts.unacknowledged.contains(message.subject)
        case .ethocaResults: ethoca.enrolments.untold[message.subject] != nil
        case .verifiResults: verifi.enrolments.untold[message.subject] != nil
        case .notifications: true
        }
    }

    private func entry(
        _ kind: LedgerEntry.Kind, _ message: PlatformMessage, _ exchange: PlatformExchange,
        at now: Timestamp
    ) -> LedgerEntry {
        var entry = LedgerEntry(kind, exchange.topic.network, subject: message.subject, at: now)
        entry.exchange = exchange.number
        entry.attempt = message.attempt
        entry.word = message.word ?? (message.isRepeated ? nil : PlatformMessage.once)
        return entry
    }
}
