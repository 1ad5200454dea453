/// The result of a scan that all objects of a body share.
final class RequestBody: Sendable {
    /// One object found: its node, and where its slots start.
    struct Block: Sendable {
        let node: UInt32
        let start: UInt32
    }

    let tape: JSONTape
    /// For each field of each object the node of its value; 0, the root, means absent.
    let slots: [UInt32]
    /// In document order, hence sorted by node.
    let blocks: [Block]
    /// Whether any `.expected` field is absent or null anywhere in the body.
    let lacksExpected: Bool
    /// The strings that hold a card number, in document order.
    let cardNodes: [UInt32]

    init(
        tape: JSONTape, slots: [UInt32], blocks: [Block], lacksExpected: Bool, cardNodes: [UInt32]
    ) {
        self.tape = tape
        self.slots = slots
        self.blocks = blocks
        self.lacksExpected = lacksExpected
        self.cardNodes = cardNodes
    }

    /// Where the slots of the object at `node` start; nil when the scan met no object there.
    func block(of node: Int) -> Int? {
        var low = 0
        var high = blocks.count
        while low < high {
            let middle = (low + high) / 2
            if blocks[middle].node < node { low = middle + 1 } else { high = middle }
        }
        guard low < blocks.count, blocks[low].node == node else { return nil }
        return Int(blocks[low].start)
    }

    /// What an object is that was never sent.
    static let empty = RequestBody(
        tape: .emptyObject, slots: [], blocks: [], lacksExpected: false, cardNodes: [])
}
