package import ParryWire

/// The tokens that networks show; each belongs to one mode.
package struct NetworkTokens: Sendable {
    private let test: [UInt8]?
    private let live: [UInt8]?

    /// - Parameters:
    ///   - test: nil when no network sends to TEST accounts.
    ///   - live: nil when no network sends to LIVE accounts.
    package init(test: String?, live: String?) {
        self.test = test.map { Array($0.utf8) }
        self.live = live.map { Array($0.utf8) }
    }

    /// Whether no network can send anything.
    package var isEmpty: Bool { test == nil && live == nil }

    /// The mode whose token an `Authorization` header shows; compared in a time that does not depend on how much of
    /// it is right.
    package func mode(of header: String?) -> AccountMode? {
        guard let header, header.lowercased().hasPrefix("bearer ") else { return nil }
        let shown = Array(header.dropFirst(7).utf8.drop { $0 == 0x20 })
        let isTest = test.map { Self.isSame($0, shown) } ?? false
        let isLive = live.map { Self.isSame($0, shown) } ?? false
        return isLive ? .live : isTest ? .test : nil
    }

    private static func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
