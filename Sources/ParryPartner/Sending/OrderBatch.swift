import ParryClient
import ParryWire

/// Orders that go out in one request.
struct OrderBatch: Sendable {
    /// The contract's bounds: 100 orders and 5 MiB, of which a little is left to what stands around the orders.
    static let ordersMax = 100
    static let bytesMax = 5 * 1_024 * 1_024 - 4_096

    private(set) var orders: [FeedOrder] = []
    private var bytes = 0

    var isEmpty: Bool { orders.isEmpty }

    /// Whether another order would be too much.
    func isFull(for order: FeedOrder) -> Bool {
        orders.count >= Self.ordersMax || bytes + order.document.count > Self.bytesMax
    }

    mutating func add(_ order: FeedOrder) {
        orders.append(order)
        bytes += order.document.count + 1
    }

    /// The array as it is sent.
    var body: [UInt8] { Self.body(orders.map(\.document)) }

    static func body(_ documents: [[UInt8]]) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(documents.reduce(2) { $0 + $1.count + 1 })
        body.append(UInt8(ascii: "["))
        for (index, document) in documents.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body += document
        }
        body.append(UInt8(ascii: "]"))
        return body
    }

    /// The orders of a body that was kept.
    static func documents(_ body: [UInt8]) -> [[UInt8]] {
        guard let root = try? JSONDocument.parse(body).root else { return [] }
        return root.elements.map { Array($0.raw) }
    }
}
