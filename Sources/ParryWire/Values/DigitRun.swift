/// Groups of digits joined by a few separators.
///
/// Card numbers begin and end where groups do. Each finished group is tested as the last one of
/// a number, together with at most as many before it as the longest number has digits: long
/// runs take linear time.
struct DigitRun {
    private static let lengthMax = 19

    private var digits: [UInt8] = []
    private var groupStarts: [Int] = []
    private var isInGroup = false
    /// Separators since the last group.
    private var separatorCount = 0
    private static let separatorCountMax = 3

    mutating func append(_ digit: UInt8) {
        separatorCount = 0
        if !isInGroup {
            groupStarts.append(digits.count)
            isInGroup = true
        }
        digits.append(digit)
    }

    /// Ends the group at a separator; true when a card number ends with it.
    mutating func separate() -> Bool {
        separatorCount += 1
        guard isInGroup else {
            // Far apart, or ahead of all digits, they join nothing.
            if separatorCount > Self.separatorCountMax { reset() }
            return false
        }
        isInGroup = false
        return endsWithCardNumber()
    }

    /// Ends the whole run; true when a card number ends with it.
    mutating func end() -> Bool {
        defer { reset() }
        return isInGroup && endsWithCardNumber()
    }

    private mutating func reset() {
        guard !groupStarts.isEmpty else { return }
        digits.removeAll(keepingCapacity: true)
        groupStarts.removeAll(keepingCapacity: true)
        isInGroup = false
    }

    private func endsWithCardNumber() -> Bool {
        for start in groupStarts.reversed() {
            guard digits.count - start <= DigitRun.lengthMax else { return false }
            if IssuerRange.isCardNumber(digits[start...]) { return true }
        }
        return false
    }
}
