package import ParryWire

/// How feed, inbox and daemon are.
package struct DeskHealth: Sendable, Hashable {
    /// A feed since its beginning.
    package struct Feed: Sendable, Hashable {
        package let name: String
        package let totals: FeedStore.Totals
        /// Requests whose answer is not known.
        package let unanswered: Int64

        /// Orders of which it is known what they lack.
        package var counted: Int64 { totals.accepted }
    }

    /// Alerts at one step.
    package struct Step: Sendable, Hashable {
        package let step: String
        package let count: Int64
    }

    package var feeds: [Feed] = []
    package var inbox = InboxStore.Health()
    /// Events that could not be worked off, with the reason.
    package var failures: [DeskStore.Failure] = []
    package var steps: [Step] = []
    /// When an alert was read from the platform for the last time.
    package var lastSeenAt: Timestamp?
    package var pollSeconds: Int64 = 60
    /// How far the platform's clock is ahead; nil before it was asked.
    package var clockOffsetSeconds: Int64?
    package var isDaemonRunning = false
}
