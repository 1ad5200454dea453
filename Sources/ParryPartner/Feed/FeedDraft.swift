import ParryWire

/// An order in the making: one row, or several with the same reference.
struct FeedDraft: Sendable {
    /// The first row's.
    let line: Int
    /// The first row, whose empty cells later rows may fill.
    private var row: FeedRow
    private var lists: [FeedElements]
    private var records: [FeedRecord]
    private var reasons: [FeedReason] = []
    private var rowCount = 1
    private var size: Int
    private var isTooLarge = false
    /// A row behind the last one that could not be read: part of this order, or not.
    private var unreadableLine: Int?

    init(_ row: FeedRow, _ record: FeedRecord, _ plan: FeedPlan) {
        line = row.line
        self.row = row
        records = [record]
        size = record.content.count
        lists = plan.lists.map { _ in FeedElements() }
        addElements(of: row, plan)
        addFixedFaults(of: row)
    }

    /// Whether a row has the same reference.
    func isContinued(by next: FeedRow, _ plan: FeedPlan) -> Bool {
        let own = row.json[row.values[plan.reference]]
        return !own.isEmpty && own == next.json[next.values[plan.reference]]
    }

    /// Takes another row of the same order.
    mutating func add(_ next: FeedRow, _ record: FeedRecord, _ plan: FeedPlan) {
        rowCount += 1
        size += record.content.count
        isTooLarge =
            isTooLarge || rowCount > FeedLimits.rowsPerOrderMax || size > FeedLimits.recordBytesMax
        guard !isTooLarge else {
            records = []
            return
        }
        records.append(record)
        if let unreadableLine { refuseGap(unreadableLine) }
        unreadableLine = nil
        merge(next, plan)
        addElements(of: next, plan)
        addFixedFaults(of: next)
    }

    /// Remembers that the row behind the last one is lost.
    mutating func noteUnreadable(_ line: Int) {
        unreadableLine = unreadableLine ?? line
    }

    /// The order as it is now, or why it is none.
    func item(_ plan: FeedPlan) -> FeedItem {
        if isTooLarge { return tooLarge(plan) }
        do throws(FeedJudge.Verdict) {
            let order = try FeedJudge.judge(document(plan), line: line)
            guard !reasons.isEmpty else { return .order(order) }
            return refused([], order.referenceID, plan)
        } catch {
            return refused(error.errors, error.referenceID, plan)
        }
    }

    /// Takes what the first row left empty, and refuses what differs.
    private mutating func merge(_ next: FeedRow, _ plan: FeedPlan) {
        for section in plan.fixed {
            for (offset, slot) in section.slots.enumerated() {
                let index = section.start + offset
                let value = next.json[next.values[index]]
                let own = row.json[row.values[index]]
                if value.isEmpty || value == own { continue }
                if own.isEmpty {
                    row.fill(index, with: value)
                } else {
                    refuse(
                        slot, slot.target.text, "INVALID_VALUE",
                        "differs from the order's other rows. Give it alike in all of them, or "
                            + "only in the first", next.line)
                }
            }
        }
    }

    private mutating func addElements(of row: FeedRow, _ plan: FeedPlan) {
        for (index, section) in plan.lists.enumerated() where !row.elements[index].isEmpty {
            let faults = row.faults.filter { $0.list == index }
            let place = lists[index].add(
                row.json[row.elements[index]], line: row.line, isWhole: faults.isEmpty)
            for fault in faults {
                refuse(
                    fault.slot, "\(section.name)[\(place)].\(fault.slot.target.member)",
                    fault.offence.code, fault.offence.message, row.line)
            }
        }
    }

    private mutating func addFixedFaults(of row: FeedRow) {
        for fault in row.faults where fault.list == nil {
            refuse(
                fault.slot, fault.slot.target.text, fault.offence.code, fault.offence.message,
                row.line)
        }
    }

    private mutating func refuse(
        _ slot: FeedSlot, _ field: String, _ code: String, _ message: String, _ line: Int
    ) {
        guard reasons.count < FeedLimits.reasonsMax else { return }
        var reason = FeedReason(field, code, message)
        reason.column = slot.cell?.column
        reason.line = line == self.line ? nil : line
        reasons.append(reason)
    }

    private mutating func refuseGap(_ line: Int) {
        guard reasons.count < FeedLimits.reasonsMax else { return }
        var reason = FeedReason(
            "", ErrorCode.invalidRequest.rawValue,
            "A row between those of this order cannot be read, so that the order may lack "
                + "something. Mend that row and send them together.")
        reason.line = line
        reasons.append(reason)
    }

