import ParryWire

/// Horizontal bars as SVG: a label above each, its number behind it. The table beside it says the same.
struct BacktestPlot: Sendable {
    /// What a bar stands for.
    struct Bar: Sendable {
        let label: String
        let count: Int64
        let money: [String: Int64]
        /// A class of the style sheet: `s1`.
        let look: String
    }

    /// A bar in its place.
    struct Placed: Sendable {
        let label: String
        let value: String
        let look: String
        let labelY: Int
        let barY: Int
        let valueY: Int
        let width: Int
        let valueX: Int
    }

    static let width = 360
    private static let barWidthMax = 290
    private static let rowHeight = 42
    /// Characters of a label that fit above a bar.
    private static let labelMax = 58

    let viewBox: String
    let description: String
    let bars: [Placed]

    /// - Parameter total: What the widest bar can be.
    init(_ bars: [Bar], of total: Int64) {
        viewBox = "0 0 \(Self.width) \(bars.count * Self.rowHeight)"
        description =
            bars.map { "\($0.label): \(Money.count($0.count))" }.joined(separator: "; ")
            + "; of \(Money.count(total))."
        self.bars = bars.enumerated().map { index, bar in
            let share = total > 0 ? Double(bar.count) / Double(total) : 0
            let width = bar.count > 0 ? max(2, Int(share * Double(Self.barWidthMax))) : 0
            let top = index * Self.rowHeight
            return Placed(
                label: Self.cut(bar.label), value: Money.count(bar.count), look: bar.look,
                labelY: top + 13, barY: top + 19, valueY: top + 31, width: width,
                valueX: width + 6)
        }
    }

    private static func cut(_ text: String) -> String {
        text.count > labelMax ? text.prefix(labelMax - 1) + "…" : text
    }
}
