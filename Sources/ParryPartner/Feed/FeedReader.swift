import ParryWire

/// Reads a file of orders one after another, and says of each whether it can be sent.
///
/// Nothing is kept but the order in the making, so that memory does not grow with the file.
package struct FeedReader: Sendable {
    /// Columns that the mapping does not use.
    package let unmapped: [String]

    private var lines: FeedLines
    private let target: FeedTarget
    /// Nil for lines of JSON.
    private let plan: FeedPlan?
    private var draft: FeedDraft?

    /// Lines of JSON: each is one order, which may leave out its organisation, integration and type.
    package init(jsonLines source: FeedSource, target: FeedTarget) {
        lines = FeedLines(jsonLines: source)
        self.target = target
        plan = nil
        unmapped = []
    }

    /// Rows of CSV, whose header is read at once.
    ///
    /// - Throws: ``FeedProblem`` when the header cannot be read or lacks a column of the mapping.
    package init(
        csv source: FeedSource, mapping: FeedMapping, target: FeedTarget
    ) throws(FeedProblem) {
        lines = try FeedLines(csv: source, separator: mapping.separator)
        self.target = target
        do throws(FeedProblem) {
            plan = try FeedPlan(mapping, header: lines.header, target: target)
        } catch {
            throw error.named(mapping.name)
        }
        unmapped = mapping.unmapped(lines.header)
    }

    /// Bytes consumed so far, for progress; of CSV with the row behind the last order.
    package var offset: Int64 { lines.offset }

    /// The next order or refusal, or nil at the end.
    ///
    /// - Throws: ``FeedProblem`` when the file cannot be read on.
    package mutating func next() throws(FeedProblem) -> FeedItem? {
        guard let plan else {
            guard let record = try lines.next() else { return nil }
            return FeedLine(record, target).item
        }
        while let record = try lines.next() {
            if let refusal = FeedRefusal(unreadable: record, header: plan.header) {
                draft?.noteUnreadable(record.line)
                return .refused(refusal)
            }
            if let finished = take(FeedRow(record, plan), record, plan) { return finished }
        }
        defer { draft = nil }
        return draft?.item(plan)
    }

    /// Takes a row; gives the order that it ends.
    private mutating func take(
        _ row: FeedRow, _ record: FeedRecord, _ plan: FeedPlan
    ) -> FeedItem? {
        guard draft?.isContinued(by: row, plan) == true else {
            let finished = draft
            draft = FeedDraft(row, record, plan)
            return finished?.item(plan)
        }
        draft?.add(row, record, plan)
        return nil
    }
}

extension FeedRefusal {
    /// The refusal of a record that is none; nil for a good one.
    init?(unreadable record: FeedRecord, header: [String]) {
        guard let fault = record.fault else { return nil }
        let code: ErrorCode
        if case .tooLong = fault { code = .payloadTooLarge } else { code = .invalidRequest }
        let isKept = !record.ends.isEmpty
        self.init(
            line: record.line, referenceID: nil,
            reasons: [FeedReason("", code.rawValue, fault.message)],
            original: isKept ? .rows([record], header: header) : .omitted("it cannot be read"))
    }
}

extension FeedRecord.Fault {
    /// What is wrong and what to do.
    var message: String {
        switch self {
        case .tooLong(let quoteLine):
            "The record has more than 1 MiB."
                + (quoteLine.map { " Is the quote closed that was opened on line \($0)?" } ?? "")
        case .unclosedQuote(let line):
            "The quote that was opened on line \(line) is never closed. Close it, and double the "
                + "quotes that are part of a text."
        case .textBehindQuote:
            "There is text behind a closing quote. Double the quotes that are part of a text."
        case .fieldCount(let found, let expected):
            "The row has \(found) fields, and the header \(expected). Put fields into quotes that "
                + "hold the separator."
        }
    }
}
