package import ParryWire

/// Which networks this installation is connected to, in each mode.
package struct NetworkConnections: Sendable, Hashable {
    private let test: Set<CardNetwork>
    private let live: Set<CardNetwork>

    /// No network: enrolments wait for the simulation endpoint and the operator.
    package static let none = NetworkConnections(test: [], live: [])

    package init(test: Set<CardNetwork>, live: Set<CardNetwork>) {
        self.test = test
        self.live = live
    }

    /// The networks of one mode.
    package func networks(of mode: AccountMode) -> Set<CardNetwork> {
        switch mode {
        case .test: test
        case .live: live
        }
    }
}
