import ParryClient
import ParryWire

/// An order of a request, as its answer is settled with.
struct SentOrder: Sendable {
    let reference: String
    let document: [UInt8]
    let digest: [UInt8]
    /// nil after a restart, when the file's place is not known any more.
    let line: Int?
    let coverage: FeedCoverage

    init(_ order: FeedOrder) {
        reference = order.referenceID
        document = order.document
        digest = OrderDigest.of(order.document)
        line = order.line
        coverage = order.coverage
    }

    /// An order of a request that was kept.
    init?(kept document: [UInt8]) {
        guard let order = try? OrderRequest.create.decode(document),
            let reference = order[OrderRequest.referenceID]
        else { return nil }
        self.reference = reference
        self.document = document
        digest = OrderDigest.of(document)
        line = nil
        coverage = FeedCoverage(order)
    }

    /// What the reject file says of it.
    func refusal(_ reasons: [FeedReason]) -> FeedRefusal {
        let value = try? JSONDocument.parse(document).root
        return FeedRefusal(
            line: line ?? 0, referenceID: reference, reasons: reasons,
            original: value.map { .json($0) } ?? .omitted("it cannot be read"))
    }

    func refusal(_ refusal: OrderRefusal) -> FeedRefusal {
        self.refusal([FeedReason(refusal.field ?? "", refusal.code.text, refusal.message)])
    }
}
