/// Requests to the platform that nobody waits for: some are in flight, the rest wait their turn.
package struct SendQueue: Sendable {
    /// How many are being sent.
    package private(set) var inFlight = 0
    /// Those whose turn has not come, oldest first.
    package private(set) var waiting: [PlatformExchange] = []
    private let inFlightMax: Int

    /// A queue that sends so many at a time.
    package init(inFlightMax: Int = SimulatorLimits.pushesInFlightMax) {
        self.inFlightMax = inFlightMax
    }

    /// Takes a request.
    ///
    /// - Returns: It, when it may be sent at once.
    package mutating func admit(_ exchange: PlatformExchange) -> PlatformExchange? {
        guard inFlight < inFlightMax else {
            waiting.append(exchange)
            return nil
        }
        inFlight += 1
        return exchange
    }

    /// Hears that one was answered.
    ///
    /// - Returns: The next one to send.
    package mutating func finished() -> PlatformExchange? {
        guard !waiting.isEmpty else {
            inFlight -= 1
            return nil
        }
        return waiting.removeFirst()
    }
}
