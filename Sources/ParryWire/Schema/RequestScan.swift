/// One pass over a parsed body: fills the slots and collects every error with its path.
///
/// Valid only while the buffers of its tape are.
struct RequestScan {
    let bytes: UnsafeBufferPointer<UInt8>
    let nodes: UnsafeBufferPointer<JSONNode>
    private let root: Rule
    private var slots: [UInt32] = []
    private var blocks: [RequestBody.Block] = []
    /// Field and element indices from the root; names are only looked up for an error.
    private var path: [Int] = []
    private var errors: [FieldError] = []
    private var lacksExpected = false
    private var cardNodes: [UInt32] = []

    private init(
        _ bytes: UnsafeBufferPointer<UInt8>, _ nodes: UnsafeBufferPointer<JSONNode>, _ root: Rule
    ) {
        self.bytes = bytes
        self.nodes = nodes
        self.root = root
        slots.reserveCapacity(nodes.count)
        blocks.reserveCapacity(4)
        path.reserveCapacity(8)
    }

    /// Holds the value at `index` of a tape against a rule and returns what was found.
    static func run(
        _ tape: JSONTape, at index: Int = 0, _ root: Rule
    ) -> (body: RequestBody, errors: [FieldError]) {
        tape.bytes.withUnsafeBufferPointer { bytes in
            tape.nodes.withUnsafeBufferPointer { nodes in
                var scan = RequestScan(bytes, nodes, root)
                scan.check(index, root)
                let body = RequestBody(
                    tape: tape, slots: scan.slots, blocks: scan.blocks,
                    lacksExpected: scan.lacksExpected, cardNodes: scan.cardNodes)
                return (body, scan.errors)
            }
        }
    }

    mutating func object(_ index: Int, _ layout: SchemaLayout) {
        guard nodes[index].kind == .object else { return report(.notObject) }
        let block = slots.count
        blocks.append(RequestBody.Block(node: UInt32(index), start: UInt32(block)))
        slots.append(contentsOf: repeatElement(0, count: layout.keys.count))
        members(index, layout, block)
        for field in layout.keys.indices where slots[block + field] == 0 {
            absent(field, layout)
        }
    }

    private mutating func members(_ index: Int, _ layout: SchemaLayout, _ block: Int) {
        let end = Int(nodes[index].next)
        var cursor = index + 1
        var hint = 0
        while cursor < end {
            if let field = layout.index(of: nodes[cursor], in: bytes, hint: hint) {
                hint = field + 1
                member(cursor + 1, field, layout, slot: block + field)
            }
            cursor = Int(nodes[cursor + 1].next)
        }
    }

    private mutating func member(_ index: Int, _ field: Int, _ layout: SchemaLayout, slot: Int) {
        guard slots[slot] == 0 else { return report(.duplicate, field) }
        slots[slot] = UInt32(index)
        guard nodes[index].kind != .null else { return null(field, layout) }
        path.append(field)
        check(index, layout.fields[field].rule)
        path.removeLast()
    }

    /// Judges a field that has no value.
    @inline(__always)
    private mutating func absent(_ field: Int, _ layout: SchemaLayout) {
        switch layout.keys[field].presence {
        case .required: report(.required, field)
        case .expected: lacksExpected = true
        case .optional, .nonNull: return
        }
    }

    /// Judges a field that is there with the value null.
    private mutating func null(_ field: Int, _ layout: SchemaLayout) {
        guard layout.keys[field].presence == .nonNull else { return absent(field, layout) }
        report(.notNull, field)
    }

    @inline(never)
    private mutating func report(_ offence: Offence, _ field: Int) {
        path.append(field)
        report(offence)
        path.removeLast()
    }

    mutating func array(_ index: Int, _ element: Rule, _ count: ClosedRange<Int>) {
        guard nodes[index].kind == .array else { return report(.notArray(count)) }
        guard nodes[index].count <= count.upperBound else {
            return report(path.isEmpty ? .batchTooLarge(count) : .tooMany(count))
        }
        if nodes[index].count < count.lowerBound { report(.tooFew(count)) }
        var cursor = index + 1
        path.append(0)
        for position in 0..<nodes[index].count {
            path[path.count - 1] = position
            check(cursor, element)
            cursor = Int(nodes[cursor].next)
        }
        path.removeLast()
    }

    mutating func foundCardNumber(at index: Int) {
        cardNodes.append(UInt32(index))
    }

    /// Records an offence of the value the path leads to.
    mutating func report(_ offence: Offence) {
        guard errors.count < RequestFailure.errorsMax else { return }
        errors.append(
            FieldError(field: pathText(), code: offence.code, message: offence.message))
    }

    private func pathText() -> String {
        var text = ""
        var rule = root
        for step in path {
            switch rule {
            case .object(let schema):
                if !text.isEmpty { text += "." }
                text += schema.fields[step].name
                rule = schema.fields[step].rule
            case .array(let element, _, _):
                text += "[\(step)]"
                rule = element
            default: return text
            }
        }
        return text
    }
}
