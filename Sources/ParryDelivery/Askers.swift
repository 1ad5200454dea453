import AsyncHTTPClient
import NIOConcurrencyHelpers
import NIOCore

/// Those who wait for one look-up.
struct Askers: Sendable {
    typealias Answer = Result<ClientCache.Pinned, WebhookFailure>

    /// One of them, who waits until the deadline and no longer.
    final class Asker: Sendable {
        private let continuation: NIOLockedValueBox<CheckedContinuation<Answer, Never>?>

        init(_ continuation: CheckedContinuation<Answer, Never>) {
            self.continuation = NIOLockedValueBox(continuation)
        }

        var isWaiting: Bool { continuation.withLockedValue { $0 != nil } }

        /// Only the first answer counts.
        func hear(_ answer: Answer) {
            let waiting = continuation.withLockedValue { continuation in
                defer { continuation = nil }
                return continuation
            }
            waiting?.resume(returning: answer)
        }

        func leave(at deadline: NIODeadline) {
            guard isWaiting else { return }
            HTTPClient.defaultEventLoopGroup.any().scheduleTask(deadline: deadline) {
                self.hear(.failure(.timeout))
            }
        }
    }

    private var waiting: [Asker] = []
    /// Whether the answer is wanted whoever waits.
    private var isRenewal = false

    /// - Parameter asker: nil for a renewal.
    mutating func add(_ asker: Asker?) {
        if let asker { waiting.append(asker) } else { isRenewal = true }
    }

    /// Whether nobody waits any more.
    var isEmpty: Bool { !isRenewal && !waiting.contains { $0.isWaiting } }

    func hear(_ answer: Answer) {
        for asker in waiting { asker.hear(answer) }
    }
}
