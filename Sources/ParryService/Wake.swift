/// Tells the webhook dispatcher that something may be due. A hint: what is due is in the database, and
/// the dispatcher looks there by itself as well.
package struct Wake: Sendable {
    private let signal: @Sendable () -> Void

    package init(_ signal: @escaping @Sendable () -> Void) {
        self.signal = signal
    }

    /// Tells nobody, for commands that run beside a server.
    package static let silent = Wake {}

    /// Tells, also the other one.
    package func and(_ other: @escaping @Sendable () -> Void) -> Wake {
        Wake { [self] in
            signal()
            other()
        }
    }

    /// Tells.
    package func callAsFunction() {
        signal()
    }
}
