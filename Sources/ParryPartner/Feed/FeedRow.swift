/// A row with its cells read: values as JSON, not yet an order.
struct FeedRow: Sendable {
    /// What is wrong with one cell.
    struct Fault: Sendable {
        let slot: FeedSlot
        /// The list that its member's element belongs to; nil for the order's own and its objects' members.
        let list: Int?
        let offence: FeedOffence
    }

    let line: Int
    /// All values, and behind them all elements.
    private(set) var json: [UInt8] = []
    /// Where the value of each fixed slot lies; empty where there is none.
    private(set) var values: [Range<Int>] = []
    /// Where the element for each list lies; empty where there is none.
    private(set) var elements: [Range<Int>] = []
    private(set) var faults: [Fault] = []

    init(_ record: FeedRecord, _ plan: FeedPlan) {
        line = record.line
        json.reserveCapacity(record.content.count + 512)
        values.reserveCapacity(plan.fixedCount)
        elements.reserveCapacity(plan.lists.count)
        record.content.withUnsafeBufferPointer { content in
            record.ends.withUnsafeBufferPointer { ends in
                read(FeedFields(content: content, ends: ends), plan)
            }
        }
    }

    /// Takes a value for a slot that has none.
    mutating func fill(_ slot: Int, with value: ArraySlice<UInt8>) {
        let start = json.count
        json.append(contentsOf: value)
        values[slot] = start..<json.count
    }

    private mutating func read(_ fields: FeedFields, _ plan: FeedPlan) {
        for section in plan.fixed {
            for slot in section.slots {
                let start = json.count
                if case .refused(let offence) = slot.cell?.write(fields, into: &json) {
                    refuse(slot, nil, offence, keeping: start)
                }
                values.append(start..<json.count)
            }
        }
        for (index, section) in plan.lists.enumerated() {
            elements.append(element(of: section, index, fields))
        }
    }

    /// Writes the element that a row has for a list, unless none of its own columns says anything.
    private mutating func element(
        of section: FeedPlan.Section, _ list: Int, _ fields: FeedFields
    ) -> Range<Int> {
        let start = json.count
        let faultCount = faults.count
        var isFilled = false
        json.append(UInt8(ascii: "{"))
        for slot in section.slots {
            let length = json.count
            if length > start + 1 { json.append(UInt8(ascii: ",")) }
            json.append(contentsOf: slot.key)
            switch slot.cell?.write(fields, into: &json) ?? .empty {
            case .written: isFilled = isFilled || slot.isOwn
            case .refused(let offence):
                isFilled = isFilled || slot.isOwn
                refuse(slot, list, offence, keeping: length)
            case .empty:
                if let constant = slot.constant {
                    json.append(contentsOf: constant)
                } else {
                    json.removeLast(json.count - length)
                }
            }
        }
        json.append(UInt8(ascii: "}"))
        if !isFilled {
            json.removeLast(json.count - start)
            faults.removeLast(faults.count - faultCount)
        }
        return start..<json.count
    }

    private mutating func refuse(
        _ slot: FeedSlot, _ list: Int?, _ offence: FeedOffence, keeping length: Int
    ) {
        json.removeLast(json.count - length)
        faults.append(Fault(slot: slot, list: list, offence: offence))
    }
}
