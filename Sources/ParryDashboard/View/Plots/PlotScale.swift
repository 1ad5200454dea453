/// From numbers to places on a vertical axis, with round numbers beside it.
struct PlotScale: Sendable, Hashable {
    /// The greatest number that the axis has.
    let top: Int64
    /// Between two lines.
    let step: Int64

    /// Lines of an axis at most, besides the one of zero.
    private static let stepsMax: Int64 = 4

    /// - Parameter greatest: Of what is drawn.
    init(upTo greatest: Int64) {
        let wanted = max(greatest, 1)
        var magnitude: Int64 = 1
        var found: Int64?
        while found == nil {
            found = [1, 2, 5].map { $0 * magnitude }.first { $0 >= (wanted + 3) / Self.stepsMax }
            if magnitude > Int64.max / 100 { break }
            magnitude *= 10
        }
        step = found ?? wanted
        top = (wanted - 1) / step * step + step
    }

    /// The numbers beside the axis, the least first.
    var ticks: [Int64] { Array(stride(from: 0, through: top, by: Int64.Stride(step))) }

    /// A number in few letters: `1,200`, `12k`.
    static func text(_ number: Int64) -> String {
        switch number {
        case 10_000_000...: "\(number / 1_000_000)M"
        case 10_000...: "\(number / 1_000)k"
        default: Money.count(number)
        }
    }
}

/// Where things stand in a drawing.
struct PlotFrame: Sendable {
    static let width = 330
    static let height = 200
    private static let left = 40.0
    private static let right = 328.0
    private static let upper = 10.0
    private static let lower = 178.0

    let columns: Int

    /// How wide one column is, gap included.
    var columnWidth: Double { (Self.right - Self.left) / Double(max(columns, 1)) }

    /// Where a column begins.
    func x(_ column: Int) -> Double { Self.left + Double(column) * columnWidth }

    /// The middle of a column.
    func middle(_ column: Int) -> Double { x(column) + columnWidth / 2 }

    /// The height of a share of the axis.
    func y(_ share: Double) -> Double { Self.lower - share * (Self.lower - Self.upper) }

    /// Lines across, with their numbers at the left.
    func across(_ shares: [(share: Double, text: String)]) -> ([Plot.Axis], [Plot.Word]) {
        let axes = shares.map { line in
            Plot.Axis(
                x1: plotNumber(Self.left), y1: plotNumber(y(line.share)),
                x2: plotNumber(Self.right), y2: plotNumber(y(line.share)))
        }
        let words = shares.map { line in
            Plot.Word(
                x: plotNumber(Self.left - 4), y: plotNumber(y(line.share) + 4), anchor: "end",
                text: line.text)
        }
        return (axes, words)
    }

    /// Words below the columns; of many columns a few have one.
    func below(_ labels: [String], all: Bool) -> [Plot.Word] {
        let shown = all ? Array(labels.indices) : Self.few(labels.count)
        return shown.map { index in
            let isLast = !all && index == labels.count - 1 && labels.count > 1
            let isFirst = !all && index == 0
            return Plot.Word(
                x: plotNumber(isLast ? Self.right : isFirst ? Self.left : middle(index)),
                y: plotNumber(Self.lower + 15),
                anchor: isLast ? "end" : isFirst ? "start" : "middle", text: labels[index])
        }
    }

    /// The first, the last and two between them.
    static func few(_ count: Int) -> [Int] {
        guard count > 4 else { return Array(0..<count) }
        return [0, (count - 1) / 3, (count - 1) * 2 / 3, count - 1]
    }
}

/// A coordinate with one digit behind the point, without it where it says nothing.
func plotNumber(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let rest = tenths.magnitude % 10
    return sign + String(tenths.magnitude / 10) + (rest == 0 ? "" : ".\(rest)")
}
