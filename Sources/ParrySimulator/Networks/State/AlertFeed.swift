package import ParryWire

/// A file that is streamed to the platform, one message a line: a world's `alerts.jsonl`.
package struct AlertFeed: Sendable, Equatable {
    /// From 1, in the order of the requests.
    package let number: Int
    package let path: String
    /// Messages a second; 0 for as fast as the platform takes them.
    package let rate: Int
    /// Alerts in one push.
    package let batch: Int
    /// Messages that were handed on.
    package var sent = 0
    /// Lines that are no message.
    package var unreadable = 0
    package var isDone = false
    /// Why it ended before its time.
    package var failure: String?

    /// Writes how far it is.
    func write(into json: inout JSONWriter) {
        json.beginObject()
        json.field("feed", number)
        json.field("path", path)
        json.field("sent", sent)
        json.field("unreadable", unreadable)
        json.field("done", isDone)
        json.field("failure", failure)
        json.endObject()
    }
}

extension NetworkState {
    /// Starts a feed; nil when too many are running.
    package mutating func start(
        path: String, rate: Int, batch: Int
    ) -> (feed: AlertFeed, actions: [NetworkAction])? {
        guard feeds.count(where: { !$0.isDone }) < SimulatorLimits.feedsMax else { return nil }
        let feed = AlertFeed(number: feeds.count + 1, path: path, rate: rate, batch: batch)
        feeds.append(feed)
        return (feed, [.feed(feed)])
    }

    /// Notes how far a feed is.
    package mutating func advance(feed number: Int, sent: Int = 0, unreadable: Int = 0) {
        guard feeds.indices.contains(number - 1) else { return }
        feeds[number - 1].sent += sent
        feeds[number - 1].unreadable += unreadable
    }

    /// Pushes one batch of a feed's alerts by the queue.
    package mutating func feed(
        _ number: Int, _ alerts: [PlatformMessage], at now: Timestamp
    ) -> [NetworkAction] {
        let (exchange, actions) = push(alerts, at: now)
        advance(feed: number, sent: alerts.count)
        return send(exchange) + actions
    }

    /// Sends one notice of a feed by the queue.
    package mutating func feed(
        _ number: Int, notice: PlatformMessage, at now: Timestamp
    ) -> [NetworkAction] {
        advance(feed: number, sent: 1)
        return send(open(.notifications, [truthful(notice)], at: now))
    }

    /// Notes that a feed ended.
    package mutating func end(feed number: Int, failure: String?) {
        guard feeds.indices.contains(number - 1) else { return }
        feeds[number - 1].isDone = true
        feeds[number - 1].failure = failure
    }

    /// Whether a feed has to wait for the platform.
    package var isCrowded: Bool { queue.waiting.count >= SimulatorLimits.pushesWaitingMax }

    /// Whether so many more alerts would be more than the networks remember.
    package func isFull(for count: Int) -> Bool {
        ethoca.alerts.records.count + count > SimulatorLimits.alertsKnownMax
    }
}
