import ParryClient
import ParryWire

/// What an upload's answer says of each of its orders.
struct UploadAnswer: Sendable {
    private(set) var stored: [(order: SentOrder, id: String)] = []
    /// The platform had them, and they say something else there; the id where it told.
    private(set) var different: [(order: SentOrder, id: String?)] = []
    private(set) var refused: [(order: SentOrder, why: [FeedReason])] = []
    private(set) var unanswered: [SentOrder] = []
    private(set) var report = SendReport()

    init(_ orders: [SentOrder], _ upload: OrderUpload) {
        var created: [String: String] = [:]
        for result in upload.results {
            if let reference = result.referenceID { created[reference] = result.id.text }
        }
        let refusals = Dictionary(grouping: upload.errors) { $0.index }
        for (index, order) in orders.enumerated() {
            if let errors = refusals[index] {
                take(order, errors)
            } else if let id = created[order.reference] {
                stored.append((order, id))
                report.accepted += 1
                report.count(order.coverage)
            } else {
                unanswered.append(order)
                report.refused += 1
            }
        }
    }

    private mutating func take(_ order: SentOrder, _ errors: [OrderRefusal]) {
        guard let duplicate = errors.first(where: { $0.code == .duplicateOrder }) else {
            refused.append(
                (order, errors.map { FeedReason($0.field ?? "", $0.code.text, $0.message) }))
            report.refused += 1
            return
        }
        if duplicate.identical == true, let id = duplicate.orderID {
            stored.append((order, id.text))
            report.duplicates += 1
        } else {
            different.append((order, duplicate.orderID?.text))
        }
    }
}