    private func document(_ plan: FeedPlan) -> [UInt8] {
        var json = plan.opening
        json.reserveCapacity(row.json.count + 512)
        for section in plan.fixed { append(section, to: &json) }
        for (list, section) in zip(lists, plan.lists) where !list.lines.isEmpty {
            json.append(UInt8(ascii: ","))
            json.append(contentsOf: section.key)
            json.append(UInt8(ascii: "["))
            json.append(contentsOf: list.json)
            json.append(UInt8(ascii: "]"))
        }
        json.append(UInt8(ascii: "}"))
        return json
    }

    /// The order's own members, or one of its objects, unless none of its own columns says anything.
    private func append(_ section: FeedPlan.Section, to json: inout [UInt8]) {
        let values = row.values[section.start..<section.start + section.slots.count]
        let isObject = !section.name.isEmpty
        if isObject {
            guard zip(section.slots, values).contains(where: { $0.isOwn && !$1.isEmpty }) else {
                return
            }
            json.append(UInt8(ascii: ","))
            json.append(contentsOf: section.key)
            json.append(UInt8(ascii: "{"))
        }
        var needsComma = !isObject
        for (slot, range) in zip(section.slots, values) {
            let value = range.isEmpty ? slot.constant.map { $0[...] } : row.json[range]
            guard let value else { continue }
            if needsComma { json.append(UInt8(ascii: ",")) }
            needsComma = true
            json.append(contentsOf: slot.key)
            json.append(contentsOf: value)
        }
        if isObject { json.append(UInt8(ascii: "}")) }
    }
}

extension FeedDraft {
    private func refused(
        _ errors: [FieldError], _ referenceID: String?, _ plan: FeedPlan
    ) -> FeedItem {
        // A member whose cell could not be read is absent from the document, which is no second reason.
        let known = Set(reasons.map(\.field))
        let more = errors.prefix(FeedLimits.reasonsMax).filter { !known.contains($0.field) }
            .map { reason($0, plan) }
        return .refused(
            FeedRefusal(
                line: line, referenceID: referenceID, reasons: reasons + more,
                original: .rows(records, header: plan.header)))
    }

    private func tooLarge(_ plan: FeedPlan) -> FeedItem {
        let reference = Array(row.json[row.values[plan.reference]])
        let reason = FeedReason(
            "", ErrorCode.orderTooLarge.rawValue,
            "The order has more than \(FeedLimits.rowsPerOrderMax) rows, or more than 1 MiB. Check "
                + "the column of its reference: rows that follow each other with the same one are "
                + "one order.")
        return .refused(
            FeedRefusal(
                line: line, referenceID: (try? JSONDocument.parse(reference))?.root.string,
                reasons: [reason], original: .omitted("it is too large")))
    }

    /// Names the column and the row of an error.
    private func reason(_ error: FieldError, _ plan: FeedPlan) -> FeedReason {
        let place = FeedPlace(error.field)
        let column = plan.slot(place.path)?.cell?.column
        let isMapped = FeedPath.all.contains { $0.text == place.path }
        var reason = FeedReason(error)
        if error.code == ErrorCode.missingField.rawValue, isMapped {
            let advice =
                column.map { "Fill the column \($0)." }
                ?? "Map a column to \(place.path), or give it among the constants."
            reason = FeedReason(error.field, error.code, "\(error.field) is required. \(advice)")
        }
        reason.column = column
        if let position = place.position,
            let list = plan.lists.firstIndex(where: { $0.name == place.list }),
            lists[list].lines.indices.contains(position), lists[list].lines[position] != line
        {
            reason.line = lists[list].lines[position]
        }
        return reason
    }
}

/// The elements of one list of an order in the making.
struct FeedElements: Sendable {
    /// With commas between.
    private(set) var json: [UInt8] = []
    /// The row of each element.
    private(set) var lines: [Int] = []
    /// Empty while there is one element at most, as in nearly all orders.
    private var seen: Set<[UInt8]> = []

    /// Adds an element unless an equal one is there: rows that join several lists repeat them.
    ///
    /// - Returns: Its place, or the last one's.
    mutating func add(_ element: ArraySlice<UInt8>, line: Int, isWhole: Bool) -> Int {
        if lines.isEmpty {
            json = Array(element)
        } else {
            if lines.count == 1 { seen.insert(json) }
            let isNew = seen.insert(Array(element)).inserted
            guard isNew || !isWhole else { return lines.count - 1 }
            json.append(UInt8(ascii: ","))
            json.append(contentsOf: element)
        }
        lines.append(line)
        return lines.count - 1
    }
}

/// A path of an error, such as `transactions[3].currency`, taken apart.
struct FeedPlace {
    /// Without the element's number, as mappings spell it.
    let path: String
    let list: String
    let position: Int?

    init(_ field: String) {
        guard let open = field.firstIndex(of: "["), let close = field.firstIndex(of: "]"),
            open < close
        else {
            path = field
            list = ""
            position = nil
            return
        }
        list = String(field[..<open])
        position = Int(field[field.index(after: open)..<close])
        path = list + field[field.index(after: close)...]
    }
}
