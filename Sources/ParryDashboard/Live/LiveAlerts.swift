package import Logging
import ParryDomain
package import ParryService
import ParryWire
import ServiceLifecycle
import Synchronization

// Who acts: one watcher in the process, and a listener for each open page. The watcher looks at the ends of the partners'
// feeds once a second and only while somebody listens, whoever committed the events; it tells the listeners, each of which
// writes to its own page. A listener that does not come along is told once of all that it missed.

/// Tells open pages that alerts of theirs are new or changed.
package final class LiveAlerts: Service, CustomStringConvertible {
    private static let interval: Duration = .seconds(1)
    /// Looks after which every connection hears something, so that no proxy takes it for dead.
    private static let looksPerBeat = 25
    /// Beats after which each listener's session is looked at.
    private static let beatsPerCheck = 8

    /// What log lines call it.
    package let description = "live alerts"
    private let news: AlertNewsService
    private let logger: Logger
    private let state = Mutex(State())
    private let bell: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation

    private struct State {
        var listeners: [ObjectIdentifier: LiveListener] = [:]
        /// What the watcher has told of, by partner.
        var positions: [PartnerID: Int64] = [:]
        var isClosed = false
    }

    package init(_ news: AlertNewsService, logger: Logger = Logger(label: "parry")) {
        self.news = news
        self.logger = logger
        (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Begins to listen; whoever does has to leave.
    ///
    /// - Returns: nil when there are too many, or the server stops.
    func listen(
        _ owner: Owner, _ session: SessionID, since position: Int64?
    ) -> LiveListener? {
        let listener = LiveListener(owner, session, since: position)
        let isIn = state.withLock { state in
            guard Self.hasRoom(state, session) else { return false }
            state.listeners[ObjectIdentifier(listener)] = listener
            return true
        }
        ring.yield()
        return isIn ? listener : nil
    }

    /// Whether another page of a session may listen.
    func hasRoom(for session: SessionID) -> Bool {
        state.withLock { Self.hasRoom($0, session) }
    }

    private static func hasRoom(_ state: borrowing State, _ session: SessionID) -> Bool {
        !state.isClosed && state.listeners.count < Limits.livePagesMax
            && state.listeners.values.count { $0.session == session }
                < Limits.livePagesOfSessionMax
    }

    func leave(_ listener: LiveListener) {
        state.withLock { _ = $0.listeners.removeValue(forKey: ObjectIdentifier(listener)) }
        listener.end()
    }

    /// Watches until the server stops; then every listener hears that it is over.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in self.bell { await self.watch() }
        }
        let listeners = state.withLock { state in
            state.isClosed = true
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.end() }
    }

    /// Looks once a second while somebody listens.
    private func watch() async {
        var looks = 0
        while !Task.isCancelled {
            let listeners = state.withLock { Array($0.listeners.values) }
            guard !listeners.isEmpty else { break }
            await look(for: listeners)
            looks += 1
            if looks % Self.looksPerBeat == 0 {
                let isCheck = looks / Self.looksPerBeat % Self.beatsPerCheck == 0
                for listener in listeners { listener.tell(isCheck ? [.beat, .check] : .beat) }
            }
            try? await Task.sleep(for: Self.interval)
        }
        // What happens while nobody listens is nobody's news.
        state.withLock { if $0.listeners.isEmpty { $0.positions = [:] } }
    }

    private func look(for listeners: [LiveListener]) async {
        do {
            let byPartner = Dictionary(grouping: listeners, by: \.owner.partnerID)
            let ends = try await news.ends(of: Array(byPartner.keys))
            for (partner, listeners) in byPartner {
                try await tell(listeners, of: partner, upTo: ends[partner] ?? 0)
            }
        } catch is CancellationError {
            return
        } catch {
            logger.warning("alerts were not looked at", metadata: ["error": "\(error)"])
        }
    }

    private func tell(
        _ listeners: [LiveListener], of partner: PartnerID, upTo end: Int64
    ) async throws {
        let known = state.withLock { state in
            defer { state.positions[partner] = end }
            return state.positions[partner] ?? end
        }
        for listener in listeners { listener.begin(at: end) }
        guard end > known else { return }
        do {
            let touched = try await news.touched(of: partner, behind: known, upTo: end)
            guard !touched.isEmpty else { return }
            var groups: [PartnerGroupID: Bool] = [:]
            for listener in listeners
            where try await sees(listener.owner, touched, knowing: &groups) {
                listener.tell(.news, at: end)
            }
        } catch {
            // The next look tells of it.
            state.withLock { $0.positions[partner] = known }
            throw error
        }
    }

    private func sees(
        _ owner: Owner, _ touched: Set<OrganisationID>,
        knowing groups: inout [PartnerGroupID: Bool]
    ) async throws -> Bool {
        switch owner {
        case .adminGroup: return true
        case .organisation(let id, _): return touched.contains(id)
        case .restrictedGroup(let group, _):
            if let known = groups[group] { return known }
            let found = try await news.isAny(of: touched, in: group)
            groups[group] = found
            return found
        }
    }
}
